"""Passages by their words: BM25. The only module that imports tantivy.

Two fields, the passage's body and its article's title, both cut into tokens by ``index.text``.
k1 = 1.2 and b = 0.75 are tantivy's own.
"""

from collections import Counter
from collections.abc import Sequence
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
    builder.add_integer_field("row", fast=True)
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
        hits = self._searcher.search(query, limit=k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return np.array(rows, np.int64), np.array([score for score, _ in hits], np.float32)

    def document_frequency(self, term: str) -> int:
        """Return the number of passages whose body holds the term."""
        return int(self._searcher.doc_freq("body", term))

    def _rarest(self, terms: Sequence[str]) -> dict[str, int]:
        counts = Counter(terms)
        if len(counts) <= MAX_TERMS:
            return counts
        return dict(
            sorted(counts.items(), key=lambda item: self.document_frequency(item[0]))[:MAX_TERMS]
        )

    def _any_of(self, counts: dict[str, int]) -> tantivy.Query:
        should = []
        for term, count in counts.items():
            for field, weight in (("body", 1.0), ("title", self._title_weight)):
                query = tantivy.Query.term_query(self._schema, field, term, index_option="freq")
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
