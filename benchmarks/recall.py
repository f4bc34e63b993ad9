"""What an approximate search by meaning finds of what an exact one does, and what each takes.

Beside the index that newsquote writes, for comparison: FAISS's inverted lists of vectors at eight
bits a number ("IVF,SQ8"), of which a part is probed, and FAISS's graph of such vectors ("HNSW,SQ8"),
of which the nearest so many are kept in sight, both with an exact comparison afterwards.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks.workplace import Archive, Bench, Row, say
from index.encoders.models import Models
from index.parts.columns import Columns
from index.parts.vectors import (
    CANDIDATES,
    CANDIDATES_EACH,
    DenseIndex,
    DenseWriter,
    Growth,
    open_vectors,
)
from index.types import Rows, Vectors

QUESTIONS = 200
K = 10
PROBED = (0.1, 0.2, 0.4)
IN_SIGHT = (100, 300, 600)
LINKS, IN_SIGHT_WHILE_BUILDING = 16, 300
"""Of the graph, as others measure Milvus with it (docs/scale.md)."""

_ROWS_AT_ONCE = 4096
_TRAINING_ROWS_PER_LIST = 50
_EXACT, _CODED = Growth(10**12, 4), Growth(0, 4)

Allowed: TypeAlias = NDArray[np.bool_] | None
Halves: TypeAlias = NDArray[np.float16]
Search: TypeAlias = Callable[[Vectors, Allowed], Rows]


def measure(bench: Bench) -> Iterator[Row]:
    """Yield for each archive and each sort of index its recall at 10 and its time."""
    vectors_of = Models.bundled().encoder.encode
    for archive in bench.archives:
        archive.ensure_index()
        say(f"{archive.name}: recall")
        asked = vectors_of(archive.questions(QUESTIONS), "query")
        with TemporaryDirectory(dir=bench.folder) as folder:
            for name, row in compare(archive, asked, Path(folder)):
                yield {
                    "archive": archive.name,
                    "passages": archive.passages(),
                    "index": name,
                    **row,
                }


def compare(archive: Archive, asked: Vectors, folder: Path) -> Iterator[tuple[str, Row]]:
    """Yield the name of each sort of index, and what was measured."""
    source = open_vectors(archive.generation)
    scripts = Columns.open(archive.generation).scripts
    filters = make_filters(len(source), scripts)
    exact = written(source, scripts, folder / "exact", _EXACT)
    truth = {name: [exact.search(one, K, allowed)[0] for one in asked]
             for name, allowed in filters.items()}  # fmt: skip
    yield "exact", row_of(searching(exact), asked, filters, truth)
    coded = written(source, scripts, folder / "coded", _CODED)
    yield "4-bit codes", row_of(searching(coded), asked, filters, truth)
    lists = inverted_lists(source)
    for share in PROBED:
        search = probing(lists, coded, max(round(share * lists.nlist), 1))
        yield f"IVF,SQ8, {share:.0%} probed", row_of(search, asked, filters, truth)
    linked = graph(source)
    for count in IN_SIGHT:
        search = following(linked, coded, count)
        yield f"HNSW,SQ8, {count} in sight", row_of(search, asked, filters, truth)


def make_filters(passages: int, scripts: NDArray[np.int8]) -> dict[str, Allowed]:
    """Return what is allowed, by name: all, random shares, and what is not in Han script."""
    generator = np.random.default_rng(0)
    shares = {f"{share:.1%}": generator.random(passages) < share for share in (0.1, 0.01, 0.001)}
    common = np.bincount(scripts).argmax()
    return {"all": None, **shares, "rarer scripts": scripts != common}


def row_of(
    search: Search, asked: Vectors, filters: dict[str, Allowed], truth: dict[str, list[Rows]]
) -> Row:
    """Return recall at 10 and the median CPU time in ms, for every filter."""
    row: Row = {}
    for name, allowed in filters.items():
        found, times = [], []
        for question in asked:
            began = time.process_time()
            found.append(search(question, allowed))
            times.append(time.process_time() - began)
        row[f"recall {name}"] = recall(found, truth[name])
        row[f"ms {name}"] = float(1000 * np.median(times))
    return row


def recall(found: list[Rows], wanted: list[Rows]) -> float:
    """Return the share of the wanted rows that were found; 1 when nothing is wanted."""
    hits = sum(len(np.intersect1d(one, other)) for one, other in zip(found, wanted, strict=True))
    total = sum(map(len, wanted))
    return hits / total if total else 1.0


def written(source: Halves, scripts: NDArray[np.int8], folder: Path, growth: Growth) -> DenseIndex:
    """Return an index of the same vectors, of the sort that the growth says.

    :param folder: for its files; it is made.
    """
    folder.mkdir()
    writer = DenseWriter(folder, source.shape[1], growth)
    for block in blocks(source):
        writer.add(block)
    writer.finish(scripts)
    return DenseIndex.open(folder, scripts)


def blocks(source: Halves) -> Iterator[Vectors]:
    """Yield all vectors, some thousand at once."""
    for start in range(0, len(source), _ROWS_AT_ONCE):
        yield source[start : start + _ROWS_AT_ONCE].astype(np.float32)


def searching(index: DenseIndex) -> Search:
    """Return the search of an index, for the k that recall is measured at."""
    return lambda question, allowed: index.search(question, K, allowed)[0]


def inverted_lists(source: Halves) -> Any:
    """Return the vectors at 8 bits in 2 * sqrt(n) inverted lists, the usual number."""
    lists = max(int(2 * len(source) ** 0.5), 1)
    index: Any = faiss.index_factory(source.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.cp.min_points_per_centroid = 1  # small archives: do not warn
    count = min(lists * _TRAINING_ROWS_PER_LIST, len(source))
    index.train(source[np.linspace(0, len(source) - 1, count).astype(np.int64)].astype(np.float32))
    for block in blocks(source):
        index.add(block)
    return index


def graph(source: Halves) -> Any:
    """Return the vectors at 8 bits in a graph, whose nodes are linked to near ones."""
    index: Any = faiss.index_factory(
        source.shape[1], f"HNSW{LINKS},SQ8", faiss.METRIC_INNER_PRODUCT
    )
    index.hnsw.efConstruction = IN_SIGHT_WHILE_BUILDING
    index.train(source[:: max(len(source) // _ROWS_AT_ONCE, 1)].astype(np.float32))
    for block in blocks(source):
        index.add(block)
    return index


def probing(lists: Any, exact: DenseIndex, probes: int) -> Search:
    """Return a search of inverted lists that compares the best exactly, as newsquote does."""

    def search(question: Vectors, allowed: Allowed) -> Rows:
        parameters = faiss.SearchParametersIVF(nprobe=probes, **selector(allowed))  # type: ignore[call-arg] # FAISS's stubs describe the C++ constructors
        found = lists.search(question[None], CANDIDATES + K * CANDIDATES_EACH, params=parameters)
        return best(found[1][0], question, exact)

    return search


def following(linked: Any, exact: DenseIndex, count: int) -> Search:
    """Return a search that follows a graph's links, and compares what came in sight exactly.

    :param count: passages that are kept in sight on the way (HNSW's ``ef``).
    """

    def search(question: Vectors, allowed: Allowed) -> Rows:
        parameters = faiss.SearchParametersHNSW(efSearch=count, **selector(allowed))  # type: ignore[attr-defined] # FAISS's stubs leave it out
        found = linked.search(question[None], count, params=parameters)
        return best(found[1][0], question, exact)

    return search


def selector(allowed: Allowed) -> dict[str, Any]:
    """Return what tells FAISS which rows are allowed."""
    if allowed is None:
        return {}
    bits = np.packbits(allowed, bitorder="little")
    return {"sel": faiss.IDSelectorBitmap(bits)}  # type: ignore[call-arg,arg-type] # FAISS's stubs describe the C++ constructors


def best(rows: Rows, question: Vectors, exact: DenseIndex) -> Rows:
    """Return the nearest K of some rows, compared exactly; -1 is no row."""
    rows = rows[rows >= 0]
    return np.asarray(rows[np.argsort(-(exact.vectors(rows) @ question))[:K]])
