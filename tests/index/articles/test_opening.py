"""Lines above the text that say what an article is."""

import pytest

from index.articles.extract import extract
from index.articles.front_matter import FrontMatter
from index.articles.opening import take_labelled

URL, DAY = "https://harbour.example/fog", "2021-05-06"


def fields_of(text: str) -> dict[str, str]:
    return {key: str(value) for key, value in take_labelled(FrontMatter({}, text)).fields.items()}


@pytest.mark.parametrize(
    "text",
    [
        f"[雾]({URL})\n------\n日期：Thu, 06 May 2021 07:08:09 +0000\n\n<p>船停航。</p>",
        f"<!--1620284889000-->\n[雾]({URL})\n------\ndate: {DAY}\n\n船停航。",
        f"# [雾]({URL})\n\n> 发布时间：{DAY}\n\n船停航。",
        f"# 雾\n\n**作者**：王五 | **来源**：海港日报 | **发布日期**：{DAY}\n原文链接：[点此]({URL})\n\n船停航。",
        f"# 雾\n\nCreated: May 6, 2021 3:04 PM\nURL: {URL}\nTags: fog, harbour\n\n船停航。",
        f"# 雾\n\n## Metadata\n- Author: [[王五]]\n- URL: {URL}\n- Published: {DAY}\n\n船停航。",
        f"雾\n===\n\n{DAY}\n\nLink: <{URL}>\n\n---\n\n船停航。",
        f"作者：王五　来源：海港日报　{DAY} 07:08\n链接：{URL}\n\n船停航。",
        f"链接：{URL}\n来源：海港日报 {DAY}\n\n船停航。",
        f"# 雾\n\n> * 原文地址：[Fog]({URL})\n> * 原文作者：[王五](https://a.example)\n> * 译文出自：[海港译文](https://b.example)\n> * 本文永久链接：[c](https://b.example/c)\n> * 校对者：[赵六](https://d.example)\n> * 日期：{DAY}\n\n船停航。",
        f"# 雾\n\nДата: 6 мая 2021\nСсылка: {URL}\n\n船停航。",
    ],
)
def test_the_link_and_the_day_are_told_above_the_text(text: str) -> None:
    extraction = extract(text, "雾.md")
    metadata = extraction.metadata
    assert extraction.title == "雾"
    assert [paragraph.text for paragraph in extraction.paragraphs] == ["船停航。"]
    assert (metadata.url, str(metadata.date)[:10]) == (URL, DAY)
    assert metadata.author in {None, "王五"}
    assert metadata.source in {"海港日报", "harbour.example"}


@pytest.mark.parametrize(
    "text",
    [
        "# 雾\n\n时间：某天早上。\n\n船停航。",
        "来源：海港。\n\n船停航。",
        "作者：王五\n\n船停航。",
        "日期：不详\n链接：无\n\n船停航。",
        "2021年5月6日，船停航。",
        "On May 6, 2021 the ferry stayed in port.",
        "# 雾\n\n船停航。\n\n日期：2021-05-06",
        "Date: the fruit of a palm.\n\nSource: a spring.",
        "",
    ],
)
def test_a_label_without_a_day_or_an_address_is_text(text: str) -> None:
    assert take_labelled(FrontMatter({}, text)) == FrontMatter({}, text)


@pytest.mark.parametrize(
    ("byline", "author", "source"),
    [
        ("原创 王五  海港日报   2021-05-06 07:08", "王五", "海港日报"),
        (" 海港日报   2021-05-06 07:08  ", None, "海港日报"),
        (
            "王五、赵六 @ferry  Harbour Daily   2021-05-06 07:08:09",
            "王五、赵六 @ferry",
            "Harbour Daily",
        ),
        ("原创 王五\n       王五  海港日报   2021-05-06 07:08", "王五", "海港日报"),
        ("王五  海港日报  2021-05-06 07:08 Posted on 海港", "王五", "海港日报"),
        ("王五  海港日报  2021-05-06 07:08 发表于 海港", "王五", "海港日报"),
    ],
)
def test_the_byline_of_a_page_of_wechat_is_told(
    byline: str, author: str | None, source: str
) -> None:
    extraction = extract(f"#  雾  \n{byline}  \n  \n船停航。", "雾.md")
    metadata = extraction.metadata
    assert [paragraph.text for paragraph in extraction.paragraphs] == ["船停航。"]
    assert (metadata.author, metadata.source) == (author, source)
    assert str(metadata.date)[:10] == DAY


def test_the_text_may_follow_a_byline_at_once() -> None:
    extraction = extract("# 雾\n\n王五  海港日报  2021-05-06 07:08\n船停航。\n灯亮着。\n", "雾.md")
    assert "".join(paragraph.text for paragraph in extraction.paragraphs) == "船停航。灯亮着。"
    assert extraction.metadata.source == "海港日报"


@pytest.mark.parametrize(
    "line",
    ["船停航 2021-05-06 07:08", "船停航。\n\n海港日报   2021-05-06 07:08", "海港  日报  船停航"],
)
def test_a_line_that_only_looks_like_a_byline_is_text(line: str) -> None:
    text = f"# 雾\n{line}\n\n船停航。"
    assert take_labelled(FrontMatter({}, text)) == FrontMatter({}, text)


def test_front_matter_counts_more() -> None:
    front = FrontMatter({"date": "2020-01-01"}, f"# 雾\n\n日期：{DAY}\n链接：{URL}\n\n船停航。")
    taken = take_labelled(front)
    assert taken.fields == {"date": "2020-01-01", "url": URL}
    assert taken.body == "# 雾\n\n船停航。"


def test_what_stands_on_one_line_is_told_apart() -> None:
    line = f"作者: 王五 | 编辑: 赵六 | 来源: 海港日报 | {DAY}"
    assert fields_of(f"{line}\n\n船停航。") == {"author": "王五", "source": "海港日报", "date": DAY}


def test_lines_after_the_text_has_begun_stay() -> None:
    text = f"日期：{DAY}\n\n船停航。\n链接：{URL}"
    taken = take_labelled(FrontMatter({}, text))
    assert taken.fields == {"date": DAY}
    assert taken.body.strip() == f"船停航。\n链接：{URL}"


def test_the_name_of_the_source_may_stand_below_a_head_with_its_address() -> None:
    head = "---\ntitle: 雾\nsource: https://mp.weixin.qq.com/s/1\n---\n"
    lines = f"# 雾\n\n> 公众号: 海港早报\n> 发布时间: {DAY}\n\n船停航。"
    extraction = extract(head + lines, "x.md")
    assert extraction.metadata.source == "海港早报"
    assert extraction.metadata.url == "https://mp.weixin.qq.com/s/1"
    named = extract(head.replace("https://mp.weixin.qq.com/s/1", "灯塔报") + lines, "x.md")
    assert named.metadata.source == "灯塔报"
