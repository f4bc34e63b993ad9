"""Lines that say where a text is from."""

import re

import pytest

from index.articles.extract import extract
from index.articles.origin import ORIGINS, Origin

TEXT = "渡轮今天停航。"
HEADLINE = "渡轮停航第三天"


def told(line: str, head: str = "") -> tuple[str | None, str | None, list[str]]:
    extraction = extract(f"{head}{TEXT}\n\n{line}\n", "a.md")
    texts = [paragraph.text for paragraph in extraction.paragraphs]
    return extraction.metadata.source, extraction.metadata.url, texts


@pytest.mark.parametrize("origin", ORIGINS, ids=lambda origin: origin.example)
def test_the_example_says_where_the_text_is_from(origin: Origin) -> None:
    example = origin.example
    if origin.needs_link:
        example = example.replace(HEADLINE, f"[{HEADLINE}](https://harbour.example/fog)")
    source, url, texts = told(example)
    assert texts == [TEXT]
    assert source in {"海港日报", "Harbour Daily", "Портовая газета", "harbour.example"}
    is_linked = origin.needs_link or source == "harbour.example"
    assert url == ("https://harbour.example/fog" if is_linked else None)


@pytest.mark.parametrize("origin", ORIGINS, ids=lambda origin: origin.example)
def test_the_example_needs_its_line(origin: Origin) -> None:
    others = [other for other in ORIGINS if other is not origin]
    assert re.fullmatch(origin.pattern, origin.example, re.IGNORECASE)
    assert not any(re.fullmatch(other.pattern, origin.example, re.IGNORECASE) for other in others)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        (
            "原文来自微信公号「海港日报」：~~[渡轮停航第三天](https://mp.example.com/s/a)~~",
            "海港日报",
        ),
        ("本文转载自公众号“海港日报”（ID：harbour），作者授权。", "海港日报"),
        ("出自微信公号「海港日报」，渡轮停航，乘客上书海港", "海港日报"),
        ("原文来自订阅号「海港日报」：渡轮停航", "海港日报"),
        ("原文来自 海港之友", "海港之友"),
        ("来源 | 海港日报", "海港日报"),
        ("来源：海港日报（ID：harbour）", "海港日报"),
        ("（本文原载《海港日报》）", "海港日报"),
        ("转自：海港日报", "海港日报"),
        ("轉載自《海港日报》", "海港日报"),
        ("*Originally published at Harbour Daily on 6 May 2021.*", "Harbour Daily"),
        ("This article first appeared in the Harbour Daily.", "Harbour Daily"),
        ("This post was originally published on the 9K log by Ada Brine.", "9K log"),
        ("Источник: Портовая газета", "Портовая газета"),
    ],
)
def test_the_source_is_named_in_many_ways(line: str, source: str) -> None:
    found, _, texts = told(line, "---\ntitle: t\ntags: [ 天气 ]\n---\n")
    assert (found, texts) == (source, [TEXT])


@pytest.mark.parametrize(
    "line",
    [
        "原文 渡轮",
        "来自“海燕号”的船员说，雾很大。",
        "他们来自：海港、湖畔和山里。",
        "地址：海港路三号。",
        "The story was published in 2019 and nobody read it.",
        "From the harbour they saw nothing.",
        "Via the canal the ferry reached the sea.",
        "原文很长，本文只是摘要。",
        "转载的渡轮票价涨了。",
    ],
)
def test_a_sentence_about_origins_is_text(line: str) -> None:
    assert told(line) == (None, None, [TEXT, line])


def test_the_address_is_that_of_the_link_in_the_line() -> None:
    line = "原文来自微信公号「海港日报」：[第三天](https://mp.example.com/s/a)，[不在此](https://x.example)"
    assert told(line)[:2] == ("海港日报", "https://mp.example.com/s/a")
    assert told("via: https://harbour.example/fog")[:2] == (
        "harbour.example",
        "https://harbour.example/fog",
    )


def test_a_name_that_is_the_articles_own_title_is_no_source() -> None:
    head = "---\ntitle: 渡轮停航第三天\n---\n"
    line = "原文来自：[渡轮停航第三天](https://harbour.example/fog)"
    assert told(line, head)[:2] == ("harbour.example", "https://harbour.example/fog")


def test_a_program_that_copied_the_page_is_no_text() -> None:
    lines = "本文由 [简悦 SimpRead](https://x.example) 转码，原文地址 [mp.example](https://mp.example/s/a)"
    assert told(lines) == ("mp.example", "https://mp.example/s/a", [TEXT])
    assert told("本文由 简悦 SimpRead 转码\n\n原文 [第三天](https://mp.example/s/a)") == (
        "mp.example", "https://mp.example/s/a", [TEXT],
    )  # fmt: skip


def test_what_the_head_says_counts_more() -> None:
    head = "---\nsource: 湖畔社\nurl: https://lake.example/1\n---\n"
    assert told("来源：海港日报", head)[:2] == ("湖畔社", "https://lake.example/1")


def test_lines_in_the_middle_of_an_article_are_text() -> None:
    lines = [f"渡轮{n}号停航。" for n in range(30)]
    lines[15] = "转自：海港日报"
    extraction = extract("\n\n".join(lines), "a.md")
    assert extraction.metadata.source is None
