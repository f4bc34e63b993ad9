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

from index.columns import ANY, NO_DAY, Wanted
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

    def search(self, terms: Sequence[str], k: int, wanted: Wanted = ANY) -> tuple[Rows, Scores]:
        """Return the k passages with the highest BM25 score, best first.

        :param terms: tokens of the question, repeated as often as they occur in it.
        :return: rows, int64 (<= k,), and BM25 scores, float32, above 0.
        """
        counts = Counter(terms)
        if len(counts) > MAX_TERMS:
            rarest = heaviest(self.weights(counts), MAX_TERMS)
            counts = Counter({term: counts[term] for term in rarest})
        queries = [
            tantivy.Query.boost_query(self._term(field, term), weight * count)
            for term, count in counts.items()
            for field, weight in (("body", 1.0), ("title", self._title_weight))
        ]
        return self._run(queries, k, self._conditions(wanted))

    def covering(
        self, weights: Mapping[str, float], k: int, wanted: Wanted = ANY
    ) -> tuple[Rows, Scores]:
        """Return the k passages whose bodies hold the most of some weighted terms, best first.

        :param weights: what each term counts, > 0.
        :return: rows, int64 (<= k,), and the summed weights of the terms held, float32.
        """
        return self._run(self._weighted(weights), k, self._conditions(wanted))

    def sums(self, weights: Mapping[str, float], rows: Rows) -> Scores:
        """Return for each passage the summed weights of the terms that its body holds.

        :param weights: what each term counts, > 0.
        :return: float32, shape (k,), in the order of ``rows``.
        """
        sums = np.zeros(len(rows), np.float32)
        among = tantivy.Query.term_set_query(self._schema, "row", rows.tolist())
        found, scores = self._run(self._weighted(weights), len(rows), [among])
        place = np.argsort(rows)
        sums[place[np.searchsorted(rows, found, sorter=place)]] = scores
        return sums

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        """Return BM25's IDF of each term over the passages' bodies, above 0."""
        total = len(self)
        frequencies = {term: self._searcher.doc_freq("body", term) for term in terms}
        return {
            term: math.log1p((total - frequency + 0.5) / (frequency + 0.5))
            for term, frequency in frequencies.items()
        }

    def _run(
        self, queries: Sequence[tantivy.Query], k: int, conditions: Sequence[tantivy.Query]
    ) -> tuple[Rows, Scores]:
        """Return the k passages that any query finds and all conditions let through."""
        if not queries or not k or not len(self):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in queries])
        if conditions:
            silent = [tantivy.Query.const_score_query(one, 0.0) for one in conditions]
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, one) for one in (query, *silent)]
            )
        hits = self._searcher.search(query, limit=k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return np.array(rows, np.int64), np.array([score for score, _ in hits], np.float32)

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, index_option="freq")

    def _weighted(self, weights: Mapping[str, float]) -> list[tantivy.Query]:
        return [
            tantivy.Query.const_score_query(self._term("body", term), weight)
            for term, weight in weights.items()
        ]

    def _conditions(self, wanted: Wanted) -> list[tantivy.Query]:
        conditions = []
        if wanted.days is not None:
            first, last = wanted.days
            conditions.append(
                tantivy.Query.range_query(
                    self._schema,
                    "day",
                    tantivy.FieldType.Integer,
                    lower_bound=NO_DAY + 1 if first is None else first,
                    upper_bound=last,
                )
            )
        if wanted.source is not None:
            conditions.append(tantivy.Query.term_query(self._schema, "source", wanted.source))
        return conditions


def heaviest(weights: Mapping[str, float], k: int) -> dict[str, float]:
    """Return the k terms that weigh most, heaviest first."""
    return dict(sorted(weights.items(), key=lambda item: -item[1])[:k])


def token_line(text: str) -> str:
    """Return a text's tokens as the line that ``LexicalWriter.add`` takes."""
    return " ".join(tokens(text))
