"""Pure: an article as a message: a quote in its surroundings, and all that is known of it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.showing.blocks import (
    MESSAGE_UNITS,
    Page,
    ellipsis_if,
    footer,
    is_web_address,
    joined,
    line,
    quoted,
)
from bot.showing.citation import TITLE_CHARS, citation
from bot.showing.measure import ELLIPSIS, fitting, one_line, start_of_tail, utf16_units
from bot.showing.texts import Texts
from index.types import Card
from qa.service import Surroundings

CONTEXT_UNITS = 800
"""Of a paragraph beside a quote, as much as this is shown."""

VALUE_CHARS = 300


def render_surroundings(found: Surroundings, number: int) -> Page:
    """Return a quote with the paragraphs around it, shortened to fit a message."""
    below = citation(number, found.article)
    lines = []
    if found.before:
        begin = start_of_tail(found.before, CONTEXT_UNITS)
        lines += [*ellipsis_if(begin > 0), quoted(found.before[begin:])]
    room = MESSAGE_UNITS - 2 * CONTEXT_UNITS - below.units - 7 * len("\n") - 4 * len(ELLIPSIS)
    start = max(0, found.span[0] - room // 4) if utf16_units(found.text) > room else 0
    end = fitting(found.text, start, room)
    # It was asked for, and the sentence in it is to be seen: not folded, however long.
    whole = found.span == (0, len(found.text))
    middle = quoted(found.text, [] if whole else [found.span], (start, end), folds=False)
    lines += [*ellipsis_if(start > 0), middle]
    lines += ellipsis_if(end < len(found.text))
    if found.after:
        end = fitting(found.after, 0, CONTEXT_UNITS)
        lines += [quoted(found.after[:end]), *ellipsis_if(end < len(found.after))]
    return Page((joined([*lines, below], "\n"),))


def render_card(article: Card, texts: Texts, archive: Iterable[str] = ()) -> Page:
    """Return all that is known of an article.

    :param archive: the archive's files and folders.
    """
    known = (
        (texts.source, "source", article.source),
        (texts.author, "author", article.author),
        (texts.date, "date", article.date.isoformat(" ", "minutes") if article.date else None),
        (texts.file, "file", path_in(archive, article.path)),
    )
    lines = [line(one_line(article.title, TITLE_CHARS), "b", article.url)]
    for label, name, value in known:
        if value:
            lines.append(line(label.format(**{name: one_line(value, VALUE_CHARS)})))
    if is_web_address(article.url):
        lines.append(line(article.url or ""))
    if article.truncated:
        lines.append(line(texts.truncated, "i"))
    if article.title_only:
        lines.append(line(texts.title_only, "i"))
    return Page((joined(lines, "\n"),))


def render_list(articles: Sequence[Card], title: str, filters: str) -> Page:
    """Return articles as numbered lines that lead to them.

    :param filters: those in force, in words; empty when there are none.
    """
    head = [line(title, "b"), *([footer(filters)] if filters else [])]
    return Page((*head, *(citation(n, each) for n, each in enumerate(articles, 1))))


def path_in(archive: Iterable[str], path: str) -> str:
    """Return where in the archive a file lies; where the archive lies is nobody's business."""
    file = Path(path).absolute()
    for folder in map(Path, archive):
        if file != folder.absolute() and file.is_relative_to(folder.absolute()):
            return file.relative_to(folder.absolute()).as_posix()
    return file.name
