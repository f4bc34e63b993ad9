"""The bundled model: a static table of token vectors, read without torch.

A text's vector is the sum of its tokens' rows, scaled to length 1. A row's direction is the token's
meaning and its length the token's weight. The rows stay as they lie in the file: int8 and one scale
a row, mapped into memory and turned to float32 only where they are used.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.encoder import BUNDLED, EncoderInfo, encodable, unit_rows
from index.errors import EncoderUnavailable
from index.types import Role, Vectors

MODEL_FOLDER = Path(__file__).with_name("model")
WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"

_BATCH = 1024  # texts tokenised at once: bounds memory, keeps every core busy
_REVISION_DIGITS = 16

Ids = NDArray[np.int32]
"""Token numbers of the table, int32, shape (n,)."""


class TokenTable:
    """Tokenizer and token vectors of the bundled model. Safe to share between threads.

    :ivar rows_int8: int8, shape (size, dim), read-only: row *i* times ``scales[i]`` is the vector
        of token *i*.
    :ivar scales: float32, shape (size,), read-only; 0 for the unknown token.
    """

    def __init__(
        self,
        folder: Path,
        tokenizer: Tokenizer,
        rows_int8: NDArray[np.int8],
        scales: NDArray[np.float32],
    ) -> None:
        self.folder = folder
        self.rows_int8 = rows_int8
        self.scales = scales
        self._tokenizer = tokenizer
        self._known = scales > 0

    @classmethod
    def open(cls, folder: Path | None = None) -> "TokenTable":
        """Open the model in a folder; None is the one that comes with the package.

        :raises EncoderUnavailable: if a file of it is missing or not what it should be.
        """
        folder = MODEL_FOLDER if folder is None else folder
        try:
            tensors = _map_tensors(folder / WEIGHTS_FILE)
            rows, scales = tensors["embeddings"], tensors["weights"]
            tokenizer = Tokenizer.from_buffer((folder / TOKENIZER_FILE).read_bytes())
        except OSError as error:
            raise _unusable(folder, f"cannot read {error.filename}: {error.strerror}") from error
        except KeyError as error:
            raise _unusable(folder, f"{WEIGHTS_FILE} has no tensor {error}") from error
        except Exception as error:  # the tokenizers library raises bare Exception
            raise _unusable(folder, str(error)) from error
        size = tokenizer.get_vocab_size()
        if rows.dtype != np.int8 or rows.ndim != 2 or len(rows) != size or scales.shape != (size,):  # noqa: PLR2004 - a matrix
            raise _unusable(
                folder,
                f"expected int8 embeddings and float32 weights for {size} tokens, found "
                f"{rows.dtype} {rows.shape} and {scales.dtype} {scales.shape}",
            )
        return cls(folder, tokenizer, rows, scales)

    @property
    def size(self) -> int:
        """Number of tokens in the vocabulary."""
        return len(self.scales)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.rows_int8.shape[1])

    @cached_property
    def revision(self) -> str:
        """Digest of weights and tokenizer: another one means other vectors."""
        digest = hashlib.sha256()
        for name in (WEIGHTS_FILE, TOKENIZER_FILE):
            with (self.folder / name).open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()[:_REVISION_DIGITS]

    @cached_property
    def _inverse_lengths(self) -> NDArray[np.float32]:
        """One by the length of each int8 row, 0 for a zero row, float32, shape (size,)."""
        return np.divide(
            self.scales, self.weights, out=np.zeros_like(self.weights), where=self.weights > 0
        )

    @cached_property
    def weights(self) -> NDArray[np.float32]:
        """Lengths of the tokens' rows, float32, shape (size,), >= 0: what a token counts for."""
        squares = np.einsum("ij,ij->i", self.rows_int8, self.rows_int8, dtype=np.int32)
        return np.asarray(np.sqrt(squares) * self.scales, dtype=np.float32)

    def ids(self, texts: Sequence[str]) -> list[Ids]:
        """Return each text's known tokens in text order, int32, shapes (k,); unknown ones dropped.

        Uses all cores unless ``TOKENIZERS_PARALLELISM`` is ``false``.
        """
        found: list[Ids] = []
        for start in range(0, len(texts), _BATCH):
            encodings = self._tokenizer.encode_batch_fast(
                encodable(texts[start : start + _BATCH]), add_special_tokens=False
            )
            found.extend(self._known_ids(encoding)[0] for encoding in encodings)
        return found

    def spans(self, text: str) -> tuple[Ids, list[tuple[int, int]]]:
        """Return a text's known tokens and where they stand.

        :return: ids as ``ids`` gives them, and one ``(start, end)`` in characters of ``text`` each.
        """
        [text] = encodable([text])
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids, known = self._known_ids(encoding)
        return ids, [
            span for span, is_known in zip(encoding.offsets, known, strict=True) if is_known
        ]

    def unit(self, ids: Ids) -> Vectors:
        """Return the tokens' directions: unit rows, float32, shape (k, dim)."""
        return unit_rows(self.rows_int8[ids].astype(np.float32))

    def cosines(self, ids: Ids, others: Ids) -> NDArray[np.float32]:
        """Return the cosine of each token with each of some others, float32, (len, len).

        The rows are multiplied as they are and divided by their lengths afterwards, which spares
        a pass over them.
        """
        products = self.rows_int8[ids].astype(np.float32) @ self.unit(others).T
        products *= self._inverse_lengths[ids][:, None]
        return products

    def vectors(self, ids: Sequence[Ids]) -> Vectors:
        """Return the vectors of tokenised texts.

        :return: float32, shape (n, dim): unit rows, a zero row where there is no token.
        """
        sums = np.zeros((len(ids), self.dim), dtype=np.float32)
        for row, tokens in zip(sums, ids, strict=True):
            np.dot(self.scales[tokens], self.rows_int8[tokens].astype(np.float32), out=row)
        return unit_rows(sums)

    def _known_ids(self, encoding: Encoding) -> tuple[Ids, NDArray[np.bool_]]:
        ids = np.array(encoding.ids, dtype=np.int32)
        known = self._known[ids]
        return ids[known], known


class BundledEncoder:
    """The bundled model as an ``Encoder``; questions and passages are encoded alike."""

    def __init__(self, table: TokenTable) -> None:
        self.table = table

    @property
    def info(self) -> EncoderInfo:
        """What an index built with this encoder records."""
        return EncoderInfo(name=BUNDLED, revision=self.table.revision, dim=self.table.dim)

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:  # noqa: ARG002 - the protocol's
        """Return unit rows, float32, shape (n, dim); zero rows for texts without a known token."""
        return self.table.vectors(self.table.ids(texts))


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
    dtypes = {"I8": np.int8, "F32": np.float32}
    return {
        name: np.asarray(data[slice(*entry["data_offsets"])])
        .view(dtypes[entry["dtype"]])
        .reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__"
    }


def _unusable(folder: Path, reason: str) -> EncoderUnavailable:
    return EncoderUnavailable(
        f"The bundled model in {folder} cannot be used: {reason}. Install newsquote again."
    )
