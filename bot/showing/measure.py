"""Pure: how long a text is, as Telegram counts it and as a phone shows it; where it may be cut."""

import re
import unicodedata
from collections.abc import Iterator

SCREEN_COLUMNS = 46
"""Columns of a phone held upright, at Telegram's usual letters; a Chinese character takes two."""

ELLIPSIS = "…"
SENTENCE_END = re.compile(r"(?:[。！？!?…\n]|\.(?=\s))[”’»」』）)\"']*\s*")
SPACE = re.compile(r"\s+")
CLAUSE_END = re.compile(r"[，、；：,;:]\s*|\s+")


def utf16_units(text: str) -> int:
    """Length of a text as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def columns(text: str) -> int:
    """Width of a text on one line: wide characters take two columns, marks on letters none."""
    return sum(map(_width, text))


def screen_lines(text: str) -> int:
    """Lines that a text takes on a phone's screen, about."""
    return sum(max(1, -(-columns(line) // SCREEN_COLUMNS)) for line in text.split("\n"))


def one_line(text: str, characters: int) -> str:
    """Shorten a text on one line; half a surrogate pair, which HTTP cannot carry, becomes �."""
    line = " ".join(text.split()).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return line if len(line) <= characters else line[: characters - 1] + ELLIPSIS


def fitting(text: str, start: int, room: int) -> int:
    """Return the end of the longest piece from ``start`` that fits; whole characters only.

    :param room: UTF-16 units.
    """
    end = start
    while end < len(text) and room >= utf16_units(text[end]):
        room -= utf16_units(text[end])
        end += 1
    return end


def start_of_tail(text: str, room: int) -> int:
    """Return where the longest ending that fits begins; whole characters only."""
    return len(text) - fitting(text[::-1], 0, room)


def cuts(text: str, room: int) -> Iterator[int]:
    """Yield where to divide a text so that no piece is longer than ``room`` UTF-16 units."""
    start = 0
    while utf16_units(text[start:]) > room:
        longest = fitting(text, start, room)
        start = _last_end(SENTENCE_END, text, start, longest) or (
            _last_end(SPACE, text, start, longest) or longest
        )
        yield start


def part_around(text: str, kept: tuple[int, int], room: int) -> tuple[int, int]:
    """Return a part of a text that is at most ``room`` columns wide and holds what is to be kept.

    It begins with the text when what is kept then fits, and else after a comma or a space.

    :param kept: span in the text; of one that is wider, only the beginning is.
    """
    start, end = kept
    if columns(text[:end]) <= room:
        return 0, _wide(text, 0, room)
    spare = max(0, room - columns(text[start:end]))
    before = start - _wide(text[:start][::-1], 0, spare * 2 // 3)
    begin = next((found.end() for found in CLAUSE_END.finditer(text, before, start)), start)
    return begin, _wide(text, begin, room)


def _wide(text: str, start: int, room: int) -> int:
    """Return the end of the longest piece from ``start`` that is at most ``room`` columns wide."""
    end = start
    while end < len(text) and room >= _width(text[end]):
        room -= _width(text[end])
        end += 1
    return end


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _last_end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int | None:
    """Return the end of the last match in the second half of a piece."""
    ends = [found.end() for found in pattern.finditer(text, (start + end) // 2, end)]
    return ends[-1] if ends else None
