"""What filters and ranking need to know of every passage, as arrays mapped into memory."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.parts.token_lists import load_array
from index.text.tokens import SCRIPTS, Script

NO_DAY = -(2**31)
"""The day of an article without a date: outside every window, even one that is open."""

_EPOCH = date(1970, 1, 1)
_FILES = {name: f"{name}.npy" for name in ("articles", "days", "sources", "scripts", "copies")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must hold for a passage's article; None asks for nothing.

    :ivar days: first and last day, days since 1970-01-01; None leaves an end open.
    :ivar source: number of the source; -1 is no source's.
    """

    days: tuple[int | None, int | None] | None = None
    source: int | None = None


ANY = Wanted()


@dataclass(frozen=True, slots=True)
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

    def allowed(self, wanted: Wanted) -> NDArray[np.bool_] | None:
        """Return which passages a filter lets through; None when it lets all through."""
        if wanted == ANY:
            return None
        allowed = np.ones(len(self.days), np.bool_)
        if wanted.days is not None:
            first, last = wanted.days
            allowed &= self.days > NO_DAY
            if first is not None:
                allowed &= self.days >= first
            if last is not None:
                allowed &= self.days <= last
        if wanted.source is not None:
            allowed &= self.sources == wanted.source
        return allowed


def day_number(day: date | None) -> int:
    """Return days since 1970-01-01, or ``NO_DAY`` for no date."""
    return (day - _EPOCH).days if day else NO_DAY


def script_number(script: Script) -> int:
    """Return the number by which a script is stored."""
    return SCRIPTS.index(script)


def other_scripts(number: int) -> list[int]:
    """Return the numbers of all scripts but one."""
    return [other for other in range(len(SCRIPTS)) if other != number]
