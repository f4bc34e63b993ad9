"""What a whole page says of itself."""

import pytest

from index.articles.extract import extract
from index.articles.metadata import Metadata

TEXT = "<p>The ferry returned to its line on Friday morning, the port said.</p>"


def read(head: str, body: str = TEXT) -> Metadata:
    extraction = extract(f"<html><head>{head}</head><body>{body}</body></html>", "a.html")
    assert [paragraph.text for paragraph in extraction.paragraphs]
    return extraction.metadata


def script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


NEWS = '{"@type": "NewsArticle", "datePublished": "2021-03-05T10:00:00+01:00", "headline": "Ferry returns"}'


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (script(NEWS), TEXT),
        (script(f'{{"@context": "x", "@graph": [{{"@type": "Person"}}, {NEWS}]}}'), TEXT),
        (script(f"[{NEWS}]"), TEXT),
        (script('{"@type": ["Article", "BlogPosting"], "datePublished": "2021-03-05T10:00:00+01:00"}'), TEXT),
        (script('{"@type": "WebPage", "datePublished": "2020-01-01"}') + script(NEWS), TEXT),
        (script(f"{{broken, {NEWS[1:]}"), TEXT),
        ('<meta property="article:published_time" content="2021-03-05T10:00:00+01:00">', TEXT),
        ('<meta itemprop="datePublished" content="2021-03-05T10:00:00+01:00">', TEXT),
        ('<meta name="dcterms.created" content="2021-03-05T10:00:00+01:00">', TEXT),
        ("", '<time datetime="2021-03-05T10:00:00+01:00">Friday</time>' + TEXT),
        ("", '<time datetime="2019-01-01">old</time><time class="published" datetime="2021-03-05T10:00+01:00">F</time>' + TEXT),
        ("", '<span itemprop="datePublished">5 March 2021 10:00 +0100</span>' + TEXT),
        ("", '<span class="publish-time">2021-03-05 10:00 +0100</span>' + TEXT),
        ("", '<em id="publish_time">2021-03-05 10:00 +0100</em>' + TEXT),
        ("", "<div>2021年3月5日 17:00:00 +0800 来源：海港社</div>" + TEXT),
        ('<script>var ct = "1614934800";</script>', TEXT),
    ],
)  # fmt: skip
def test_the_day_stands_in_many_places(head: str, body: str) -> None:
    date = read(head, body).date
    assert date is not None
    assert date.timestamp() == 1_614_934_800


def test_json_says_who_and_where() -> None:
    told = (
        '{"@type": "NewsArticle", "author": [{"name": "Ada Brine"}, "Tom Reed"], '
        '"publisher": {"@type": "Organization", "name": "Saltmouth Courier"}, "url": "https://courier.example/1"}'
    )
    assert read(script(told)) == Metadata(
        author="Ada Brine, Tom Reed", url="https://courier.example/1", source="Saltmouth Courier"
    )


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "", "1", '{"@type": "NewsArticle", "author": 7}', "{}{}"]
)
def test_scripts_that_say_nothing_are_no_error(text: str) -> None:
    assert read(script(text)) == Metadata()


@pytest.mark.parametrize(
    ("title", "head", "body", "expected", "site"),
    [
        ("Ferry returns | Saltmouth Courier", '<meta property="og:title" content="Ferry returns">', TEXT, "Ferry returns", "Saltmouth Courier"),
        ("Ferry returns - News - Saltmouth Courier", "", f"<h1>Ferry returns</h1>{TEXT}", "Ferry returns", "Saltmouth Courier"),
        ("船回来了_海港日报", script('{"@type": "NewsArticle", "headline": "船回来了"}'), TEXT, "船回来了", "海港日报"),
        ("Saltmouth Courier: Ferry returns", "", f"<h1>Ferry returns</h1>{TEXT}", "Ferry returns", None),
        ("Ferry returns — Courier", '<meta property="og:site_name" content="Courier">', TEXT, "Ferry returns", "Courier"),
        ("Ferry returns | Courier", "", TEXT, "Ferry returns", "Courier"),
        ("渡轮今天停航_海港新闻_海港网", "", TEXT, "渡轮今天停航", "海港网"),
        ("渡轮今天停航 海港网", "", f"<h1>渡轮今天停航</h1>{TEXT}", "渡轮今天停航", "海港网"),
        ("Ferry returns · Courier", "", f"<h1>Courier</h1><h1 itemprop='headline'>Ferry returns</h1>{TEXT}", "Ferry returns", "Courier"),
        ("Courier", '<meta property="og:title" content="Ferry returns"><meta property="og:site_name" content="Courier">', TEXT, "Ferry returns", "Courier"),
        ("Ferry - a history", "", TEXT, "Ferry - a history", None),
        ("Ferry returns today", '<meta property="og:title" content="Ferry returns">', TEXT, "Ferry returns today", None),
    ],
)  # fmt: skip
def test_the_sites_name_is_no_part_of_the_title(
    title: str, head: str, body: str, expected: str, site: str | None
) -> None:
    metadata = read(f"<title>{title}</title>{head}", body)
    assert (metadata.title, metadata.source) == (expected, site)


def test_a_saved_page_keeps_its_address() -> None:
    for comment in (
        "<!-- saved from url=(0027)https://courier.example/1 -->",
        "<!--\n Page saved with SingleFile \n url: https://courier.example/1 \n saved date: Fri Mar 05 2021\n-->",
    ):
        page = f"<!DOCTYPE html>\n{comment}\n<html><body>{TEXT}</body></html>"
        assert extract(page, "a.html").metadata.url == "https://courier.example/1"


def test_the_first_lines_say_when_and_where() -> None:
    line = "<div>2021年3月5日 18:00 来源：海港社 作者：王五</div>"
    metadata = read("<title>渡轮停航</title>", line + TEXT)
    assert str(metadata.date) == "2021-03-05 18:00:00+00:00"
    assert (metadata.source, metadata.author) == ("海港社", "王五")
    assert read("", f"<p>来源：海港社</p>{TEXT}").date is None
    menu = "<ul>" + "<li>栏目</li>" * 30 + "</ul>"
    assert read("", f"{menu}{line}{TEXT}").date is None
    for heading in ("<h1>渡轮停航三天</h1>", "<h2>渡轮停航三天</h2>"):
        metadata = read("<title>渡轮停航三天_海港网</title>", f"{menu}{heading}{line}{TEXT}")
        assert str(metadata.date) == "2021-03-05 18:00:00+00:00"


def test_the_author_is_the_name_in_the_element() -> None:
    body = '<div itemprop="author">By <span itemprop="name">Ada Brine</span> | 5 March</div>'
    assert read("", body + TEXT).author == "Ada Brine"
