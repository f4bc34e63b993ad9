"""What the values of flags must be."""

import argparse
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.types import Window


def count(text: str) -> int:
    """Read a number from 1 as the value of a flag."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1, found {text!r}")
    return int(text)


def first_day(text: str) -> date | None:
    """Read a date or a span of dates as the first day of it."""
    return _window(text).since


def last_day(text: str) -> date | None:
    """Read a date or a span of dates as the last day of it."""
    return _window(text).until


def _window(text: str) -> "Window":
    # Imported when a date is given: it takes longer than all else that arguments need.
    from qa.understanding.dates import find_dates  # noqa: PLC0415 - see above

    text = text.strip()
    found = find_dates(text, datetime.now(UTC).astimezone().date())
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(text)):
        raise argparse.ArgumentTypeError(
            f"expected a past date such as 2021, 2021-12, 2021-12-03 or 'last month', found {text!r}"
        )
    return found[0].window
