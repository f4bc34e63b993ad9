"""Whether two versions of a text differ in a number."""

import pytest

from index.text.numbers import differ_in_a_number

STORM = "The storm killed {} people and hurt {} others on Monday, the coast guard said."
FERRY = "渡轮星期一载客{}人，其中{}人在奥尔姆港下船，港务局说。"


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        (STORM, ("412", "30"), ("415", "30")),
        (STORM, ("3", "4"), ("4", "3")),
        (STORM, ("3", "3"), ("3", "4")),
        (STORM, ("three", "30"), ("four", "30")),
        (STORM, ("1,150", "2"), ("1,510", "2")),
        (STORM, ("3.5", "2"), ("3.6", "2")),
        (FERRY, ("412", "三"), ("412", "四")),
        (FERRY, ("十二", "3"), ("二十", "3")),
        (FERRY, ("1万", "3"), ("2万", "3")),
        ("Шторм унёс {} жизней, ранены {}.", ("три", "5"), ("четыре", "5")),
    ],
)
def test_another_number_in_the_same_place(
    text: str, one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert differ_in_a_number(text.format(*one), text.format(*other))
    assert differ_in_a_number(text.format(*other), text.format(*one))


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        (STORM, ("412", "30"), ("412", "30")),
        (STORM, ("1,150", "2"), ("1150", "two")),
        (STORM, ("1 150 000", "2"), ("1,150,000", "２")),
        (FERRY, ("四百一十二", "两"), ("412", "2")),
        (FERRY, ("一百零五", "十"), ("105", "10")),
        (FERRY, ("三千万", "一二"), ("30000000", "12")),
        (FERRY, ("一亿二千万", "十万亿"), ("120000000", "10000000000000")),
        (STORM, ("1.150.000", "3:30"), ("1150000", "3,30")),
    ],
)
def test_the_same_number_written_otherwise(
    text: str, one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert not differ_in_a_number(text.format(*one), text.format(*other))


def test_what_only_one_version_says_is_no_difference() -> None:
    report = STORM.format(412, 30)
    for longer in (f"{report} It was the 7th storm of the year.", f"Olm, 5 May. {report}"):
        assert not differ_in_a_number(report, longer)
        assert not differ_in_a_number(longer, report)
    shifted = report.partition("and hurt")[2] + " The 7th storm came in May."
    assert not differ_in_a_number(report, shifted)


def test_a_passage_that_was_written_anew_tells_other_things() -> None:
    ending = (
        " Its mast, built in 1901, was sixty metres high and white, and its bell had rung for ages"
    )
    other = " A ferry with 37 goats went on to Olm in the evening as if nothing at all had happened there"
    report = STORM.format(412, 30)
    assert not differ_in_a_number(report + ending, report + other)
