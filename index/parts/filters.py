"""What a passage must be to be wanted: the one language of filters, whatever engine answers."""

from dataclasses import dataclass
from datetime import date, timedelta

from index.text.tokens import SCRIPTS, Script

NO_DAY = -(2**31)
"""The day of an article without a date: outside every window, even one that is open, unless
what has no date is wanted too."""

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must hold for a passage's article; None asks for nothing.

    :ivar days: first and last day, days since 1970-01-01; None leaves an end open.
    :ivar source: number of the source; -1 is no source's.
    :ivar undated: whether an article without a date may be of these days.
    """

    days: tuple[int | None, int | None] | None = None
    source: int | None = None
    undated: bool = False


ANY = Wanted()


def day_number(day: date | None) -> int:
    """Return days since 1970-01-01, or ``NO_DAY`` for no date."""
    return (day - _EPOCH).days if day else NO_DAY


def day_of(number: int) -> date:
    """Return the day of a number that is not ``NO_DAY``."""
    return _EPOCH + timedelta(days=number)


def script_number(script: Script) -> int:
    """Return the number by which a script is stored."""
    return SCRIPTS.index(script)


def other_scripts(number: int) -> list[int]:
    """Return the numbers of all scripts but one."""
    return [other for other in range(len(SCRIPTS)) if other != number]
