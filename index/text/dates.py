"""Dates as files write them: text to a point in time.

A date that could be read in two ways (``03/05/2021``) is none: a wrong day is worse than no day.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo

_LONGEST = 200
"""Characters that are looked at."""
_FIRST_YEAR, _LAST_YEAR = 2, 9998
"""Programs write year 1 for "no date"; in the others a change of zone never leaves the calendar."""
_FIRST_YEAR_IN_NAMES, _LAST_YEAR_IN_NAMES = 1900, 2100
"""Elsewhere eight digits at the head of a name are some other number."""
_REPUBLIC = 1911
"""Added to a year of the Republic (民國)."""
_CENTURY = 100
_TURN = 69
"""RFC 2822's turn of the century for years of two digits."""
_NOON = 12
_FARTHEST_OFFSET = 14

_MONTHS = (
    ("jan(?:uary)?", "янв(?:ар[ьея])?"),
    ("feb(?:r(?:uary)?)?", "фев(?:р(?:ал[ьея])?)?"),
    ("mar(?:ch)?", "мар(?:та?|те)?"),
    ("apr(?:il)?", "апр(?:ел[ьея])?"),
    ("may", "ма[йяе]"),
    ("june?", "июн[ьея]?"),
    ("july?", "июл[ьея]?"),
    ("aug(?:ust)?", "авг(?:уста?|усте)?"),
    ("sept?(?:ember)?", "сент?(?:ябр[ьея])?"),
    ("oct(?:ober)?", "окт(?:ябр[ьея])?"),
    ("nov(?:ember)?", "ноя(?:б(?:р[ьея])?)?"),
    ("dec(?:ember)?", "дек(?:абр[ьея])?"),
)
_MONTH_NUMBER = {name[:3]: n for n, names in enumerate(_MONTHS, 1) for name in names} | {"мая": 5}
_NAME = rf"(?<![^\W\d_])(?P<name>{'|'.join(name for names in _MONTHS for name in names)})(?![^\W\d_])\.?"

_YEAR, _MONTH = r"(?P<year>(?<!\d)\d{4}(?!\d))", r"(?P<month>\d{1,2})"
_DAY = r"(?P<day>(?<!\d)\d{1,2}(?!\d))(?:st|nd|rd|th|-?го|-?е)?"
_CLOCK = r"(?P<clock>\d{1,2}:\d\d(?::\d\d)?(?:\s+(?:[a-z]{1,5}|[+-]\d{4}))?)"

_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"民[国國]\s?(?P<republic>\d{{1,3}})\s?年\s?{_MONTH}\s?月\s?{_DAY}\s?日?",
        rf"(?P<year>(?<!\d)\d{{4}})\s?[-/._年]\s?{_MONTH}\s?[-/._月]\s?(?P<day>\d{{1,2}}(?!\d))\s?[日号號]?",
        r"^(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:(?!\d)|(?P<clock>\d{4}(?:\d\d)?)$)",
        rf"{_NAME}\s+{_DAY},?\s+{_CLOCK}\s+{_YEAR}",
        rf"{_DAY}\.?[\s/-]*(?:of\s+)?{_NAME}[\s,./-]*(?P<year>\d{{4}}(?!\d)|\d\d(?=\s+\d{{1,2}}:))",
        rf"{_NAME}[\s-]*{_DAY}[\s,./-]+{_YEAR}",
        rf"{_YEAR}[\s,./-]*{_NAME}[\s-]*{_DAY}",
        r"(?<!\d)(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<either>\d{1,2})[-/](?P<other>\d{1,2})[-/](?P<year>\d{4})(?!\d)",
    )
)
_IN_NAMES = (
    re.compile(r"\W?(?P<year>\d{4})[-_.年](?P<month>\d{1,2})[-_.月](?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:\d{4}|\d{6})?(?!\d)"),
    re.compile(r".*(?<!\d)(?P<year>\d{4})([-_.])(?P<month>\d\d)\2(?P<day>\d\d)"),
)
_IN_PATHS = (
    re.compile(
        r"(?:^|(?<=[/_.-]))(?P<year>\d{4})([/_-])(?P<month>\d\d?)\2(?P<day>\d\d?)(?=[/_.,-]|$)"
    ),
    re.compile(
        r"(?:^|(?<=[/_.-]))(?P<year>\d{4})[/_-]?(?P<month>\d\d)[/_-]?(?P<day>\d\d)(?=[/_.,-]|\d{4}(?!\d)|$)"
    ),
)
_LONGEST_PATH = 2_000
_TIME = re.compile(
    r"(?P<before>上午|早上|早晨|凌晨|清晨|中午|下午|午後|午后|傍晚|晚上|晚间|晚間)?\s?"
    r"(?<![\d:.+-])(?P<hour>\d{1,2})(?:[:时時点點](?P<minute>\d{2})|[时時点點](?=\D|$)|(?=\s?[ap]\.?m\b))"
    r"(?:[:分](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?[秒]?)?分?"
    r"\s?(?P<after>(?:am|pm|a\.m\.|p\.m\.)(?![a-z]))?"
)
_SECONDS = re.compile(r"(?P<seconds>\d{10})(?:\.\d+|\d{3})?")
"""Since 1970, perhaps with thousandths."""
_BARE_TIME = re.compile(r"(\d\d)(\d\d)(\d\d)?")
_OFFSET = re.compile(
    r"\W{0,2}(?:(?:gmt|utc|msk)?\s?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?(?!\d)"
    r"|(?P<name>[a-z]{1,5})(?![a-z]))"
)
_ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0.0),
    **dict.fromkeys(("bst", "cet", "west"), 1.0),
    **dict.fromkeys(("cest", "eet", "sast"), 2.0),
    **dict.fromkeys(("msk", "eest"), 3.0),
    **dict.fromkeys(("hkt", "sgt", "awst"), 8.0),
    **dict.fromkeys(("jst", "kst"), 9.0),
    **dict.fromkeys(("est", "cdt"), -5.0),
    **dict.fromkeys(("mst", "pdt"), -7.0),
    **dict(zip(("aest", "aedt", "nzst", "nzdt"), (10.0, 11.0, 12.0, 13.0), strict=True)),
    **dict(zip(("edt", "mdt", "pst"), (-4.0, -6.0, -8.0), strict=True)),
}
"""Hours from UTC. ``CST`` is Chinese or American time: it is not believed."""

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}(?=年)")
_CHINESE_NUMBER = re.compile(r"([一二三四五六七八九])?(十)?([一二三四五六七八九])?(?=[月日号號])")


def parse_date(value: str, zone: tzinfo = UTC) -> datetime | None:
    """Read a date as people and programs write it; None if that cannot be told.

    ISO 8601 and RFC 2822; numbers from year to day (``2015-6-14``, ``2021/3/5``), or dotted from day
    to year (``12.03.2021``); month names in English, Russian and Chinese; hours of the clock with
    ``PM`` or 下午; seconds since 1970.

    :param zone: of a time without an offset (R3).
    """
    text = value.strip()[:_LONGEST]
    when: datetime | None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        when = _read(unicodedata.normalize("NFKC", text).lower(), zone)
    if when is None or not _FIRST_YEAR <= when.year <= _LAST_YEAR:
        return None
    return when if when.tzinfo else when.replace(tzinfo=zone)


def date_in_name(stem: str, zone: tzinfo = UTC) -> datetime | None:
    """Return the day with which the name of a file begins or ends, at midnight; None without one.

    ``2021-07-14-bridge``, ``20210714``, ``2021年7月14日 大桥``, ``bridge_2021-07-14``.
    """
    for form in _IN_NAMES:
        found = form.match(stem) if form is not _IN_NAMES[-1] else form.fullmatch(stem)
        when = found and _moment(found, zone)
        if when and _FIRST_YEAR_IN_NAMES <= when.year <= _LAST_YEAR_IN_NAMES:
            return when
    return None


def date_in_path(path: str, zone: tzinfo = UTC) -> datetime | None:
    """Return the day in an address or a path, at midnight: ``/2021/07/14/bridge``, ``/2021-07-14-bridge``."""
    for form in _IN_PATHS:
        for found in form.finditer(path[:_LONGEST_PATH]):
            when = _moment(found, zone)
            if when and _FIRST_YEAR_IN_NAMES <= when.year <= _LAST_YEAR_IN_NAMES:
                return when
    return None


def _read(text: str, zone: tzinfo) -> datetime | None:
    if found := _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(found["seconds"]), UTC)
    text = _with_digits(text)
    for form in _FORMS:
        if found := form.search(text):
            rest = (
                found.groupdict().get("clock") or text[: found.start()] + "\n" + text[found.end() :]
            )
            return _moment(found, zone, rest)
    return None


def _with_digits(text: str) -> str:
    """Return a text whose Chinese numbers before 年, 月 and 日 are digits."""
    text = _CHINESE_YEAR.sub(lambda year: year[0].translate(_DIGITS), text)
    return _CHINESE_NUMBER.sub(_digits, text) if "月" in text else text


def _digits(number: re.Match[str]) -> str:
    tens, ten, ones = number.groups()
    if ten is None:
        return number[0].translate(_DIGITS)
    return f"{(tens or '一').translate(_DIGITS)}{(ones or '零').translate(_DIGITS)}"


def _moment(found: re.Match[str], zone: tzinfo, rest: str = "") -> datetime | None:
    for year, month, day in _days(found):
        try:
            when = datetime(year, month, day, tzinfo=zone)
            return _at(when, rest)
        except (ValueError, OverflowError):
            continue
    return None


def _days(found: re.Match[str]) -> Iterator[tuple[int, int, int]]:
    """Yield the day that a form found, unless it can be two."""
    told = found.groupdict()
    if told.get("republic"):
        yield int(told["republic"]) + _REPUBLIC, int(told["month"]), int(told["day"])
        return
    year = int(told["year"])
    if year < _CENTURY:
        year += 2000 if year < _TURN else 1900
    if told.get("either"):
        first, second = int(told["either"]), int(told["other"])
        if max(first, second) > _NOON or first == second:  # there are twelve months
            yield year, min(first, second), max(first, second)
        return
    month = told.get("name")
    yield year, _MONTH_NUMBER[month[:3]] if month else int(told["month"]), int(told["day"])


def _at(day: datetime, rest: str) -> datetime:
    """Return a day at the time that stands beside it, in the zone that stands behind that.

    :raises ValueError: for a time that no clock shows.
    """
    bare = _BARE_TIME.fullmatch(rest)
    found = _TIME.search(":".join(filter(None, bare.groups())) if bare else rest)
    if found is None:
        return day
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    hour = _on_the_day(hour, found["before"] or "", (found["after"] or "").replace(".", ""))
    fraction = int((found["fraction"] or "").ljust(6, "0")[:6] or 0)
    when = day.replace(hour=hour, minute=minute, second=second, microsecond=fraction)
    zone = _zone(rest[found.end() :])
    return when if zone is None else when.replace(tzinfo=zone)


def _on_the_day(hour: int, before: str, after: str) -> int:
    """Return the hour from 0 to 23 of an hour on the dial."""
    if after == "am" or before in {"凌晨", "上午"}:
        return hour % _NOON if hour == _NOON else hour
    if after == "pm" or before in {"下午", "午後", "午后", "傍晚", "晚上", "晚间", "晚間"}:
        return hour + _NOON if hour < _NOON else hour
    return hour


def _zone(text: str) -> tzinfo | None:
    found = _OFFSET.match(text)
    if found is None:
        return None
    if found["name"]:
        return _fixed(_ZONES[found["name"]]) if found["name"] in _ZONES else None
    hours = int(found["hours"]) + int(found["minutes"] or 0) / 60
    return _fixed(-hours if found["sign"] == "-" else hours) if hours <= _FARTHEST_OFFSET else None


def _fixed(hours: float) -> tzinfo:
    return timezone(timedelta(hours=hours)) if hours else UTC
