from datetime import date

from index.parts.filters import NO_DAY, day_number, other_scripts, script_number


def test_days_are_counted_from_1970() -> None:
    assert day_number(date(1970, 1, 2)) == 1
    assert day_number(date(2021, 12, 3)) == 18964
    assert day_number(None) == NO_DAY


def test_scripts_are_numbered_in_a_fixed_order() -> None:
    assert [script_number(name) for name in ("han", "latin", "cyrillic")] == [0, 1, 2]


def test_other_scripts_are_all_but_one() -> None:
    assert other_scripts(0) == [1, 2]
    assert other_scripts(1) == [0, 2]
    assert other_scripts(2) == [0, 1]
