"""A picture of when the archive speaks of what was asked. Pure: numbers for a drawing (SVG).

The line is as wide as ``WIDTH``; every article that stands out is a step of its month's or year's bar,
and every quote a mark on the line.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.types import Card
from qa.types import Quote

WIDTH = 640.0
HEIGHT = 96.0
LINE = 64.0
"""How far from the top the line lies."""

_TALLEST = 52.0
_MARGIN = 12.0
_MONTHS_AT_MOST = 48
_TICKS_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """Articles of one month or year."""

    x: float
    width: float
    height: float
    period: str
    articles: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A quote on the line."""

    x: float
    n: int
    day: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A name under the line."""

    x: float
    name: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    """The drawing: lengths in its own units.

    :ivar first: day of the first article.
    :ivar last: day of the last one.
    """

    bars: Sequence[Bar]
    marks: Sequence[Mark]
    ticks: Sequence[Tick]
    first: str
    last: str
    articles: int


def timeline(cards: Sequence[Card], quotes: Sequence[Quote]) -> TimeLine | None:
    """Draw articles and quotes over time.

    :return: None when fewer than two days are known: one is no line.
    """
    shown = {card.sha256: card for card in (*cards, *(quote.article for quote in quotes))}
    days = sorted(card.date.date() for card in shown.values() if card.date)
    if not days or days[0] == days[-1]:
        return None
    months = _month(days[-1]) - _month(days[0]) + 1
    step = 1 if months <= _MONTHS_AT_MOST else 12
    first = _month(days[0]) // step * step
    steps = (_month(days[-1]) - first) // step + 1
    unit = (WIDTH - 2 * _MARGIN) / steps

    def place(day: date) -> float:
        whole, part = divmod(_month(day) + (day.day - 1) / 31 - first, step)
        return round(_MARGIN + (whole + part / step) * unit, 1)

    counted = Counter((_month(day) - first) // step for day in days)
    most = max(counted.values())
    bars = [
        Bar(
            x=round(_MARGIN + number * unit + unit * 0.1, 1),
            width=round(unit * 0.8, 1),
            height=round(_TALLEST * articles / most, 1),
            period=_name(first + number * step, step),
            articles=articles,
        )
        for number, articles in sorted(counted.items())
    ]
    every = -(-steps // _TICKS_AT_MOST)
    return TimeLine(
        bars=bars,
        marks=[
            Mark(place(quote.article.date.date()), quote.n, quote.article.date.date().isoformat())
            for quote in quotes
            if quote.article.date
        ],
        ticks=[
            Tick(round(_MARGIN + (number + 0.5) * unit, 1), _name(first + number * step, step))
            for number in range(0, steps, every)
        ],
        first=days[0].isoformat(),
        last=days[-1].isoformat(),
        articles=len(days),
    )


def _month(day: date) -> int:
    """Return the number of a day's month since the year 0."""
    return day.year * 12 + day.month - 1


def _name(month: int, step: int) -> str:
    year, number = divmod(month, 12)
    return f"{year:04}" if step > 1 else f"{year:04}-{number + 1:02}"
