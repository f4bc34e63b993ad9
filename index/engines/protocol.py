"""The seam between those who ask an archive and what keeps it.

Passages are known by *rows*, and articles by numbers: integers from 0 to 2⁶³ - 1 that mean the same in
every call on one ``Searcher``, and nothing beyond it. Nobody may rely on their order, or on the numbers
in between.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.encoders.models import Models
from index.generations.manifest import Manifest
from index.parts.filters import Wanted
from index.parts.token_lists import TokenLists
from index.parts.weights import Weights
from index.types import Held, Rows, Scores, StoredArticle, StoredPassage, Vectors


@dataclass(frozen=True, slots=True)
class Share:
    """So many of the nearest passages, among those in some scripts.

    :ivar scripts: their numbers, as ``index.parts.filters.script_number`` gives them.
    :ivar k: passages at most, >= 1.
    """

    scripts: Collection[int]
    k: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What ranking needs to know of some passages, one value each, in the order asked for.

    :ivar articles: number of its article, int64.
    :ivar scripts: number of its script, int8.
    :ivar copies: number of its group of near-copies, int64; the same for all of a group.
    """

    articles: NDArray[np.int64]
    scripts: NDArray[np.int8]
    copies: NDArray[np.int64]


Found: TypeAlias = tuple[Rows, Scores]
"""Passages, or articles, that a search has found, and what it says of each."""


class Searcher(Protocol):
    """One generation of an archive's index, opened; safe to use from several threads.

    Every method raises ``IndexDamaged`` when what it reads is not what was written.
    """

    @property
    def generation(self) -> str:
        """Name of the generation."""

    @property
    def manifest(self) -> Manifest:
        """What it was built from and with."""

    @property
    def models(self) -> Models:
        """The models it was built with."""

    @property
    def days(self) -> tuple[int, int] | None:
        """Days of the first and last article that has a date, since 1970-01-01; None without any."""

    @property
    def sources(self) -> Mapping[str, int]:
        """Number of each source, by its name as the archive writes it."""

    def at_once(self, *searches: Callable[[], Found]) -> Sequence[Found]:
        """Make searches of this generation that do not need one another; return what each gives.

        Where a search is a wait for a server, they are waited for together.
        """

    def nearest(
        self, vector: Vectors, shares: Sequence[Share], wanted: Wanted
    ) -> tuple[Rows, Scores]:
        """Return the dense hits of each share: the passages whose vectors are nearest.

        :param vector: unit vector, float32, shape (dim,); a zero vector finds nothing.
        :param shares: may overlap; without any nothing is found.
        :return: rows, int64, each once, and cosines, float32, in [-1, 1].
        """

    def cosines(self, vector: Vectors, rows: Rows) -> Scores:
        """Return the cosine of each passage with a vector, float32, in [-1, 1]."""

    def by_words(self, weights: Weights, k: int, wanted: Wanted) -> tuple[Rows, Scores]:
        """Return the k passages that hold the most of some weighted words, best first.

        :return: rows, int64 (<= k,), and the summed weights of the words held, float32, > 0.
        """

    def articles_by_words(self, weights: Weights, k: int, wanted: Wanted) -> tuple[Rows, Scores]:
        """Return the k articles that hold the most of some weighted words, best first.

        An article holds the words of its title and of all its passages; one of which there is only a
        title (``Card.title_only``) has no passage, and is found by this alone.

        :return: numbers of articles, int64 (<= k,), and the summed weights, float32, > 0.
        """

    def words_held(self, weights: Weights, rows: Rows) -> Scores:
        """Return for each passage the summed weights of the words that it holds, float32, >= 0."""

    def word_weights(self, words: Iterable[str]) -> dict[str, float]:
        """Return BM25's IDF of each word over the whole archive, > 0."""

    def token_lists(self, rows: Rows) -> tuple[TokenLists, Rows]:
        """Return lists that hold the tokens of some passages, and their places in these."""

    def facts(self, rows: Rows) -> Facts:
        """Return what ranking needs to know of some passages."""

    def near_copies(self, row: int) -> Rows:
        """Return the other passages of a passage's group of near-copies, int64."""

    def every_passage(self) -> Rows:
        """Return the rows of all passages, int64, in no order."""

    def passages(self, rows: Sequence[int]) -> list[StoredPassage]:
        """Return passages with their articles' cards, in the order asked for."""

    def articles(self, numbers: Sequence[int]) -> list[StoredArticle]:
        """Return articles by their numbers, in the order asked for."""

    def listed(self, first: int, count: int) -> list[StoredArticle]:
        """Return so many articles from one on, in an order that stays; fewer at the end.

        :param first: place of the first, from 0.
        """

    def by_source(self) -> Sequence[Held]:
        """Return what the archive holds of each source, the most articles first, then by name."""

    def newest(self, k: int, wanted: Wanted) -> list[StoredArticle]:
        """Return the k articles with the latest dates, the newest first; none without a date or a text."""

    def article_text(self, article: int) -> str:
        """Return an article's extracted text, by the number of the article."""

    def article_of_content(self, sha256: str) -> StoredArticle | None:
        """Return an article by the digest of its file; of several that of the first file."""

    def diagnosed(self) -> AbstractContextManager[None]:
        """Name what is damaged when the block fails.

        :raises IndexDamaged: instead of whatever was raised, if something is damaged.
        """

    def close(self) -> None:
        """Let go of what is held."""


class Engine(Protocol):
    """What keeps an archive's index, generation by generation.

    Every method, and every one of what it opens, raises ``EngineUnavailable`` when a server that it
    needs cannot be reached.
    """

    def current(self) -> str:
        """Return the name of the generation that answers.

        :raises IndexMissing: if nothing has been built yet.
        :raises IndexDamaged: if what names it is damaged.
        """

    def open(self, models: Models) -> Searcher:
        """Open the generation that answers.

        :raises IndexMissing: if nothing has been built yet.
        :raises EncoderMismatch: if the encoder is not the one that built it.
        :raises IndexOutdated: if this version of the program needs the index built again.
        :raises IndexDamaged: if something of it is missing or damaged.
        """
