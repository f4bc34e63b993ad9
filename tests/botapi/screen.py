"""What a phone shows of a message: 46 columns, folded quotes folded, buttons below.

``*bold*``, ``_underlined_``, ``│`` a quotation, ``⌄`` one that is folded, ``[button]``.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from tests.botapi.markup import Entity, slice_units, units
from tests.botapi.world import Sent

COLUMNS = 46
FOLDED_LINES = 3
"""Telegram's apps show so many lines of a folded quotation."""

QUOTATIONS = ("blockquote", "expandable_blockquote")
MARKS = {"bold": "*", "marked": "*", "underline": "_"}
WIDE = re.compile(
    r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]"
)
TOKEN = re.compile(rf"{WIDE.pattern}|[^\S\n]+|(?:(?!{WIDE.pattern})\S)+")


def shown(sent: Sent) -> str:
    """Return a message with its buttons as a phone shows it."""
    lines: list[str] = []
    at = 0
    for place, row in [*sent.inside, (units(sent.text), [])]:
        part = [
            each._replace(offset=each.offset - at)
            for each in sent.entities
            if at <= each.offset < place
        ]
        text = slice_units(sent.text, at, place - at)
        lines += text_lines(text.removesuffix("\n") if row else text, part)
        lines += [_labels(row)] if row else []
        at = place
    return "\n".join([*lines, *map(_labels, sent.keyboard)])


def _labels(row: list[dict[str, Any]]) -> str:
    return " ".join(f"[{button['text']}]" for button in row)


def text_lines(text: str, entities: Sequence[Entity]) -> list[str]:
    """Return the lines that a message takes, of folded quotations those above the fold."""
    lines: list[str] = []
    at = 0
    quotations = sorted(each for each in entities if each.type in QUOTATIONS)
    for each in quotations:
        lines += _plain(text, entities, at, each.offset)
        body = _wrapped(
            _marked(text, entities, each.offset, each.offset + each.length), COLUMNS - 2
        )
        if each.type == QUOTATIONS[1] and len(body) > FOLDED_LINES:
            body = [*body[: FOLDED_LINES - 1], f"{body[FOLDED_LINES - 1]} ⌄"]
        lines += [f"│ {line}".rstrip() for line in body]
        at = each.offset + each.length
    return lines + _plain(text, entities, at, units(text))


def _plain(text: str, entities: Sequence[Entity], start: int, end: int) -> list[str]:
    """Return the lines between two quotations, which begin and end a line."""
    between = _marked(text, entities, start, end)
    between = between.removeprefix("\n") if start else between
    between = between.removesuffix("\n") if end < units(text) else between
    if start == end or (not between and start and end < units(text)):
        # Two quotations on end, or with one line break between them.
        return []
    return _wrapped(between, COLUMNS)


def _marked(text: str, entities: Sequence[Entity], start: int, end: int) -> str:
    """Return a part of a text with signs around what is bold and what is underlined."""
    begins: dict[int, str] = {}
    ends: dict[int, str] = {}
    for each in sorted(entities, key=lambda entity: (-entity.length, entity.type)):
        mark = MARKS.get(each.type)
        if mark and start <= each.offset and each.offset + each.length <= end:
            begins[each.offset] = begins.get(each.offset, "") + mark
            last = each.offset + each.length
            ends[last] = mark + ends.get(last, "")
    places = sorted({start, end, *begins, *ends})
    pieces: list[str] = []
    for left, right in pairwise(places):
        pieces += [begins.get(left, ""), slice_units(text, left, right - left), ends.get(right, "")]
    return "".join(pieces)


def _wrapped(text: str, width: int) -> list[str]:
    return [line for paragraph in text.split("\n") for line in _lines(paragraph, width)]


def _lines(paragraph: str, width: int) -> Iterator[str]:
    """Yield the lines of a paragraph: words whole where they fit, Chinese at any character."""
    line, used = "", 0
    for token in TOKEN.findall(paragraph):
        size = columns(token)
        if used and used + size > width:
            yield line.rstrip()
            line, used = "", 0
            if token.isspace():
                continue
        while size > width:  # a word longer than a line
            head = token[:width]
            yield head
            token = token[width:]  # noqa: PLW2901 - what is left of it
            size = columns(token)
        line, used = line + token, used + size
    yield line.rstrip()


def columns(text: str) -> int:
    """Width of a text on one line."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 2 if WIDE.match(char) else 1
        for char in text
    )
