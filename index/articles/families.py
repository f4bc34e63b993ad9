"""What is particular to a family of archives: how its files begin, and what their heads mean.

This is the table to extend when files come in whose heads are not understood: one line a family,
with an example that the tests run. A head is a set of fields by name:

- those of the front matter,
- what the named groups of ``opening`` find under it, at the start of the body,
- or, in a file that has neither, what its HTML says of the page: ``<title>``, and the ``<meta>``
  elements by their names in lower case; a canonical address stands for ``og:url``. Such a head also
  has the field ``<head>``.

The first family all of whose ``marks`` a head has is the family of the file. The last one has no
marks, so it takes every file that no other took.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from index.articles.broken_front_matter import Value
from index.articles.front_matter import FrontMatter

Keys: TypeAlias = tuple[str, ...]
"""Names of fields in order of preference: the first that is not empty counts."""

_LINK_ABOVE_RULE = r"(?:<!--.{0,200}?-->\s*)?\[.{0,2000}\]\(.{0,2000}\)[ \t]*\n-{3,}[ \t]*(?:\n|\Z)"
"""``[title](address)`` above a rule of dashes, perhaps below a time in a comment."""


@dataclass(frozen=True, slots=True)
class Family:
    """What the files of one kind of archive have in common.

    :ivar name: of the program or the custom that wrote the files, for people.
    :ivar marks: fields that such a head has. ``a|b`` is one of two; ``a=pattern`` is a field whose
        value, or one item of it, the regular expression matches in full.
    :ivar title: the fields that hold the title, likewise ``author`` to ``tags``.
    :ivar source_else: what names the source where no field does, in order of preference.
    :ivar opening: regular expression for lines at the start of the body that are the archive's own
        and no text; they are dropped (R11), with blank lines before them. A named group makes a
        field of what it finds; a name that is no mark of another family keeps the two apart.
        Without front matter, only lines that make fields are dropped.
    :ivar example: a file of this family. Every example is about the same article, which
        ``tests/index/articles/test_families.py`` describes.
    """

    name: str
    example: str
    marks: tuple[str, ...] = ()
    title: Keys = ("title",)
    author: Keys = ("author",)
    date: Keys = ("date",)
    url: Keys = ("url", "link")
    source: Keys = ("source",)
    categories: Keys = ("categories",)
    tags: Keys = ("tags",)
    source_else: tuple[Literal["first tag", "author"], ...] = ("first tag", "author")
    opening: str = _LINK_ABOVE_RULE

    def has(self, fields: Mapping[str, Value]) -> bool:
        """Whether a head has all the marks of this family."""
        return all(_is_in(fields, mark) for mark in self.marks)


FAMILIES: tuple[Family, ...] = (
    # A whole page, or a text without any head: then all that is read here is empty.
    Family(
        "web page",
        marks=("<head>",),
        title=("<title>", "og:title"),
        author=("author", "article:author"),
        date=(
            "article:published_time",
            "datepublished",
            "pubdate",
            "publishdate",
            "date",
            "dc.date",
        ),
        url=("og:url",),
        source=("og:site_name",),
        categories=(),
        tags=(),
        source_else=(),
        opening="",
        example="""\
<html><head><title>海港有雾</title>
<meta name="author" content="王五">
<meta name="date" content="2021-05-06T07:08:09Z">
<meta property="og:url" content="https://harbour.example/fog">
<meta property="og:site_name" content="海港日报">
</head><body><p>渡轮今天停航。</p></body></html>
""",
    ),
    # A mirror of feeds that writes posts for Jekyll: the feed's name is the first tag.
    Family(
        "Jekyll mirror",
        marks=("from",),
        url=("from", "url", "link"),
        example="""\
---
title: 海港有雾
date: 2021-05-06T07:08:09Z
author: 王五
from: https://harbour.example/fog
tags: [ 海港日报 ]
---
<!--1620284889000-->
[海港有雾](https://harbour.example/fog)
------

<div><p>渡轮今天停航。</p></div>
""",
    ),
    # A mirror of feeds that writes posts for Hexo: the feed's name is the author.
    Family(
        "Hexo mirror",
        marks=("headimg|thumbnail",),
        source_else=("author",),
        example="""\
---
title: '海港有雾'
categories:
 - 本地
tags: [ 天气 ]
headimg: 'https://pictures.example/fog.jpg'
author: 海港日报
date: Thu, 06 May 2021 07:08:09 GMT
---

<div><p>渡轮今天停航。</p></div>
""",
    ),
    # Articles of one's own, from feeds, and all the rest.
    Family(
        "front matter",
        example="""\
---
title: 海港有雾
date: 2021-05-06T07:08:09Z
author: 王五
url: https://harbour.example/fog
source: 海港日报
tags: [ 天气 ]
---

渡轮今天停航。
""",
    ),
)


def family_of(fields: Mapping[str, Value], families: Sequence[Family] = FAMILIES) -> Family:
    """Return the family of the file with this head.

    :param families: the last has no marks.
    """
    return next(family for family in families if family.has(fields))


def take_opening(front: FrontMatter, families: Sequence[Family] = FAMILIES) -> FrontMatter:
    """Move the archive's own lines from the start of the body into the head.

    What the front matter says of a field counts more than they do.
    """
    for family in families:
        opening = re.match(rf"\s*+(?:{family.opening})", front.body)
        fields = {**_found_by(opening), **front.fields}
        if fields and family.has(fields):
            body = front.body[opening.end() :] if opening else front.body
            return replace(front, fields=fields, body=body)
    return front


def _found_by(opening: re.Match[str] | None) -> dict[str, str]:
    groups = opening.groupdict() if opening else {}
    return {name: text for name, text in groups.items() if text}


def _is_in(fields: Mapping[str, Value], mark: str) -> bool:
    names, _, pattern = mark.partition("=")
    return any(
        name in fields and (not pattern or _matches(pattern, fields[name]))
        for name in names.split("|")
    )


def _matches(pattern: str, value: Value) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(re.fullmatch(pattern, item) for item in items)
