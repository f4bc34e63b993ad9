"""Pure: an answer becomes Telegram messages, in its HTML and within its limits.

A message is built from blocks that are never cut; only a quote longer than a whole message is
divided beforehand, at a sentence's end where there is one.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.texts import Texts
from qa.types import Answer, Citation, Query, Quote

MESSAGE_UNITS = 4096
"""Longest message after entity parsing, in UTF-16 units. https://core.telegram.org/bots/api#sendmessage"""

MESSAGE_ENTITIES = 100
"""Entities of a message that Telegram keeps. https://core.telegram.org/api/entities"""

EXPANDABLE_UNITS = 600
"""Quotes longer than this are folded; most passages are shorter."""

QUOTE_HIGHLIGHTS = 40
TITLE_CHARS = 300
SOURCE_CHARS = 100
QUESTION_CHARS = 300
URL_CHARS = 2048
BLANK_LINE = "\n\n"

SENTENCE_END = re.compile(r"(?:[。！？!?…\n]|\.(?=\s))[”’»」』）)\"']*\s*")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Block:
    """A piece of a message that stays whole: its HTML, and what that takes of a message."""

    html: str
    units: int
    entities: int


def render_answer(answer: Answer, texts: Texts) -> tuple[str, ...]:
    """Return the messages that show an answer, in order, never none, each valid HTML."""
    understood = _understood(answer.query, texts)
    blocks = [_line(understood, "i")] if understood else []
    if not answer.quotes:
        idle = texts.small_talk if answer.query.small_talk else texts.nothing_found
        return tuple(_pack([*blocks, _line(idle)]))
    for quote in answer.quotes:
        blocks.extend(_quote_blocks(quote, texts))
    return tuple(_pack(blocks))


def render_text(text: str) -> str:
    """Return a plain text as HTML."""
    return html.escape(text, quote=False)


def utf16_units(text: str) -> int:
    """Length of a text as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def _understood(query: Query, texts: Texts) -> str:
    parts = []
    if query.follow_up:
        parts.append(texts.follow_up.format(text=_clip(query.text, QUESTION_CHARS)))
    if query.filters.window:
        parts.append(texts.period.format(window=query.filters.window))
    if query.preferred:
        parts.append(texts.preferred.format(window=query.preferred))
    if query.filters.source:
        parts.append(texts.source.format(source=_clip(query.filters.source, SOURCE_CHARS)))
    return " · ".join(parts)


def _quote_blocks(quote: Quote, texts: Texts) -> Iterator[_Block]:
    """Return one block, or several when the quote alone is longer than a message."""
    below = _below(quote, texts)
    room = MESSAGE_UNITS - below.units - len("\n")
    if utf16_units(quote.text) > room:
        room -= utf16_units(texts.continued + texts.continues) + len("\n\n")
    cuts = [0, *_cuts(quote.text, room), len(quote.text)]
    for start, end in pairwise(cuts):
        lines = [_blockquote(quote, start, end)]
        if start > 0:
            lines.insert(0, _line(texts.continued, "i"))
        lines.append(below if end == len(quote.text) else _line(texts.continues, "i"))
        yield _joined(lines, "\n")


def _below(quote: Quote, texts: Texts) -> _Block:
    """Return what stands under a quote: where it is from."""
    lines = [_citation(quote.n, quote.article)]
    if quote.also:
        lines.append(_line(texts.also.format(count=len(quote.also)), "i"))
    if quote.article.truncated:
        lines.append(_line(texts.truncated, "i"))
    return _joined(lines, "\n")


def _citation(number: int, article: Citation) -> _Block:
    """``[n] title — source, date``, a link where the article has an address."""
    day = article.date.date().isoformat() if article.date else None
    origin = ", ".join(filter(None, (_clip(article.source or "", SOURCE_CHARS), day)))
    title = _clip(article.title, TITLE_CHARS)
    line = _line(f"[{number}] " + " — ".join(filter(None, (title, origin))))
    if not _is_web_address(article.url):
        return line
    link = f'<a href="{html.escape(article.url or "")}">{line.html}</a>'
    return _Block(link, line.units, line.entities + 1)


def _is_web_address(url: str | None) -> bool:
    return url is not None and len(url) <= URL_CHARS and bool(WEB_ADDRESS.fullmatch(url))


def _blockquote(quote: Quote, start: int, end: int) -> _Block:
    """``text[start:end]`` with what is highlighted of it."""
    spans = [
        (max(first, start), min(last, end))
        for first, last in quote.highlights
        if max(first, start) < min(last, end)
    ][:QUOTE_HIGHLIGHTS]
    units = utf16_units(quote.text[start:end])
    tag = "blockquote expandable" if units > EXPANDABLE_UNITS else "blockquote"
    body = "".join(_marked(quote.text, spans, start, end))
    return _Block(f"<{tag}>{body}</blockquote>", units, 1 + len(spans))


def _marked(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[str]:
    for first, last in spans:
        yield render_text(text[start:first])
        yield f"<b>{render_text(text[first:last])}</b>"
        start = last
    yield render_text(text[start:end])


def _cuts(text: str, room: int) -> Iterator[int]:
    """Yield where to divide a text so that no piece is longer than ``room`` UTF-16 units."""
    start = 0
    while utf16_units(text[start:]) > room:
        longest = _fitting(text, start, room)
        start = _last_end(SENTENCE_END, text, start, longest) or (
            _last_end(SPACE, text, start, longest) or longest
        )
        yield start


def _fitting(text: str, start: int, room: int) -> int:
    """Return the end of the longest piece from ``start`` that fits; whole characters only."""
    end = start
    while end < len(text) and room >= utf16_units(text[end]):
        room -= utf16_units(text[end])
        end += 1
    return end


def _last_end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int | None:
    """Return the end of the last match in the second half of a piece."""
    ends = [found.end() for found in pattern.finditer(text, (start + end) // 2, end)]
    return ends[-1] if ends else None


def _line(text: str, tag: str = "") -> _Block:
    shown = render_text(text)
    if not tag:
        return _Block(shown, utf16_units(text), 0)
    return _Block(f"<{tag}>{shown}</{tag}>", utf16_units(text), 1)


def _joined(blocks: Iterable[_Block], between: str) -> _Block:
    blocks = tuple(blocks)
    return _Block(
        between.join(block.html for block in blocks),
        sum(block.units for block in blocks) + len(between) * (len(blocks) - 1),
        sum(block.entities for block in blocks),
    )


def _pack(blocks: Iterable[_Block]) -> Iterator[str]:
    """Yield as few messages as hold the blocks in their order."""
    message: _Block | None = None
    for block in blocks:
        both = _joined((message, block), BLANK_LINE) if message else block
        if message and (both.units > MESSAGE_UNITS or both.entities > MESSAGE_ENTITIES):
            yield message.html
            message = block
        else:
            message = both
    if message:
        yield message.html


def _clip(text: str, characters: int) -> str:
    """Shorten a text on one line; half a surrogate pair, which HTTP cannot carry, becomes �."""
    line = " ".join(text.split()).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return line if len(line) <= characters else line[: characters - 1] + "…"
