"""Heads of every form that programs write: what they say, and that nothing of them is text."""

import json

import pytest

from index.articles.extract import Extraction, extract
from index.articles.fields import flat
from index.articles.front_matter import split_front_matter

TEXT = "The ferry Alma stayed in port on Thursday because of fog."
TITLE, DAY, AUTHOR = "Fog over the harbour", "2021-05-06", "Ada Brine"


def read(head: str, body: str = f"\n{TEXT}\n", name: str = "a.md") -> Extraction:
    extraction = extract(f"{head}{body}", name)
    assert [paragraph.text for paragraph in extraction.paragraphs] == [TEXT]
    return extraction


def assert_it_is_read(head: str) -> None:
    extraction = read(head)
    metadata = extraction.metadata
    assert (extraction.title, metadata.author) == (TITLE, AUTHOR)
    assert metadata.date is not None
    assert metadata.date.date().isoformat() == DAY
    assert metadata.reports == ()


@pytest.mark.parametrize(
    "head",
    [
        f'+++\ntitle = "{TITLE}"\ndate = {DAY}T07:08:09+01:00\nauthors = ["{AUTHOR}"]\n[extra]\nteam = "x"\n+++\n',
        f"+++\ntitle = '{TITLE}'\ndate = {DAY}\ndraft = false\nweight = 3\n[extra]\nauthor = '{AUTHOR}'\n+++\n",
        f"---toml\ntitle = '{TITLE}'\ndate = {DAY}\nauthor = '{AUTHOR}'\n---\n",
    ],
    ids=["Zola", "Hugo", "named"],
)
def test_toml(head: str) -> None:
    assert_it_is_read(head)


@pytest.mark.parametrize(
    "head",
    [
        json.dumps({"title": TITLE, "date": DAY, "author": AUTHOR, "n": 1.5}, indent=2) + "\n",
        f'{{ "Title": "{TITLE}", "date": "{DAY}", "authors": [{{"name": "{AUTHOR}"}}] }}\n',
        f'---json\n{{"title": "{TITLE}", "date": "{DAY}", "author": "{AUTHOR}"}}\n---\n',
        f';;;\n"title": "{TITLE}",\n"date": "{DAY}",\n"author": "{AUTHOR}"\n;;;\n',
        f'"title": "{TITLE}",\n"date": "{DAY}",\n"author": "{AUTHOR}"\n;;;\n',
    ],
    ids=["Hugo", "one line", "named", "Hexo", "Hexo without its first line"],
)
def test_json(head: str) -> None:
    assert_it_is_read(head)


@pytest.mark.parametrize(
    "head",
    [
        f"title: {TITLE}\ndate: {DAY} 00:55:35\nauthor: {AUTHOR}\ntags: [fog, ferries]\n---\n",
        f"title: {TITLE}\ndate: {DAY}\ntags:\n  - fog\n- ferries\nauthor: {AUTHOR}\n----\n",
        f"Title: {TITLE}\nDate: {DAY} 10:20\nCategory: Harbour\nAuthor: {AUTHOR}\nSlug: fog\n\n",
        f"title:: {TITLE}\ndate:: {DAY}\nauthor:: [[{AUTHOR}]]\n\n",
        f"标题：{TITLE}\n日期：{DAY}\n作者：{AUTHOR}\n来源：\n\n",
        f"<!--\n.. title: {TITLE}\n.. slug: fog\n.. date: {DAY} 07:08:09 UTC+01:00\n.. author: {AUTHOR}\n-->\n",
        f"<!--\ntitle: {TITLE}\ndate: {DAY}\nauthor: {AUTHOR}\n-->\n",
    ],
    ids=["Hexo", "Hexo with lists", "Pelican", "Logseq", "Chinese", "Nikola", "comment"],
)
def test_lines_without_an_opening(head: str) -> None:
    assert_it_is_read(head)


def test_lines_that_markdown_hides() -> None:
    head = (
        '[#]: subject: "Brouillard"\n[#]: via: "https://harbour.example/fog"\n'
        f'[#]: author: "{AUTHOR} https://harbour.example/ada"\n[#]: date: "{DAY}"\n[#]: url: ( )\n'
    )
    extraction = read(head, f"\n{TITLE}\n======\n\n{TEXT}\n")
    assert (extraction.title, extraction.metadata.author) == (TITLE, AUTHOR)
    assert extraction.metadata.url == "https://harbour.example/fog"
    assert str(extraction.metadata.date)[:10] == DAY


@pytest.mark.parametrize(
    "text",
    [
        "Note: the ferry sails.\n\nIt is full.",
        "Captain: where is the ferry?\nMate: in the fog.\n\nThey wait.",
        "记者：船在哪里？\n船长：在雾里。\n\n他们在等。",
        "+++\nThree plus signs open nothing.",
        '{"a": 1} is how it is written.',
        "{{ greeting }}, harbour.",
        "<!--\nto do: fog\n-->\n\nThe ferry sails.",
        "title: not a head\nsince a line of text follows.",
        "https://harbour.example/fog\n---\nThe ferry sails.",
    ],
)
def test_what_is_no_head_is_text(text: str) -> None:
    front = split_front_matter(text)
    assert (front.fields, front.body) == ({}, text)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ('+++\ntitle = "Fog\ndate = 2021-05-06\n+++\n', "Fog"),
        ("+++\ntitle = 'It's fog'\ndate = 2021-05-06\n[extra]\n+++\n", "It's fog"),
        (';;;\n"title": "Fog\n"date": "2021-05-06",\n;;;\n', "Fog"),
    ],
)
def test_broken_heads_are_read_line_by_line_and_reported(head: str, title: str) -> None:
    metadata = read(head).metadata
    assert metadata.title == title
    assert str(metadata.date)[:10] == DAY
    assert [report.reason for report in metadata.reports] == ["broken front matter"]
    assert metadata.reports[0].line == 2


def test_a_field_of_any_form_knows_its_line() -> None:
    for head in (
        "+++\na = 1\npub_date = 'x'\n+++\n",
        "title: b\nPub-Date: x\n---\n",
        '{"a": "b", "title": "t",\n"pubDate": "x"}\n',
    ):
        front = split_front_matter(head)
        line = front.line_of("pubdate")
        assert line is not None
        assert "date" in head.split("\n")[line - 1].lower()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"name": "A", "url": "https://a.example"}, "A"),
        ([{"name": "A"}, "B", {"title": "C", "url": "d"}], ["A", "B", "C"]),
        ({"created": "2021-05-06", "updated": "2022-01-01"}, "2021-05-06"),
        ([["a", "b"], ["c"]], ["a", "b", "c"]),
        ({"url": "https://a.example"}, ""),
        (None, ""),
        (True, "True"),
        ({"name": {"name": {"name": "deep"}}}, "deep"),
    ],
)
def test_mappings_and_lists_come_to_texts(value: object, expected: object) -> None:
    assert flat({"x": value}) == {"x": expected}


def test_names_of_fields_are_compared_without_what_people_write_differently() -> None:
    assert flat({"Pub_Date": "a", "Source-URL": "b", "My Title": "c"}) == {
        "pubdate": "a",
        "sourceurl": "b",
        "mytitle": "c",
    }


def test_what_stands_in_a_frame_counts_where_nothing_stands_outside() -> None:
    assert flat({"params": {"author": "A", "title": "T"}, "title": "B"}) == {
        "author": "A",
        "title": "B",
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"title": "Fog", "url": "https://a.example/fog"}, {"source": "", "sourceurl": "https://a.example/fog"}),
        ({"name": "Courier", "link": "https://a.example"}, {"source": "Courier", "sourceurl": "https://a.example"}),
        ({"name": "Courier"}, {"source": "Courier"}),
        ({"title": "Courier"}, {"source": "Courier"}),
    ],
)  # fmt: skip
def test_a_source_with_an_address_is_called_by_no_title(
    source: dict[str, str], expected: dict[str, str]
) -> None:
    assert flat({"source": source}) == expected


def aliases(levels: int) -> str:
    lines = ['a0: &a0 ["fog", "fog"]']
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels + 1)]
    return "---\ntitle: Fog\n" + "\n".join(lines) + "\n---\n"


def test_aliases_are_refused_and_the_article_is_kept() -> None:
    metadata = read(aliases(12)).metadata
    assert metadata.title == "Fog"
    (report,) = metadata.reports
    assert (report.reason, report.line) == ("broken front matter", 4)
    assert "aliases are refused, found *a0" in report.detail


def test_stars_that_are_no_alias_are_text() -> None:
    for value in ("'*Fog*'", '"a *b"', "a *b", "2 * 3"):
        metadata = read(f"---\ntitle: {value}\n---\n").metadata
        assert metadata.title == value.strip("'\"")
        assert metadata.reports == ()


def test_no_field_is_longer_than_a_citation_may_be() -> None:
    tags = ", ".join(f"t{n}" for n in range(500))
    metadata = read(
        f"---\ntitle: {'a' * 5_000}\nauthor: {'b' * 5_000}\nurl: https://{'c' * 5_000}\ntags: [{tags}, {'d' * 900}]\n---\n"
    ).metadata
    assert metadata.title == f"{'a' * 999}…"
    assert metadata.author == f"{'b' * 499}…"
    assert metadata.url is None
    assert len(metadata.tags) == 200
    (report,) = metadata.reports
    assert report.reason == "field too long"
    assert "title: at most 1000 characters" in report.detail
    heading = extract(f"# {'a' * 5_000}\n\n{TEXT}", "a.md")
    assert len(heading.title) <= 1_000


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("{name: Ada Brine, url: https://x.example}", "Ada Brine"),
        ("\n  name: Ada Brine\n  email: ada@x.example", "Ada Brine"),
        ("\n  - name: Ada Brine\n  - name: Tom Reed", "Ada Brine, Tom Reed"),
        ("\n  - '[[Ada Brine]]'\n  - '[[people/tom|Tom Reed]]'", "Ada Brine, Tom Reed"),
        ("[Ada Brine](https://x.example/ada)", "Ada Brine"),
        ("'[Ada Brine](https://x.example/ada)'", "Ada Brine"),
        ("By Ada Brine", "Ada Brine"),
        ("Ada Brine <ada@x.example>", "Ada Brine"),
        ("Ada Brine (https://x.example)", "Ada Brine"),
        ("<a href='https://x.example'>Ada Brine</a>", "Ada Brine"),
        ("https://www.x.example/ada", None),
        ("null", None),
        ("Byron Reed", "Byron Reed"),
    ],
)
def test_authors_are_names(author: str, expected: str | None) -> None:
    assert read(f"---\ntitle: t\nauthor: {author}\n---\n").metadata.author == expected


@pytest.mark.parametrize(
    "line",
    ["published: 2021-05-06", "pubDate: May 06 2021", "publish_date: 2021/5/6", "datePublished: 2021-05-06",
     "created: 2021-05-06", "created_at: 2021-05-06 07:08", "Published-On: 6 May 2021", "发布时间: 2021年5月6日",
     "дата: 6 мая 2021", "pubDatetime: 2021-05-06T07:08:09Z", "date:\n  created: 2021-05-06\n  updated: 2022-01-01", "lastmod: 2021-05-06",
     "date: ''\npublished: ~\nposted: 2021-05-06", "published: 2021-05-06\ncreated: 2025-01-01"],
)  # fmt: skip
def test_days_have_many_names(line: str) -> None:
    date = read(f"---\ntitle: t\n{line}\n---\n").metadata.date
    assert str(date)[:10] == DAY


def test_the_day_in_the_files_name_counts_where_the_head_has_none() -> None:
    name = "2021-05-06-fog.md"
    for head in ("---\ntitle: t\n---\n", "---\ntitle: t\nlastmod: 2022-01-01\n---\n", ""):
        assert str(read(head, name=name).metadata.date)[:10] == DAY
    own = read("---\ntitle: t\ndate: 2020-01-01\n---\n", name=name).metadata.date
    assert str(own)[:10] == "2020-01-01"


@pytest.mark.parametrize(
    "line",
    ["path: 2021/05/06/fog", "permalink: /2021/05/06/fog.html", "aliases:\n  - x\n  - /2021/05/06/fog",
     "url: https://x.example/2021-05-06-fog", "source: https://x.example/2021/05/06/fog"],
)  # fmt: skip
def test_the_day_in_the_address_is_better_than_none(line: str) -> None:
    assert str(read(f"---\ntitle: t\n{line}\nupdated: 2022-01-01\n---\n").metadata.date)[:10] == DAY
    named = read(f"---\ntitle: t\n{line}\n---\n", name="2020-01-01-x.md").metadata.date
    assert str(named)[:10] == "2020-01-01"


def test_a_day_taken_instead_of_an_unreadable_one_is_told() -> None:
    metadata = read("---\ntitle: t\ndate: someday\n---\n", name="2021-05-06-fog.md").metadata
    assert str(metadata.date)[:10] == DAY
    (report,) = metadata.reports
    assert (report.reason, report.line) == ("unreadable date", 3)
    assert report.detail == "'someday'; taken instead: 2021-05-06"


def test_a_clipping() -> None:
    head = (
        f'---\ntitle: "{TITLE}"\nsource: "https://harbour.example/fog"\nauthor:\n  - "[[{AUTHOR}]]"\n  - "[[Tom Reed]]"\n'
        f'published: {DAY}\ncreated: 2025-08-26\ndescription: "Fog."\ntags:\n  - "clippings"\n---\n'
    )
    metadata = read(head).metadata
    assert (metadata.title, metadata.author) == (TITLE, f"{AUTHOR}, Tom Reed")
    assert (metadata.url, metadata.source) == ("https://harbour.example/fog", "harbour.example")
    assert str(metadata.date)[:10] == DAY


def test_the_language_that_the_head_gives_is_believed() -> None:
    text = f"Ruby 2.5.7 доступен.\n\nSHA256: {'0fdc6e86' * 8}"
    assert extract(f"---\ntitle: Ruby 2.5.7\nlang: ru\n---\n{text}", "a.md").language == "ru"
    assert extract(f"<html lang='ru'><body><p>{text}</p></body></html>", "a.html").language == "ru"


@pytest.mark.parametrize(
    ("head", "url", "source"),
    [
        ("source: https://harbour.example/fog", "https://harbour.example/fog", "harbour.example"),
        ("source: Harbour Daily\nvia: https://x.example/f", "https://x.example/f", "Harbour Daily"),
        ("source: '[Harbour Daily](https://x.example/f)'", "https://x.example/f", "Harbour Daily"),
        ("source: '[[Harbour Daily]]'", None, "Harbour Daily"),
        ("canonical_url: https://www.x.example/f", "https://www.x.example/f", "x.example"),
        (
            "url: /2021/fog.html\nsource_url: <https://x.example/f>",
            "https://x.example/f",
            "x.example",
        ),
        ("url: /2021/fog.html", None, None),
        ("site: Harbour Daily\nurl: https://x.example/f", "https://x.example/f", "Harbour Daily"),
        ("tags: [fog]\ncategories: [Harbour]\nauthor: Ada Brine", None, None),
        ("source: ~\nfrom: Harbour Daily", None, None),
    ],
)
def test_a_topic_is_no_source_and_an_address_is_no_name(
    head: str, url: str | None, source: str | None
) -> None:
    metadata = read(f"---\ntitle: t\n{head}\n---\n").metadata
    assert (metadata.url, metadata.source) == (url, source)
