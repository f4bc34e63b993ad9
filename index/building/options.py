"""How an archive is read and written."""

from dataclasses import dataclass

from index.articles.files import Reading
from index.building.shares import Share
from index.parts.vectors import MEASURED_GROWTH, Growth


@dataclass(frozen=True, slots=True)
class Options:
    """How an archive is read and written.

    :ivar target_chars: length a passage aims at, in Chinese characters.
    :ivar keep: generations to keep, the current one included, >= 1.
    :ivar dead_share: share of dead passages in the word index from which it is written anew.
    :ivar growth: how the vectors are indexed as they grow in number.
    :ivar share: read this share of the files alone; None = all of them.
    """

    reading: Reading
    target_chars: int
    keep: int
    dead_share: float
    growth: Growth = MEASURED_GROWTH
    share: Share | None = None
