"""An answer as text for a terminal. Pure: what it returns, the commands print."""

from qa.types import Answer, Mention, Quote

NOTHING = "Nothing in the archive answers this."
EMPTY = (
    "The index is empty: no article was found when it was built. Put articles into the archive and "
    "run 'newsquote index update', or 'newsquote index build PATH...'."
)
NOTHING_MORE = "Nothing more in the archive answers this."
NEAR_MISSES = "Near misses, which do not answer the question:"
SMALL_TALK = "Ask a question about the archive, and it is answered by quotes."

_BOLD, _DIM, _END = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_UNDERLINED, _NOT_UNDERLINED = "\x1b[4m", "\x1b[24m"
_ELLIPSIS = "…"


def answer_as_text(answer: Answer, *, colour: bool) -> str:
    """Return the answer for a terminal, ending in a line break.

    :param colour: bold the answering sentences, underline the words that answer, dim the citations.
    """
    blocks = []
    note = _note(answer)
    if note:
        blocks.append(_dim(note, colour=colour))
    if answer.query.small_talk:
        blocks.append(SMALL_TALK)
    elif answer.empty:
        blocks.append(EMPTY)
    elif answer.quotes:
        blocks += [_quote(quote, colour=colour) for quote in answer.quotes]
    else:
        blocks.append(NOTHING_MORE if answer.skipped else NOTHING)
        if answer.mention:
            blocks[-1] += f"\n{_mention(answer.mention, shown=bool(answer.near))}"
    if answer.near:
        blocks.append(NEAR_MISSES)
        blocks += [_quote(quote, colour=colour) for quote in answer.near]
    return "\n\n".join(blocks) + "\n"


def _mention(mention: Mention, *, shown: bool) -> str:
    """Return a line that says what the archive has all the same."""
    count = f"more than {mention.articles}" if mention.more else str(mention.articles)
    noun = "article" if mention.articles == 1 else "articles"
    line = f"The archive mentions “{mention.name}” in {count} {noun}"
    return f"{line}." if shown else f"{line}; --near shows what comes closest."


def _note(answer: Answer) -> str:
    query = answer.query
    parts = []
    if query.filters.window:
        parts.append(f"published {query.filters.window}")
    if answer.archive:
        parts.append(f"the archive has articles of {answer.archive}")
    if query.preferred:
        if answer.nearest:
            parts.append(
                f"nothing published {query.preferred} answers; the nearest is of {answer.nearest}"
            )
        elif answer.widened:
            parts.append(f"nothing published {query.preferred} answers; searched all dates")
        else:
            parts.append(f"published {query.preferred} preferred")
    if query.filters.source:
        parts.append(f"source {query.filters.source}")
    if query.follow_up:
        parts.append(f"asked as: {query.text}")
    return f"[{'; '.join(parts)}]" if parts else ""


def _quote(quote: Quote, *, colour: bool) -> str:
    before, after = (_ELLIPSIS if cut else "" for cut in quote.cut)
    text = before + (_with_highlights(quote) if colour else quote.text) + after
    number = f"{quote.n}. "
    margin = " " * len(number)
    lines = [number + text.replace("\n", "\n" + margin), *(margin + line for line in _cite(quote))]
    return "\n".join([lines[0], *(_dim(line, colour=colour) for line in lines[1:])])


def _with_highlights(quote: Quote) -> str:
    pieces, done = [], 0
    first, last = quote.answer or (0, 0)
    for start, end in quote.highlights:
        pieces += [quote.text[done:start], _BOLD]
        if start <= first < last <= end:
            answer = _UNDERLINED + quote.text[first:last] + _NOT_UNDERLINED
            pieces += [quote.text[start:first], answer, quote.text[last:end], _END]
        else:
            pieces += [quote.text[start:end], _END]
        done = end
    return "".join([*pieces, quote.text[done:]])


def _cite(quote: Quote) -> list[str]:
    article = quote.article
    first, last = quote.paragraphs[0] + 1, quote.paragraphs[-1] + 1
    where = f"paragraph {first}" if first == last else f"paragraphs {first}–{last}"
    day = article.date.date().isoformat() if article.date else "no date"
    lines = [f"— {article.title}", f"  {', '.join(filter(None, [article.source, day, where]))}"]
    if article.truncated:
        lines.append("  the file holds only the beginning of the article (paywall)")
    lines.append(f"  {article.url or article.path}")
    if quote.also:
        names = ", ".join(dict.fromkeys(copy.source or copy.title for copy in quote.also))
        lines.append(f"  also at {len(quote.also)}: {names}")
    return lines


def _dim(text: str, *, colour: bool) -> str:
    return f"{_DIM}{text}{_END}" if colour else text
