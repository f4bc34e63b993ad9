"""What is particular to a family of archives: how its files begin, and what their heads mean.

This is the table to extend when files come in whose heads are not understood: one line a family,
with an example that the tests run. A head is a set of fields by name:

- those of the front matter, in lower case and without ``_``, ``-`` and spaces,
- what the named groups of ``opening`` find under it, at the start of the body,
- what lines such as ``日期：…`` or ``Source: …`` say there (``index.articles.opening``),
- or, in a file that has none of these, what its HTML says of the page (``index.articles.pages``):
  ``<title>``, the ``<meta>`` elements by their names in lower case, ``ld:…`` and so on. Such a head
  also has the field ``<head>``.

Where a date is looked for, ``<name>`` stands for the day in the file's name, ``<address>`` for that in
the article's address or path.

The first family all of whose ``marks`` a head has is the family of the file. The last one has no
marks, so it takes every file that no other took.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, TypeAlias

from index.articles.fields import Value
from index.articles.front_matter import FrontMatter

Keys: TypeAlias = tuple[str, ...]
"""Names of fields in order of preference: the first that is not empty counts."""

# fmt: off
_TITLE: Keys = ("title", "headline", "fulltitle", "标题", "標題", "题目", "заголовок", "subject")
_AUTHOR: Keys = ("author", "authors", "byline", "by", "creator", "writer", "作者", "автор")
_DATE: Keys = (
    "date", "published", "pubdate", "publishdate", "publisheddate", "datepublished", "publicationdate",
    "publishedat", "publishedon", "publishedtime", "publishtime", "posted", "postedon", "postedat", "postdate",
    "dateposted", "pubdatetime", "日期", "发布时间", "发布日期", "發布時間", "發布日期", "时间", "時間", "дата", "datetime", "time",
    "timestamp", "created", "createdat", "createdate", "createddate", "datecreated", "createdtime", "createtime",
    "addtime",
    "pubtime",
    "creationdate", "创建时间", "<name>", "<address>", "clipped", "saved", "datesaved", "savedat", "dateadded", "added",
    "updated", "updatedat", "updateddate", "lastupdated", "dateupdated", "lastmod", "lastmodified", "modified",
    "datemodified",
)
_SOURCE: Keys = (
    "source", "sourcename", "site", "sitename", "publisher", "publication", "outlet", "newspaper", "media",
    "website", "feed", "feedtitle", "account", "来源", "來源", "出处", "公众号", "媒体", "источник", "издание",
)
_URL: Keys = (
    "url", "link", "sourceurl", "sourcelink", "originalurl", "originallink", "original", "canonicalurl",
    "canonical", "externalurl", "articleurl", "pageurl", "permalink", "href", "via", "from", "ref", "refurl",
    "链接", "原文链接", "原文地址", "原文", "连接", "网址", "ссылка", "оригинал", *_SOURCE,
)
_PATH: Keys = ("path", "slug", "aliases", "redirectfrom", "relpermalink")
"""Fields with a path on the site, in which the day may stand."""
_LANGUAGE: Keys = ("lang", "language", "locale", "语言", "язык", "contentlanguage")
# fmt: on

_LINK_ABOVE_RULE = r"(?:<!--.{0,200}?-->\s*)?\[.{0,2000}\]\(.{0,2000}\)[ \t]*\n-{3,}[ \t]*(?:\n|\Z)"
"""``[title](address)`` above a rule of dashes, perhaps below a time in a comment."""


@dataclass(frozen=True, slots=True)
class Family:
    """What the files of one kind of archive have in common.

    :ivar name: of the program or the custom that wrote the files, for people.
    :ivar marks: fields that such a head has. ``a|b`` is one of two; ``a=pattern`` is a field whose
        value, or one item of it, the regular expression matches in full.
    :ivar title: the fields that hold the title, likewise ``author`` to ``path``. Of those for the
        address only one that is an address counts, of those for the source only one that is none.
    :ivar source_else: what names the source where no field does, in order of preference. A tag does
        only in an archive that keeps it so: elsewhere it is a topic. Without any, the text and then
        the address tell.
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
    title: Keys = _TITLE
    author: Keys = _AUTHOR
    date: Keys = _DATE
    url: Keys = _URL
    source: Keys = _SOURCE
    categories: Keys = ("categories", "category", "分类", "分類", "section")
    tags: Keys = ("tags", "tag", "keywords", "标签", "標籤")
    language: Keys = _LANGUAGE
    path: Keys = (*_PATH, *_URL)
    source_else: tuple[Literal["first tag", "author"], ...] = ()
    opening: str = _LINK_ABOVE_RULE

    def has(self, fields: Mapping[str, Value]) -> bool:
        """Whether a head has all the marks of this family."""
        return all(_is_in(fields, mark) for mark in self.marks)


FAMILIES: tuple[Family, ...] = (
    # A whole page, or a text without any head: then all that is read here is empty.
    Family(
        "web page",
        marks=("<head>",),
        title=("<title>", "og:title", "ld:headline", "twitter:title", "itemprop:headline"),
        author=(
            *("author", "article:author", "ld:author", "og:article:author", "dc.creator", "byl"),
            *(
                "parsely-author",
                "sailthru.author",
                "citation_author",
                "itemprop:author",
                "<line author>",
            ),
        ),
        date=(
            *("article:published_time", "og:published_time", "ld:datepublished"),
            *("itemprop:datepublished", "datepublished", "pubdate", "publishdate", "publish-date"),
            *(
                "publication_date",
                "date",
                "dc.date",
                "dc.date.issued",
                "dcterms.date",
                "dcterms.issued",
            ),
            *("dcterms.created", "parsely-pub-date", "sailthru.date", "citation_publication_date"),
            *(
                "article:create_at",
                "og:release_date",
                "weibo:article:create_at",
                "itemprop:datecreated",
            ),
            *("ld:datecreated", "<time>", "<dated>", "<line date>", "<name>", "<address>"),
        ),
        url=("og:url", "ld:url", "<saved>", "twitter:url"),
        source=(
            "og:site_name",
            "ld:publisher",
            "application-name",
            "dc.publisher",
            "<site>",
            "<line source>",
        ),
        categories=(),
        tags=(),
        path=("og:url", "ld:url", "<saved>", "twitter:url"),
        language=("<lang>", "og:locale", "ld:language", "content-language"),
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
        marks=(r"from=\s*|https?://.*",),
        url=("from", "url", "link"),
        source_else=("first tag", "author"),
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
    # Translations of the Linux community in China: their publisher is a person, who put them there.
    Family(
        "LCTT",
        marks=("collector",),
        source=(),
        example="""\
[#]: subject: (海港有雾)
[#]: author: (王五 https://harbour.example/)
[#]: collector: (周七)
[#]: publisher: (赵六)
[#]: url: (https://harbour.example/fog)
[#]: date: (2021-05-06)

渡轮今天停航。
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
        opening = _at_start(family.opening).match(front.body)
        fields = {**_found_by(opening), **front.fields}
        if fields and family.has(fields):
            body = front.body[opening.end() :] if opening else front.body
            return replace(front, fields=fields, body=body)
    return front


@cache
def _at_start(opening: str) -> re.Pattern[str]:
    return re.compile(rf"\s*+(?:{opening})")


def _found_by(opening: re.Match[str] | None) -> dict[str, str]:
    groups = opening.groupdict() if opening else {}
    return {name: text for name, text in groups.items() if text}


def _is_in(fields: Mapping[str, Value], mark: str) -> bool:
    names, pattern = _parts(mark)
    for name in names:
        if name in fields and (pattern is None or _matches(pattern, fields[name])):
            return True
    return False


@cache
def _parts(mark: str) -> tuple[tuple[str, ...], re.Pattern[str] | None]:
    names, _, pattern = mark.partition("=")
    return tuple(names.split("|")), re.compile(pattern) if pattern else None


def _matches(pattern: re.Pattern[str], value: Value) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(pattern.fullmatch(item) for item in items)
