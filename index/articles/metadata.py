"""What the head of an article file says of its article (R1 to R5).

Which field means what is in ``index.articles.families``; here is only how a field is read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from index.articles.families import FAMILIES, Family, Keys, family_of
from index.articles.fields import Value
from index.articles.front_matter import FrontMatter
from index.articles.origin import Said
from index.text.dates import date_in_name, date_in_path, parse_date
from index.text.whitespace import clean
from index.types import FileReport

LONGEST_TITLE = 1_000
_LONGEST = {"title": LONGEST_TITLE, "author": 500, "source": 500, "tags": 500, "categories": 500}
"""Characters; what is longer is cut, and said."""
_LONGEST_URL = 4_000
_LONGEST_DATE = 60
"""Characters of a date that are reported."""
_MOST_ITEMS = 200
"""Tags, or categories, that are kept."""

_NOTHING = frozenset(("", "~", "null", "none", "nil", "n/a", "undefined", "unknown", "-"))
"""How programs write that a field is empty."""
_ADDRESS = re.compile(r"<?(?P<url>https?://[^\s<>\"]+)>?")
_ARCHIVE = re.compile(
    r"https?://(?:web\.archive\.org/web|archive\.(?:ph|is|today|md|li|vn|fo))/\d{4,14}(?:[a-z]{2}_)?/(?=https?:)"
)
"""What an archive of the web puts before an address that it has kept."""
_BARE_ADDRESS = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}/\S*")
_LINK = re.compile(
    r"!?\[(?P<text>[^\]]*)\]\(<?(?P<url>[^\s)>]*)[^)]*\)|<a\b[^>]*\bhref=[\"']?(?P<href>[^\s\"'>]+)[^>]*>(?P<words>.*?)</a>"
)
_WIKI_LINK = re.compile(r"\[\[(?:[^\]|]*\|)?([^\]|]*)\]\]")
_MAIL = re.compile(r"\s*[<(]?\b[\w.+-]+@[\w-]+\.[\w.-]+\b[>)]?")
_WEB = re.compile(r"\s*[<(]?\bhttps?://[^\s<>,)]+[>)]?")
_MORE_THAN_NAMES = re.compile(r"[\[<@/]|by[: ]", re.IGNORECASE)
"""What stands in every link, address and ``by``."""
_BY = re.compile(r"(?:written )?by[: ]\s*(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file says about its article. See ``index.types.Card`` for the fields.

    :ivar language: the code that the file gives, or None.
    :ivar reports: what was wrong with the head and could be mended.
    """

    title: str | None = None
    author: str | None = None
    date: datetime | None = None
    url: str | None = None
    source: str | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    reports: tuple[FileReport, ...] = field(default=(), compare=False)


def read_metadata(
    front: FrontMatter,
    name: str = "",
    families: Sequence[Family] = FAMILIES,
    zone: tzinfo | None = None,
) -> Metadata:
    """Return what the head says of the article.

    :param name: of the file, for what is reported, and for the day that it may begin with.
    :param families: the last has no marks.
    :param zone: in which days are told, and times without an offset are taken; None = UTC for those,
        and each day as it is written.
    """
    fields = front.fields
    family = family_of(fields, families)
    author = _first(_person(text) for text in _texts(fields, family.author))
    tags = _list(fields, family.tags)
    stand_ins = {"first tag": next(iter(tags), None), "author": author}
    others = filter(None, (stand_ins[which] for which in family.source_else))
    when, reports = _date(front, family, name, zone)
    metadata = Metadata(
        title=_first(_texts(fields, family.title)),
        author=author,
        date=when,
        url=_first(map(_address, _texts(fields, family.url))),
        source=_first(map(_name, _texts(fields, family.source))) or next(others, None),
        categories=_list(fields, family.categories),
        tags=tags,
        language=_first(_texts(fields, family.language)),
        reports=front.reports + reports,
    )
    return _bounded(metadata, name)


def stem_of(name: str) -> str:
    """Return a file's name without its suffix; that of its folder, where it is called ``index``."""
    path = PurePath(name)
    return path.parent.name or path.stem


def with_origin(metadata: Metadata, said: Said) -> Metadata:
    """Return what is known of an article, told where its text or else its link says it is from."""
    url = metadata.url or said.url
    source = metadata.source or said.source or _site(url)
    if (url, source) == (metadata.url, metadata.source):
        return metadata
    return replace(metadata, url=url, source=source)


def _site(url: str | None) -> str | None:
    """Return the name of the computer that an address leads to, also through an archive of the web."""
    url = _ARCHIVE.sub("", url or "", count=1)
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    return host.removeprefix("www.") if "." in host else None


def _first(texts: Iterable[str | None]) -> str | None:
    return next(filter(None, texts), None)


def _texts(fields: Mapping[str, Value], keys: Keys) -> Iterator[str]:
    return filter(None, (_text_of(fields, key) for key in keys if key in fields))


def _text_of(fields: Mapping[str, Value], key: str) -> str:
    value = fields.get(key, "")
    return clean(value if isinstance(value, str) else ", ".join(value))


def _person(text: str) -> str:
    """Return the names in a field, without links, addresses and ``by``."""
    if _MORE_THAN_NAMES.search(text) is None:
        return _told(text.strip(" ,"))
    text = _WIKI_LINK.sub(r"\1", _LINK.sub(_words, text))
    text = _BY.sub("", _WEB.sub("", _MAIL.sub("", text)), count=1) if text else text
    return _told(text.strip(" ,"))


def _name(text: str) -> str:
    """Return the name in a field; an address is none."""
    text = _WIKI_LINK.sub(r"\1", _LINK.sub(_words, text)).strip(" `")
    return "" if _ADDRESS.fullmatch(text) or _BARE_ADDRESS.fullmatch(text) else _told(text)


def _words(link: re.Match[str]) -> str:
    return link["text"] or link["words"] or ""


def _address(text: str) -> str:
    """Return the address that a field is, alone or as a link."""
    text = text.strip("\"' ")
    if link := _LINK.fullmatch(text):
        text = link["url"] or link["href"]
    found = _ADDRESS.fullmatch(text)
    return found["url"] if found and len(found["url"]) <= _LONGEST_URL else ""


def _told(text: str) -> str:
    return "" if text.lower() in _NOTHING else text


def _list(fields: Mapping[str, Value], keys: Keys) -> tuple[str, ...]:
    return next((items for key in keys if key in fields and (items := _items_of(fields, key))), ())


def _items_of(fields: Mapping[str, Value], key: str) -> tuple[str, ...]:
    value = fields.get(key, "")
    items = value if isinstance(value, list) else [value]
    return tuple(text for item in items if (text := clean(item)))


def _date(
    front: FrontMatter, family: Family, name: str, zone: tzinfo | None
) -> tuple[datetime | None, tuple[FileReport, ...]]:
    """Return the first date that can be read; the first that cannot be is reported."""
    unread = None
    when = None
    for key in family.date:
        value = _told(_text_of(front.fields, key)) if key in front.fields else ""
        if key == "<name>":
            when = date_in_name(stem_of(name), zone or UTC)
        elif key == "<address>":
            paths = _texts(front.fields, family.path)
            days = (date_in_path(path, zone or UTC) for path in paths)
            when = next(filter(None, days), None)
        elif value:
            when = parse_date(value, zone or UTC)
            unread = unread or (None if when else (key, value[:_LONGEST_DATE]))
        if when is not None:
            when = when if zone is None else when.astimezone(zone)
            break
    if unread is None:
        return when, ()
    key, value = unread
    instead = "the article has none" if when is None else f"taken instead: {when.date()}"
    report = FileReport(name, "unreadable date", f"{value!r}; {instead}", front.line_of(key))
    return when, (report,)


def _bounded(metadata: Metadata, name: str) -> Metadata:
    """Return a head without fields of any length: one is shown with every quote."""
    cut: dict[str, Any] = {}
    for what, most in _LONGEST.items():
        value = getattr(metadata, what)
        if isinstance(value, str) and len(value) > most:
            cut[what] = f"{value[: most - 1]}…"
        elif isinstance(value, tuple) and (
            len(value) > _MOST_ITEMS or max(map(len, value), default=0) > most
        ):
            cut[what] = tuple(one for one in value if len(one) <= most)[:_MOST_ITEMS]
    if not cut:
        return metadata
    detail = ", ".join(f"{what}: at most {_LONGEST[what]} characters" for what in cut)
    report = FileReport(name, "field too long", f"{detail} are kept")
    return replace(metadata, **cut, reports=(*metadata.reports, report))
