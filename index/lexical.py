"""Passages by their words: BM25. The only module that imports tantivy.

Two fields, the passage's body and its article's title, both cut into tokens by ``index.text``.
k1 = 1.2 and b = 0.75 are tantivy's own.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import tantivy

from index.columns import NO_DAY
from index.errors import IndexDamaged
from index.text import tokens
from index.types import Rows, Scores

MAX_TERMS = 128
"""Rarest terms of a question that are searched; a pasted article is no better found by more."""

_TOKENIZER = "tokens"
_HEAP_BYTES = 256_000_000


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("body", "title"):
        builder.add_text_field(name, tokenizer_name=_TOKENIZER, index_option="freq")
    builder.add_integer_field("row", fast=True, indexed=True)
    builder.add_integer_field("day", fast=True, indexed=True)
    builder.add_integer_field("source", fast=True, indexed=True)
    return builder.build()


def _register(index: tantivy.Index) -> tantivy.Index:
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENIZER, analyzer)
    return index


class LexicalWriter:
    """Builds a lexical index in an empty folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._index = _register(tantivy.Index(_schema(), path=str(folder)))
        self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)

    def add(self, row: int, body: str, title: str, day: int, source: int) -> None:
        """Add one passage.

        :param body: tokens of the passage, joined by spaces.
        :param title: tokens of the article's title, joined by spaces.
        :param day: days since 1970-01-01, or ``index.columns.NO_DAY``.
        :param source: number of the article's source.
        """
        self._writer.add_document(
            tantivy.Document(row=row, body=body, title=title, day=day, source=source)
        )

    def finish(self) -> None:
        """Write what was added to the disk."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class LexicalIndex:
    """A lexical index on disk, opened for searching."""

    def __init__(self, folder: Path, *, title_weight: float) -> None:
        try:
            self._index = _register(tantivy.Index.open(str(folder)))
        except (ValueError, OSError) as error:
            raise IndexDamaged(
                f"{folder}: expected a tantivy index, found something else or nothing ({error}); "
                "build it again with 'newsquote index build'"
            ) from error
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._title_weight = title_weight

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self,
        terms: Sequence[str],
        k: int,
        *,
        days: tuple[int | None, int | None] | None = None,
        source: int | None = None,
    ) -> tuple[Rows, Scores]:
        """Return the k passages with the highest BM25 score, best first.

        :param terms: tokens of the question, repeated as often as they occur in it.
        :param days: first and last day allowed, days since 1970-01-01; None leaves an end open.
        :return: rows, int64 (<= k,), and BM25 scores, float32, above 0.
        """
        if not terms or not len(self):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        query = self._any_of(self._rarest(terms))
        conditions = [self._within(days)] if days and days != (None, None) else []
        if source is not None:
            conditions.append(tantivy.Query.term_query(self._schema, "source", source))
        if conditions:
            must = [(tantivy.Occur.Must, query)]
            must += [
                (tantivy.Occur.Must, tantivy.Query.const_score_query(condition, 0.0))
                for condition in conditions
            ]
            query = tantivy.Query.boolean_query(must)
        return self._run(query, k)

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        """Return BM25's IDF of each term over the passages' bodies, above 0."""
        total = len(self)
        frequencies = {term: self._searcher.doc_freq("body", term) for term in terms}
        return {
            term: math.log1p((total - frequency + 0.5) / (frequency + 0.5))
            for term, frequency in frequencies.items()
        }

    def sums(self, weights: Mapping[str, float], rows: Rows) -> Scores:
        """Return for each passage the summed weights of the terms that its body holds.

        :param weights: what each term counts, >= 0; tantivy adds them up while it walks the
            postings of all terms once, which no list of tokens kept beside the index does faster.
        :return: float32, shape (k,), in the order of ``rows``.
        """
        sums = np.zeros(len(rows), np.float32)
        if not weights or not len(rows):
            return sums
        should = [
            (
                tantivy.Occur.Should,
                tantivy.Query.const_score_query(self._term("body", term), weight),
            )
            for term, weight in weights.items()
        ]
        among = tantivy.Query.term_set_query(self._schema, "row", rows.tolist())
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, tantivy.Query.const_score_query(among, 0.0)),
                (tantivy.Occur.Must, tantivy.Query.boolean_query(should)),
            ]
        )
        found, scores = self._run(query, len(rows))
        place = np.argsort(rows)
        sums[place[np.searchsorted(rows, found, sorter=place)]] = scores
        return sums

    def _run(self, query: tantivy.Query, k: int) -> tuple[Rows, Scores]:
        hits = self._searcher.search(query, limit=k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return np.array(rows, np.int64), np.array([score for score, _ in hits], np.float32)

    def _rarest(self, terms: Sequence[str]) -> dict[str, int]:
        counts = Counter(terms)
        if len(counts) <= MAX_TERMS:
            return counts
        weights = self.weights(counts)
        rarest = sorted(counts, key=weights.__getitem__, reverse=True)[:MAX_TERMS]
        return {term: counts[term] for term in rarest}

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, index_option="freq")

    def _any_of(self, counts: dict[str, int]) -> tantivy.Query:
        should = []
        for term, count in counts.items():
            for field, weight in (("body", 1.0), ("title", self._title_weight)):
                query = self._term(field, term)
                should.append(
                    (tantivy.Occur.Should, tantivy.Query.boost_query(query, weight * count))
                )
        return tantivy.Query.boolean_query(should)

    def _within(self, days: tuple[int | None, int | None]) -> tantivy.Query:
        first, last = days
        return tantivy.Query.range_query(
            self._schema,
            "day",
            tantivy.FieldType.Integer,
            lower_bound=NO_DAY + 1 if first is None else first,
            upper_bound=last,
        )


def token_line(text: str) -> str:
    """Return a text's tokens as the line that ``LexicalWriter.add`` takes."""
    return " ".join(tokens(text))
