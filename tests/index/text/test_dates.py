"""Dates as files write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from index.text.dates import parse_date

UTC_TIME = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021-03-04T05:06:07.000Z", UTC_TIME),
        ("Thu, 04 Mar 2021 05:06:07 GMT", UTC_TIME),
        ("2021-03-04 05:06:07", UTC_TIME),
        ("2021-03-04 13:06:07 +0800", UTC_TIME),
        ("2021-03-04T13:06:07+08:00", UTC_TIME),
        ("2021-03-04", datetime(2021, 3, 4, tzinfo=UTC)),
        ("2021年3月4日 05:06:07", UTC_TIME),
        ("2021/3/4", datetime(2021, 3, 4, tzinfo=UTC)),
        ("Invalid Date", None),
        ("0000-00-00", None),
        ("2021-03-04T25:00:00Z", None),
    ],
)
def test_dates(value: str, expected: datetime | None) -> None:
    assert parse_date(value) == expected


def test_an_offset_is_kept_as_written() -> None:
    parsed = parse_date("2020-06-15T09:19:39+01:00")
    assert parsed is not None
    assert parsed.tzinfo == timezone(timedelta(hours=1))
