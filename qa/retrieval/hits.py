"""What a search gives back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from qa.reading.reader import Reading


class Hit(NamedTuple):
    """A passage found for a question: a named tuple, for hundreds are made a question.

    :ivar score: chance that it answers, 0 to 1.
    :ivar relevance: what the ranking formula gave it.
    :ivar margin: how far that is above the background score (see ``qa.retrieval.calibration``).
    :ivar cross_script: it is in another script than the question.
    :ivar article: number of its article.
    :ivar copies: number of its group of near-copies.
    :ivar reading: what the reader says of it, if it was asked.
    :ivar lacks: share of the question's numbers that it lacks, if it was read.
    """

    row: int
    score: float
    relevance: float
    margin: float
    cross_script: bool
    article: int
    copies: int
    reading: Reading | None = None
    lacks: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found.

    :ivar hits: best first.
    :ivar widened: nothing in the preferred window answers, so these are from all dates.
    :ivar articles: numbers of the articles of all dates that hold the most of the question's words, best
        first, each with its share of their weights, in (0, 1].
    """

    hits: Sequence[Hit]
    widened: bool = False
    articles: Sequence[tuple[int, float]] = ()
