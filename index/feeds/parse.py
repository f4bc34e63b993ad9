"""RSS and Atom: the bytes of a feed -> its entries, clean. Pure.

feedparser reads the XML, resolves relative links and removes what is dangerous in HTML (scripts,
event handlers). What is hostile in XML itself never reaches it: see ``_ROOT``.
"""

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
from bs4 import BeautifulSoup

from index.articles.decode import decode
from index.errors import ArticleError, FeedError
from index.feeds.beside import DESCRIPTION, TITLE, keep_apart
from index.feeds.identity import digest, keys_of, levels
from index.text.dates import parse_date
from index.text.whitespace import clean

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
"""The root element of a feed. What stands before it is cut off: entities can only be declared
there, so that none is ever expanded (billion laughs, quadratic blow-up) or fetched from outside."""

_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})["']""")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
"""XML 1.0, appendix F: byte order marks, and the first character of every feed."""

_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "big5-hkscs": "big5hkscs"}
"""Encodings that are called by the name of a part of them."""

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TEXT_TYPES = frozenset(("text/html", "application/xhtml+xml", "text/plain"))

keep_apart()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed.

    :ivar key: what tells it from the feed's other entries, now and later.
    :ivar date: publication time with its offset, or None when the feed does not say.
    :ivar source: who published it: the feed's title, or the one an aggregator names.
    :ivar body: HTML; empty when the feed gives no text.
    :ivar remarks: what was wrong with it and could be mended.
    :ivar keys: ``key`` among wider and narrower ones (``index.feeds.identity``).
    """

    key: str
    title: str | None
    author: str | None
    date: datetime | None
    url: str | None
    source: str | None
    categories: tuple[str, ...]
    body: str
    remarks: tuple[str, ...] = ()
    keys: tuple[str, ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        """What to call it in a report."""
        return self.title or self.url or self.key


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds.

    :ivar broken: what is wrong with its XML, so that entries may be missing; None if nothing is.
    :ivar repeated: entries that were left out because the feed has them twice, word for word.
    :ivar link: of the site that it is the feed of.
    """

    entries: tuple[Entry, ...]
    broken: str | None = None
    repeated: int = 0
    link: str | None = field(default=None, compare=False)


def read_feed(data: bytes, url: str, *, charset: str | None, content_type: str = "") -> Feed:
    """Read RSS 0.9 to 2.0 or Atom.

    :param url: where it was found; relative links start from it.
    :param charset: what the server says, if anything.
    :param content_type: the same, to name it when this is no feed.
    :raises FeedError: if this is no feed, or nothing can be read of it.
    """
    text = _text(data, charset).encode("utf-8", "replace")
    root = _ROOT.search(text)
    if root is None:
        raise _no_feed(content_type, data)
    parsed = feedparser.parse(
        io.BytesIO(_DECLARATION + text[root.start() :]),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": url,
        },
    )
    broken = _fault(parsed.get("bozo_exception")) if parsed.bozo else None
    if not parsed.entries and broken:
        raise FeedError(f"expected RSS or Atom, found XML that cannot be read: {broken}")
    if not parsed.entries and not parsed.version:
        raise _no_feed(content_type, data)
    source = _feed_title(parsed.feed, url)
    is_atom = parsed.version.startswith("atom")
    by_default = parsed.feed.get("author") if is_atom else None
    bodies = [_body(entry, is_atom=is_atom) for entry in parsed.entries]
    keys = [_keys(entry, body) for entry, body in zip(parsed.entries, bodies, strict=True)]
    entries: dict[str, Entry] = {}
    for entry, body, own, level in zip(parsed.entries, bodies, keys, levels(keys), strict=True):
        made = _entry(entry, source, by_default)
        entries.setdefault(own[level], replace(made, key=own[level], keys=own, body=body))
    repeated = len(keys) - len(entries)
    return Feed(tuple(entries.values()), broken, repeated, parsed.feed.get("link"))


def _fault(error: Any) -> str:
    """Return what a parser found; the line it names is not the file's, whose head is cut off."""
    return clean(str(error.getMessage() if hasattr(error, "getMessage") else error))


def _no_feed(content_type: str, data: bytes) -> FeedError:
    found = clean(content_type) or repr(data[:40])
    return FeedError(f"expected RSS or Atom, found {found if data.strip() else 'nothing'}")


def _text(data: bytes, charset: str | None) -> str:
    """Decode a feed.

    The XML's own word counts more than the server's, which is often a default of its
    configuration; when neither fits, the bytes themselves tell (a feed that says UTF-8 and is GBK).

    :raises FeedError: for bytes in no encoding that can be told.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    declared = _DECLARED.match(data)
    for name in (declared[1].decode("ascii") if declared else None, "utf-8", charset):
        encoding = _LARGER.get((name or "").lower(), name or "")
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    try:
        return decode(data)
    except ArticleError as error:
        raise FeedError(str(error)) from error


def _keys(entry: Any, body: str) -> tuple[str, ...]:
    """Return an entry's keys: of its id, else its link, else of its title and date."""
    link = str(entry.get("link") or "")
    known = f"{entry.get('title', '')}\n{next(_date_texts(entry), '')}"
    keys = keys_of(str(entry.get("id") or link or digest(known)), link, known, body)
    return tuple(_UNWANTED.sub("", key) for key in keys)


def _entry(entry: Any, source: str, author: str | None) -> Entry:
    """Return an entry that has neither its key nor its body yet."""
    texts = list(_date_texts(entry))
    date = next(filter(None, map(parse_date, texts)), None)
    title = _line(entry.get("title_detail")) or _line(entry.get(TITLE))
    link = clean(str(entry.get("link", "")))
    unread = texts and not date
    remarks = (f"unreadable date {clean(texts[0])!r}; it has none",) if unread else ()
    return Entry(
        key="",
        title=title,
        author=_authors(entry) or clean(author or "") or None,
        date=date,
        url=link if _scheme(link) in {"http", "https"} else None,
        source=_line((entry.get("source") or {}).get("title_detail"))
        or clean(str((entry.get("source") or {}).get("title") or ""))
        or source,
        categories=tuple(dict.fromkeys(_categories(entry))),
        body="",
        remarks=remarks,
    )


def _scheme(link: str) -> str:
    """Return an address's scheme, or nothing if it is no address."""
    try:
        return urlsplit(link).scheme
    except ValueError:
        return ""


def _feed_title(feed: Any, url: str) -> str:
    return _line(feed.get("title_detail")) or urlsplit(url).hostname or url


def _date_texts(entry: Any) -> Iterator[str]:
    """Yield when an entry was published, as it says, in one place or another."""
    for key in ("published", "updated", "created"):
        # Asked in its own way, an entry takes one for the other and warns of it.
        if value := dict.get(entry, key):
            yield str(value)


def _authors(entry: Any) -> str:
    authors = entry.get("authors") or [{"name": entry.get("author")}]
    names = (clean(str(author.get("name") or author.get("email") or "")) for author in authors)
    return ", ".join(dict.fromkeys(name for name in names if name))


def _categories(entry: Any) -> Iterator[str]:
    for tag in entry.get("tags", ()):
        if name := clean(str(tag.get("label") or tag.get("term") or "")):
            yield name


def _line(detail: Any) -> str | None:
    """Return a title as one line of text, whatever it is made of."""
    if not detail:
        return None
    value = str(detail.get("value") or "")
    if detail.get("type") != "text/plain":
        value = _text_of(value)
    return clean(value) or None


def _text_of(body: str) -> str:
    """Return the text of HTML, as it stands there."""
    if "<" not in body and "&" not in body:
        return body  # Beautiful Soup warns of text that looks like a file name
    return BeautifulSoup(f"<div>{body}</div>", "lxml").get_text()


def _body(entry: Any, *, is_atom: bool) -> str:
    """Return an entry's full content as HTML, else its summary, else what is said beside it, else nothing.

    In RSS a second summary is taken for content by feedparser, so the longer of the two is.
    """
    contents = [part for part in entry.get("content", ()) if part.get("type") in _TEXT_TYPES]
    summary = entry.get("summary_detail")
    if contents and summary and not is_atom:
        contents.append(summary)
    full = max(contents, key=lambda part: len(part.get("value") or ""), default=None)
    for part in (full, summary, entry.get(DESCRIPTION)):
        body = _UNWANTED.sub("", _as_html(part)) if part else ""
        if _text_of(body).strip():
            return body
    return ""


def _as_html(part: Any) -> str:
    """Return a text as HTML; without tags, each of its lines is a paragraph."""
    value = str(part.get("value") or "").strip()
    if part.get("type") == "text/plain":
        value = html.escape(value, quote=False)
    elif "<" in value:
        return value
    lines = (line.strip() for line in value.splitlines())
    return "\n".join(f"<p>{line}</p>" for line in lines if line)
