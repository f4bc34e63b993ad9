"""Pure: an answer becomes pages, each one message within Telegram's limits and one screen of a phone.

A long quote is folded, and the sentence of it that answers stands above the fold. A page is built
from blocks that are never cut; only a quote longer than a whole message is divided beforehand, at a
sentence's end where there is one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.showing.blocks import (
    BLANK_LINE,
    MESSAGE_ENTITIES,
    MESSAGE_UNITS,
    Block,
    Page,
    credited,
    ellipsis_if,
    footer,
    is_long,
    joined,
    line,
    quoted,
)
from bot.showing.citation import SOURCE_CHARS, citation, named
from bot.showing.measure import ELLIPSIS, columns, cuts, one_line, part_around, utf16_units
from bot.showing.texts import Texts
from qa.types import Answer, Filters, Mention, Quote, Window

SCREEN_LINES = 24
"""Lines of a page, if it has more than one quote: a phone shows about thirty, buttons among them."""

LEAD_COLUMNS = 230
"""Of a sentence above the fold, as much as this is shown: five lines."""

QUESTION_CHARS = 100


def render_answer(answer: Answer, texts: Texts, per_page: int, told: str = "") -> tuple[Page, ...]:
    """Return the pages that show an answer, never none.

    :param per_page: quotes on a page at most.
    :param told: the question, where it is told above: nobody has written it.
    """
    if answer.query.small_talk:
        return (Page((line(texts.small_talk),)),)
    asked = [texts.asked.format(text=one_line(told, QUESTION_CHARS))] if told else []
    understood = " · ".join(filter(None, [*asked, _understood(answer, texts)]))
    blocks = [footer(understood)] if understood else []
    if not answer.quotes:
        nothing = texts.nothing_more if answer.skipped else texts.nothing_found
        blocks.append(line(texts.empty_archive if answer.empty else nothing))
    if answer.mention:
        blocks.append(_mention(answer.mention, texts))
    for quote in answer.quotes:
        blocks.extend(_quote_blocks(quote, texts))
    blocks += [
        line(texts.only_a_title.format(title=named(card)), url=card.url) for card in answer.titles
    ]
    return tuple(_pack(blocks, per_page))


def _mention(mention: Mention, texts: Texts) -> Block:
    name = one_line(mention.name, QUESTION_CHARS)
    count = f"> {mention.articles}" if mention.more else mention.articles
    return line(texts.mention.format(name=name, count=count))


def render_near(answer: Answer, texts: Texts, per_page: int) -> tuple[Page, ...]:
    """Return the pages that show near misses, each labelled as what they are."""
    return _labelled(answer.near, texts.near_misses, texts, per_page)


def render_mentioning(answer: Answer, name: str, texts: Texts, per_page: int) -> tuple[Page, ...]:
    """Return the pages that show what mentions a name, each labelled so.

    :param answer: to the name.
    """
    if not answer.quotes:
        return render_answer(answer, texts, per_page)
    label = texts.mentioning.format(name=one_line(name, QUESTION_CHARS))
    return _labelled(answer.quotes, label, texts, per_page)


@dataclass(frozen=True, slots=True)
class News:
    """What is new on a watched question.

    :ivar quotes: the best of it, numbered as they are shown.
    :ivar more: quotes beyond those.
    """

    question: str
    quotes: tuple[Quote, ...]
    more: int = 0


def render_news(news: Sequence[News], texts: Texts) -> tuple[Page, ...]:
    """Return the pages that show what is new on one watched question, or on several."""
    head = line(texts.digest, "b") if len(news) > 1 else None
    blocks: list[Block] = []
    for each in news:
        label = texts.news.format(question=one_line(each.question, QUESTION_CHARS))
        blocks.append(line(label, "b"))
        for quote in each.quotes:
            blocks.extend(_quote_blocks(quote, texts, head))
        if each.more:
            blocks.append(line(texts.more_news.format(count=each.more), "i"))
    return tuple(_pack(blocks, len(blocks), head))


def render_quote(quote: Quote, texts: Texts) -> str:
    """Return one quote with its citation, as much as one message holds."""
    return next(_quote_blocks(quote, texts)).html


def describe(filters: Filters, texts: Texts) -> str:
    """Return filters in words; empty when there are none."""
    parts = []
    if filters.window == Window():
        parts.append(texts.all_dates)
    elif filters.window:
        parts.append(texts.period.format(window=filters.window))
    if filters.source:
        parts.append(texts.source.format(source=one_line(filters.source, SOURCE_CHARS)))
    return " · ".join(parts)


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


def _labelled(quotes: Iterable[Quote], text: str, texts: Texts, per_page: int) -> tuple[Page, ...]:
    """Return pages that all begin with a label."""
    label = line(text, "b")
    blocks = [block for quote in quotes for block in _quote_blocks(quote, texts, label)]
    return tuple(_pack(blocks, per_page, label))


def _quote_blocks(quote: Quote, texts: Texts, above: Block | None = None) -> Iterator[Block]:
    """Return one block, or several when the quote alone is longer than a message.

    :param above: what every page begins with.
    """
    below = _below(quote, texts)
    lead, begin = _lead(quote)
    room = MESSAGE_UNITS - below.units - len("\n") - len(ELLIPSIS + "\n") * sum(quote.cut)
    room -= above.units + len(BLANK_LINE) if above else 0
    room -= sum(block.units + len("\n") for block in lead)
    text = quote.text[begin:]
    if utf16_units(text) > room:
        room -= utf16_units(texts.continued + texts.continues) + len("\n\n")
    places = [begin, *(begin + cut for cut in cuts(text, room)), len(quote.text)]
    # What stands above the fold is not bold below it as well, where nobody would see it.
    highlights, words = ((), None) if lead else (quote.highlights, quote.answer)
    before, after = quote.cut
    for start, end in pairwise(places):
        first, last = start == begin, end == len(quote.text)
        body = quoted(quote.text, highlights, (start, end), words) if start < end else None
        split = first and begin > 0  # the paragraph's beginning stands above the fold
        lines = [
            *ellipsis_if(split and before),
            *(lead if first else [line(texts.continued, "i")]),
            *ellipsis_if(first and not split and before),
            *filter(None, [body]),
            *ellipsis_if(last and after),
        ]
        shown = credited(lines, below if last else line(texts.continues, "i"))
        yield replace(shown, quote=quote.n)


def _lead(quote: Quote) -> tuple[list[Block], int]:
    """Return the sentence that stands above a long quote, and where the text below it begins.

    :return: blocks, none when the quote is not folded; 0 when all of the quote is below.
    """
    if not (is_long(quote.text) and quote.highlights):
        return [], 0
    words = quote.answer or (0, 0)
    start, end = next(
        (span for span in quote.highlights if span[0] <= words[0] < words[1] <= span[1]),
        quote.highlights[0],
    )
    if columns(quote.text[start:end]) > LEAD_COLUMNS:
        kept = (words[0] - start, words[1] - start) if start <= words[0] < words[1] else (0, 0)
        first, last = part_around(quote.text[start:end], kept, LEAD_COLUMNS)
        shown = start + first, start + last
    else:
        shown = start, end
    part = quoted(quote.text, [shown], shown, quote.answer, folds=False)
    if shown == (0, end):  # whole, and the quote begins with it: what follows goes on
        rest = len(quote.text) - len(quote.text[end:].lstrip())
        return [part], rest
    cut = ellipsis_if(shown[0] > start), ellipsis_if(shown[1] < end)
    return [*cut[0], part, *cut[1]], 0


def _below(quote: Quote, texts: Texts) -> Block:
    """Return what stands under a quote: where it is from."""
    lines = [citation(quote.n, quote.article)]
    if quote.also:
        lines.append(line(texts.also.format(count=len(quote.also)), "i"))
    if quote.article.truncated:
        lines.append(line(texts.truncated, "i"))
    return joined(lines, "\n")


def _pack(blocks: Iterable[Block], per_page: int, above: Block | None = None) -> Iterator[Page]:
    """Yield as few pages as hold the blocks in their order.

    :param above: what every page begins with.
    """
    head = (above,) if above else ()
    page: list[Block] = []
    for block in blocks:
        both = joined([*head, *page, block], BLANK_LINE)
        numbers = {each.quote for each in (*page, block)} - {0}
        full = both.units > MESSAGE_UNITS or both.entities > MESSAGE_ENTITIES
        full = full or (len(numbers) > 1 and both.lines > SCREEN_LINES)
        if page and (full or len(numbers) > per_page):
            yield Page((*head, *page))
            page = []
        page.append(block)
    if page:
        yield Page((*head, *page))
