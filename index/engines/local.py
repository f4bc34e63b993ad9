"""The files of a generation in a folder, as an ``Engine``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.encoders.models import Models
from index.engines.protocol import Facts, Found, Share
from index.generations.damage import diagnosed
from index.generations.folders import current
from index.generations.manifest import Manifest
from index.generations.opened import Generation, open_generation
from index.parts.arrays import first_places
from index.parts.filters import Wanted
from index.parts.token_lists import TokenLists
from index.parts.weights import Weights
from index.types import Held, Rows, Scores, StoredArticle, StoredPassage, Vectors


@dataclass(frozen=True, slots=True)
class LocalSearcher:
    """A generation's files as a ``Searcher``: row *i* is passage *i* in all of them."""

    held: Generation

    @property
    def generation(self) -> str:
        """Name of the generation's folder."""
        return self.held.folder.name

    @property
    def manifest(self) -> Manifest:
        """What it was built from and with."""
        return self.held.manifest

    @property
    def models(self) -> Models:
        """The models it was built with."""
        return self.held.models

    @property
    def days(self) -> tuple[int, int] | None:
        """Days of the first and last article that has a date."""
        return self.held.columns.span()

    @property
    def sources(self) -> Mapping[str, int]:
        """Number of each source, by its name."""
        return self.held.store.sources

    def at_once(self, *searches: Callable[[], Found]) -> Sequence[Found]:
        """Make searches one after the other: each takes a processor, and none waits."""
        return [search() for search in searches]

    def nearest(
        self, vector: Vectors, shares: Sequence[Share], wanted: Wanted
    ) -> tuple[Rows, Scores]:
        """Return the dense hits of each share."""
        allowed = self.held.columns.allowed(wanted)
        if not shares or (allowed is not None and not allowed.any()):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        found = [
            self.held.dense.search(vector, share.k, allowed, scripts=share.scripts)
            for share in shares
        ]
        rows, cosines = map(np.concatenate, zip(*found, strict=True))
        once = first_places(rows)  # shares may overlap
        return rows[once], cosines[once]

    def cosines(self, vector: Vectors, rows: Rows) -> Scores:
        """Return the cosine of each passage with a vector."""
        return np.asarray(self.held.dense.vectors(rows) @ vector, np.float32)

    def by_words(self, weights: Weights, k: int, wanted: Wanted) -> tuple[Rows, Scores]:
        """Return the k passages that hold the most of some weighted words, best first."""
        return self.held.passage_words.search(weights, k, wanted)

    def articles_by_words(self, weights: Weights, k: int, wanted: Wanted) -> tuple[Rows, Scores]:
        """Return the k articles that hold the most of some weighted words, best first."""
        return self.held.article_words.search(weights, k, wanted)

    def words_held(self, weights: Weights, rows: Rows) -> Scores:
        """Return for each passage the summed weights of the words that it holds."""
        return self.held.passage_words.sums(weights, rows)

    def word_weights(self, words: Iterable[str]) -> dict[str, float]:
        """Return BM25's IDF of each word over all passages."""
        return self.held.passage_words.weights(words)

    def token_lists(self, rows: Rows) -> tuple[TokenLists, Rows]:
        """Return the lists of all passages: they are mapped, so nothing is copied."""
        return self.held.lists, rows

    def facts(self, rows: Rows) -> Facts:
        """Return what ranking needs to know of some passages."""
        columns = self.held.columns
        return Facts(
            columns.articles[rows].astype(np.int64),
            columns.scripts[rows],
            columns.copies[rows].astype(np.int64),
        )

    def near_copies(self, row: int) -> Rows:
        """Return the other passages of a passage's group of near-copies."""
        return self.held.columns.near_copies(row)

    def every_passage(self) -> Rows:
        """Return the rows of all passages."""
        return np.arange(self.manifest.passages)

    def passages(self, rows: Sequence[int]) -> list[StoredPassage]:
        """Return passages with their articles' cards, in the order asked for."""
        return self.held.store.passages(rows)

    def articles(self, numbers: Sequence[int]) -> list[StoredArticle]:
        """Return articles by their numbers, in the order asked for."""
        return self.held.store.numbered(numbers)

    def listed(self, first: int, count: int) -> list[StoredArticle]:
        """Return so many articles from one on, in the order in which they were indexed."""
        return self.articles(range(first, min(first + count, self.manifest.articles)))

    def by_source(self) -> Sequence[Held]:
        """Return what the archive holds of each source."""
        return self.held.store.held()

    def newest(self, k: int, wanted: Wanted) -> list[StoredArticle]:
        """Return the k articles with the latest dates, the newest first."""
        found = self.held.store.numbered(self.held.columns.newest(k, wanted))
        return sorted(found, key=_when, reverse=True)[:k]

    def article_text(self, article: int) -> str:
        """Return an article's extracted text."""
        return self.held.store.article_text(article)

    def article_of_content(self, sha256: str) -> StoredArticle | None:
        """Return an article by the digest of its file."""
        return self.held.store.article_of_content(sha256)

    def diagnosed(self) -> AbstractContextManager[None]:
        """Name the damaged file when the block fails."""
        return diagnosed(self.held.folder)

    def close(self) -> None:
        """Let go of the files."""
        self.held.close()


def _when(article: StoredArticle) -> datetime:
    """Return an article's date, in one zone for all."""
    when = article.card.date or datetime.min.replace(tzinfo=UTC)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LocalFiles:
    """The folder of an index as an ``Engine``."""

    index_dir: Path

    def current(self) -> str:
        """Return the name of the generation that answers."""
        return current(self.index_dir).name

    def open(self, models: Models) -> LocalSearcher:
        """Open the generation that answers; the next one, if it is pruned in the same moment."""
        return LocalSearcher(open_generation(self.index_dir, models))
