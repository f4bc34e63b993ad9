"""Where sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.sentences import sentence_ends, sentences, stripped


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("雨停了。真的吗？真的！", ["雨停了。", "真的吗？", "真的！"]),
        ("他说：“雨停了。”大家笑了。", ["他说：“雨停了。”", "大家笑了。"]),
        ("他說：「雨停了。走吧。」大家笑了。", ["他說：「雨停了。", "走吧。」", "大家笑了。"]),
        ("（见下文。）河水上涨；桥关了……船还开。", ["（见下文。）", "河水上涨；", "桥关了……", "船还开。"]),
        ("“雨停了吗？”，她问。", ["“雨停了吗？”，她问。"]),
        ('雨停了。"走吧。"他说。', ["雨停了。", '"走吧。"', "他说。"]),
        ("雨停了?走吧!好.", ["雨停了?", "走吧!", "好."]),
        ("涨了3.5%。降到1.2米。", ["涨了3.5%。", "降到1.2米。"]),
        ("It rained. The bridge closed!", ["It rained.", "The bridge closed!"]),
        ("It rose 3.5 metres. Why? Rain.", ["It rose 3.5 metres.", "Why?", "Rain."]),
        ("Mr. Alder met Dr. B. Quill in the U.S. embassy.", None),
        ("They left at 5 p.m. Monday. Nobody saw them.", ["They left at 5 p.m. Monday.", "Nobody saw them."]),
        ("See No. 5 of the list. He said no. Then he left.", ["See No. 5 of the list.", "He said no.", "Then he left."]),
        ("1. Open the gate. 2. Close it.", ["1. Open the gate.", "2. Close it."]),
        ('"It rained." He left. (She stayed.) End.', ['"It rained."', "He left.", "(She stayed.)", "End."]),
        ("“Stop!” she cried. “Now.”", ["“Stop!” she cried.", "“Now.”"]),
        ("Well... it rained. So... The end.", ["Well... it rained.", "So...", "The end."]),
        ("В 2020 г. Липин уехал. Он вернулся.", ["В 2020 г. Липин уехал.", "Он вернулся."]),
        ("Мост, т.е. паром, закрыт. А. С. Липин ждёт.", ["Мост, т.е. паром, закрыт.", "А. С. Липин ждёт."]),
        ("«Дождь!» — сказал он. Все ушли.", ["«Дождь!» — сказал он.", "Все ушли."]),
        ("第一段\n第二段。第三句", ["第一段", "第二段。", "第三句"]),
        ('他说："雨\n雪。"走吧。"', ['他说："雨', "雪。", '"走吧。"']),
        ("  雨停了。  走吧 ", ["雨停了。", "走吧"]),
        ("", []),
        (" \n ", []),
    ],
)  # fmt: skip
def test_sentences(text: str, expected: list[str] | None) -> None:
    assert split(text) == ([text] if expected is None else expected)


@given(st.text(alphabet="雨。！…「」“”\"' \n.aB3，", max_size=60))
def test_sentences_leave_out_white_space_only(text: str) -> None:
    spans = sentences(text)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(not text[a:b].strip() for a, b in zip(edges[::2], edges[1::2], strict=True))


def test_a_text_is_cut_at_those_places_that_lie_inside() -> None:
    text = "ab cd  ef "
    assert list(stripped(text, 0, 10, [3, 7])) == [(0, 2), (3, 5), (7, 9)]
    assert list(stripped(text, 3, 7, [3, 4, 7, 8])) == [(3, 4), (4, 5)]
    assert list(stripped(text, 5, 7, [6])) == []


def test_ends_are_places_in_the_text() -> None:
    assert sentence_ends("雨停了。走吧\n好") == [4, 7]
    assert sentence_ends("no end") == []
