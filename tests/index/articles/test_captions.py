"""What stands after a picture: its caption, or the next line of the text."""

import pytest

from index.articles.extract import extract

PICTURE = "<p><img src='a'></p>"


def _extracted(body: str) -> list[str]:
    return [paragraph.text for paragraph in extract(body, "x.html").paragraphs]


@pytest.mark.parametrize(
    "line", ["雾没有散，船长还在等", "其中最要紧的一条是这样的——", "在港务局的公告里，"]
)
def test_a_part_of_a_sentence_is_no_caption(line: str) -> None:
    assert _extracted(f"<p>船停航。</p>{PICTURE}<p>{line}</p><p>灯亮着。</p>") == [
        "船停航。",
        line,
        "灯亮着。",
    ]


@pytest.mark.parametrize("line", ["2021年，船长在码头上", "图中左边是船长，右边是大副"])
def test_a_caption_begins_with_a_year_or_with_where_it_points(line: str) -> None:
    assert _extracted(f"<p>船停航。</p>{PICTURE}<p>{line}</p><p>灯亮着。</p>") == [
        "船停航。",
        "灯亮着。",
    ]


def test_a_sign_on_a_button_is_no_picture() -> None:
    sign = "<p><svg><path d='M0'/></svg></p>"
    assert _extracted(f"<p>谁在码头？</p>{sign}<p>一位船长</p>") == ["谁在码头？", "一位船长"]


def test_where_lines_do_without_full_stops_only_a_short_one_is_a_caption() -> None:
    lines = [f"第{number}天雾还是没有散渡轮停在码头边上" for number in "一二三四"]
    text = "".join(f"<p>{line}</p>" for line in lines)
    line = "港务局的人说明天大概还是走不了只能等"
    assert _extracted(f"{text}{PICTURE}<p>{line}</p><p>灯亮着</p>") == [*lines, line, "灯亮着"]
    assert _extracted(f"{text}{PICTURE}<p>雾中的码头</p><p>灯亮着</p>") == [*lines, "灯亮着"]
    assert _extracted(f"<p>船停航。</p>{PICTURE}<p>{line}</p><p>灯亮着</p>") == [
        "船停航。",
        "灯亮着",
    ]
