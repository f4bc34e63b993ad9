"""The bundled model: a static table of token vectors, read without torch.

A text's vector is the sum of its tokens' rows, scaled to length 1. A row's direction is the token's
meaning and its length a power of the token's weight. The rows stay as they lie in the file: int8
and one scale a row, mapped into memory and turned to float32 only where they are used.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoders.quick_tokenizer import QuickTokenizer
from index.encoders.unit import unit_rows
from index.errors import EncoderUnavailable
from index.text.character_map import encodable
from index.types import Vectors

MODEL_FOLDER = Path(__file__).with_name("model")
WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"
CONFIG_FILE = "config.json"
WEIGHT_POWER = "newsquote_weight_power"
"""Key of the configuration: the power of a token's weight that its row is long; 1 where it is not."""

_BATCH = 1024  # texts tokenised at once: bounds memory
_BLOCK = 192  # rows multiplied at once: they fit into a core's own cache
_REVISION_DIGITS = 16
_SAMPLED = 16  # one row in so many

Ids = NDArray[np.int32]
"""Token numbers of the table, int32, shape (n,)."""


class TokenTable:
    """Tokenizer and token vectors of the bundled model. Safe to share between threads.

    The vector of token *i* is ``scales[i]`` times row ``mapping[i]``; forms of one word share a row.

    :ivar rows_int8: int8, shape (rows, dim), read-only.
    :ivar scales: float32, shape (size,), read-only; 0 for the unknown token.
    :ivar mapping: int32, shape (size,), read-only.
    :ivar weight_power: the power of a token's weight that its vector is long.
    """

    def __init__(
        self,
        folder: Path,
        tokenizer: QuickTokenizer | Tokenizer,
        rows_int8: NDArray[np.int8],
        scales: NDArray[np.float32],
        mapping: NDArray[np.int32],
        weight_power: float = 1.0,
    ) -> None:
        self.folder = folder
        self.rows_int8 = rows_int8
        self.scales = scales
        self.weight_power = weight_power
        self.mapping = mapping
        self._tokenizer = tokenizer
        self._known = scales > 0
        self._all_known = isinstance(tokenizer, QuickTokenizer) and bool(self._known[1:].all())
        self._lengths = np.full(len(rows_int8), np.nan, np.float32)

    @classmethod
    def open(cls, folder: Path | None = None) -> "TokenTable":
        """Open the model in a folder; None is the one that comes with the package.

        :raises EncoderUnavailable: if a file of it is missing or not what it should be.
        """
        folder = MODEL_FOLDER if folder is None else folder
        with _explained(folder):
            tensors = _map_tensors(folder / WEIGHTS_FILE)
            rows, scales = tensors["embeddings"], tensors["weights"]
            mapping = tensors.get("mapping", np.arange(len(scales), dtype=np.int32))
            power = _weight_power(folder / CONFIG_FILE)
            content = (folder / TOKENIZER_FILE).read_bytes()
            tokenizer = QuickTokenizer.open(content) or Tokenizer.from_buffer(content)
        size = tokenizer.get_vocab_size()
        if (
            rows.dtype != np.int8
            or rows.ndim != 2  # noqa: PLR2004 - a matrix
            or scales.shape != (size,)
            or mapping.shape != (size,)
            or not 0 <= mapping.min() <= mapping.max() < len(rows)
        ):
            raise _unusable(
                folder,
                f"expected int8 embeddings and float32 weights for {size} tokens, found "
                f"{rows.dtype} {rows.shape} and {scales.dtype} {scales.shape}",
            )
        return cls(folder, tokenizer, rows, scales, mapping, power)

    @property
    def size(self) -> int:
        """Number of tokens in the vocabulary."""
        return len(self.scales)

    def pieces(self) -> list[str]:
        """Return the tokens, each at its number."""
        if isinstance(self._tokenizer, QuickTokenizer):
            return self._tokenizer.pieces()
        numbers = self._tokenizer.get_vocab()
        return sorted(numbers, key=numbers.__getitem__)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.rows_int8.shape[1])

    @cached_property
    def revision(self) -> str:
        """Digest of weights and tokenizer: another one means other vectors.

        Of the rows, a sample stands for all: no training changes some and leaves their neighbours,
        and to read all of them takes a tenth of the time in which a question is answered.
        """
        digest = hashlib.sha256((self.folder / TOKENIZER_FILE).read_bytes())
        for array in (self.scales, self.mapping, self.rows_int8[::_SAMPLED]):
            digest.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:_REVISION_DIGITS]

    def weights_of(self, ids: Ids) -> NDArray[np.float32]:
        """Return what tokens count for, float32, shape (k,), >= 0."""
        lengths = self._lengths_of(self.mapping[ids]) * self.scales[ids]
        return np.asarray(lengths ** np.float32(1 / self.weight_power))

    def _lengths_of(self, numbers: Ids) -> NDArray[np.float32]:
        """Return the lengths of int8 rows; each is worked out when it is first wanted."""
        lengths = self._lengths[numbers]
        unknown = np.isnan(lengths)
        if unknown.any():
            rows = self.rows_int8[numbers[unknown]].astype(np.float32)
            lengths[unknown] = np.sqrt(np.einsum("ij,ij->i", rows, rows))
            self._lengths[numbers[unknown]] = lengths[unknown]
        return lengths

    def ids(self, texts: Sequence[str]) -> list[Ids]:
        """Return each text's known tokens in text order, int32, shapes (k,); unknown ones dropped."""
        texts = encodable(texts)
        found: list[Ids] = []
        for start in range(0, len(texts), _BATCH):
            found.extend(self._tokens(texts[start : start + _BATCH]))
        # The quick tokenizer leaves the unknown one out, and there is no other as a rule.
        return found if self._all_known else [ids[self._known[ids]] for ids in found]

    def _tokens(self, texts: Sequence[str]) -> list[Ids]:
        if isinstance(self._tokenizer, QuickTokenizer):
            return self._tokenizer.ids(texts)
        encodings = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return [np.array(encoding.ids, np.int32) for encoding in encodings]

    def spans(self, text: str) -> tuple[Ids, list[tuple[int, int]]]:
        """Return a text's known tokens and where they stand.

        :return: ids as ``ids`` gives them, and one ``(start, end)`` in characters of ``text`` each.
        """
        [text] = encodable([text])
        encoding = self._whole_tokenizer.encode(text, add_special_tokens=False)
        ids = np.array(encoding.ids, np.int32)
        known = self._known[ids]
        return ids[known], [
            span for span, is_known in zip(encoding.offsets, known, strict=True) if is_known
        ]

    def stored(self, ids: Ids) -> NDArray[np.int8]:
        """Return the tokens' rows as they are stored, int8, shape (k, dim)."""
        return self.rows_int8.take(self.mapping.take(ids), axis=0)

    def unit(self, ids: Ids) -> Vectors:
        """Return the tokens' directions: unit rows, float32, shape (k, dim)."""
        return unit_rows(self.stored(ids).astype(np.float32))

    def cosines(self, ids: Ids, others: Ids) -> NDArray[np.float32]:
        """Return the cosine of each token with each of some others, float32, (len, len)."""
        return self.cosines_with(ids, self.unit(others))

    def cosines_with(self, ids: Ids, vectors: Vectors) -> NDArray[np.float32]:
        """Return the cosine of each token with each of some unit vectors, float32, (len, len)."""
        return self.cosines_of_rows(self.mapping[ids], vectors)

    def cosines_of_rows(self, numbers: Ids, vectors: Vectors) -> NDArray[np.float32]:
        """Return the cosine of each row, by its number, with each of some unit vectors; likewise.

        The rows are multiplied as they are and divided by their lengths afterwards, which spares
        a pass over them.
        """
        unit = np.ascontiguousarray(vectors.T)
        products = np.empty((len(numbers), len(vectors)), np.float32)
        rows = np.empty((_BLOCK, self.dim), np.float32)
        for start in range(0, len(numbers), _BLOCK):
            block = numbers[start : start + _BLOCK]
            some = rows[: len(block)]
            some[:] = self.rows_int8.take(block, axis=0)
            np.dot(some, unit, out=products[start : start + _BLOCK])
        lengths = self._lengths_of(numbers)
        lengths[lengths == 0] = 1  # the products of a zero row are 0 already
        products /= lengths[:, None]
        return products

    def vectors(self, ids: Sequence[Ids]) -> Vectors:
        """Return the vectors of tokenised texts.

        :return: float32, shape (n, dim): unit rows, a zero row where there is no token.
        """
        sums = np.zeros((len(ids), self.dim), dtype=np.float32)
        for row, tokens in zip(sums, ids, strict=True):
            np.dot(self.scales.take(tokens), self.stored(tokens).astype(np.float32), out=row)
        return unit_rows(sums)

    @cached_property
    def _whole_tokenizer(self) -> Tokenizer:
        if isinstance(self._tokenizer, Tokenizer):
            return self._tokenizer
        with _explained(self.folder):
            return Tokenizer.from_buffer((self.folder / TOKENIZER_FILE).read_bytes())


def _map_tensors(path: Path) -> dict[str, NDArray[Any]]:
    """Map a safetensors file into memory; nothing is read until it is used.

    The format: https://github.com/huggingface/safetensors#format. The library itself copies.
    """
    with path.open("rb") as file:
        header_size = int.from_bytes(file.read(8), "little")
        if header_size > path.stat().st_size:
            raise ValueError(f"{path.name} is not a safetensors file")
        header: dict[str, Any] = json.loads(file.read(header_size))
    data = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + header_size)
    dtypes = {"I8": np.int8, "I32": np.int32, "F32": np.float32}
    return {
        name: np.asarray(data[slice(*entry["data_offsets"])])
        .view(dtypes[entry["dtype"]])
        .reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__"
    }


def _weight_power(path: Path) -> float:
    """Return what a model's configuration says of its rows' lengths.

    :raises ValueError: if it is no configuration.
    """
    configuration = json.loads(path.read_bytes())
    power = configuration.get(WEIGHT_POWER, 1) if isinstance(configuration, dict) else None
    if not isinstance(power, int | float) or not 0 < power <= 1:
        raise ValueError(
            f"{path.name}: expected an object whose {WEIGHT_POWER} is above 0 and at most 1, "
            f"found {configuration!r}"
        )
    return power


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unusable(folder, f"cannot read {error.filename}: {error.strerror}") from error
    except KeyError as error:
        raise _unusable(folder, f"{WEIGHTS_FILE} has no tensor {error}") from error
    except Exception as error:  # the tokenizers library raises bare Exception
        raise _unusable(folder, str(error)) from error


def _unusable(folder: Path, reason: str) -> EncoderUnavailable:
    return EncoderUnavailable(
        f"The bundled model in {folder} cannot be used: {reason}. Install newsquote again."
    )
