"""Markdown and plain text -> HTML, as the sites that publish such files would show it."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import PurePath

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

from index.articles.markup import BLOCKS, MARKUPS, Markup, without_markup
from index.articles.program_text import is_program_text

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
_MARKED = re.compile(r"[ \t]*(?:[<|>]|```|~~~|[-=*_]{3,}[ \t]*$)|\t| {4}")
_LABELLED = re.compile(r" {0,3}(?:#{1,6}|[-*+]|\d{1,3}[.)])[ \t]")
"""Lines that belong to others; and lines that stand alone: headings and items of lists."""
_SENTENCE_END = re.compile(r"[.!?…。！？][\"”’」』）)]*[ \t]*$")
_LINES_OF_TEXT, _BLANK_SHARE, _ENDED_SHARE = 4, 5, 0.6
_INDENT = 4
"""Spaces before a line of program text, beyond those of what it stands in."""
_WORD_BEFORE = re.compile(r"[A-Za-z0-9_\])]")


def rendered(
    body: str,
    name: str,
    blocks: Iterable[Markup] = BLOCKS,
    markups: Iterable[Markup] = MARKUPS,
) -> str:
    """Return Markdown or plain text as HTML.

    An ideographic space at the head of a line indents a Chinese paragraph; in plain text without
    blank lines every line is a paragraph, and so it is where nearly all are sentences.

    :param name: of the file, whose suffix tells plain text.
    :param blocks: see ``index.articles.markup``, likewise for ``markups``.
    """
    text = body.strip()
    is_plain = PurePath(name).suffix.lower() == ".txt" and not re.search(r"\n[ \t]*\n", text)
    if is_plain or _is_of_lines(text):
        text = text.replace("\n", "\n\n")
    text = without_markup(re.sub("\n(?=\u3000)", "\n\n", text), blocks, markups)
    return _without_open_tags(str(_markdown().render(text)))


def _is_of_lines(text: str) -> bool:
    """Whether each line of a text is a paragraph: lines that end as sentences do, and hardly a blank one."""
    lines = [line for line in text.split("\n") if line.strip()]
    blank = text.count("\n") + 1 - len(lines)
    if len(lines) < _LINES_OF_TEXT or _BLANK_SHARE * blank > len(lines):
        return False
    if any(map(_MARKED.match, lines)):
        return False
    plain = [line for line in lines if not _LABELLED.match(line)]
    ended = sum(_SENTENCE_END.search(line) is not None for line in plain)
    return ended > _ENDED_SHARE * len(plain)


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
    """CommonMark with tables; of indented lines only those are program text that look like it."""
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    markdown.block.ruler.before("table", "indented program", _indented_program)
    markdown.inline.ruler.before("strikethrough", "wide marks", _wide_marks)
    markdown.inline.ruler.after("link", "undefined reference", _undefined_reference)
    return markdown


def _indented_program(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    """Leave out a run of indented lines that is program text."""
    if silent or state.sCount[start] - state.blkIndent < _INDENT:
        return False
    after = start
    while after < end and (
        state.isEmpty(after) or state.sCount[after] - state.blkIndent >= _INDENT
    ):
        after += 1
    lines = (state.src[state.bMarks[line] : state.eMarks[line]] for line in range(start, after))
    if not is_program_text(list(lines)):
        return False
    state.line = after
    return True


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
    if found is None or state.src.startswith("[", found.end()):
        return False
    if state.pos and _WORD_BEFORE.match(state.src, state.pos - 1):
        return False
    if not silent:
        state.push("text", "", 0).content = found[1]
    state.pos = found.end()
    return True
