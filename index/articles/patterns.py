"""What the text of a regular expression tells of what it matches: its alternatives, words and first letters.

Python's own parser of regular expressions is no public interface; this reads only as much as ``furniture``
needs, and says that it cannot tell wherever that is not plain.
"""

import re
from itertools import accumulate

_GROUP = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\((?!\?)")
"""The bracket that opens a group; or an escape or a class, in which a bracket opens nothing."""

_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|.", re.DOTALL)
"""An escape, a class, or one character."""

_NO_WORDS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\{[^}]*\}|\(\?[^:]")
"""What of a pattern is no word: escapes, classes, numbers."""
HAN = re.compile("[\u2e80-\u2fff\u3040-\u9fff\uac00-\ud7af]")
LETTERS = re.compile("[A-Za-z\u0400-\u04ff]{2}")
"""What words are made of, in each of the two kinds of script."""

_FIRST_HAN, _LAST_HAN = "\u4e00", "\u9fef"
"""Between them are letters alone, so that neither ``\\W`` nor ``\\d`` or ``\\s`` matches one."""
_ESCAPE = re.compile(r"\\.")
_OTHER_ESCAPE = re.compile(r"\\[A-VX-Za-ce-rt-z0-9]")
"""One that may stand for a Han letter, or for none at all."""
_RANGE = re.compile(r"([^\[])-([^\]])")


def alternatives(pattern: str) -> list[str]:
    """Return the parts of a pattern between the bars that stand in no bracket."""
    parts, depth = [""], 0
    for piece in _PIECE.findall(pattern):
        if piece == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += piece
            depth += (piece == "(") - (piece == ")")
    return parts


def begin(text: str) -> str:
    """Return the Han letter that a text begins with, or "" if it begins with anything else."""
    return text[:1] if _FIRST_HAN <= text[:1] <= _LAST_HAN else ""


def begins(pattern: str) -> set[str] | None:
    """Return what ``begin`` may be of the texts that a pattern matches; None where that cannot be told."""
    found: set[str] = set()
    rest = _PIECE.findall(pattern)
    while rest:
        depths = accumulate((piece == "(") - (piece == ")") for piece in rest)
        end = 1 + next(number for number, depth in enumerate(depths) if not depth)
        first, rest = rest[:end], rest[end:]
        if first[1:3] in (["?", "="], ["?", "!"]):  # a look ahead at what follows
            continue
        letters = _begins_of(first)
        if letters is None:
            return None
        found |= letters
        if rest[:1] not in (["?"], ["*"]) and rest[:2] not in (["{", "0"], ["{", ","]):
            return found
        # What may be missing counts together with what follows it.
        rest = rest[rest.index("}") + 1 if rest[0] == "{" else 1 :]
        rest = rest[rest[:1] in (["?"], ["+"]) :]
    return None


def _begins_of(pieces: list[str]) -> set[str] | None:
    """Return likewise what one letter, class or group may begin with."""
    first = pieces[0]
    if first == "(":
        inner = "".join(pieces[1:-1])
        found = [] if inner.startswith("?") else [*map(begins, alternatives(inner))]
        known = [one for one in found if one is not None]
        return set().union(*known) if found and len(known) == len(found) else None
    if first in {".", "^", "$"} or first.startswith("[^") or _OTHER_ESCAPE.search(first):
        return None
    letters = _ESCAPE.sub(" ", first)
    if any(low <= _LAST_HAN and high >= _FIRST_HAN for low, high in _RANGE.findall(letters)):
        return None
    return {begin(letter) for letter in (letters[1:-1] if first[0] == "[" else letters)}


def is_for(pattern: str, script: re.Pattern[str], *, but_not: re.Pattern[str]) -> bool:
    """Whether a line in this script may match a pattern; one without words of any script is for all.

    To try on a line only what names words of its script takes half the time.
    """
    words = _NO_WORDS.sub("", pattern)
    return script.search(words) is not None or but_not.search(words) is None


def without_groups(pattern: str) -> str:
    """Return a pattern that matches the same and remembers nothing: it takes half the time."""
    return _GROUP.sub(lambda found: "(?:" if found[0] == "(" else found[0], pattern)
