"""The parts of a generation while it is written: row *i* is passage *i* in each.

Rows are numbered in the order of the files, as if the archive were indexed for the first time: what
is kept of the previous generation is copied to its new rows, which costs little beside reading and
encoding it. So an updated index is the same as one that was built of the same files, no part has
rows that are dead, and what depends on their order (near-copies, ties) does not depend on history.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.building.prepare import Prepared, words_of
from index.encoders.models import Models
from index.encoders.token_table import Ids
from index.generations.opened import Generation
from index.parts.columns import Columns
from index.parts.database import StoreWriter
from index.parts.filters import day_number
from index.parts.near_copies import group_copies
from index.parts.token_lists import TokenLists, distinct_tokens
from index.parts.vectors import MEASURED_GROWTH, DenseWriter, Growth
from index.parts.words import ARTICLES, PASSAGES, LexicalWriter
from index.text.tokens import token_lines
from index.types import Card, FileReport, Rows, Vectors

ENCODED_AT_ONCE = 4096
"""Passages held back until they are encoded together, so that batches can be sorted by length."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An article of the previous generation that is as it was.

    :ivar article: its number there.
    :ivar path: where its file is now; None = where it was.
    """

    article: int
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Previous:
    """The generation from which articles are kept.

    :ivar dropped: numbers of the articles that are not kept.
    :ivar vectors: passages whose vectors can be used again: their rows, by their texts.
    :ivar compact: write the word indexes anew instead of sharing them, without the dead.
    """

    generation: Generation
    dropped: Collection[int]
    vectors: Mapping[str, int]
    compact: bool

    def rows(self, articles: range) -> range:
        """Return the rows of the passages of consecutive articles."""
        numbers = self.generation.columns.articles
        first, last = np.searchsorted(numbers, [articles.start, articles.stop])
        return range(int(first), int(last))

    def count(self, articles: Iterable[int]) -> int:
        """Return the number of passages of some articles."""
        return sum(len(self.rows(range(number, number + 1))) for number in articles)

    def words(self, articles: Iterable[int]) -> Iterator[tuple[Card, list[str], str]]:
        """Yield every article's card and lexical tokens, passage by passage and of the whole."""
        store = self.generation.store
        for article in articles:
            (stored,) = store.numbered([article])
            texts = [passage.passage.text for passage in store.passages_of(article)]
            title, *bodies = token_lines([stored.card.title, *texts])
            yield stored.card, bodies, words_of(title, bodies)


class Finished(NamedTuple):
    """What a generation has besides what its writer tells.

    :ivar dead: dead passages in the word index.
    :ivar title_only: articles that have no text.
    """

    dead: int
    title_only: int


class ArchiveWriter:
    """Writes all parts of a generation into its folder."""

    def __init__(
        self,
        folder: Path,
        models: Models,
        previous: Previous | None = None,
        growth: Growth = MEASURED_GROWTH,
    ) -> None:
        old = previous.generation.folder if previous else None
        self._folder = folder
        self._previous = previous
        self._store = StoreWriter(folder, old)
        shared = None if previous and previous.compact else old
        self._passage_words = LexicalWriter(folder, PASSAGES, shared)
        self._article_words = LexicalWriter(folder, ARTICLES, shared)
        dense = DenseWriter(folder, models.encoder.info.dim, growth, old)
        self._vectors = _VectorWriter(dense, models, previous)
        self._run = range(0)
        self._moved: dict[int, str] = {}
        self._tokens, self._lengths = array("i"), array("i")
        self._articles, self._days, self._sources = array("i"), array("i"), array("i")
        self._scripts = array("b")

    @property
    def articles(self) -> int:
        """Articles so far."""
        return self._store.articles + len(self._run)

    @property
    def passages(self) -> int:
        """Passages so far; those of articles that are being kept follow later."""
        return self._store.passages

    def add(self, item: Prepared | FileReport | Kept) -> None:
        """Add what comes next in the archive's order."""
        if isinstance(item, FileReport):
            self._store.skip(item)
        elif isinstance(item, Kept):
            self._keep(item)
        else:
            self._copy_run()
            self._add(item)

    def finish(self) -> Finished:
        """Write everything to the disk."""
        self._copy_run()
        title_only = self._store.title_only()
        self._add_tombstones()
        # tantivy's takes long, on a core of its own: it lets go of Python's lock.
        with ThreadPoolExecutor(1) as beside:
            words = [
                beside.submit(writer.finish)
                for writer in (self._passage_words, self._article_words)
            ]
            self._store.finish()
            self._finish_numbers()
            for written in words:
                written.result()
        return Finished(self._passage_words.dead, title_only)

    def _finish_numbers(self) -> None:
        scripts = np.array(self._scripts, np.int8)
        self._vectors.finish(scripts)
        lists = TokenLists.joined(
            np.frombuffer(self._tokens, np.int32), np.frombuffer(self._lengths, np.int32)
        )
        lists.save(self._folder)
        Columns(
            articles=np.array(self._articles, np.int32),
            days=np.array(self._days, np.int32),
            sources=np.array(self._sources, np.int32),
            scripts=scripts,
            copies=group_copies(lists),
        ).save(self._folder)

    def _add(self, item: Prepared) -> None:
        article = item.article
        day, source = self._filed(article.card)
        self._add_words(item.bodies, item.words, day, source)
        for _ in item.bodies:
            self._articles.append(self._store.articles)
            self._days.append(day)
            self._sources.append(source)
        self._store.add(article, item.passages)
        if not item.passages:
            return
        self._scripts.extend(item.scripts)
        self._add_tokens(*distinct_tokens(item.ids))
        self._vectors.add([passage.text for passage in item.passages], item.ids)

    def _filed(self, card: Card) -> tuple[int, int]:
        """Return day and source of an article, as numbers by which it can be filtered."""
        day = day_number(card.date.date() if card.date else None)
        return day, self._store.source_number(card.source)

    def _add_words(self, bodies: Iterable[str], words: str, day: int, source: int) -> None:
        for body in bodies:
            self._passage_words.add(body, day, source)
        self._article_words.add(words, day, source)

    def _add_tokens(self, tokens: Ids, lengths: NDArray[np.int32]) -> None:
        self._tokens.frombytes(tokens.tobytes())
        self._lengths.frombytes(lengths.tobytes())

    def _keep(self, kept: Kept) -> None:
        """Lengthen the run of kept articles, which are copied together."""
        if kept.article != self._run.stop or not self._run:
            self._copy_run()
            self._run = range(kept.article, kept.article)
        self._run = range(self._run.start, kept.article + 1)
        if kept.path is not None:
            self._moved[kept.article] = kept.path

    def _copy_run(self) -> None:
        articles, self._run = self._run, range(0)
        if self._previous is None or not articles:
            return
        old = self._previous.generation
        rows = self._previous.rows(articles)
        here = slice(rows.start, rows.stop)
        shift = self._store.articles - articles.start
        self._store.keep(articles, rows)
        for article, path in self._moved.items():
            self._store.move(article + shift, path)
        self._moved.clear()
        self._articles.extend((old.columns.articles[here] + shift).tolist())
        self._days.extend(old.columns.days[here].tolist())
        self._sources.extend(old.columns.sources[here].tolist())
        self._scripts.extend(old.columns.scripts[here].tolist())
        self._add_tokens(*old.lists.run(rows))
        self._vectors.keep(rows)
        if self._previous.compact:
            for card, bodies, words in self._previous.words(articles):
                self._add_words(bodies, words, *self._filed(card))
        else:
            self._passage_words.keep(rows)
            self._article_words.keep(articles)

    def _add_tombstones(self) -> None:
        """Note the words of what is not kept, whose passages stay in the shared segments."""
        if self._previous is not None and not self._previous.compact:
            for _, bodies, words in self._previous.words(self._previous.dropped):
                for body in bodies:
                    self._passage_words.add_tombstone(body)
                self._article_words.add_tombstone(words)


class _VectorWriter:
    """The vectors of a generation: new ones are encoded many at once, kept ones are copied."""

    def __init__(self, dense: DenseWriter, models: Models, previous: Previous | None) -> None:
        self._models = models
        self._old = previous.generation.dense if previous else None
        self._known = previous.vectors if previous else {}
        self._dense = dense
        self._texts: list[str] = []
        self._ids: list[Ids] = []
        # What comes next, in order: so many new passages, or these rows of the previous generation.
        self._steps: list[int | range] = []

    def add(self, texts: Sequence[str], ids: Sequence[Ids]) -> None:
        self._texts += texts
        self._ids += ids
        if self._steps and isinstance(self._steps[-1], int):
            self._steps[-1] += len(texts)
        else:
            self._steps.append(len(texts))
        if len(self._texts) >= ENCODED_AT_ONCE:
            self._write()

    def keep(self, rows: range) -> None:
        self._steps.append(rows)

    def finish(self, scripts: NDArray[np.int8]) -> None:
        self._write()
        self._dense.finish(scripts)

    def _write(self) -> None:
        new = self._encoded()
        done = 0
        for step in self._steps:
            if isinstance(step, range):
                self._dense.keep(step)
            else:
                self._dense.add(new[done : done + step])
                done += step
        for waiting in (self._texts, self._ids, self._steps):
            waiting.clear()

    def _encoded(self) -> Vectors:
        known = np.array([text in self._known for text in self._texts], np.bool_)
        if not known.any():
            return self._models.encode_passages(self._texts, self._ids)
        vectors = np.empty((len(self._texts), self._models.encoder.info.dim), np.float32)
        (old,), (new,) = known.nonzero(), (~known).nonzero()
        vectors[old] = self._kept(np.array([self._known[self._texts[n]] for n in old]))
        if len(new):
            vectors[new] = self._models.encode_passages(
                [self._texts[n] for n in new], [self._ids[n] for n in new]
            )
        return vectors

    def _kept(self, rows: Rows) -> Vectors:
        if self._old is None:
            raise ValueError("there is no previous generation to keep vectors of")
        return self._old.vectors(rows)
