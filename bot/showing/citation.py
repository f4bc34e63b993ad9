"""Pure: where a quote is from, on a line of a message and on the clipboard."""

from bot.showing.blocks import Block, is_web_address, line
from bot.showing.measure import one_line, utf16_units
from index.types import Card

TITLE_CHARS = 80
SOURCE_CHARS = 40
COPY_UNITS = 256
"""Longest text that a button copies. https://core.telegram.org/bots/api#copytextbutton"""


def citation(number: int, article: Card) -> Block:
    """``[n] title — source, date``, a link where the article has an address."""
    return line(f"[{number}] {named(article)}", url=article.url)


def named(article: Card) -> str:
    """``title — source, date``, as far as they are known."""
    title = one_line(article.title, TITLE_CHARS)
    return " — ".join(filter(None, (title, origin(article))))


def origin(article: Card) -> str:
    """``source, date``, as far as they are known."""
    day = article.date.date().isoformat() if article.date else None
    return ", ".join(filter(None, (one_line(article.source or "", SOURCE_CHARS), day)))


def copied(article: Card) -> str:
    """Return the citation for the clipboard; an address that is too long for it is left out."""
    cited = named(article)
    address = article.url if is_web_address(article.url) else None
    if address and utf16_units(f"{cited}\n{address}") <= COPY_UNITS:
        return f"{cited}\n{address}"
    return one_line(cited, COPY_UNITS // 2)
