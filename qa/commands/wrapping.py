"""Text broken into lines as wide as a terminal, in any script.

Chinese and Japanese break between any two characters, except before what closes and after what opens;
other scripts break at spaces. Widths are those that terminals show (wcwidth).
"""

import re
from collections.abc import Iterator

from wcwidth import wcswidth, wcwidth

_WIDE = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff10-\uff5a"
)
_OPENS = r"“‘「『《〈（【〔\[("
_CLOSES = r"”’」』》〉）】〕\])，。、；：？！…％．,.;:?!%"
_UNIT = re.compile(rf"\s+|[{_OPENS}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENS}]+)?[{_CLOSES}]*")


def lines(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield where each line of a text starts and ends; white space at a break is in no line.

    :param text: of one paragraph.
    :param width: columns of a line, >= 2.
    """
    start = end = used = 0
    for unit in _units(text, width):
        columns = columns_of(text[slice(*unit)])
        blank = text[unit[0]].isspace()
        if used + columns > width and not blank and used:
            yield start, end
            start, used = unit[0], 0
        if blank and not used:
            start = unit[1]  # a line does not begin with a space
            continue
        used += columns
        if not blank:
            end = unit[1]
    if end > start:
        yield start, end


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    columns = int(wcswidth(text))
    return columns if columns >= 0 else sum(max(0, wcwidth(char)) for char in text)


def _units(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield what stays together: words, single wide characters, with the marks at their sides."""
    for match in _UNIT.finditer(text):
        if columns_of(match[0]) <= width:
            if match[0]:
                yield match.span()
        else:  # a word that no line can hold
            yield from ((place, place + 1) for place in range(*match.span()))
