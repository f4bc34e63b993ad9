"""Passages, and articles, by the words that they hold. The only module that imports tantivy.

Both are kept the same way; what is said here of passages goes for articles too. Words are what
``index.text.tokens`` cuts. A passage is known to tantivy by a *key*, which it keeps for life, while its row is another one in
every generation. That is why a generation can share the segments of the one before it:

    passage_words/ or article_words/
        words/      tantivy: every passage by its key, those too that have been given up since
        dead/       tantivy: the passages that have been given up, if there are any
        keys.npy    the key of each row
        rows.npy    the row of each key, -1 for a passage that has been given up

tantivy's own deletion is not used: its statistics count what has been deleted until segments are
merged, and nobody can tell when that was. Here what is in ``words`` and what of it is in ``dead``
is always known, so the IDF of a term is exactly what an index of the living passages alone has.
"""

import math
import os
import shutil
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tantivy

from index.errors import IndexDamaged
from index.parts.arrays import load_array
from index.parts.filters import ANY, NO_DAY, Wanted
from index.parts.weights import Alternatives, Weights, idf
from index.types import Rows, Scores

PASSAGES, ARTICLES = "passage_words", "article_words"
"""Folders in a generation: the words of each passage, and those of each article."""

_WORDS, _DEAD, _KEYS, _ROWS = "words", "dead", "keys.npy", "rows.npy"
_MUTABLE = ("meta.json", ".managed.json")
"""Files that tantivy replaces; its segments are written once."""

_LOCK, _TOKENIZER = ".lock", "tokens"
_HEAP_BYTES = 256_000_000


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name=_TOKENIZER, index_option="basic")
    builder.add_integer_field("key", fast=True, indexed=True)
    builder.add_integer_field("day", fast=True, indexed=True)
    builder.add_integer_field("source", fast=True, indexed=True)
    return builder.build()


def _register(index: tantivy.Index) -> tantivy.Index:
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENIZER, analyzer)
    return index


class LexicalWriter:
    """Writes a word index of a generation, row by row.

    :param folder: of the generation.
    :param part: ``PASSAGES`` or ``ARTICLES``.
    :param previous: folder of another generation, whose segments are shared.
    """

    def __init__(self, folder: Path, part: str, previous: Path | None = None) -> None:
        folder = folder / part
        previous = previous and previous / part
        folder.mkdir(parents=True)
        self._folder = folder
        self._words = _Tantivy(folder / _WORDS, previous and previous / _WORDS)
        self._old_keys = load_array(previous / _KEYS) if previous else np.empty(0, np.int32)
        self._dead: _Tantivy | None = None
        self._next = len(load_array(previous / _ROWS)) if previous else 0
        if previous and self._next > len(self._old_keys):
            self._dead = _Tantivy(folder / _DEAD, previous / _DEAD)
        self._keys = array("i")

    def add(self, body: str, day: int, source: int) -> None:
        """Add one passage; it gets the next row.

        :param body: tokens of the passage, with spaces between them.
        :param day: days since 1970-01-01, or ``index.parts.columns.NO_DAY``.
        :param source: number of the article's source.
        """
        self._words.add(self._next, body, day, source)
        self._keys.append(self._next)
        self._next += 1

    def keep(self, rows: range) -> None:
        """Keep passages of the previous generation, by their rows there; they get the next rows."""
        self._keys.frombytes(self._old_keys[rows.start : rows.stop].tobytes())

    def add_tombstone(self, body: str) -> None:
        """Note the words of a passage of the previous generation that is not kept."""
        if self._dead is None:
            self._dead = _Tantivy(self._folder / _DEAD)
        self._dead.add(0, body, 0, 0)

    @property
    def dead(self) -> int:
        """Passages that have been given up and still lie in the shared segments."""
        return self._next - len(self._keys)

    def finish(self) -> None:
        """Write what was added to the disk."""
        self._words.finish()
        if self._dead is not None:
            self._dead.finish()
        keys = np.array(self._keys, np.int32)
        rows = np.full(self._next, -1, np.int32)
        rows[keys] = np.arange(len(keys), dtype=np.int32)
        np.save(self._folder / _KEYS, keys)
        np.save(self._folder / _ROWS, rows)


class _Tantivy:
    """A tantivy index while it is written, in a folder that holds nothing, or shares segments."""

    def __init__(self, folder: Path, previous: Path | None = None) -> None:
        folder.mkdir()
        self._folder = folder
        if previous is not None:
            _share(previous, folder)
        with _io_errors():
            self._index = _register(tantivy.Index(_schema(), path=str(folder)))
            self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)

    def add(self, key: int, body: str, day: int, source: int) -> None:
        with _io_errors():
            document = tantivy.Document(key=key, body=body, day=day, source=source)
            self._writer.add_document(document)

    def finish(self) -> None:
        with _io_errors():
            self._writer.commit()
            self._writer.wait_merging_threads()
        for lock in self._folder.glob(f"*{_LOCK}"):
            lock.unlink()


@contextmanager
def _io_errors() -> Iterator[None]:
    """Raise what tantivy says of a full disk as what it is."""
    try:
        yield
    except ValueError as error:
        raise OSError(str(error)) from error


def _share(previous: Path, folder: Path) -> None:
    """Make the files of an index stand in another folder too, without copying its segments."""
    for file in previous.iterdir():
        if file.name in _MUTABLE:
            shutil.copyfile(file, folder / file.name)
        elif not file.name.endswith(_LOCK):
            try:
                os.link(file, folder / file.name)
            except OSError:  # a file system without hard links
                shutil.copyfile(file, folder / file.name)


class LexicalIndex:
    """A word index on disk, opened for searching.

    :param folder: of the generation.
    :param part: ``PASSAGES`` or ``ARTICLES``.
    """

    def __init__(self, folder: Path, part: str) -> None:
        folder = folder / part
        self._keys = load_array(folder / _KEYS)
        self._rows = load_array(folder / _ROWS)
        self._searcher, self._schema = _open(folder / _WORDS)
        self._dead = _open(folder / _DEAD)[0] if self.dead else None
        if self._searcher.num_docs != len(self._rows):
            raise IndexDamaged(
                f"{folder}: expected {len(self._rows)} documents in its tantivy index, found "
                f"{self._searcher.num_docs}"
            )

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def dead(self) -> int:
        """Passages that have been given up and still lie in the shared segments."""
        return len(self._rows) - len(self._keys)

    def search(self, weights: Weights, k: int, wanted: Wanted = ANY) -> tuple[Rows, Scores]:
        """Return the k passages whose bodies hold the most of some weighted terms, best first.

        :return: rows, int64 (<= k,), and the summed weights of the terms held, float32.
        """
        return self._run(self._weighted(weights), k, self._conditions(wanted))

    def sums(self, weights: Weights, rows: Rows) -> Scores:
        """Return for each passage the summed weights of the terms that its body holds.

        :return: float32, shape (k,), in the order of ``rows``.
        """
        sums = np.zeros(len(rows), np.float32)
        # Not as a set of terms: tantivy walks through all keys to find those of a set.
        keys = self._keys[rows].tolist()
        among = _any([_silent(tantivy.Query.term_query(self._schema, "key", key)) for key in keys])
        found, scores = self._run(self._weighted(weights), len(rows), [among])
        place = np.argsort(rows)
        sums[place[np.searchsorted(rows, found, sorter=place)]] = scores
        return sums

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        """Return BM25's IDF of each term over the passages' bodies, above 0."""
        return {term: idf(len(self), self._frequency(term)) for term in terms}

    def _frequency(self, term: str) -> int:
        """Return the number of passages that hold a term."""
        dead = self._dead.doc_freq("body", term) if self._dead else 0
        return int(self._searcher.doc_freq("body", term)) - dead

    def _run(
        self, queries: Sequence[tantivy.Query], k: int, conditions: Sequence[tantivy.Query]
    ) -> tuple[Rows, Scores]:
        """Return the k passages that any query finds and all (silent) conditions let through."""
        if not queries or not k or not len(self):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        query = _all([_any(queries), *conditions]) if conditions else _any(queries)
        limit = k + math.ceil(2 * k * self.dead / len(self._rows))  # some may be dead
        while True:
            hits = self._searcher.search(query, limit=limit, count=False).hits
            keys = self._searcher.fast_field_values("key", [address for _, address in hits])
            rows = self._rows[np.array(keys, np.int64)]
            living = rows >= 0
            if len(hits) < limit or np.count_nonzero(living) >= k:
                scores = np.array([score for score, _ in hits], np.float32)
                return rows[living][:k].astype(np.int64), scores[living][:k]
            limit *= 2

    def _term(self, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, "body", term, index_option="basic")

    def _weighted(self, weights: Weights) -> list[tantivy.Query]:
        scored = tantivy.Query.const_score_query
        return [scored(self._held(said), weight) for said, weight in weights.items()]

    def _held(self, said: str | Alternatives) -> tantivy.Query:
        if isinstance(said, str):
            return self._term(said)
        return _any([_all([self._term(term) for term in way]) for way in said])

    def _of_days(self, first: int, last: int | None) -> tantivy.Query:
        kind = tantivy.FieldType.Integer
        return tantivy.Query.range_query(self._schema, "day", kind, first, last)

    def _conditions(self, wanted: Wanted) -> list[tantivy.Query]:
        conditions = []
        if wanted.days is not None:
            first, last = wanted.days
            first = NO_DAY + 1 if first is None else first
            inside = self._of_days(first, last)
            undated = [self._of_days(NO_DAY, NO_DAY)] if wanted.undated else []
            conditions.append(_any([inside, *undated]))
        if wanted.source is not None:
            conditions.append(tantivy.Query.term_query(self._schema, "source", wanted.source))
        return [_silent(condition) for condition in conditions]


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in queries])


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in queries])


def _silent(query: tantivy.Query) -> tantivy.Query:
    """Return a query that finds the same and gives it no score."""
    return tantivy.Query.const_score_query(query, 0.0)


def _open(folder: Path) -> tuple[tantivy.Searcher, tantivy.Schema]:
    try:
        with _lockable(folder) as place:
            index = _register(tantivy.Index.open(str(place)))
    except (ValueError, OSError) as error:
        raise IndexDamaged(
            f"{folder}: expected a tantivy index, found something else or nothing ({error})"
        ) from error
    return index.searcher(), index.schema


@contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """Yield a folder with the files of an index where a file can be made.

    tantivy takes a lock for a moment even to open an index that nobody may write.
    """
    if os.access(folder, os.W_OK):
        yield folder
        return
    # tantivy may make its lock again while the folder is emptied.
    with TemporaryDirectory(prefix="newsquote-", ignore_cleanup_errors=True) as place:
        for file in folder.iterdir():
            if not file.name.endswith(_LOCK):
                (Path(place) / file.name).symlink_to(file.absolute())
        yield Path(place)
