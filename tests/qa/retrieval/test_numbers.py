from datetime import UTC, datetime

import pytest

from qa.retrieval.numbers import lacks, numbers

MAY = datetime(2023, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2023年产量是1,200吨", {"2023", "1200"}),
        ("第九届，第十二屆，第二十届，第21批", {"9", "12", "20", "21"}),
        ("第一时间", set()),
        ("The 3rd ferry cost 4.5 million", {"3", "4.5"}),
        ("２０２１年", {"2021"}),
        ("Сколько стоит паром?", set()),
    ],
)
def test_numbers_of_a_text(text: str, found: set[str]) -> None:
    assert numbers(text) == found


def test_another_year_is_lacking() -> None:
    asked = numbers("2024年石桥泵站的预算是多少？")
    assert lacks(asked, "石桥泵站", "2023年的预算是三亿元。", None) == 1
    assert lacks(asked, "石桥泵站2024年的预算", "预算是三亿元。", None) == 0


def test_of_two_numbers_one_is_half() -> None:
    asked = numbers("第三届桥展2024年在哪里？")
    assert lacks(asked, "", "第3届桥展在海边。", MAY) == 0.5


def test_an_article_is_of_its_day() -> None:
    asked = numbers("Who won on 12 May 2023?")
    assert lacks(asked, "", "The rowers of Halvik won.", MAY) == pytest.approx(0)
    assert lacks(asked, "", "The rowers of Halvik won.", MAY.replace(year=2022)) > 0


def test_a_question_without_numbers_lacks_none() -> None:
    assert lacks(numbers("谁建了石桥？"), "", "石桥是1911年建的。", None) == 0


def test_a_numeral_beside_a_name_is_a_number_that_is_there() -> None:
    asked = numbers("Who flew the Lingyan-15?")
    assert lacks(asked, "", "灵燕十五号由三人驾驶。", None) == 0
    assert lacks(asked, "", "灵燕十六号由三人驾驶。", None) == 1


def test_without_a_date_any_year_may_be_meant_but_not_where_another_is_named() -> None:
    asked = numbers("2024年石桥泵站的预算是多少？")
    assert lacks(asked, "石桥泵站", "今年的预算是三亿元。", None) == 0
    assert lacks(asked, "石桥泵站", "今年的预算是三亿元。", MAY) == 1
