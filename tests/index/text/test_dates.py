"""Dates as files write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from index.text.dates import date_in_name, date_in_path, parse_date

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


DAY = datetime(2021, 3, 5, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    "value",
    [
        "2021-3-5", "2021/3/5", "2021.03.05", "2021. 3. 5.", "2021_03_05", "20210305", "2021-03-05 Friday",
        "05.03.2021", "5.3.2021 г.", "5 марта 2021", "5 марта 2021 г.", "5-го марта 2021 года", "5 мар. 2021",
        "Mar 5, 2021", "March 5th, 2021", "5 March 2021", "5th of March, 2021", "Mar 05 2021", "Mar. 5 2021",
        "05-Mar-2021", "2021-Mar-05", "2021 March 5", "Friday, 5 March 2021", "Updated: March 5, 2021",
        "2021年3月5日", "2021年03月05号 星期五", "二〇二一年三月五日", "２０２１年３月５日", "民國110年3月5日",
        "Published 2021-03-05, updated 2021-03-09",
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(value: str) -> None:
    assert parse_date(value) == DAY


@pytest.mark.parametrize(
    ("value", "month", "day"),
    [
        ("1 января 2021", 1, 1),
        ("28 февраля 2021", 2, 28),
        ("9 мая 2021", 5, 9),
        ("1 июня 2021", 6, 1),
        ("1 июля 2021", 7, 1),
        ("3 сентября 2021", 9, 3),
        ("31 декабря 2021", 12, 31),
        ("May 9, 2021", 5, 9),
        ("Sept. 3, 2021", 9, 3),
        ("2021年十二月二十一日", 12, 21),
        ("2021年十月十日", 10, 10),
        ("25/03/2021", 3, 25),
        ("03/25/2021", 3, 25),
        ("04-04-2021", 4, 4),
    ],
)
def test_months_have_names_and_numbers(value: str, month: int, day: int) -> None:
    assert parse_date(value) == datetime(2021, month, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "hour", "minute"),
    [
        ("Mar 5, 2021 3:04 PM", 15, 4),
        ("Mar 5, 2021 at 3:04 p.m.", 15, 4),
        ("Mar 5, 2021 3:04 AM", 3, 4),
        ("03:04 PM, 5 March 2021", 15, 4),
        ("2021-03-05 12:04 AM", 0, 4),
        ("2021-03-05 12:04 pm", 12, 4),
        ("2021-03-05 3pm", 15, 0),
        ("2021年3月5日 下午3:04", 15, 4),
        ("2021年3月5日下午3时04分", 15, 4),
        ("2021年3月5日 15点04分", 15, 4),
        ("2021年3月5日 凌晨12:04", 0, 4),
        ("5 марта 2021, 15:04", 15, 4),
        ("Fri Mar  5 15:04:00 2021", 15, 4),
        ("202103051504", 15, 4),
    ],
)
def test_the_hour_is_the_clocks(value: str, hour: int, minute: int) -> None:
    assert parse_date(value) == DAY.replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("value", "hours"),
    [
        ("2021-03-05 00:00:00 +0800 CST", 8),
        ("2021-03-05 00:00:00 +0800 CST m=+0.018", 8),
        ("2021-03-05T00:00:00.000+0800", 8),
        ("Fri Mar 05 2021 00:00:00 GMT+0800 (China Standard Time)", 8),
        ("Fri Mar 05 00:00:00 +0800 2021", 8),
        ("March 5, 2021 0:00 (GMT+8)", 8),
        ("2021-03-05 00:00 UTC-3", -3),
        ("Fri, 05 Mar 2021 00:00:00 EST", -5),
        ("5 March 2021 00:00 MSK", 3),
        ("2021-03-05 00:00 Z", 0),
    ],
)
def test_an_offset_may_be_written_in_many_ways(value: str, hours: int) -> None:
    when = parse_date(value)
    assert when is not None
    assert when == DAY.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert when.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "value", ["2021-03-05", "2021-03-05 00:00", "5 марта 2021", "2021年3月5日"]
)
def test_a_time_without_an_offset_is_the_zones(value: str) -> None:
    assert parse_date(value, BEIJING) == DAY.replace(tzinfo=BEIJING)
    assert parse_date("2021-03-05T00:00:00Z", BEIJING) == DAY


def test_seconds_since_1970_are_a_date() -> None:
    for value in ("1614902400", "1614902400.5", "1614902400000"):
        assert parse_date(value) == DAY


@pytest.mark.parametrize(
    "value",
    ["03/05/2021", "03-05-2021", "March 2021", "2021", "today", "0001-01-01T00:00:00Z", "2021-13-40",
     "2021-02-30", "2021-03-05 25:00", "30 февраля 2021", "12345678901", "1.2.3", "9" * 5_000],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_or_in_none_is_no_date(value: str) -> None:
    assert parse_date(value) is None


@pytest.mark.parametrize(
    "stem",
    ["2021-03-05-bridge-closed", "2021-3-5 bridge", "2021_03_05_bridge", "20210305", "20210305-bridge",
     "20210305093000", "2021年3月5日 大桥", "【2021.03.05】大桥", "bridge-2021-03-05", " 2021-03-05-x"],
)  # fmt: skip
def test_the_name_of_a_file_begins_or_ends_with_a_day(stem: str) -> None:
    assert date_in_name(stem) == DAY
    assert date_in_name(stem, BEIJING) == DAY.replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    "stem", ["bridge", "399577_x", "20211399", "123456789012", "2049-1", "1789-07-14-x", "1-2-2021"]
)
def test_other_numbers_in_a_name_are_no_day(stem: str) -> None:
    assert date_in_name(stem) is None


@pytest.mark.parametrize(
    "path",
    ["https://a.example/2021/03/05/bridge", "2021/3/5/bridge.html", "/news/2021-03-05-bridge.html", "/20210305/b",
     "/202103/05/b", "/n1/2021/0305/c1.html", "/2021-03/05/b.htm", "/a/202103050035.aspx"],
)  # fmt: skip
def test_a_day_stands_in_a_path(path: str) -> None:
    assert date_in_path(path) == DAY


@pytest.mark.parametrize(
    "path",
    [
        "/2021/03/bridge",
        "/a?id=20211301",
        "/20210305123",
        "/1.40.0",
        "/id20210305",
        "",
        "/2921/03/05/",
    ],
)
def test_other_numbers_in_a_path_are_no_day(path: str) -> None:
    assert date_in_path(path) is None
