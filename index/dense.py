"""Nearest passages by meaning. The only module that imports FAISS."""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.types import Rows, Scores, Vectors


class DenseIndex:
    """Passage vectors, half precision, searched exactly; row *i* is passage *i*."""

    def __init__(self, index: "faiss.Index") -> None:
        self._index = index

    @classmethod
    def empty(cls, dim: int) -> "DenseIndex":
        """Return an index without passages, for vectors of length ``dim``."""
        return cls(
            faiss.IndexScalarQuantizer(
                dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            )
        )

    def add(self, vectors: Vectors) -> None:
        """Append vectors; they get the next rows.

        :param vectors: unit or zero rows, float32, shape (n, dim).
        """
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    @classmethod
    def open(cls, path: Path) -> "DenseIndex":
        """Open a saved index, mapped into memory rather than read.

        :raises IndexDamaged: if the file is missing or cut short.
        """
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as error:
            raise IndexDamaged(
                f"{path}: expected a FAISS index, found something else or nothing; "
                "build it again with 'newsquote index build'"
            ) from error

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        faiss.write_index(self._index, str(path))

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, query: Vectors, k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[Rows, Scores]:
        """Return the k nearest passages, best first.

        :param query: unit vector, float32, shape (dim,); a zero vector finds nothing.
        :param allowed: one flag a passage; only those set are searched. None searches all.
        :return: rows, int64 (<= k,), and cosine similarities, float32, in [-1, 1].
        """
        if not len(self) or not query.any():
            return np.empty(0, np.int64), np.empty(0, np.float32)
        parameters = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            # FAISS's stubs describe the C++ constructors, not the Python ones used here.
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg,arg-type]
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, rows = self._index.search(
            np.ascontiguousarray(query[None, :], dtype=np.float32),
            min(k, len(self)),
            params=parameters,
        )
        found = rows[0] >= 0  # FAISS pads with -1 when fewer than k are allowed
        return rows[0][found], scores[0][found]

    def vectors(self, rows: Rows) -> Vectors:
        """Return the stored vectors of passages, float32, shape (k, dim)."""
        return np.asarray(self._index.reconstruct_batch(np.ascontiguousarray(rows)), np.float32)
