"""What filters and ranking need to know of every passage, as arrays mapped into memory."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.parts.arrays import load_array
from index.parts.filters import ANY, NO_DAY, Wanted
from index.types import Rows

_FILES = {name: f"{name}.npy" for name in ("articles", "days", "sources", "scripts", "copies")}

SAME_DAY = 500
"""Articles of one day that are told apart by the hour; of further ones any is as new."""


@dataclass(frozen=True)
class Columns:
    """One value a passage in each.

    :ivar articles: number of its article, int32.
    :ivar days: publication day, days since 1970-01-01 or ``NO_DAY``, int32.
    :ivar sources: number of the article's source, 0 for none, int32.
    :ivar scripts: place in ``index.text.tokens.SCRIPTS``, int8.
    :ivar copies: lowest row of its group of near-copies, int32.
    """

    articles: NDArray[np.int32]
    days: NDArray[np.int32]
    sources: NDArray[np.int32]
    scripts: NDArray[np.int8]
    copies: NDArray[np.int32]

    @classmethod
    def open(cls, folder: Path) -> "Columns":
        """Open the columns saved in a folder.

        :raises IndexDamaged: if a file is missing or not a NumPy array.
        """
        return cls(**{name: load_array(folder / file) for name, file in _FILES.items()})

    def save(self, folder: Path) -> None:
        """Write the columns into a folder."""
        for name, file in _FILES.items():
            np.save(folder / file, getattr(self, name))

    def span(self) -> tuple[int, int] | None:
        """Return the first and the last publication day, None when no article has one."""
        dated = self.days[self.days > NO_DAY]
        return (int(dated.min()), int(dated.max())) if len(dated) else None

    def near_copies(self, row: int) -> Rows:
        """Return the other passages of a passage's group of near-copies, ascending."""
        first = int(self.copies[row])
        later, groups = self._later_copies
        rows = np.append(first, later[groups == first])
        return np.asarray(rows[rows != row])

    @cached_property
    def _later_copies(self) -> tuple[Rows, NDArray[np.int32]]:
        """The passages that are not the first of their group, and the first of it: few of all."""
        later = np.flatnonzero(self.copies != np.arange(len(self.copies)))
        return later, self.copies[later]

    def newest(self, k: int, wanted: Wanted) -> list[int]:
        """Return the articles of the latest days, the latest first: k by the day, k >= 1.

        Of the earliest of these days there are more, for a day says not which of its hours.
        """
        dated = self.days > NO_DAY
        allowed = self.allowed(wanted)
        rows = np.flatnonzero(dated if allowed is None else dated & allowed)
        articles, first = np.unique(self.articles[rows], return_index=True)
        days = self.days[rows][first]
        if len(articles) > k:
            kept = days >= np.partition(days, -k)[-k]
            articles, days = articles[kept], days[kept]
        latest = articles[np.argsort(-days, kind="stable")]
        return [int(article) for article in latest[: k + SAME_DAY]]

    def allowed(self, wanted: Wanted) -> NDArray[np.bool_] | None:
        """Return which passages a filter lets through; None when it lets all through."""
        if wanted == ANY:
            return None
        allowed = np.ones(len(self.days), np.bool_)
        if wanted.days is not None:
            first, last = wanted.days
            allowed = self.days > NO_DAY
            if first is not None:
                allowed &= self.days >= first
            if last is not None:
                allowed &= self.days <= last
            if wanted.undated:
                allowed |= self.days == NO_DAY
        if wanted.source is not None:
            allowed &= self.sources == wanted.source
        return allowed
