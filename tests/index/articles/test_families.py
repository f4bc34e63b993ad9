"""Every line of the table reads the head that it is there for: its example says so."""

import re
from datetime import UTC, datetime

import pytest

from index.articles.extract import Extraction, extract
from index.articles.families import FAMILIES, Family, family_of, take_opening
from index.articles.front_matter import FrontMatter, split_front_matter
from index.articles.metadata import Metadata

# What every example tells of. Its file is called by the title, for heads that have none.
TITLE, AUTHOR, SOURCE, TEXT = "海港有雾", "王五", "海港日报", "渡轮今天停航。"
URL, DAY = "https://harbour.example/fog", (2021, 5, 6)

FOREIGN = Family(
    "another language",
    marks=("bron=https?://.*", "datum|gemaakt"),
    title=("kop",),
    author=("auteur",),
    date=("datum", "gemaakt"),
    url=("bron",),
    source=("krant",),
    example=f"""\
---
kop: {TITLE}
bron: "{URL}"
auteur:
  - "[[{AUTHOR}]]"
krant: {SOURCE}
datum:
gemaakt: 2021-05-06
---

{TEXT}
""",
)
AUTHOR_IS_SOURCE = Family(
    "one author a feed",
    marks=("feedicon",),
    source_else=("author",),
    example=f"""\
---
title: {TITLE}
date: 2021-05-06
author: {SOURCE}
feedicon: x.png
---

{TEXT}
""",
)
LINK_AND_DAY = Family(
    "link and day",
    marks=("刊期",),
    title=("above",),
    date=("刊期",),
    url=("link",),
    opening=r"\[(?P<above>.{1,500})\]\((?P<link>\S{1,2000})\)\n-+\n刊期：(?P<刊期>.{1,99})\n",
    example=f"""\
[{TITLE}]({URL})
------
刊期：Thu, 06 May 2021 07:08:09 GMT

<article><p>渡轮今天停航。</p></article>
""",
)
SITE = Family(
    "one site's pages",
    marks=("<head>", "generator=harbour.*"),
    title=("og:title",),
    source=("og:site_name",),
    date=("day",),
    example=f"""\
<html><head><title>{TITLE} | {SOURCE}</title>
<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="{SOURCE}">
<meta name="day" content="2021-05-06"><meta name="generator" content="harbour 2.1">
</head><body><p>{TEXT}</p></body></html>
""",
)
NEW = (FOREIGN, AUTHOR_IS_SOURCE, LINK_AND_DAY, SITE)


def read(family: Family, table: tuple[Family, ...]) -> Extraction:
    return extract(family.example, f"{TITLE}.md", families=table)


def assert_it_is_the_article(extraction: Extraction, example: str) -> None:
    metadata = extraction.metadata
    assert extraction.title == TITLE
    assert [paragraph.text for paragraph in extraction.paragraphs] == [TEXT]
    assert metadata.date is not None
    assert (metadata.date.year, metadata.date.month, metadata.date.day) == DAY
    assert metadata.url == (URL if URL in example else None)
    site = "harbour.example" if URL in example else None
    assert metadata.source == (SOURCE if SOURCE in example else site)
    assert metadata.author in ({AUTHOR} if AUTHOR in example else {SOURCE, None})
    assert metadata.reports == ()


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_the_example_is_read(family: Family) -> None:
    assert_it_is_the_article(read(family, FAMILIES), family.example)


@pytest.mark.parametrize("family", FAMILIES[:-1], ids=lambda family: family.name)
def test_the_example_needs_its_line(family: Family) -> None:
    without = tuple(other for other in FAMILIES if other is not family)
    assert read(family, without) != read(family, FAMILIES)


@pytest.mark.parametrize("family", NEW, ids=lambda family: family.name)
def test_a_new_family_is_one_line(family: Family) -> None:
    extraction = read(family, (family, *FAMILIES))
    assert_it_is_the_article(extraction, family.example)
    assert read(family, FAMILIES) != extraction


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_new_lines_take_no_file_from_the_others(family: Family) -> None:
    assert read(family, NEW + FAMILIES) == read(family, FAMILIES)


def test_the_last_line_takes_every_head() -> None:
    assert FAMILIES[-1].marks == ()
    assert family_of({}) is FAMILIES[-1]
    assert all(family.marks for family in FAMILIES[:-1])


def test_a_head_has_all_marks_of_its_family() -> None:
    family = Family("f", "", marks=("a", "b|c", "d=x+"))
    assert family.has({"a": "", "c": "", "d": "xx"})
    assert family.has({"a": "", "b": "", "c": "", "d": ["y", "x"], "e": ""})
    assert not family.has({"b": "", "d": "x"})
    assert not family.has({"a": "", "d": "x"})
    assert not family.has({"a": "", "b": "", "d": "xy"})
    assert not family.has({"a": "", "b": "", "d": ["y"]})


@pytest.mark.parametrize(
    ("head", "url", "source"),
    [
        ("from: https://a\nurl: https://b\nlink: https://c", "https://a", None),
        ("from: ' '\nurl: https://b\nlink: https://c", "https://b", None),
        ("from: ''\nlink: https://c", "https://c", None),
        ("thumbnail: x\nurl: https://b\nlink: https://c", "https://b", None),
        ("link: https://c\ntags: [ ' ', t ]\nauthor: w", "https://c", None),
        ("headimg: x\nsource: s\ntags: [ t ]\nauthor: w", None, "s"),
        ("thumbnail: x\ntags: [ t ]\nauthor: w", None, "w"),
        ("headimg: x\ntags: [ t ]", None, None),
        ("from: https://a\nheadimg: x\ntags: [ t ]\nauthor: w", "https://a", "t"),
        ("from: https://a\nsource: ' '\ntags: ''\nauthor: [ v, w ]", "https://a", "v, w"),
    ],
)
def test_front_matter_names_the_address_and_the_source(
    head: str, url: str | None, source: str | None
) -> None:
    metadata = extract(f"---\n{head}\n---\n", "a.md").metadata
    assert (metadata.url, metadata.source) == (url, source)


_PAGE = """
<title>{title}</title><meta property="og:title" content="b">
<meta name="author" content="{author}"><meta property="article:author" content="d">
<meta property="og:site_name" content="e"><meta name="categories" content="f">
"""


def test_a_page_says_who_wrote_what_and_where() -> None:
    first = extract(_PAGE.format(title="a", author="c"), "x.html").metadata
    assert first == Metadata(title="a", author="c", source="e")
    second = extract(_PAGE.format(title=" ", author=" "), "x.html").metadata
    assert second == Metadata(title="b", author="d", source="e")
    without_a_site = extract("<title>a</title><meta name='author' content='c'>", "x.html").metadata
    assert without_a_site == Metadata(title="a", author="c")


def test_a_page_says_when() -> None:
    names = [
        "article:published_time",
        "datePublished",
        "PubDate",
        "publishdate",
        "date",
        "DC.date",
    ]
    for first in range(len(names)):
        days = reversed(list(enumerate(names[first:], first + 1)))
        page = "".join(f'<meta name="{name}" content="2021-05-0{day}">' for day, name in days)
        date = datetime(2021, 5, first + 1, tzinfo=UTC)
        assert extract(page, "x.html").metadata == Metadata(date=date)


@pytest.mark.parametrize(
    "family", [one for one in FAMILIES if "<head>" not in one.marks], ids=lambda one: one.name
)
def test_a_link_above_a_rule_is_no_text_under_a_head(family: Family) -> None:
    head = "---\n" + "".join(f"{mark.split('|')[0]}: x\n" for mark in family.marks) + "k: v\n---\n"
    link = "<!--1-->\n[a](https://b.example)\n------\n"
    assert take_opening(split_front_matter(f"{head}{link}text")).body == "text"
    assert take_opening(split_front_matter(f"{head}text\n{link}")).body == f"\ntext\n{link}"


def test_a_link_above_a_rule_is_a_heading_without_a_head() -> None:
    extraction = extract("[海港](https://b.example)\n------\n\n渡轮停航。\n", "a.md")
    assert extraction.title == "海港"
    assert extraction.metadata.url == "https://b.example"


def test_front_matter_counts_more_than_the_lines_under_it() -> None:
    front = FrontMatter({"link": "https://own.example"}, LINK_AND_DAY.example)
    taken = take_opening(front, (LINK_AND_DAY, *FAMILIES))
    assert taken.fields["link"] == "https://own.example"
    assert taken.fields["above"] == TITLE
    assert taken.body == "\n<article><p>渡轮今天停航。</p></article>\n"


def test_lines_that_are_not_there_make_no_fields() -> None:
    family = Family("f", "", marks=("a",), opening="(?P<a>A)?(?P<b>B)?\n")
    table = (family, *FAMILIES)
    assert take_opening(FrontMatter({}, "A\nx"), table) == FrontMatter({"a": "A"}, "x")
    assert take_opening(FrontMatter({}, "B\nx"), table) == FrontMatter({}, "B\nx")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_no_line_makes_the_mark_of_another(family: Family) -> None:
    made = set(re.compile(family.opening).groupindex)
    marks = {name for other in FAMILIES for mark in other.marks for name in re.split("[|=]", mark)}
    assert made & marks <= {name for mark in family.marks for name in re.split("[|=]", mark)}


@pytest.mark.parametrize("name", ["from", "thumbnail"])
def test_a_page_is_a_page_whatever_its_meta_elements_are_called(name: str) -> None:
    page = (
        f'<html><head><meta name="{name}" content="x"><meta name="tags" content="y"></head></html>'
    )
    metadata = extract(page, "a.html").metadata
    assert (metadata.url, metadata.source, metadata.tags) == (None, None, ())


def test_entities_are_decoded_once() -> None:
    for page in (
        "<title>&amp;amp; is &amp;</title>",
        "<meta property='og:title' content='&amp;amp; is &amp;'>",
    ):
        assert extract(f"<html><head>{page}</head></html>", "a.html").title == "&amp; is &"
    for head in ("title: '&amp;amp;'", "title: &amp;amp;\nx: 'y' z"):
        assert extract(f"---\n{head}\n---\n", "a.md").title == "&amp;"
    unclosed = extract("---\ntitle: a&quot;b\ntags: [ c&lt;d ]\n\nx", "a.md").metadata
    assert (unclosed.title, unclosed.tags) == ('a"b', ("c<d",))


def test_the_canonical_address_stands_for_the_pages_own() -> None:
    link, own = (
        '<link rel="canonical" href="https://a.example">',
        '<meta property="og:url" content="https://b.example">',
    )
    for head in (link + own, own + link):
        assert extract(f"<html><head>{head}</head></html>", "a.html").metadata.url == (
            "https://a.example"
        )
    assert extract(f"<html><head>{own}</head></html>", "a.html").metadata.url == "https://b.example"
