"""What a whole page says of itself, as ``index.articles.families`` names it."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment

from index.articles.fields import Value
from index.articles.html_tree import text_of
from index.articles.lines import Block
from index.articles.opening import told_by_lines
from index.text.dates import parse_date
from index.text.whitespace import clean

_LONGEST_SCRIPT = 500_000
"""Characters of JSON-LD that are read."""
_LONGEST_DAY = 60
"""Characters of a text that is a date."""
_LONGEST_SITE = 40
_SHORTEST_TITLE = 6
_MOST_STARTS = 3
_DEEPEST = 6
_FIRST_NODES = 5
"""Among them stands the comment in which a browser notes where it saved a page from."""
_ARTICLE = re.compile(r".*(?:article|posting|report|webpage)", re.IGNORECASE)
_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{4,60})"')
_DATED = re.compile(
    r"(?:^|[\s_-])(?:pub(?:lish(?:ed)?)?[_-]?(?:time|date|at|on)?|post(?:ed)?[_-]?(?:time|date|on)"
    r"|(?:entry|article|news|info|release|create)[_-]?(?:time|date)|date[_-]?published|pubtime)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Classes and ids of elements that hold the day of an article."""
_SECONDS = re.compile(
    r"\bvar (?:ct|publish_time|createTime) ?= ?[\"'](\d{10}|\d{4}-\d\d?-\d\d?[^\"']{0,20})[\"']"
)
_SAVED_FROM = re.compile(r"(?:saved from url=\(\d+\)|\burl:\s*)(https?://\S+)")
_SEPARATOR = r"\s*[|｜_–—\-·•«»:：/]\s*"
_CHINESE = re.compile("[\u3400-\u9fff，。！？」”》]")
_SITE_BEHIND = re.compile(
    r"(?P<title>.{6,}?)(?:\s*[|｜_]\s*)(?P<site>[^|｜_]{2,40}(?:[|｜_][^|｜_]{2,40}){0,2})"
)
"""What the makers of pages do, and hardly anybody else: a bar or a low line, and the site behind it."""
_TITLES = ("og:title", "ld:headline", "twitter:title", "itemprop:headline", "<h1>")
_SITES = ("og:site_name", "ld:publisher", "application-name")


def page_fields(soup: BeautifulSoup, blocks: Sequence[Block] = ()) -> dict[str, Value]:
    """Return the ``<meta>`` elements by name, and what else tells of the page.

    ``<title>`` without the site's name, ``<site>`` with that name, ``<h1>``, ``<time>``, ``<dated>`` (an element whose class says that
    it holds the day), ``<lang>``, ``<saved>`` (the address that a browser notes), ``og:url`` for the
    canonical address, ``ld:...`` from JSON-LD and ``itemprop:...`` from microdata,
    ``<line date>`` and so on from the first lines of the text.

    :param blocks: the lines of the page.
    """
    fields: dict[str, Value] = {"<head>": ""}
    canonical = soup.find("link", rel="canonical")
    if canonical is not None:
        fields["og:url"] = str(canonical.get("href", ""))
    for tag in soup.find_all("meta"):
        key = str(tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower()
        fields.setdefault(key, str(tag.get("content", "")))
    for name, value in (*_from_scripts(soup), *_from_elements(soup)):
        fields.setdefault(name, value)
    fields["<title>"], fields["<site>"] = title, _ = _parted(fields, text_of(soup.title))
    if any(title and title == clean(str(fields.get(key, ""))) for key in _SITES):
        fields["<title>"] = ""  # every page of the site is called after the site
    for start in _starts(blocks, title):
        for name, value in told_by_lines(block.text for block in blocks[start:]).items():
            fields.setdefault(f"<line {name}>", value)
    return fields


def _starts(blocks: Sequence[Block], title: str) -> list[int]:
    """Return where an article may begin: with the first line, or under its heading."""
    headings = (
        number
        for number, block in enumerate(blocks, 1)
        if block.tag == "h1" or (len(block.text) >= _SHORTEST_TITLE and block.text in title)
    )
    return [0, *islice(headings, _MOST_STARTS)]


def _from_scripts(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    objects: list[dict[str, object]] = []
    for tag in soup.find_all("script"):
        text = str(tag.string or "")[:_LONGEST_SCRIPT]
        if "ld+json" not in str(tag.get("type", "")).lower():
            if seconds := _SECONDS.search(text):
                yield "<dated>", seconds[1]
            continue
        try:
            objects += _objects(json.loads(text.strip(), strict=False))
        except (ValueError, RecursionError):
            if published := _PUBLISHED.search(text):
                objects.append({"@type": "Article", "datePublished": published[1]})
    articles = [one for one in objects if _ARTICLE.match(str(one.get("@type", "")))]
    for one in sorted(articles, key=lambda one: "webpage" in str(one.get("@type", "")).lower()):
        told = {
            "ld:datepublished": one.get("datePublished"),
            "ld:datecreated": one.get("dateCreated"),
            "ld:headline": one.get("headline"),
            "ld:author": _named(one.get("author")),
            "ld:publisher": _named(one.get("publisher")),
            "ld:url": one.get("url"),
            "ld:language": one.get("inLanguage"),
        }
        yield from ((key, clean(value)) for key, value in told.items() if isinstance(value, str))


def _objects(value: object, depth: int = 0) -> Iterator[dict[str, object]]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if isinstance(item, dict):
            yield item
            if depth < _DEEPEST:
                yield from _objects(item.get("@graph", []), depth + 1)
                yield from _objects(item.get("mainEntity", []), depth + 1)


def _named(value: object) -> str:
    items = value if isinstance(value, list) else [value]
    names = (item.get("name") if isinstance(item, dict) else item for item in items)
    return ", ".join(name for name in names if isinstance(name, str) and name)


def _from_elements(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for tag in soup.find_all(itemprop=True):
        if tag.name != "meta":
            named = tag.find(itemprop="name")
            told = tag.get("datetime") or tag.get("content") or text_of(named or tag)
            yield f"itemprop:{str(tag['itemprop']).lower()}", str(told or "")
    times = soup.find_all("time")
    times.sort(key=lambda tag: not (tag.has_attr("pubdate") or _is_dated(tag)))
    for tag in times:
        told = str(tag.get("datetime") or text_of(tag) or "")
        if parse_date(told):
            yield "<time>", told
    found = (_day_of(tag) for tag in soup.find_all() if _is_dated(tag))
    if dated := next(filter(None, found), None):
        yield "<dated>", dated
    if (heading := soup.find("h1")) is not None:
        yield "<h1>", text_of(heading)
    if soup.html is not None:
        yield "<lang>", str(soup.html.get("lang") or soup.html.get("xml:lang") or "")
    for node in (*soup.contents[:_FIRST_NODES], *(soup.html or soup).contents[:_FIRST_NODES]):
        if isinstance(node, Comment) and (saved := _SAVED_FROM.search(node[:2_000])):
            yield "<saved>", saved[1]


def _is_dated(tag: Tag) -> bool:
    return any(_DATED.search(str(tag.attrs.get(key, ""))) for key in ("class", "id"))


def _day_of(tag: Tag) -> str | None:
    text = text_of(tag)
    return text if text and len(text) <= _LONGEST_DAY and parse_date(text) else None


def _parted(fields: dict[str, Value], title: str) -> tuple[str, str]:
    """Return a page's title without the site's name, and that name, or what the title ends in.

    What the page gives as its heading tells where the title ends, or what it gives as the site's name.
    """
    for key in _TITLES:
        name = clean(str(fields.get(key, "")))
        words = re.escape(name)
        if not name or name == title:
            continue
        space = r"|\s+" if _CHINESE.match(name[-1]) else ""
        if found := re.fullmatch(rf"{words}(?:{_SEPARATOR}{space})(?P<site>.+)", title):
            return name, _last(found["site"])
        if re.fullmatch(rf".+{_SEPARATOR}{words}", title):
            return name, ""
    for key in _SITES:
        site = re.escape(clean(str(fields.get(key, ""))))
        if site and (found := re.fullmatch(rf"(.+?){_SEPARATOR}{site}", title)):
            return found[1], ""
    if found := _SITE_BEHIND.fullmatch(title):
        return found["title"], _last(found["site"])
    return title, ""


def _last(site: str) -> str:
    name = re.split(_SEPARATOR, site)[-1]
    return name if len(name) <= _LONGEST_SITE else ""
