"""The characters of the Chinese national character sets, told by Python's own codecs."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Repertoire:
    """The characters of one national character set.

    :ivar everyday: its first level, which covers all but a thousandth of running text.
    :ivar all: all of its Chinese characters.
    """

    everyday: frozenset[str]
    all: frozenset[str]


@cache
def simplified() -> Repertoire:
    """GB 2312-1980: level one is rows 16 to 55, level two rows 56 to 87."""
    return Repertoire(_rows("gb2312", 0xB0, 0xD7), _rows("gb2312", 0xB0, 0xF7))


@cache
def traditional() -> Repertoire:
    """Big5: level one is lead bytes A4 to C6, level two C9 to F9."""
    return Repertoire(_rows("big5", 0xA4, 0xC6), _rows("big5", 0xA4, 0xF9))


def _rows(encoding: str, first: int, last: int) -> frozenset[str]:
    lines = b"".join(
        b"%c%c\n" % (lead, trail) for lead in range(first, last + 1) for trail in range(0x40, 0xFF)
    )
    decoded = lines.decode(encoding, "ignore").split("\n")
    return frozenset(text for text in decoded if len(text) == 1 and text >= "\u4e00")
