"""White space and invisible characters in text that was laid out for a browser (R7)."""

import re

_CJK = "\u2018-\u201d\u2014\u2026\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U000323af"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]"
)
_BROKEN_LINE = re.compile(rf"(?<=[{_CJK}])[ \t]*\n[ \t\n]*(?=[{_CJK}])")

_JOINED = (
    "A-Za-z\u00c0-\u024f\u0370-\u10ff\u1200-\u1fff\u2190-\u2bff\ua4d0-\uabff\ufb1d-\ufdff\ufe0f\ufe70-\ufefc"
    "\U00010000-\U0001ffff"
)
"""Letters but for Han, kana and Hangul, and emoji: between two of them a joiner is part of the writing."""
_LOOSE_JOINERS = re.compile(
    rf"(?<![{_JOINED}\u200c\u200d])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINED}\u200c\u200d])"
)

LINE_BREAK = "\u2028"
"""Stands for a ``<br>`` inside a paragraph: a space that the layout did not put there."""


def clean(text: str) -> str:
    """Return a text on one line, as a reader sees it.

    Every run of white space (no-break and ideographic spaces too) is one space, none at the ends; a
    line break that the layout put between two Chinese characters is nothing at all; invisible
    characters are gone, but for joiners inside words and emoji. The text itself, its punctuation
    and script, stays.
    """
    # Most line breaks of HTML are at the ends of a text, where nothing need be searched for.
    text = text.strip()
    if "\n" in text:
        text = _BROKEN_LINE.sub("", text)
    text = " ".join(text.split())
    if not text.isprintable():
        text = " ".join(_LOOSE_JOINERS.sub("", _INVISIBLE.sub("", text)).split())
    return text
