"""What the head of an article file says of its article (R1 to R5)."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from index.articles.broken_front_matter import Value
from index.articles.front_matter import FrontMatter
from index.text.dates import parse_date
from index.text.whitespace import clean
from index.types import FileReport


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file says about its article. See ``index.types.Card`` for the fields.

    :ivar reports: what was wrong with the head and could be mended.
    """

    title: str | None = None
    author: str | None = None
    date: datetime | None = None
    url: str | None = None
    source: str | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    reports: tuple[FileReport, ...] = field(default=(), compare=False)


def read_metadata(front: FrontMatter, name: str = "") -> Metadata:
    """Return what the head says of the article.

    ``from`` is the mirror's name for the source's address (Jekyll family); the Hexo family, told by
    its ``headimg`` or ``thumbnail``, has none and names its source as the author. ``url`` and
    ``source`` are read for archives of one's own.

    :param name: of the file, for what is reported.
    """
    fields = front.fields
    author = _text(fields, "author")
    tags = _list(fields, "tags")
    is_hexo = "from" not in fields and ("headimg" in fields or "thumbnail" in fields)
    when, reports = _date(front, name)
    return Metadata(
        title=_text(fields, "title"),
        author=author,
        date=when,
        url=_text(fields, "from") or _text(fields, "url") or _text(fields, "link"),
        source=_text(fields, "source") or (author if is_hexo else next(iter(tags), author)),
        categories=_list(fields, "categories"),
        tags=tags,
        reports=front.reports + reports,
    )


def _text(fields: Mapping[str, Value], key: str) -> str | None:
    value = fields.get(key, "")
    text = value if isinstance(value, str) else ", ".join(value)
    return clean(html.unescape(text)) or None


def _list(fields: Mapping[str, Value], key: str) -> tuple[str, ...]:
    value = fields.get(key, "")
    items = value if isinstance(value, list) else [value]
    return tuple(text for item in items if (text := clean(html.unescape(item))))


def _date(front: FrontMatter, name: str) -> tuple[datetime | None, tuple[FileReport, ...]]:
    value = _text(front.fields, "date")
    if value is None:
        return None, ()
    when = parse_date(value)
    if when is not None:
        return when, ()
    detail = f"{value!r}; the article has none"
    return None, (FileReport(name, "unreadable date", detail, front.line_of("date")),)
