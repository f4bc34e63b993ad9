"""Pure: the pieces of a message, each in both forms that Telegram takes.

A ``Block`` knows its HTML, what that takes of a message and of a screen, and what it is in a rich
message (https://core.telegram.org/bots/api#inputrichmessage).
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from bot.showing.measure import ELLIPSIS, columns, screen_lines, utf16_units

MESSAGE_UNITS = 4096
"""Longest message after entity parsing, in UTF-16 units. https://core.telegram.org/bots/api#sendmessage"""

MESSAGE_ENTITIES = 100
"""Entities of a message that Telegram keeps. https://core.telegram.org/api/entities"""

FOLD_COLUMNS = 300
"""Quotes from this width on are folded: 150 Chinese characters, or 300 letters."""

FOLD_LINES = 7
"""So are those of more lines."""

FOLDED_LINES = 3
"""Lines of a folded quote that are shown before it is unfolded."""

FOOTER = "footer"
QUOTE_HIGHLIGHTS = 40
"""Of one quote, so many are marked: a message has room for a hundred entities."""

BLANK_LINE = "\n\n"
URL_CHARS = 2048
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)

Span: TypeAlias = tuple[int, int]
RichText: TypeAlias = Any
"""A string, a list of rich texts, or an object with a type: https://core.telegram.org/bots/api#richtext"""

RichBlock: TypeAlias = dict[str, Any]
"""https://core.telegram.org/bots/api#inputrichblock"""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a message that stays whole.

    :ivar units: UTF-16 units of a message.
    :ivar entities: entities of a message.
    :ivar lines: lines of a screen while it is folded.
    :ivar rich: what it is in a rich message.
    :ivar quote: number of the quote that it shows; 0 = none.
    """

    html: str
    units: int
    entities: int
    lines: int
    rich: tuple[RichBlock, ...]
    quote: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """What one message shows.

    :ivar blocks: its pieces in their order.
    """

    blocks: tuple[Block, ...]

    @property
    def html(self) -> str:
        """Valid HTML for a message."""
        return joined(self.blocks, BLANK_LINE).html

    @property
    def quotes(self) -> tuple[int, ...]:
        """Numbers of the quotes that it shows."""
        return tuple(dict.fromkeys(block.quote for block in self.blocks if block.quote))


def line(text: str, tag: str = "", url: str | None = None) -> Block:
    """Return one line of a message.

    :param tag: ``b`` or ``i``.
    :param url: where it leads, if that is a web address.
    """
    shown, entities = render_text(text), 0
    rich: RichText = text
    if tag:
        shown, entities = f"<{tag}>{shown}</{tag}>", 1
        rich = {"type": "bold" if tag == "b" else "italic", "text": rich}
    if is_web_address(url):
        shown, entities = f'<a href="{html.escape(url or "")}">{shown}</a>', entities + 1
        rich = {"type": "url", "text": rich, "url": url}
    paragraph = {"type": "paragraph", "text": rich}
    return Block(shown, utf16_units(text), entities, screen_lines(text), (paragraph,))


def footer(text: str) -> Block:
    """Return what is said of a message as a whole: above all in a plain one, below in a rich one."""
    return replace(line(text, "i"), rich=({"type": FOOTER, "text": text},))


def ellipsis_if(cut: bool) -> list[Block]:  # noqa: FBT001 - the one thing it depends on
    """Return a line that says outside a quote that its paragraph goes on."""
    return [line(ELLIPSIS)] if cut else []


def quoted(
    text: str,
    highlights: Iterable[Span] = (),
    shown: Span | None = None,
    words: Span | None = None,
    *,
    folds: bool = True,
) -> Block:
    """Return a part of a text as a quotation.

    :param highlights: spans of the text; what is shown of them is bold.
    :param shown: the part; None = all.
    :param words: what is underlined inside the highlights.
    :param folds: whether it is folded when it is long.
    """
    start, end = shown or (0, len(text))
    spans = [
        (max(first, start), min(last, end))
        for first, last in highlights
        if max(first, start) < min(last, end)
    ][:QUOTE_HIGHLIGHTS]
    part = text[start:end]
    units, lines = utf16_units(part), screen_lines(part)
    folded = folds and is_long(part)
    tag = "blockquote expandable" if folded else "blockquote"
    runs = list(_runs(text, spans, (start, end), words or (0, 0)))
    body = "".join(run.html() for run in runs)
    rich = [run.rich() for run in runs]
    return Block(
        f"<{tag}>{body}</blockquote>",
        units,
        1 + len(spans) + body.count("<u>"),
        min(lines, FOLDED_LINES) if folded else lines,
        ({"type": "expandable_blockquote", "text": rich},)
        if folded
        else ({"type": "blockquote", "blocks": [{"type": "paragraph", "text": rich}]},),
    )


def is_long(text: str) -> bool:
    """Whether a quote is folded."""
    return columns(text) >= FOLD_COLUMNS or screen_lines(text) > FOLD_LINES


def joined(blocks: Iterable[Block], between: str) -> Block:
    """Return several blocks as one.

    :param between: what stands between them in a plain message: newlines.
    """
    blocks = tuple(blocks)
    gaps = max(0, len(blocks) - 1)
    return Block(
        between.join(block.html for block in blocks),
        sum(block.units for block in blocks) + len(between) * gaps,
        sum(block.entities for block in blocks),
        sum(block.lines for block in blocks) + (len(between) - 1) * gaps,
        tuple(piece for block in blocks for piece in block.rich),
    )


def credited(blocks: Sequence[Block], source: Block) -> Block:
    """Return a quotation above where it is from: in a rich message, the credit of its last block."""
    whole = joined([*blocks, source], "\n")
    *before, last = [piece for block in blocks for piece in block.rich]
    credit, *notes = source.rich
    if last["type"] == "paragraph":  # it ends by an ellipsis
        return whole
    return replace(whole, rich=(*before, last | {"credit": credit["text"]}, *notes))


def render_text(text: str) -> str:
    """Return a plain text as HTML."""
    return html.escape(text, quote=False)


def is_web_address(url: str | None) -> bool:
    """Whether Telegram can link to it."""
    return url is not None and len(url) <= URL_CHARS and bool(WEB_ADDRESS.fullmatch(url))


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of a quotation: what stands before, in and after the words that are underlined."""

    parts: tuple[str, str, str]
    bold: bool

    def html(self) -> str:
        before, words, after = map(render_text, self.parts)
        inside = before + (f"<u>{words}</u>" if words else "") + after
        return f"<b>{inside}</b>" if self.bold else inside

    def rich(self) -> RichText:
        before, words, after = self.parts
        inside = [before, {"type": "underline", "text": words} if words else "", after]
        inside = [part for part in inside if part]
        return {"type": "marked", "text": inside} if self.bold else inside[0]


def _runs(text: str, spans: Sequence[Span], shown: Span, words: Span) -> Iterator[_Run]:
    """Yield the runs of a part of a text, none of them empty."""
    start, end = shown
    for first, last in spans:
        if start < first:
            yield _Run((text[start:first], "", ""), bold=False)
        begin, stop = max(first, words[0]), min(last, words[1])
        if begin >= stop:
            begin = stop = last
        yield _Run((text[first:begin], text[begin:stop], text[stop:last]), bold=True)
        start = last
    if start < end:
        yield _Run((text[start:end], "", ""), bold=False)
