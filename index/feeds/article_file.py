"""An entry of a feed -> the article file that is saved of it. Pure.

The file is of the family that the archive knows: YAML front matter and a body of HTML.
"""

import html
from typing import Any

import frontmatter

from index.feeds.parse import Entry
from index.inbox import harmless_stem

_ONE_LINE = 2**31 - 1
"""The width at which a line is folded, in characters: libyaml's largest."""


def article_file(entry: Entry) -> str:
    """Return the text of an entry's file.

    What the entry does not say has no key. Front matter is read back by ``index.articles.front_matter``,
    which undoes one HTML escaping, so what would not survive that is escaped.
    """
    fields: dict[str, Any] = {
        "title": _kept(_title(entry)),
        "date": entry.date,
        "author": entry.author and _kept(entry.author),
        "url": entry.url and _kept(entry.url),
        "source": entry.source and _kept(entry.source),
        "categories": [_kept(name) for name in entry.categories],
    }
    post = frontmatter.Post(
        f"<div>\n{entry.body}\n</div>", **{key: value for key, value in fields.items() if value}
    )
    return str(frontmatter.dumps(post, sort_keys=False, width=_ONE_LINE)) + "\n"


def file_name(entry: Entry) -> str:
    """Return the name of an entry's file: day and title, as archives name theirs."""
    day = entry.date.isoformat()[:10] if entry.date else ""
    return harmless_stem(f"{day}-{_title(entry)}") + ".md"


def _title(entry: Entry) -> str:
    """Return the title; a post without one is named by its source and its time."""
    if entry.title:
        return entry.title
    when = f", {entry.date:%Y-%m-%d %H:%M}" if entry.date else ""
    return f"{entry.source}{when}"


def _kept(text: str) -> str:
    return text if html.unescape(text) == text else html.escape(text, quote=False)
