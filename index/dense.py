"""Nearest passages by meaning. The only module that imports FAISS.

While the archive is small every vector is compared, at half precision: nothing to train, nothing to
lose. Beyond ``Growth.exact_passages`` a first pass compares 4-bit codes and a second one compares
the best of them exactly:

    dense.faiss      the vectors at half precision, or the codes: 16 centroids for every two
                     numbers of a vector
    dense.f16.npy    with codes: the vectors at half precision, mapped into memory
    dense.json       with codes: how many passages there were when the centroids were trained

The codes stand in one list that is always searched to its end, as FAISS does with its table
look-ups in registers ("fast scan"). Probing a part of many lists was measured and is slower at the
same recall: questions lie far from the passages that answer them, so that more than a third of all
lists would have to be searched, and nearly all with a filter (docs/performance.md).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import MEND, ArchiveIndexError, IndexDamaged
from index.token_lists import load_array
from index.types import Rows, Scores, Vectors

CANDIDATES, CANDIDATES_EACH = 200, 3
"""Passages that are compared exactly: so many, and so many more for each that is wanted. Fewer
lose some of the nearest, more take longer than the first pass."""

_TRAINING_ROWS = 16 * 256  # what FAISS's k-means takes for 16 centroids; more changes nothing
_ROWS_AT_ONCE = 16_384  # turned to float32 together: bounds memory


@dataclass(frozen=True, slots=True)
class Growth:
    """How the index changes as the archive grows.

    :ivar exact_passages: up to so many, every vector is compared and none is coded.
    :ivar retrain_factor: centroids are kept from generation to generation until there are so many
        times the passages they were trained with.
    """

    exact_passages: int
    retrain_factor: float


MEASURED_GROWTH = Growth(exact_passages=50_000, retrain_factor=4.0)
"""What the settings say unless they are changed: docs/performance.md tells why."""


class DenseIndex:
    """Passage vectors on disk, opened for searching; row *i* is passage *i*."""

    def __init__(self, index: "faiss.Index", vectors: NDArray[np.float16] | None) -> None:
        self._index = index
        self._vectors = vectors  # None: the index itself holds them

    @classmethod
    def open(cls, path: Path) -> "DenseIndex":
        """Open what ``DenseWriter`` wrote; vectors are mapped into memory, codes are read.

        :raises IndexDamaged: if a file is missing, cut short or does not fit the other.
        """
        index = _read(path, faiss.IO_FLAG_MMAP_IFC)
        if not isinstance(index, faiss.IndexIVF):
            return cls(index, None)
        beside = _vectors_beside(path)
        vectors = load_array(beside)
        if vectors.dtype != np.float16 or vectors.shape != (index.ntotal, index.d):
            raise IndexDamaged(
                f"{beside}: expected float16 of shape {(index.ntotal, index.d)}, found "
                f"{vectors.dtype} of shape {vectors.shape}; {MEND}"
            )
        return cls(index, vectors)

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
        if self._vectors is None:
            return self._scan(query, k, allowed)
        rows = self._candidates(query, CANDIDATES + k * CANDIDATES_EACH, allowed)
        scores = self.vectors(rows) @ query
        best = np.argsort(-scores, kind="stable")[:k]
        return rows[best], scores[best]

    def vectors(self, rows: Rows) -> Vectors:
        """Return the stored vectors of passages, float32, shape (k, dim)."""
        if self._vectors is not None:
            return self._vectors[rows].astype(np.float32)
        return np.asarray(self._index.reconstruct_batch(np.ascontiguousarray(rows)), np.float32)

    def _candidates(self, query: Vectors, k: int, allowed: NDArray[np.bool_] | None) -> Rows:
        """Return about the k nearest passages, ascending; all that are allowed if not more."""
        if allowed is not None and np.count_nonzero(allowed) <= k:
            return np.flatnonzero(allowed)
        return np.sort(self._scan(query, k, allowed)[0])

    def _scan(
        self, query: Vectors, k: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[Rows, Scores]:
        parameters = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            # FAISS's stubs describe the C++ constructors, not the Python ones used here.
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg,arg-type]
            coded = isinstance(self._index, faiss.IndexIVF)
            kind = faiss.SearchParametersIVF if coded else faiss.SearchParameters
            parameters = kind(sel=selector)  # type: ignore[call-arg]
        _use_one_thread()
        scores, rows = self._index.search(
            np.ascontiguousarray(query[None, :], dtype=np.float32),
            min(k, len(self)),
            params=parameters,
        )
        found = rows[0] >= 0  # FAISS pads with -1 when fewer than k are allowed
        return rows[0][found], scores[0][found]


class DenseWriter:
    """Writes an index; its vectors go to the disk at once, so that memory does not grow with them.

    :ivar path: the file that ``DenseIndex.open`` takes; the others are written beside it.
    """

    def __init__(
        self, path: Path, dim: int, growth: Growth = MEASURED_GROWTH, previous: Path | None = None
    ) -> None:
        """Begin an index.

        :param previous: an index whose trained centroids may serve this one.
        """
        self.path = path
        self._dim = dim
        self._growth = growth
        self._previous = previous
        self._count = 0
        self._write_header("wb")

    def __len__(self) -> int:
        return self._count

    def add(self, vectors: Vectors) -> None:
        """Append vectors; they get the next rows.

        :param vectors: unit or zero rows, float32, shape (n, dim).
        """
        with _vectors_beside(self.path).open("ab") as file:
            file.write(vectors.astype(np.float16).tobytes())
        self._count += len(vectors)

    def finish(self) -> None:
        """Write the rest to the disk.

        :raises ArchiveIndexError: if it cannot be written.
        """
        self._write_header("r+b")
        beside = _vectors_beside(self.path)
        vectors: NDArray[np.float16] = load_array(beside)
        _use_one_thread()
        if self._count <= self._growth.exact_passages:
            index = _exact(self._dim)
            _fill(index, vectors)
            _write(index, self.path)
            beside.unlink()
            return
        index, trained_with = self._trained(vectors)
        _fill(index, vectors)
        _write(index, self.path)
        text = json.dumps({"trained_with": trained_with})
        _training_beside(self.path).write_text(text + "\n", encoding="utf-8")

    def _write_header(self, mode: str) -> None:
        """Write the NumPy header, which leaves room for any number of rows."""
        with _vectors_beside(self.path).open(mode) as file:
            header = {"descr": "<f2", "fortran_order": False, "shape": (self._count, self._dim)}
            np.lib.format.write_array_header_1_0(file, header)

    def _trained(self, vectors: NDArray[np.float16]) -> tuple[Any, int]:
        """Return an empty index with centroids, and the number of passages they were trained with.

        They are the previous index's as long as it is not much smaller: new ones fit little better
        and would change every code.
        """
        if self._previous is not None and _training_beside(self._previous).exists():
            trained_with = _trained_with(self._previous)
            index = _read(self._previous)
            if index.d == self._dim and self._count < trained_with * self._growth.retrain_factor:
                index.reset()
                return index, trained_with
        index = _coded(self._dim)
        # Evenly over the archive, so that every source and year is in it; the same rows each time.
        sample = np.linspace(0, self._count - 1, min(_TRAINING_ROWS, self._count)).astype(np.int64)
        index.train(vectors[sample].astype(np.float32))
        return index, self._count


def _exact(dim: int) -> Any:
    return faiss.IndexScalarQuantizer(
        dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )


def _coded(dim: int) -> Any:
    """Return an index of 4-bit codes without centroids yet.

    One inverted list, because FAISS's flat form of the fast scan takes no selector.
    """
    codes = dim // 2 if dim % 2 == 0 else dim
    return faiss.index_factory(dim, f"IVF1,PQ{codes}x4fs", faiss.METRIC_INNER_PRODUCT)


def _fill(index: Any, vectors: NDArray[np.float16]) -> None:
    for block in _blocks(vectors):
        index.add(block)


def _blocks(vectors: NDArray[np.float16]) -> Iterator[Vectors]:
    for start in range(0, len(vectors), _ROWS_AT_ONCE):
        yield vectors[start : start + _ROWS_AT_ONCE].astype(np.float32)


def _use_one_thread() -> None:
    """Let FAISS work in the calling thread alone, which is what the number holds for.

    One question is one thread's work to it: OpenMP's others would only spin beside it, and so they
    do for most of the training.
    """
    faiss.omp_set_num_threads(1)


def _vectors_beside(path: Path) -> Path:
    return path.with_suffix(".f16.npy")


def _training_beside(path: Path) -> Path:
    return path.with_suffix(".json")


def _trained_with(path: Path) -> int:
    beside = _training_beside(path)
    try:
        return int(json.loads(beside.read_text(encoding="utf-8"))["trained_with"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            f"{beside}: expected the number of passages that were trained with, but {error}; {MEND}"
        ) from error


def _read(path: Path, flags: int = 0) -> Any:
    try:
        return faiss.read_index(str(path), flags)
    except RuntimeError as error:
        raise IndexDamaged(
            f"{path}: expected a FAISS index, found something else or nothing; {MEND}"
        ) from error


def _write(index: Any, path: Path) -> None:
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:  # FAISS tells no reason but in its own words
        raise ArchiveIndexError(
            f"cannot write {path}; the previous index, if there was one, still answers. "
            "Make room or choose another folder with --index"
        ) from error
