"""Dates in a question: where they stand and what they span.

Three steps: the rules of ``qa.understanding.date_rules`` find dates, each is resolved to its first and last day,
and words around them make ranges ("between 2020 and 2022") and open ends ("since March").
"""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Literal, TypeAlias, TypeVar

from index.text.tokens import fold
from qa.types import Window
from qa.understanding import date_rules as rules

Precision: TypeAlias = Literal["day", "month", "year"]
_Span: TypeAlias = tuple[date, date]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Mention:
    """A date in a text.

    :ivar start: first character; prepositions and words like "since" belong to it.
    :ivar end: one past the last character.
    :ivar precision: the calendar unit it is given in; weeks, quarters and parts of a year count
        as months.
    :ivar dated: its year is told or follows from today; else the latest one not in the future
        is taken.
    :ivar relative: it depends on today ("last week").
    :ivar bounded: a range, or open at one end ("since 2022").
    """

    start: int
    end: int
    window: Window
    precision: Precision = "day"
    dated: bool = True
    relative: bool = False
    bounded: bool = False


@dataclass(frozen=True, slots=True)
class _Point:
    """A match of one rule: fields of a date, or a span already worked out from today."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    first: int | None = None
    part: str | None = None
    span: _Span | None = None
    relative: bool = False

    @property
    def precision(self) -> Precision:
        if self.span:
            days = (self.span[1] - self.span[0]).days
            return "day" if days == 0 else "month" if days < rules.DAYS[rules.YEAR] - 1 else "year"
        return "day" if self.day else "month" if self.month or self.part else "year"


_LOOKBACK = 24
"""Characters before a date in which such a word may stand."""

_LONGEST = 10
"""Years: what reaches further back from today ("in the last 30 years") is no publication date."""

_FIRST_YEAR = 1000


def find_dates(text: str, today: date) -> tuple[Mention, ...]:
    """Return the dates in a text, in its order, without overlaps.

    What is impossible (2021年13月, 30 February) or in the future is left out.

    :param text: folded text.
    :param today: what relative dates count from.
    """
    mentions: list[Mention] = []
    points = _share_years(list(_points(text, today)), text)
    at = 0
    while at < len(points):
        last = at + _is_range(points[at : at + 2], text)
        floor = mentions[-1].end if mentions else 0
        ceiling = points[last + 1].start if last + 1 < len(points) else len(text)
        mentions += _mentions(text, points[at], points[last], (floor, ceiling), today)
        at = last + 1
    return tuple(mentions)


def window_named(text: str, today: date) -> Window | None:
    """Return the days that a text names that is a date and nothing else; None for any other text."""
    folded = fold(text.strip())
    found = find_dates(folded, today)
    whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(folded))
    return found[0].window if whole else None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _points(text: str, today: date) -> Iterator[_Point]:
    """Yield what the rules find: of overlapping matches the earliest, then the longest."""
    matches = [
        match
        for hint, group in rules.RULES
        if _compiled(hint).search(text)
        for rule in group
        for match in _compiled(rule).finditer(text)
    ]
    end = 0
    for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
        if match.start() >= end:
            end = match.end()
            yield _point(match, today)


# --- One date -------------------------------------------------------------------------------------


def _point(match: re.Match[str], today: date) -> _Point:
    """Read the groups of a rule's match; the top of the module tells their names."""
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    point = _Point(match.start(), match.end())
    if "unit" in groups:
        return replace(point, span=_counted(groups, today), relative=True)
    if not groups.keys().isdisjoint(("day", "rw", "wd", "rq")):
        return replace(point, span=_named(groups, today), relative=True)
    month = (_stem(rules.MONTHS, groups["m"]) or _number(groups["m"])) if "m" in groups else None
    year, month = _year_and_month(groups, month, today)
    part = _stem(rules.PART_STEMS, groups["part"]) if "part" in groups else None
    first = groups.get("d0", groups.get("m0"))
    return replace(
        point,
        year=year,
        month=month,
        day=_number(groups["d"]) if "d" in groups else None,
        first=_number(first) if first else None,
        part=f"q{_stem(rules.QUARTERS, groups['q'])}" if "q" in groups else part,
        relative=not groups.keys().isdisjoint(("ry", "rm", "lm")),
    )


def _year_and_month(
    groups: Mapping[str, str], month: int | None, today: date
) -> tuple[int | None, int | None]:
    match groups:
        case {"y": year}:
            return _number(year), month
        case {"roc": year}:
            return 1911 + _number(year), month
        case {"ry": word}:
            return today.year - _back(word), month
        case {"rm": word}:
            months = today.year * 12 + today.month - 1 - _back(word)
            return months // 12, months % 12 + 1
        case {"lm": word}:
            passed = _back(word) == 0 or (month or 0) < today.month
            return today.year - (not passed), month
    return None, month


def _counted(groups: Mapping[str, str], today: date) -> _Span | None:
    """Resolve "two weeks ago" to that calendar week, "the last two weeks" to the days since."""
    unit = _stem(rules.UNITS, groups["unit"].lstrip("个")) or rules.DAY
    word = groups.get("ago", groups.get("past", "")).strip()
    count = (_stem(rules.COUNTS, word) or _number(word)) if word else 1
    if word == "半":
        unit, count = rules.HALVES[unit]
    if count * rules.DAYS[unit] > _LONGEST * rules.DAYS[rules.YEAR]:
        return None
    start = _earlier(today, count, unit)
    return _calendar_unit(start, unit) if "ago" in groups else (start, today)


def _named(groups: Mapping[str, str], today: date) -> _Span:
    """Resolve yesterday, last week, last Friday, last quarter."""
    match groups:
        case {"day": word}:
            day = _earlier(today, _back(word), rules.DAY)
            return day, day
        case {"rq": word}:
            month = _earlier(today, 3 * _back(word), rules.MONTH)
            first = month.replace(month=(month.month - 1) // 3 * 3 + 1, day=1)
            return first, _calendar_unit(_earlier(first, -2, rules.MONTH), rules.MONTH)[1]
        case {"rw": word, "wd": weekday}:
            monday = _calendar_unit(_earlier(today, _back(word), rules.WEEK), rules.WEEK)[0]
            day = monday + timedelta(days=_stem(rules.WEEKDAYS, weekday) or 0)
            return day, day
        case {"wd": weekday}:
            behind = (today.weekday() - (_stem(rules.WEEKDAYS, weekday) or 0)) % 7
            day = _earlier(today, behind, rules.DAY)
            return day, day
    return _calendar_unit(_earlier(today, _back(groups["rw"]), rules.WEEK), rules.WEEK)


def _resolve(point: _Point, today: date) -> _Span | None:
    """Return first and last day, or None when there is no such date."""
    if point.span or (point.relative and point.year is None):
        return point.span
    if point.year is not None:
        return _fields_span(point, point.year)
    latest = _fields_span(point, today.year)
    return latest if latest and latest[0] <= today else _fields_span(point, today.year - 1)


def _fields_span(point: _Point, year: int) -> _Span | None:
    if not _FIRST_YEAR <= year < date.max.year:
        return None
    first, month, day, part = point.first, point.month, point.day, point.part
    try:
        if month is None:
            low, high = rules.YEAR_PARTS[part] if part else (1, 12)
            return date(year, low, 1), _calendar_unit(date(year, high, 1), rules.MONTH)[1]
        if day is not None:
            return date(year, month, first or day), date(year, month, day)
        start, end = _calendar_unit(date(year, month, 1), rules.MONTH)
        low, high = rules.MONTH_PARTS.get(part or "", (1, end.day))
        start = start.replace(month=first or month, day=low)
        return start, end.replace(day=min(high, end.day))
    except ValueError:
        return None


def _earlier(day: date, count: int, unit: int) -> date:
    """Return the day so many units back; the 31st becomes the last day of a shorter month."""
    if unit in (rules.DAY, rules.WEEK):
        return day - timedelta(days=count * rules.DAYS[unit])
    months = day.year * 12 + day.month - 1 - count * (12 if unit == rules.YEAR else 1)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _calendar_unit(day: date, unit: int) -> _Span:
    """Return the day, the week from Monday, the month or the year that a day lies in."""
    if unit == rules.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if unit == rules.MONTH:
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    if unit == rules.YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    return day, day


def _stem(table: Mapping[str, _T], word: str) -> _T | None:
    """Look up the longest beginning of a word that the table knows."""
    beginnings = (word[:length] for length in range(len(word), 0, -1))
    return next((table[stem] for stem in beginnings if stem in table), None)


def _back(word: str) -> int:
    return _stem(rules.BACK, word) or 0


def _number(word: str) -> int:
    """Read a whole number in figures or in Chinese numerals below 100, or digit by digit."""
    if word.isdecimal():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    return _figures(tens or "一") * 10 + _figures(ones) if ten else _figures(word)


def _figures(word: str) -> int:
    return int("".join(str(rules.HAN_DIGITS.get(digit, 0)) for digit in word) or "0")


# --- Dates together -------------------------------------------------------------------------------


def _share_years(points: list[_Point], text: str) -> list[_Point]:
    """Give a date without a year the year of the date that it is joined to."""
    for i, (left, right) in enumerate(pairwise(points)):
        gap = text[left.end : right.start]
        if not _compiled(f"{rules.THROUGH}|{rules.AND}").fullmatch(gap) or left.span or right.span:
            continue
        if right.year is None and left.year is not None:
            points[i + 1] = replace(right, year=left.year, relative=left.relative)
        elif left.year is None and right.year is not None:
            over_new_year = (left.month or 0) > (right.month or 0)
            points[i] = replace(left, year=right.year - over_new_year, relative=right.relative)
    return points


def _is_range(points: Sequence[_Point], text: str) -> bool:
    """Tell whether two neighbours are the ends of one range."""
    if len(points) == 1:
        return False
    left, right = points
    gap = text[left.end : right.start]
    between = _before(text, left.start, rules.BETWEEN) < left.start
    return bool(
        _compiled(f"{rules.THROUGH}|{rules.AND}" if between else rules.THROUGH).fullmatch(gap)
    )


def _mentions(
    text: str, left: _Point, right: _Point, room: tuple[int, int], today: date
) -> Iterator[Mention]:
    """Yield the mention of one date, or of a range when there are two, if there is such a time."""
    spans = _resolve(left, today), _resolve(right, today)
    if not spans[0] or not spans[1] or spans[0][0] > spans[1][1]:
        return
    start, end, bound = _around(text, left, right, room)
    window = _window(spans[0][0], spans[1][1], bound)
    if (window.since or spans[0][0]) <= today:
        yield Mention(
            start,
            end,
            window,
            min(left.precision, right.precision, key=rules.PRECISIONS.index),
            dated=all(point.year is not None or point.relative for point in (left, right)),
            relative=left.relative or right.relative,
            bounded=bound is not None,
        )


def _around(
    text: str, left: _Point, right: _Point, room: tuple[int, int]
) -> tuple[int, int, str | None]:
    """Take in the words around a date; return start, end and what they make of it.

    :param room: where the date before ends and where the next one starts.
    """
    floor, ceiling = room
    start, end, bound = left.start, right.end, None
    if left is not right or left.first is not None:
        start, bound = _before(text, start, rules.BETWEEN, floor), "range"
    for name, pattern in rules.OPENERS if bound is None else ():
        if (opened := _before(text, start, pattern, floor)) < start:
            start, bound = opened, name
            break
    for name, pattern in rules.CLOSERS if bound != "range" else ():
        if closer := _compiled(pattern).match(text, end, ceiling):
            end, bound = closer.end(), name
            break
    start = _before(text, start, rules.PREPOSITION, floor)
    tail = _compiled(rules.TAIL).match(text, end, ceiling)
    return start, tail.end() if tail else end, bound


def _window(first: date, last: date, bound: str | None) -> Window:
    match bound:
        case "since":
            return Window(since=first)
        case "after":
            return Window(since=last + timedelta(days=1))
        case "before":
            return Window(until=first - timedelta(days=1))
        case "until":
            return Window(until=last)
    return Window(since=first, until=last)


def _before(text: str, start: int, pattern: str, floor: int = 0) -> int:
    """Return where a word that ends at ``start`` begins, else ``start`` itself."""
    word = _compiled(rf"(?:{pattern})(?:the )?$")
    found = word.search(text, max(floor, start - _LOOKBACK), start)
    return found.start() if found else start
