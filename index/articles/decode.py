"""Bytes of an article file -> its text. Chinese archives are not all in UTF-8."""

from collections.abc import Iterable
from functools import cache

from charset_normalizer import from_bytes

from index.errors import ArticleError
from index.text.repertoires import simplified, traditional

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_MIN_PLAUSIBLE = 0.7
"""Share of expected characters; right decodings of real text reach 0.95, wrong ones stay below 0.6."""


def decode(data: bytes) -> str:
    """Return the text of a file.

    UTF-8 first. What is not UTF-8 is tried as GB18030, Big5 and UTF-16, strictly, and the decoding
    with the largest share of everyday characters wins: a statistical detector needs more text
    than a short Chinese notice has, so it is asked only when none of these fits.

    :raises ArticleError: for NUL bytes, and for bytes in no encoding that can be told.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _without_nul(_strict(data, encoding))
    if b"\0" in data:
        return _without_nul(_best(data, ("utf-16-le", "utf-16-be")) or data.decode("latin-1"))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    text = _best(data, ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")) or _detected(data)
    if text is None:
        raise ArticleError(
            "unknown encoding",
            "expected UTF-8, GB18030, Big5 or UTF-16; convert the file to UTF-8",
            line,
        )
    return text


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ArticleError(
            "unknown encoding", f"starts as {encoding} but is not: {error.reason}", 1
        ) from error


def _without_nul(text: str) -> str:
    place = text.find("\0")
    if place < 0:
        return text
    raise ArticleError("NUL bytes", "this is no text file", text.count("\n", 0, place) + 1)


def _best(data: bytes, encodings: Iterable[str]) -> str | None:
    """Return the most plausible strict decoding, or None if none is plausible."""
    candidates = []
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        candidates.append((_plausibility(text), text))
    best, text = max(candidates, key=lambda pair: pair[0], default=(0.0, ""))
    return text if best >= _MIN_PLAUSIBLE else None


def _plausibility(text: str) -> float:
    """Return the share of everyday characters among those that tell encodings apart, in [0, 1]."""
    everyday = _everyday()
    telling = [character for character in text if not _is_plain(character)]
    return sum(map(everyday.__contains__, telling)) / max(len(telling), 1)


def _is_plain(character: str) -> bool:
    return " " <= character <= "~" or character in "\t\n\r"


def _detected(data: bytes) -> str | None:
    """Ask the statistical detector; it is good at the one-byte encodings, such as Cyrillic ones."""
    match = from_bytes(data).best()
    return None if match is None else str(match)


@cache
def _everyday() -> frozenset[str]:
    """Everyday Chinese characters of both scripts and the punctuation between them."""
    punctuation = "\u3000、。〈〉《》「」『』【】〔〕！（），．：；？～—…‘’“”·"
    digits_and_letters = map(chr, range(0xFF10, 0xFF5B))
    return simplified().everyday | traditional().everyday | {*punctuation, *digits_and_letters}
