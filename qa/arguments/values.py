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


def share(text: str) -> tuple[int, int]:
    """Read ``2/4``, the second share of four, as the value of a flag."""
    number, slash, of = text.partition("/")
    if slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of):
        return int(number), int(of)
    raise argparse.ArgumentTypeError(f"expected a share such as 2/4, found {text!r}")


def first_day(text: str) -> date | None:
    """Read a date or a span of dates as the first day of it."""
    return window(text).since


def last_day(text: str) -> date | None:
    """Read a date or a span of dates as the last day of it."""
    return window(text).until


def window(text: str) -> "Window":
    """Read a date or a span of dates."""
    # Imported when a date is given: it takes longer than all else that arguments need.
    from qa.understanding.dates import window_named  # noqa: PLC0415 - see above

    named = window_named(text, datetime.now(UTC).astimezone().date())
    if named is None:
        raise argparse.ArgumentTypeError(
            f"expected a past date such as 2021, 2021-12, 2021-12-03 or 'last month', found {text!r}"
        )
    return named
