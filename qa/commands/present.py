"""An answer as text for a terminal. Pure: what it returns, the commands print."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from index.types import Card
from qa.commands.look import PLAIN, Look
from qa.types import Answer, Mention, Quote

NOTHING = "Nothing in the archive answers this."
EMPTY = (
    "The index is empty: no article was found when it was built. Put articles into the archive and "
    "run 'newsquote index update', or 'newsquote index build PATH...'."
)
NOTHING_MORE = "Nothing more in the archive answers this."
NEAR_MISSES = "Near misses, which do not answer the question:"
TITLE_ONLY = "Title only: "
"""Stands before an article of which the archive has no text, and so nothing that could be quoted."""
SMALL_TALK = "Ask a question about the archive, and it is answered by quotes."

SURE, LIKELY = 0.9, 0.7
"""Answer scores, which are chances of an answer on questions of which half have one: nine of ten, and
seven of ten. docs/lab/2026-11-29-the-terminal.md says what the words are worth on real questions."""

OFFER = "--near shows what comes closest."

_ANSWERS, _UNDERLINED, _DIM, _END = "1;32", "4", "2", "\x1b[0m"
_ELLIPSIS = "…"
_INDENT = "  "
"""As wide as the dash before a title."""
_NARROWEST = 20
"""Columns below which text is not wrapped but left to the terminal."""

Marks: TypeAlias = Sequence[tuple[int, int, str]]
"""Spans of a text, each with the code of how it is shown."""


def answer_as_text(answer: Answer, look: Look = PLAIN) -> str:
    """Return the answer for a terminal, ending in a line break."""
    blocks = []
    note = _note(answer)
    if note:
        blocks.append(_wrapped(note, "", "", look, _DIM))
    if answer.query.small_talk:
        blocks.append(SMALL_TALK)
    elif answer.empty:
        blocks.append(EMPTY)
    elif answer.quotes:
        blocks += [_quote(quote, look) for quote in answer.quotes]
    else:
        blocks.append(_nothing(answer, look))
    blocks += [_title_only(card, look) for card in answer.titles]
    if answer.near:
        blocks.append(NEAR_MISSES)
        blocks += [_quote(quote, look, near=True) for quote in answer.near]
    return "\n\n".join(blocks) + "\n"


def certainty(score: float) -> str:
    """Return the word for an answer score."""
    return "sure" if score >= SURE else "likely" if score >= LIKELY else "possible"


def _nothing(answer: Answer, look: Look) -> str:
    """Say that nothing answers, and what the archive has all the same."""
    said = NOTHING_MORE if answer.skipped else NOTHING
    offer = look.offer_near and not answer.near
    if answer.mention:
        said += f"\n{_mention(answer.mention)}"
    return f"{said.removesuffix('.')}; {OFFER}" if offer else said


def _mention(mention: Mention) -> str:
    count = f"more than {mention.articles}" if mention.more else str(mention.articles)
    noun = "article" if mention.articles == 1 else "articles"
    return f"The archive mentions “{mention.name}” in {count} {noun}."


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


def _quote(quote: Quote, look: Look, *, near: bool = False) -> str:
    number = f"{quote.n}. "
    margin = " " * len(number)
    text, marks = _sentences(quote) if look.short else _passage(quote)
    shown: list[str] = []
    done = 0
    for paragraph in text.split("\n"):
        inside = [(start - done, end - done, code) for start, end, code in marks]
        head = margin if shown else number
        shown.append(_wrapped(paragraph, head, margin, look, marks=inside))
        done += len(paragraph) + 1
    cited = _cite_short(quote) if look.short else _cite(quote, near=near)
    for line, link in cited:
        head = margin if line.startswith("—") else margin + _INDENT
        shown.append(_wrapped(line, head, margin + _INDENT, look, _DIM, link=link))
    return "\n".join(shown)


def _passage(quote: Quote) -> tuple[str, Marks]:
    """Return all that is quoted, and what is marked in it."""
    before, after = (_ELLIPSIS if cut else "" for cut in quote.cut)
    shift = len(before)
    marks = [(start + shift, end + shift, _ANSWERS) for start, end in quote.highlights]
    if quote.answer and quote.highlights:
        marks.append((quote.answer[0] + shift, quote.answer[1] + shift, _UNDERLINED))
    return before + quote.text + after, marks


def _sentences(quote: Quote) -> tuple[str, Marks]:
    """Return the sentences that answer alone; all that is quoted where none stands out."""
    spans = quote.highlights or ((0, len(quote.text)),)
    pieces, marks, done = [], [], 0
    for start, end in spans:
        piece = quote.text[start:end].strip()
        if quote.answer and start <= quote.answer[0] < quote.answer[1] <= end:
            shift = done - quote.text.index(piece, start)
            marks.append((quote.answer[0] + shift, quote.answer[1] + shift, _UNDERLINED))
        pieces.append(piece)
        done += len(piece) + 1
    return "\n".join(pieces), marks


Cited: TypeAlias = Iterator[tuple[str, str | None]]
"""Lines of a citation, each with the address that it leads to."""


def _cite(quote: Quote, *, near: bool) -> Cited:
    article = quote.article
    link = _link(quote.article)
    first, last = quote.paragraphs[0] + 1, quote.paragraphs[-1] + 1
    where = f"paragraph {first}" if first == last else f"paragraphs {first}–{last}"
    word = "" if near else f" · {certainty(quote.score)}"
    yield f"— {article.title}", link
    yield f"{', '.join(filter(None, [article.source, _day(quote.article), where]))}{word}", None
    if article.truncated:
        yield "the file holds only the beginning of the article (paywall)", None
    yield f"{article.url or article.path}", link
    if quote.also:
        names = ", ".join(dict.fromkeys(copy.source or copy.title for copy in quote.also))
        yield f"also at {len(quote.also)}: {names}", None


def _cite_short(quote: Quote) -> Cited:
    article = quote.article
    yield (
        f"— {', '.join(filter(None, [article.source or article.title, _day(quote.article)]))}",
        None,
    )
    yield f"{article.url or article.path}", _link(quote.article)


def _title_only(card: Card, look: Look) -> str:
    """Return an article of which there is nothing to quote."""
    link = _link(card)
    about = ", ".join(filter(None, [card.source, _day(card)]))
    lines = [
        _wrapped(card.title, TITLE_ONLY, _INDENT, look, link=link),
        _wrapped(about, _INDENT, _INDENT, look, _DIM),
        _wrapped(card.url or card.path, _INDENT, _INDENT, look, _DIM, link=link),
    ]
    return "\n".join(lines)


def _day(card: Card) -> str:
    return card.date.date().isoformat() if card.date else "no date"


def _link(card: Card) -> str:
    return card.url or Path(card.path).absolute().as_uri()


def _wrapped(
    text: str,
    head: str,
    margin: str,
    look: Look,
    code: str = "",
    *,
    marks: Marks = (),
    link: str | None = None,
) -> str:
    """Return a paragraph in lines that fit, each after a margin of its own.

    :param head: stands before the first line.
    :param margin: stands before the others.
    :param code: how all of it is shown.
    :param link: where it leads; the text of a link that is one word is never broken.
    """
    whole = [(0, len(text))]
    one_word = link is not None and " " not in text
    if look.width is not None and look.width - len(margin) >= _NARROWEST and not one_word:
        from qa.commands.wrapping import lines  # noqa: PLC0415 - a pipe does without it

        whole = list(lines(text, look.width - len(margin))) or whole
    return "\n".join(
        (margin if n else head) + _shown(text, span, code, marks, look, link)
        for n, span in enumerate(whole)
    )


def _shown(
    text: str, line: tuple[int, int], code: str, marks: Marks, look: Look, link: str | None
) -> str:
    """Return one line of a text with the codes for what is marked and what can be clicked."""
    start, end = line
    if not look.colour:
        marks, code = (), ""
    places = {start, end} | {place for mark in marks for place in mark[:2] if start < place < end}
    ordered = sorted(places)
    pieces = []
    for begin, stop in pairwise(ordered):
        codes = [code] if code else []
        codes += [mark[2] for mark in marks if mark[0] <= begin and stop <= mark[1]]
        piece = text[begin:stop]
        pieces.append(f"\x1b[{';'.join(codes)}m{piece}{_END}" if codes else piece)
    shown = "".join(pieces)
    return f"\x1b]8;;{link}\x1b\\{shown}\x1b]8;;\x1b\\" if link and look.links else shown
