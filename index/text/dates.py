"""Dates as files write them: text to a point in time."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SPACE_BEFORE_OFFSET = re.compile(r"(?<=\d) (?=[+-]\d\d:?\d\d$)")

_CHINESE_DATE = re.compile(r"(\d{4})[年/](\d{1,2})[月/](\d{1,2})日?")


def parse_date(value: str) -> datetime | None:
    """Read ISO 8601, RFC 2822 or ``2022年2月5日``; None if it is none of them.

    A time without an offset is taken as UTC (R3).
    """
    text = _SPACE_BEFORE_OFFSET.sub("", value.strip())
    if chinese := _CHINESE_DATE.match(text):
        year, month, day = map(int, chinese.groups())
        text = f"{year:04}-{month:02}-{day:02}{text[chinese.end() :]}"
    when: datetime | None = None
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            when = parse(text)
        except (ValueError, TypeError, IndexError):
            continue
        break
    if when is None:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
