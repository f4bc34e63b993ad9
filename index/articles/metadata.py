"""What the head of an article file says of its article (R1 to R5).

Which field means what is in ``index.articles.families``; here is only how a field is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from index.articles.broken_front_matter import Value
from index.articles.families import FAMILIES, Family, Keys, family_of
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


def read_metadata(
    front: FrontMatter, name: str = "", families: Sequence[Family] = FAMILIES
) -> Metadata:
    """Return what the head says of the article.

    :param name: of the file, for what is reported.
    :param families: the last has no marks.
    """
    fields = front.fields
    family = family_of(fields, families)
    author = _text(fields, family.author)
    tags = _list(fields, family.tags)
    stand_ins = {"first tag": next(iter(tags), None), "author": author}
    others = filter(None, (stand_ins[which] for which in family.source_else))
    when, reports = _date(front, family.date, name)
    return Metadata(
        title=_text(fields, family.title),
        author=author,
        date=when,
        url=_text(fields, family.url),
        source=_text(fields, family.source) or next(others, None),
        categories=_list(fields, family.categories),
        tags=tags,
        reports=front.reports + reports,
    )


def _text(fields: Mapping[str, Value], keys: Keys) -> str | None:
    return next((text for key in keys if (text := _text_of(fields, key))), None)


def _text_of(fields: Mapping[str, Value], key: str) -> str:
    value = fields.get(key, "")
    return clean(value if isinstance(value, str) else ", ".join(value))


def _list(fields: Mapping[str, Value], keys: Keys) -> tuple[str, ...]:
    return next((items for key in keys if (items := _items_of(fields, key))), ())


def _items_of(fields: Mapping[str, Value], key: str) -> tuple[str, ...]:
    value = fields.get(key, "")
    items = value if isinstance(value, list) else [value]
    return tuple(text for item in items if (text := clean(item)))


def _date(
    front: FrontMatter, keys: Keys, name: str
) -> tuple[datetime | None, tuple[FileReport, ...]]:
    key = next((key for key in keys if _text_of(front.fields, key)), None)
    if key is None:
        return None, ()
    value = _text_of(front.fields, key)
    when = parse_date(value)
    if when is not None:
        return when, ()
    detail = f"{value!r}; the article has none"
    return None, (FileReport(name, "unreadable date", detail, front.line_of(key)),)
