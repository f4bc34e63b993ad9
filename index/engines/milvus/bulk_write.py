"""Writes a generation of the index folder as files that a Milvus server imports (``bulk_files``).

The only module that knows pyarrow. pymilvus has a writer of its own, which wants the clients of two
object stores, takes rows one after the other and checks each field in Python.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from index.engines.home import Told
from index.engines.milvus.bulk_files import (
    MANIFEST,
    UNFINISHED,
    WORDS_FILE,
    BulkFiles,
    DataFile,
    save,
)
from index.engines.milvus.client import Row
from index.engines.milvus.numbers import EVERYWHERE, source_number
from index.engines.milvus.rows import Staged, article_row
from index.engines.milvus.schema import ARTICLES, FIELDS, PASSAGES, Field
from index.errors import IndexNotWritten
from index.generations.manifest import sha256_of
from index.generations.opened import Generation

_GROUP = 5_000
"""Rows of a row group, some 25 MB: what a server holds of a file at once."""

_FILE_ROWS = 100_000
"""Rows of a file at least, some .5 GB; a server takes 16 GB."""

_FILES = 1_000
"""Files of each collection at most; a server takes 1,024 in one job."""

_SPARSE = pa.struct([("indices", pa.list_(pa.uint32())), ("values", pa.list_(pa.float32()))])
_TYPES = {
    "number": pa.int64(),
    "text": pa.string(),
    "sparse": _SPARSE,
    "dense": pa.list_(pa.uint8()),  # the bytes of numbers at half precision
}


def write_files(
    generation: Generation, folder: Path, told: Told, *, number: int, exact: bool
) -> BulkFiles:
    """Write a generation as files for a server.

    :param folder: a new one, an empty one, or one that such files were written to before.
    :param number: of the generation in Milvus, which no other one has.
    :raises IndexNotWritten: if they cannot be written, or something else lies in the folder.
    """
    with _explained(folder):
        _clear(folder)
        files = list(_written(generation, folder, told, number))
    columns, store = generation.columns, generation.store
    made = BulkFiles(
        folder=folder,
        number=number,
        exact=exact,
        days=columns.span(),
        sources={name: source_number(name) for name in store.sources},
        made_of=generation.folder.name,
        manifest=generation.manifest,
        files=files,
    )
    with _explained(folder):
        save(made)
    return made


def _clear(folder: Path) -> None:
    """Make the folder, or remove from it what was written there before."""
    folder.mkdir(parents=True, exist_ok=True)
    there = list(folder.iterdir())
    own = [path for path in there if _is_own(path.name)]
    if len(own) < len(there):
        (foreign, *_) = (path.name for path in there if path not in own)
        raise IndexNotWritten(
            f"{folder}: expected a new folder, or one with files for a server, found {foreign!r}"
        )
    # What tells of the files goes first: without it nobody takes them for whole.
    for path in sorted(own, key=lambda path: path.name != MANIFEST):
        path.unlink()


def _is_own(name: str) -> bool:
    stem, _, kind = name.partition(".")
    data, _, number = stem.partition("-")
    numbered = data in (PASSAGES, ARTICLES) and number.isdecimal() and kind == "parquet"
    return numbered or name in (MANIFEST, UNFINISHED, WORDS_FILE)


def _written(generation: Generation, folder: Path, told: Told, number: int) -> Iterator[DataFile]:
    """Write all files but the one that tells of them."""
    staged, total = Staged(generation), len(generation.lists)
    article_ids = np.array(
        [article_row(content, number, 0) for content in staged.articles.tolist()], np.int64
    )
    contents = staged.passages(article_ids)
    at_most = max(_FILE_ROWS, -(-total // _FILES))
    writers = {data: _Writer(folder, data, at_most) for data in (PASSAGES, ARTICLES)}
    frequencies: Counter[int] = Counter()
    try:
        for made in staged.made(
            _half,
            number,
            np.ones(len(article_ids), np.bool_),
            article_ids,
            contents,
            np.ones(total, np.bool_),
        ):
            writers[ARTICLES].add(made.articles)
            writers[PASSAGES].add(made.passages)
            for words in made.words:
                frequencies.update(words.tolist())
            told(writers[PASSAGES].rows, total)
    finally:
        for writer in writers.values():
            writer.close()
    for writer in writers.values():
        yield from writer.files
    yield _write_words(folder, frequencies)


def _half(vector: NDArray[np.float32]) -> NDArray[np.float16]:
    """Return a vector as a server stores it."""
    return vector.astype("<f2")


def _write_words(folder: Path, frequencies: Counter[int]) -> DataFile:
    frequencies.pop(EVERYWHERE, None)
    pairs = np.array(sorted(frequencies.items()), "<u4").reshape(-1, 2)
    np.save(folder / WORDS_FILE, pairs.T)
    return DataFile(WORDS_FILE, "", len(pairs), sha256_of(folder / WORDS_FILE))


class _Writer:
    """Writes the rows of a collection to files.

    :param at_most: rows of a file.
    :ivar rows: how many have been added.
    :ivar files: those that are finished.
    """

    def __init__(self, folder: Path, data: str, at_most: int) -> None:
        self._folder, self._data, self._at_most = folder, data, at_most
        self._schema = schema_of(FIELDS[data])
        self._waiting: list[Row] = []
        self._open: pq.ParquetWriter | None = None
        self._in_file = 0
        self.rows = 0
        self.files: list[DataFile] = []

    def add(self, rows: Sequence[Row]) -> None:
        """Add rows."""
        self._waiting += rows
        self.rows += len(rows)
        if len(self._waiting) >= _GROUP:
            self._write()

    def close(self) -> None:
        """Write what is left."""
        if self._waiting:
            self._write()
        self._finish()

    def _write(self) -> None:
        if self._open is None:
            self._open = pq.ParquetWriter(self._folder / self._name(), self._schema)
        self._open.write_table(table_of(self._waiting, self._schema))
        self._in_file += len(self._waiting)
        self._waiting.clear()
        if self._in_file >= self._at_most:
            self._finish()

    def _finish(self) -> None:
        if self._open is None:
            return
        self._open.close()
        self._open = None
        path = self._folder / self._name()
        with path.open("rb") as file:
            os.fsync(file.fileno())
        self.files.append(DataFile(path.name, self._data, self._in_file, sha256_of(path)))
        self._in_file = 0

    def _name(self) -> str:
        return f"{self._data}-{len(self.files) + 1:04}.parquet"


def schema_of(fields: Sequence[Field]) -> pa.Schema:
    """Return the columns of a collection's files, as Milvus' bulk import wants them."""
    return pa.schema([("id", pa.int64()), *((one.name, _TYPES[one.kind]) for one in fields)])


def table_of(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    """Return rows as columns."""
    return pa.Table.from_arrays(
        [_column([row[field.name] for row in rows], field.type) for field in schema], schema=schema
    )


def _column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if kind == _TYPES["dense"]:
        return _lists([value.view(np.uint8) for value in values], kind.value_type)
    if kind != _SPARSE:
        return pa.array(values, kind)
    dimensions = [np.fromiter(value, np.uint32, len(value)) for value in values]
    weights = [np.fromiter(value.values(), np.float32, len(value)) for value in values]
    parts = [_lists(dimensions, pa.uint32()), _lists(weights, pa.float32())]
    return pa.StructArray.from_arrays(parts, fields=list(kind))


def _lists(values: Sequence[NDArray[Any]], kind: pa.DataType) -> pa.ListArray:
    ends = np.cumsum([0, *map(len, values)], dtype=np.int32)
    return pa.ListArray.from_arrays(pa.array(ends), pa.array(np.concatenate(values), kind))


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Say what it means when files cannot be written."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IndexNotWritten(
            f"files for a server cannot be written to {folder}: {reason}"
        ) from error
