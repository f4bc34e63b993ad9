"""Addresses of what is quoted: on newsquote's own page, and in the article where it was published."""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, quote_plus

from index.types import Card
from qa.types import Quote

Span = tuple[int, int]

_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"\\]+", re.IGNORECASE)
_LONGEST_ADDRESS = 2048

_WHOLE = 40
"""Characters up to which a sentence stands in a text fragment as a whole."""

_ENDS = 16
"""Characters of its beginning and of its end that stand there otherwise."""

_quoted = lru_cache(256)(quote_plus)


def article_path(sha256: str, span: Span | None = None, sentence: Span | None = None) -> str:
    """Return the path of an article on the page.

    :param sha256: hex digest of its file.
    :param span: characters of its text that are quoted; the page shows them.
    :param sentence: those of them that answer; the page marks them.
    """
    path = f"/articles/{sha256}"
    if span is None:
        return path
    given = {"from": str(span[0]), "to": str(span[1])}
    if sentence:
        given |= {"mark": f"{sentence[0]}-{sentence[1]}"}
    return f"{path}?{query_of(given)}#quote"


def path_of(quote: Quote) -> str:
    """Return where the page shows a quote in its article."""
    sentence = None
    if quote.highlights:
        first, last = quote.highlights[0]
        sentence = (quote.start + first, quote.start + last)
    return article_path(quote.article.sha256, (quote.start, quote.end), sentence)


def address_of(quote: Quote, public_url: str) -> str:
    """Return the address of a quote in its article on the page; empty when that is not public.

    :param public_url: the setting ``serve.public_url``; may be empty.
    """
    return public_url + path_of(quote) if public_url else ""


def address_at(public_url: str, sha256: str) -> str:
    """Return the address of an article on the page, by the digest of its file; likewise empty."""
    return public_url + article_path(sha256) if public_url else ""


def query_of(parameters: Mapping[str, str]) -> str:
    """Return what stands after the ``?`` of an address: a page has the same question in all its links."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in parameters.items())


def web_address(card: Card) -> str | None:
    """Return where an article was published, if that is an address of the web and nothing else."""
    url = card.url
    fits = url is not None and len(url) <= _LONGEST_ADDRESS and _WEB_ADDRESS.fullmatch(url)
    return url if fits else None


def address_of_sentence(card: Card, sentence: str) -> str | None:
    """Return where an article was published, with a fragment by which a browser shows the sentence.

    https://wicg.github.io/scroll-to-text-fragment/
    """
    url = web_address(card)
    line = " ".join(sentence.split())
    if url is None or not line or "#:~:" in url:
        return url
    shown = (line,) if len(line) <= _WHOLE else (_beginning(line), _end(line))
    return f"{url}{'' if '#' in url else '#'}:~:text={','.join(map(_encoded, shown))}"


def _encoded(text: str) -> str:
    # A hyphen is a mark of the fragment's own syntax.
    return quote(text, safe="", errors="replace").replace("-", "%2D")


def _beginning(line: str) -> str:
    """Return the first characters of a line; words are not cut."""
    if line[_ENDS - 1].isascii() and line[_ENDS].isascii():
        return line[: line.find(" ", _ENDS)] if " " in line[_ENDS:] else line
    return line[:_ENDS]


def _end(line: str) -> str:
    """Return the last characters of a line; words are not cut."""
    if line[-_ENDS].isascii() and line[-_ENDS - 1].isascii():
        return line[line.rfind(" ", 0, -_ENDS) + 1 :]
    return line[-_ENDS:]
