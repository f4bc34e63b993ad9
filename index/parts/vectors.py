"""Dense hits: the passages whose vectors are nearest. Only this module and ``vector_codes`` import FAISS.

While the archive is small every vector is compared, at half precision: nothing to train, nothing to
lose. Beyond ``Growth.exact_passages`` a first pass compares 4-bit codes and a second one compares
the best of them exactly:

    dense.f16.npy    the vectors at half precision, mapped into memory
    dense.faiss      with codes: 16 centroids for every two numbers of a vector
    dense.json       with codes: how many passages there were when the centroids were trained

The codes stand in one list for each script, which is searched to its end or not at all, as FAISS
does with its table look-ups in registers ("fast scan"): a question looks for passages in its own
script and for others, and reads every code once. Probing a part of many lists was measured and is
slower at the same recall: questions lie far from the passages that answer them, so that more than a
third of all lists would have to be searched, and nearly all with a filter (docs/performance.md).
"""

import json
from array import array
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged, IndexNotWritten
from index.parts.arrays import load_array
from index.parts.vector_codes import Codes, coded, fill, rows_of, trained, unpacked
from index.text.tokens import SCRIPTS
from index.types import Rows, Scores, Vectors

CANDIDATES, CANDIDATES_EACH = 600, 3
"""Passages that are compared exactly: so many, and so many more for each that is wanted. Fewer
lose some of the nearest."""

_CODES, _VECTORS, _TRAINING = "dense.faiss", "dense.f16.npy", "dense.json"

_faiss: Any = faiss  # its stubs describe C++'s constructors, not Python's


@dataclass(frozen=True, slots=True)
class Growth:
    """How the index changes as the archive grows.

    :ivar exact_passages: up to so many, every vector is compared and none is coded.
    :ivar retrain_factor: centroids are kept from generation to generation until there are so many
        times the passages they were trained with.
    """

    exact_passages: int
    retrain_factor: float


MEASURED_GROWTH = Growth(exact_passages=20_000, retrain_factor=4.0)
"""What the settings say unless they are changed: docs/performance.md tells why."""


class DenseIndex:
    """Passage vectors on disk, opened for searching; row *i* is passage *i*."""

    def __init__(
        self, vectors: NDArray[np.float16], codes: Any | None, scripts: NDArray[np.int8]
    ) -> None:
        exact = _exact(vectors)
        self._vectors = vectors
        self._scripts = scripts
        self._coded = codes is not None
        self._index = faiss.IndexRefine(codes, exact) if self._coded else exact

    @classmethod
    def open(cls, folder: Path, scripts: NDArray[np.int8]) -> "DenseIndex":
        """Open what ``DenseWriter`` wrote; vectors are mapped into memory, codes are read.

        :param folder: of the generation.
        :param scripts: as given to the writer.
        :raises IndexDamaged: if a file is missing, cut short or does not fit the other.
        """
        vectors, path = open_vectors(folder), folder / _CODES
        if not path.exists():
            return cls(vectors, None, scripts)
        codes = _read(path)
        if vectors.shape != (codes.ntotal, codes.d):
            raise IndexDamaged(
                f"{folder / _VECTORS}: expected shape {(codes.ntotal, codes.d)}, found "
                f"{vectors.shape}"
            )
        if codes.nlist != len(SCRIPTS) or not _name_rows(codes, len(vectors)):
            raise IndexDamaged(f"{path}: it names passages that are not there")
        return cls(vectors, codes, scripts)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    def __len__(self) -> int:
        return len(self._vectors)

    def search(
        self,
        query: Vectors,
        k: int,
        allowed: NDArray[np.bool_] | None = None,
        *,
        scripts: Collection[int] | None = None,
    ) -> tuple[Rows, Scores]:
        """Return the k nearest passages, best first.

        :param query: unit vector, float32, shape (dim,); a zero vector finds nothing.
        :param allowed: one flag a passage; only those set are searched. None searches all.
        :param scripts: numbers of the scripts that are searched. None searches all.
        :return: rows, int64 (<= k,), and cosine similarities, float32, in [-1, 1].
        """
        if not len(self) or not query.any():
            return np.empty(0, np.int64), np.empty(0, np.float32)
        k = min(k, len(self))
        wanted = None if scripts is None else _flags(scripts)
        how = self._by_codes(k, allowed, wanted) if self._coded else self._exactly(allowed, wanted)
        _use_one_thread()
        scores, rows = self._index.search(
            np.ascontiguousarray(query[None, :], dtype=np.float32), k, params=how
        )
        found = rows[0] >= 0  # FAISS pads with -1 when fewer than k are allowed
        return rows[0][found], scores[0][found]

    def vectors(self, rows: Rows) -> Vectors:
        """Return the stored vectors of passages, float32, shape (k, dim)."""
        return self._vectors[rows].astype(np.float32)

    def _exactly(self, allowed: NDArray[np.bool_] | None, wanted: NDArray[np.bool_] | None) -> Any:
        if wanted is not None:
            written = wanted[self._scripts]
            allowed = written if allowed is None else allowed & written
        return _faiss.SearchParameters(sel=_selector(allowed))

    def _by_codes(
        self, k: int, allowed: NDArray[np.bool_] | None, wanted: NDArray[np.bool_] | None
    ) -> Any:
        lists = _faiss.SearchParametersIVF(
            sel=_selector(allowed),
            nprobe=len(SCRIPTS),
            quantizer_params=_faiss.SearchParameters(sel=_selector(wanted)),
        )
        return _faiss.IndexRefineSearchParameters(
            k_factor=(CANDIDATES + k * CANDIDATES_EACH) / k, base_index_params=lists
        )


class DenseWriter:
    """Writes an index; its vectors go to the disk at once, so that memory does not grow with them."""

    def __init__(
        self, folder: Path, dim: int, growth: Growth = MEASURED_GROWTH, previous: Path | None = None
    ) -> None:
        """Begin an index.

        :param folder: of the generation.
        :param previous: folder of a generation whose trained centroids may serve this one.
        """
        self._folder = folder
        self._dim = dim
        self._growth = growth
        self._previous = previous
        self._old = None if previous is None else open_vectors(previous)
        self._origins = array("i")  # of each vector: its row in the previous index, -1 if it is new
        self._write_header("wb")

    def __len__(self) -> int:
        return self._count

    @property
    def _count(self) -> int:
        return len(self._origins)

    def add(self, vectors: Vectors) -> None:
        """Append vectors; they get the next rows.

        :param vectors: unit or zero rows, float32, shape (n, dim).
        """
        with (self._folder / _VECTORS).open("ab") as file:
            file.write(vectors.astype(np.float16).tobytes())
        self._origins.extend([-1] * len(vectors))

    def keep(self, rows: range) -> None:
        """Append vectors of the previous index, by their rows there; they get the next rows."""
        if self._old is None:
            raise ValueError("there is no previous index to keep vectors of")
        with (self._folder / _VECTORS).open("ab") as file:
            file.write(self._old[rows.start : rows.stop].data)
        self._origins.extend(rows)

    def finish(self, scripts: NDArray[np.int8]) -> None:
        """Write the rest to the disk.

        :param scripts: number of the script of each passage, its place in ``index.text.tokens.SCRIPTS``.
        :raises IndexNotWritten: if the disk is full.
        """
        self._write_header("r+b")
        if self._count <= self._growth.exact_passages:
            return
        _use_one_thread()
        index, trained_with, known = self._trained()
        self._fill(index, known, scripts)
        _write(index, self._folder / _CODES)
        text = json.dumps({"trained_with": trained_with})
        (self._folder / _TRAINING).write_text(text + "\n", encoding="utf-8")

    def _write_header(self, mode: str) -> None:
        """Write the NumPy header, which leaves room for any number of rows."""
        with (self._folder / _VECTORS).open(mode) as file:
            header = {"descr": "<f2", "fortran_order": False, "shape": (self._count, self._dim)}
            np.lib.format.write_array_header_1_0(file, header)

    def _trained(self) -> tuple[Any, int, Codes | None]:
        """Return an index with centroids and without codes.

        They are the previous index's as long as it is not much smaller: new ones fit little better
        and would change every code.

        :return: with the number of passages they were trained with, and the codes of the previous
            index if they are its centroids.
        """
        if self._previous is not None and (self._previous / _TRAINING).exists():
            trained_with = _trained_with(self._previous / _TRAINING)
            index = _read(self._previous / _CODES)
            if index.d == self._dim and self._count < trained_with * self._growth.retrain_factor:
                known = unpacked(index)
                index.reset()
                return index, trained_with, known
        return trained(open_vectors(self._folder)), self._count, None

    def _fill(self, index: Any, known: Codes | None, scripts: NDArray[np.int8]) -> None:
        vectors = open_vectors(self._folder)
        origins = np.array(self._origins, np.int32)

        def codes_of(rows: Rows) -> Codes:
            if known is None:
                return coded(index, vectors[rows])
            codes = known[np.maximum(origins[rows], 0)]
            new = origins[rows] < 0
            codes[new] = coded(index, vectors[rows[new]])
            return codes

        fill(index, codes_of, scripts)


def holds_vectors(file: str) -> bool:
    """Tell whether a file of a generation, by its name, is one of the vectors' or their codes'."""
    return file in (_CODES, _VECTORS, _TRAINING)


def open_vectors(folder: Path) -> NDArray[np.float16]:
    """Map the vectors of an index into memory, shape (passages, dim).

    :param folder: of the generation.
    :raises IndexDamaged: if they are missing or cut short.
    """
    path = folder / _VECTORS
    vectors = load_array(path)
    if vectors.dtype != np.float16 or vectors.ndim != 2:  # noqa: PLR2004 - rows and columns
        raise IndexDamaged(
            f"{path}: expected rows of float16, found {vectors.dtype} of shape {vectors.shape}"
        )
    return vectors


def _exact(vectors: NDArray[np.float16]) -> Any:
    """Return FAISS's view of vectors, which must outlive it."""
    rows, dim = vectors.shape
    index = faiss.IndexScalarQuantizer(
        dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    nobody: Any = faiss.MaybeOwnedVectorUInt8()  # whose owner is none
    numbers = vectors.view(np.uint8).reshape(-1)
    index.codes = nobody.create_view(faiss.swig_ptr(numbers), numbers.size, nobody.owner)
    index.ntotal = rows
    return index


def _name_rows(index: Any, rows: int) -> bool:
    """Tell whether all codes are those of rows: FAISS would read others from anywhere."""
    named = (rows_of(index, script) for script in range(index.nlist))
    return all(not len(some) or 0 <= some.min() <= some.max() < rows for some in named)


def _flags(scripts: Collection[int]) -> NDArray[np.bool_]:
    flags = np.zeros(len(SCRIPTS), np.bool_)
    flags[list(scripts)] = True
    return flags


def _selector(flags: NDArray[np.bool_] | None) -> Any:
    return None if flags is None else _faiss.IDSelectorBitmap(np.packbits(flags, bitorder="little"))


def _use_one_thread() -> None:
    """Let FAISS work in the calling thread alone, which is what the number holds for.

    One question is one thread's work to it: OpenMP's others would only spin beside it, and so they
    do for most of the training.
    """
    faiss.omp_set_num_threads(1)


def _trained_with(path: Path) -> int:
    try:
        return int(json.loads(path.read_text(encoding="utf-8"))["trained_with"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            f"{path}: expected the number of passages that were trained with, but {error}"
        ) from error


def _read(path: Path) -> Any:
    try:
        return faiss.read_index(str(path))
    except RuntimeError as error:
        raise IndexDamaged(
            f"{path}: expected a FAISS index, found something else or nothing"
        ) from error


def _write(index: Any, path: Path) -> None:
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:  # FAISS tells no reason but in its own words
        raise IndexNotWritten(
            f"cannot write {path}; the previous index, if there was one, still answers"
        ) from error
