"""Parsed HTML -> the lines a reader sees, in order, with what is needed to judge them (R7 to R9)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from index.articles.furniture import Rule, Rules
from index.text.whitespace import LINE_BREAK, clean

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 "  # noqa: SIM905 - a list of words reads better as words
    "h4 h5 h6 header hgroup hr html legend li main nav ol p picture pre section summary table tbody tfoot thead tr "
    "ul".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ONE_LINE = _HEADINGS | {"p", "li", "tr", "dt", "dd", "summary"}
"""Where a ``<br>`` is a space; elsewhere it ends a paragraph (R9)."""

_IN_FIGURES = frozenset(("p", "li", "tr", "blockquote"))
"""What is text even in a figure; loose text there is a caption or a credit."""

_PICTURES = frozenset(("img", "picture", "video", "iframe", "canvas"))
"""What a caption may stand under; an ``<svg>`` is a sign on a button as a rule."""
_COMMENT = re.compile(r"(?:^|\s)comment(?:\s|$)")
_RULE_ACROSS = re.compile(r"[-=_—＿*~]{8,}")
_PART_OF_RULE = re.compile(r"[-=_—＿*~]")
_BOLD_STYLE = re.compile(r"strong-bold|font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_BOLD, _LINKED, _SMALL, _ITALIC = _MARKS = range(4)
_NO_MARKS = [0, 0, 0, 0]
_MARK_OF = {
    "strong": _BOLD,
    "b": _BOLD,
    "a": _LINKED,
    "small": _SMALL,
    "em": _ITALIC,
    "i": _ITALIC,
}
_STYLED = frozenset(("span", "font", "p", "section", "div"))
_APART = re.compile(r"display:\s*(?:block|flex|grid|list-item|table)", re.IGNORECASE)
_RUN_TOGETHER = re.compile("(?:[a-zа-яё]{2}|.[.!?;…»”)])[A-ZА-ЯЁ«“]")
"""The end of a ``<span>`` and the begin of the next where style sheets put a space, not the text."""
_LISTS = frozenset(("ul", "ol"))
_CELLS = frozenset(("td", "th"))
_CENTRED = re.compile(r"align-?:?\s*center", re.IGNORECASE)
_CODE = re.compile(r"[{}()\[\]<>=;/\\_$#|&*+]")
_WORDY = re.compile(r"[\u0400-\u04ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORDY_SHARE, _CODE_SHARE = 0.3, 0.02
"""Share of characters, without spaces: above the one a ``<pre>`` is prose, above the other code."""
_FULL_STOPS = (".", "!", "?", "…", "”", '"')
_SENTENCE_WORDS = 7

_LAYOUT_TABLE = 200
"""A table with a picture and less text than this (characters) is a picture with its caption."""

_DEEPEST = 20
"""Tables inside so many tables are not looked into, which would take quadratic time; nor are frames
(``<pre>``) inside so many frames."""


_Open: TypeAlias = tuple[Tag | None, Iterator[PageElement]]
"""An open element (None at the root) and what of it is still to be read."""


class Block(NamedTuple):
    """One line of a body; a tuple, which is made four times as fast as a frozen dataclass.

    :ivar tag: the block element it stands in.
    :ivar bold: all of it is bold; likewise ``linked``, ``small``, ``centred`` and ``italic``.
    :ivar list_number: the list it is an item of, from 1, or 0.
    :ivar after_picture: nothing but white space stands between it and a picture without a caption
        of its own.
    :ivar captioning: it is the last element in a box that has a picture before it.
    :ivar has_link: some of it is a link.
    """

    text: str
    tag: str
    bold: bool = False
    linked: bool = False
    small: bool = False
    centred: bool = False
    list_number: int = 0
    after_picture: bool = False
    captioning: bool = False
    italic: bool = False
    has_link: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether HTML marks it as one."""
        return self.tag in _HEADINGS


def read_blocks(root: Tag, rules: Rules) -> tuple[list[Block], frozenset[Rule]]:
    """Return the lines of a body, and the rules that dropped elements of it.

    The tree is walked once, with a stack of one's own: HTML may be nested 10,000 deep.
    """
    reader = _Reader(rules)
    stack: list[_Open] = [(None, iter(root.contents))]
    while stack:
        tag, children = stack[-1]
        for child in children:
            if type(child) is NavigableString:  # comments, styles and scripts are subclasses
                reader.text(child)
            elif isinstance(child, Tag) and reader.open(child):
                stack.append((child, iter(child.contents)))
                break
        else:
            stack.pop()
            if tag is not None:
                reader.close(tag)
    reader.end_line()
    return reader.blocks, frozenset(reader.applied)


class _Reader:
    """The state of a walk: what is open, and the text since the last line ended."""

    def __init__(self, rules: Rules) -> None:
        self.blocks: list[Block] = []
        self.applied: set[Rule] = set()
        self._rules = rules
        self._open: list[str] = ["body"]
        self._heading: str | None = None
        self._lists: list[int] = [0]
        self._list_count = 0
        self._figures = self._one_line = self._centred = 0
        self._nested = {"table": 0, "pre": 0}
        self._depths = [0, 0, 0, 0]
        self._picture = self._after_picture = False
        self._after_span = self._between_spans = False
        self._pieces: list[str] = []
        self._length = 0
        self._marked = [0, 0, 0, 0]

    def text(self, piece: str) -> None:
        """Take a run of text."""
        length = len(piece.strip())
        between, self._between_spans, self._after_span = self._between_spans, False, False
        if not length:
            if self._pieces:
                self._pieces.append(piece)
            return
        if not self._length:
            self._after_picture = self._picture
        if between and _RUN_TOGETHER.fullmatch("".join(self._pieces[-1:])[-2:] + piece[:1]):
            self._pieces.append(" ")
        self._pieces.append(piece)
        self._length += length
        if self._depths != _NO_MARKS:
            for mark in _MARKS:
                if self._depths[mark]:
                    self._marked[mark] += length

    def open(self, tag: Tag) -> bool:
        """Enter an element; False if there is nothing to enter."""
        name = tag.name
        if name == "br":
            if not self._one_line:
                self.end_line()
            elif self._pieces:
                self._pieces.append(LINE_BREAK)
            return False
        if name in _PICTURES:
            self._picture = True
            if name == "img":
                return False
        told: dict[str, Any] = tag.attrs
        rule = self._rules.element(
            name, told.get("class"), told.get("id"), told.get("data-draft-type")
        )
        if rule is not None and not (rule.kind == "comments" and _is_by_author(tag)):
            self._leave_out(name, rule)
            return False
        if name in _BLOCKS:
            self.end_line()
            return self._open_block(tag)
        self._part(tag)
        self._between_spans = self._after_span and name == "span"
        mark = _mark(tag)
        if mark is not None:
            self._depths[mark] += 1
        return True

    def _part(self, tag: Tag) -> None:
        """Put a space where a cell begins, or a box that a style sheet makes of an inline element."""
        if tag.name in _CELLS or (tag.attrs and tag.name == "span" and _style(tag).apart):
            self._pieces.append(LINE_BREAK)

    def _leave_out(self, name: str, rule: Rule) -> None:
        self.applied.add(rule)
        if rule.kind == "caption":
            self._picture = False
        if name in _BLOCKS:
            self.end_line()

    def _open_block(self, tag: Tag) -> bool:
        name = tag.name
        if name in self._nested:
            if self._nested[name] < _DEEPEST and self._is_no_text(tag):
                return False
            self._nested[name] += 1
        self._open.append(name)
        if name in _HEADINGS:
            self._heading = name
        elif name == "p":  # in a heading that was not closed
            self._heading = None
        if name in _ONE_LINE:
            self._one_line += 1
        elif name == "figure":
            self._figures += 1
        elif name in _LISTS:
            self._list_count += 1
            self._lists.append(self._list_count)
        if tag.attrs or name == "center":
            self._change_style(tag, 1)
        return True

    def _is_no_text(self, tag: Tag) -> bool:
        if tag.name == "pre":
            return _is_code(tag)
        is_picture = _is_layout(tag)
        self._picture = self._picture or is_picture
        return is_picture

    def _change_style(self, tag: Tag, step: int) -> None:
        self._centred += step * _is_centred(tag)
        mark = _mark(tag)
        if mark is not None:
            self._depths[mark] += step

    def close(self, tag: Tag) -> None:
        """Leave an element that was entered."""
        name = tag.name
        if name in _BLOCKS:
            self.end_line(tag)
            self._open.pop()
            if name in _HEADINGS:
                self._heading = None
            if name in _ONE_LINE:
                self._one_line -= 1
            elif name == "figure":
                self._figures -= 1
            elif name in _LISTS:
                self._lists.pop()
            elif name in self._nested:
                self._nested[name] -= 1
            if tag.attrs or name == "center":
                self._change_style(tag, -1)
            return
        self._after_span = name == "span"
        self._part(tag)
        mark = _mark(tag)
        if mark is not None:
            self._depths[mark] -= 1

    def end_line(self, closing: Tag | None = None) -> None:
        """Turn the text since the last line ended into a block, if there is any."""
        if not self._pieces:
            return
        text = clean("".join(self._pieces))
        name = self._heading or self._open[-1]
        if text and (not self._figures or name in _IN_FIGURES):
            bold, linked, small, italic = self._marked
            length = self._length
            captioning = self._after_picture and _is_captioning(closing)
            self._add(
                Block(
                    text,
                    name,
                    bold == length,
                    linked == length,
                    small == length,
                    self._centred > 0,
                    self._lists[-1],
                    self._after_picture,
                    captioning,
                    italic == length,
                    linked > 0,
                )
            )
        self._picture = self._picture and not text
        self._pieces = []
        self._length = 0
        self._marked = [0, 0, 0, 0]

    def _add(self, block: Block) -> None:
        """Add a line, cut at the rules of dashes that stand for lost line breaks (video texts)."""
        # A rule across covers every eighth character at least once.
        if _PART_OF_RULE.search(block.text[7::8]) and _RULE_ACROSS.search(block.text):
            pieces = map(str.strip, _RULE_ACROSS.split(block.text))
            self.blocks += [Block(piece, block.tag) for piece in pieces if piece]
        else:
            self.blocks.append(block)


def _is_by_author(comments: Tag) -> bool:
    """Whether all comments are by those who wrote the article, which goes on in them (Drupal)."""
    found = [str(tag.get("class", "")).split() for tag in comments.find_all(class_=_COMMENT)]
    return bool(found) and all("comment-by-node-author" in names for names in found)


def _mark(tag: Tag) -> int | None:
    """Return what an element makes of its text: ``_BOLD`` and so on, or nothing."""
    name = tag.name
    if name in _MARK_OF:
        return _MARK_OF[name]
    return _BOLD if tag.attrs and name in _STYLED and _style(tag).bold else None


class _Style(NamedTuple):
    """What the ``style`` of an element says of its text."""

    bold: bool
    centred: bool
    apart: bool


def _style(tag: Tag) -> _Style:
    told: dict[str, Any] = tag.attrs  # strings: the tree is parsed without multi-valued ones
    return _read_style(told.get("style", ""), told.get("cms-style", ""))


@lru_cache(maxsize=256)
def _read_style(style: str, cms_style: str) -> _Style:
    """Read a style; the elements of a page have few different ones."""
    text = f"{style} {cms_style}"
    found = (pattern.search(text) for pattern in (_BOLD_STYLE, _CENTRED, _APART))
    return _Style(*map(bool, found))


def _is_centred(tag: Tag) -> bool:
    return tag.name == "center" or tag.attrs.get("align") == "center" or _style(tag).centred


def _is_layout(table: Tag) -> bool:
    return table.find("img") is not None and len(table.get_text(strip=True)) < _LAYOUT_TABLE


def _is_captioning(closing: Tag | None) -> bool:
    """Whether an unclassed ``<div>`` ends a box that holds a picture and it (CNA)."""
    if closing is None or closing.name != "div" or closing.find_next_sibling() is not None:
        return False
    before = closing.find_previous_sibling()
    return before is not None and not before.get_text(strip=True)


def _is_code(pre: Tag) -> bool:
    """Whether a ``<pre>`` is program text; people also use it as a frame around prose (R17)."""
    words = pre.get_text().split()
    text = "".join(words)
    if not text or len(_WORDY.findall(text)) >= _WORDY_SHARE * len(text):
        return not text
    is_sentence = text.endswith(_FULL_STOPS) and len(words) >= _SENTENCE_WORDS
    return not is_sentence or len(_CODE.findall(text)) > _CODE_SHARE * len(text)
