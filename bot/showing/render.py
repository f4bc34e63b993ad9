"""Pure: an answer becomes pages of one Telegram message, in its HTML and within its limits.

A page is built from blocks that are never cut; only a quote longer than a whole message is
divided beforehand, at a sentence's end where there is one.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from bot.showing.texts import Texts
from index.types import Card
from qa.service import Surroundings
from qa.types import Answer, Filters, Mention, Quote

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
CONTEXT_UNITS = 800
"""Of a paragraph beside a quote, as much as this is shown."""

BLANK_LINE = "\n\n"
ELLIPSIS = "…"

SENTENCE_END = re.compile(r"(?:[。！？!?…\n]|\.(?=\s))[”’»」』）)\"']*\s*")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Block:
    """A piece of a message that stays whole: its HTML, and what that takes of a message.

    :ivar quote: number of the quote that it shows; 0 = none.
    """

    html: str
    units: int
    entities: int
    quote: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer: valid HTML for one message.

    :ivar quotes: numbers of the quotes that it shows.
    """

    html: str
    quotes: tuple[int, ...] = ()


def render_answer(answer: Answer, texts: Texts, per_page: int) -> tuple[Page, ...]:
    """Return the pages that show an answer, never none.

    :param per_page: quotes on a page at most.
    """
    if answer.query.small_talk:
        return (Page(render_text(texts.small_talk)),)
    understood = _understood(answer, texts)
    blocks = [_line(understood, "i")] if understood else []
    if not answer.quotes:
        blocks.append(_line(texts.nothing_more if answer.skipped else texts.nothing_found))
    if answer.mention:
        blocks.append(_mention(answer.mention, texts))
    for quote in answer.quotes:
        blocks.extend(_quote_blocks(quote, texts))
    return tuple(_pack(blocks, per_page))


def _mention(mention: Mention, texts: Texts) -> _Block:
    name = one_line(mention.name, QUESTION_CHARS)
    count = f"> {mention.articles}" if mention.more else mention.articles
    return _line(texts.mention.format(name=name, count=count))


def render_near(answer: Answer, texts: Texts, per_page: int) -> tuple[Page, ...]:
    """Return the pages that show near misses, each labelled as what they are."""
    label = _line(texts.near_misses, "b")
    blocks = [block for quote in answer.near for block in _quote_blocks(quote, texts, label)]
    return tuple(_pack(blocks, per_page, label))


def render_news(question: str, quotes: Iterable[Quote], texts: Texts) -> Page:
    """Return what is new on a watched question, as much as one message holds."""
    head = _line(texts.news.format(question=one_line(question, QUESTION_CHARS)), "b")
    blocks = [block for quote in quotes for block in _quote_blocks(quote, texts, head)]
    return next(_pack(blocks, len(blocks), head))


def render_quote(quote: Quote, texts: Texts) -> str:
    """Return one quote with its citation, as much as one message holds."""
    return next(_quote_blocks(quote, texts)).html


def render_surroundings(found: Surroundings, number: int) -> str:
    """Return a quote with the paragraphs around it, shortened to fit a message."""
    below = _citation(number, found.article)
    lines = []
    if found.before:
        begin = _start_of_tail(found.before, CONTEXT_UNITS)
        lines += [*_ellipsis(begin > 0), _paragraph(found.before[begin:])]
    room = MESSAGE_UNITS - 2 * CONTEXT_UNITS - below.units - 7 * len("\n") - 4 * len(ELLIPSIS)
    start = max(0, found.span[0] - room // 4) if utf16_units(found.text) > room else 0
    end = _fitting(found.text, start, room)
    lines += [*_ellipsis(start > 0), _quoted(found.text, [found.span], start, end)]
    lines += _ellipsis(end < len(found.text))
    if found.after:
        end = _fitting(found.after, 0, CONTEXT_UNITS)
        lines += [_paragraph(found.after[:end]), *_ellipsis(end < len(found.after))]
    return _joined([*lines, below], "\n").html


def render_card(article: Card, texts: Texts, archive: Iterable[str] = ()) -> str:
    """Return all that is known of an article.

    :param archive: the archive's files and folders.
    """
    known = (
        (texts.source, "source", article.source),
        (texts.author, "author", article.author),
        (texts.date, "date", article.date.isoformat(" ", "minutes") if article.date else None),
        (texts.file, "file", path_in(archive, article.path)),
    )
    title = one_line(article.title, TITLE_CHARS)
    lines = [_linked(_line(title, "b"), article.url)]
    for label, name, value in known:
        if value:
            lines.append(_line(label.format(**{name: one_line(value, QUESTION_CHARS)})))
    if _is_web_address(article.url):
        lines.append(_line(article.url or ""))
    if article.truncated:
        lines.append(_line(texts.truncated, "i"))
    return _joined(lines, "\n").html


def path_in(archive: Iterable[str], path: str) -> str:
    """Return where in the archive a file lies; where the archive lies is nobody's business."""
    file = Path(path).absolute()
    for folder in map(Path, archive):
        if file != folder.absolute() and file.is_relative_to(folder.absolute()):
            return file.relative_to(folder.absolute()).as_posix()
    return file.name


def describe(filters: Filters, texts: Texts) -> str:
    """Return filters in words; empty when there are none."""
    parts = []
    if filters.window:
        parts.append(texts.period.format(window=filters.window))
    if filters.source:
        parts.append(texts.source.format(source=one_line(filters.source, SOURCE_CHARS)))
    return " · ".join(parts)


def render_text(text: str) -> str:
    """Return a plain text as HTML."""
    return html.escape(text, quote=False)


def utf16_units(text: str) -> int:
    """Length of a text as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def _understood(answer: Answer, texts: Texts) -> str:
    query = answer.query
    parts = []
    if query.follow_up:
        parts.append(texts.follow_up.format(text=one_line(query.text, QUESTION_CHARS)))
    if query.preferred:
        sentence = texts.widened if answer.widened else texts.preferred
        if answer.nearest:
            sentence = texts.nearest
        parts.append(sentence.format(window=query.preferred, nearest=answer.nearest))
    parts.append(describe(query.filters, texts))
    if answer.archive:
        parts.append(texts.archive.format(window=answer.archive))
    return " · ".join(filter(None, parts))


def _quote_blocks(quote: Quote, texts: Texts, above: _Block | None = None) -> Iterator[_Block]:
    """Return one block, or several when the quote alone is longer than a message.

    :param above: what every page begins with.
    """
    below = _below(quote, texts)
    cut_before, cut_after = quote.cut
    room = MESSAGE_UNITS - below.units - len("\n") - len(ELLIPSIS + "\n") * sum(quote.cut)
    room -= above.units + len(BLANK_LINE) if above else 0
    if utf16_units(quote.text) > room:
        room -= utf16_units(texts.continued + texts.continues) + len("\n\n")
    cuts = [0, *_cuts(quote.text, room), len(quote.text)]
    for start, end in pairwise(cuts):
        first, last = start == 0, end == len(quote.text)
        lines = [
            *([] if first else [_line(texts.continued, "i")]),
            *_ellipsis(first and cut_before),
            _quoted(quote.text, quote.highlights, start, end, quote.answer),
            *_ellipsis(last and cut_after),
            below if last else _line(texts.continues, "i"),
        ]
        yield replace(_joined(lines, "\n"), quote=quote.n)


def _ellipsis(cut: bool) -> list[_Block]:  # noqa: FBT001 - the one thing it depends on
    """Return a line that says outside the quote that its paragraph goes on."""
    return [_line(ELLIPSIS)] if cut else []


def _below(quote: Quote, texts: Texts) -> _Block:
    """Return what stands under a quote: where it is from."""
    lines = [_citation(quote.n, quote.article)]
    if quote.also:
        lines.append(_line(texts.also.format(count=len(quote.also)), "i"))
    if quote.article.truncated:
        lines.append(_line(texts.truncated, "i"))
    return _joined(lines, "\n")


def _citation(number: int, article: Card) -> _Block:
    """``[n] title — source, date``, a link where the article has an address."""
    day = article.date.date().isoformat() if article.date else None
    origin = ", ".join(filter(None, (one_line(article.source or "", SOURCE_CHARS), day)))
    title = one_line(article.title, TITLE_CHARS)
    line = _line(f"[{number}] " + " — ".join(filter(None, (title, origin))))
    return _linked(line, article.url)


def _linked(line: _Block, url: str | None) -> _Block:
    if not _is_web_address(url):
        return line
    link = f'<a href="{html.escape(url or "")}">{line.html}</a>'
    return _Block(link, line.units, line.entities + 1)


def _is_web_address(url: str | None) -> bool:
    return url is not None and len(url) <= URL_CHARS and bool(WEB_ADDRESS.fullmatch(url))


def _paragraph(text: str) -> _Block:
    return _quoted(text, (), 0, len(text))


def _quoted(
    text: str,
    highlights: Iterable[tuple[int, int]],
    start: int,
    end: int,
    words: tuple[int, int] | None = None,
) -> _Block:
    """``text[start:end]`` as a blockquote with what is highlighted of it.

    :param words: what is underlined inside the highlights.
    """
    spans = [
        (max(first, start), min(last, end))
        for first, last in highlights
        if max(first, start) < min(last, end)
    ][:QUOTE_HIGHLIGHTS]
    units = utf16_units(text[start:end])
    tag = "blockquote expandable" if units > EXPANDABLE_UNITS else "blockquote"
    body = "".join(_marked(text, spans, (start, end), words or (0, 0)))
    return _Block(f"<{tag}>{body}</blockquote>", units, 1 + len(spans) + body.count("<u>"))


def _marked(
    text: str, spans: Sequence[tuple[int, int]], shown: tuple[int, int], words: tuple[int, int]
) -> Iterator[str]:
    start, end = shown
    for first, last in spans:
        yield render_text(text[start:first])
        begin, stop = max(first, words[0]), min(last, words[1])
        if begin < stop:
            before, answer, after = text[first:begin], text[begin:stop], text[stop:last]
            inside = f"{render_text(before)}<u>{render_text(answer)}</u>{render_text(after)}"
        else:
            inside = render_text(text[first:last])
        yield f"<b>{inside}</b>"
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


def _start_of_tail(text: str, room: int) -> int:
    """Return where the longest ending that fits begins; whole characters only."""
    return len(text) - _fitting(text[::-1], 0, room)


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


def _pack(blocks: Iterable[_Block], per_page: int, above: _Block | None = None) -> Iterator[Page]:
    """Yield as few pages as hold the blocks in their order.

    :param above: what every page begins with.
    """
    page: list[_Block] = []
    for block in blocks:
        both = _joined([*filter(None, [above]), *page, block], BLANK_LINE)
        numbers = {each.quote for each in (*page, block)} - {0}
        full = both.units > MESSAGE_UNITS or both.entities > MESSAGE_ENTITIES
        if page and (full or len(numbers) > per_page):
            yield _page(page, above)
            page = []
        page.append(block)
    if page:
        yield _page(page, above)


def _page(blocks: Sequence[_Block], above: _Block | None) -> Page:
    numbers = dict.fromkeys(block.quote for block in blocks if block.quote)
    return Page(_joined([*filter(None, [above]), *blocks], BLANK_LINE).html, tuple(numbers))


def one_line(text: str, characters: int) -> str:
    """Shorten a text on one line; half a surrogate pair, which HTTP cannot carry, becomes �."""
    line = " ".join(text.split()).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return line if len(line) <= characters else line[: characters - 1] + "…"
