"""Markdown and plain text -> HTML, as the sites that publish such files would show it."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import PurePath

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

from index.articles.markup import BLOCKS, MARKUPS, Markup, without_markup

_WIDE = re.compile(
    "[\u1100-\u11ff\u2018-\u201d\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uffee\U00020000-\U0003ffff]"
)
"""Characters beside which an asterisk marks, whatever stands on its other side."""

_UNDEFINED = re.compile(r"\[([^\[\]\n]{1,200})\]\[[^\[\]\n]{0,80}\]")
_SWALLOWING = re.compile(
    r"<(script|style|title|textarea|xmp|plaintext|noscript|iframe|template|select|option|svg|math|object|video"
    r"|audio|canvas|form|button|dialog|menu|nav|header|footer|aside|head|map)\b(?=[^<>\n]*>)",
    re.IGNORECASE,
)
"""Elements that are left out, or whose text is no HTML."""
_WORD_BEFORE = re.compile(r"[A-Za-z0-9_\])]")


def rendered(
    body: str,
    name: str,
    blocks: Iterable[Markup] = BLOCKS,
    markups: Iterable[Markup] = MARKUPS,
) -> str:
    """Return Markdown or plain text as HTML.

    An ideographic space at the head of a line indents a Chinese paragraph; in plain text without
    blank lines every line is a paragraph.

    :param name: of the file, whose suffix tells plain text.
    :param blocks: see ``index.articles.markup``, likewise for ``markups``.
    """
    text = body.strip()
    if PurePath(name).suffix.lower() == ".txt" and not re.search(r"\n[ \t]*\n", text):
        text = text.replace("\n", "\n\n")
    text = without_markup(re.sub("\n(?=\u3000)", "\n\n", text), blocks, markups)
    return _without_open_tags(str(_markdown().render(text)))


def _without_open_tags(rendered: str) -> str:
    """Make text of each tag that is never closed and would swallow the rest: people write of ``<script>``."""
    closed: dict[str, int] = {}

    def as_text(found: re.Match[str]) -> str:
        name = found[1].lower()
        if name not in closed:
            closed[name] = rendered.lower().rfind(f"</{name}")
        return found[0] if found.start() < closed[name] else f"&lt;{found[0][1:]}"

    return _SWALLOWING.sub(as_text, rendered)


@cache
def _markdown() -> MarkdownIt:
    """CommonMark with tables; an indented line is a paragraph here, not program text."""
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    markdown.inline.ruler.before("strikethrough", "wide marks", _wide_marks)
    markdown.inline.ruler.after("link", "undefined reference", _undefined_reference)
    return markdown


def _wide_marks(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    """Read ``**`` and ``~~`` beside a wide character: there only white space keeps them from marking.

    CommonMark wants a space or a punctuation mark outside where there is one inside, and Chinese has
    no spaces: of ``**记者：**今年`` it makes no emphasis.
    """
    start, marker = state.pos, state.src[state.pos]
    if silent or marker not in "*~":
        return False
    end = start
    while end < state.posMax and state.src[end] == marker:
        end += 1
    before = state.src[start - 1] if start else " "
    after = state.src[end] if end < state.posMax else " "
    if not (_WIDE.match(before) or _WIDE.match(after)):
        return False
    width = 1 if marker == "*" else 2
    count = (end - start) // width
    if not count:
        return False
    length = end - start if marker == "*" else 0  # which frees ~~ from the rule of three
    for _ in range(count):
        state.push("text", "", 0).content = marker * width
        token = len(state.tokens) - 1
        state.delimiters.append(
            Delimiter(ord(marker), length, token, -1, not after.isspace(), not before.isspace())
        )
    state.pos = start + count * width
    return True


def _undefined_reference(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - likewise
    """Read ``[text][label]`` whose label is defined nowhere as its text."""
    found = _UNDEFINED.match(state.src, state.pos, state.posMax)
    if found is None or (state.pos and _WORD_BEFORE.match(state.src, state.pos - 1)):
        return False
    if not silent:
        state.push("text", "", 0).content = found[1]
    state.pos = found.end()
    return True
