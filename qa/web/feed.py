"""An Atom feed of a question's quotes, newest first: a watch without Telegram.

https://www.rfc-editor.org/rfc/rfc4287
"""

import html
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import UTC, datetime

from qa.links import address_of_sentence, path_of
from qa.types import Quote
from qa.web.objects import sentence
from qa.web.shown import about, marked

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
QUOTES = 20

_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_XML_1_0 = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))
"""Characters that XML cannot hold."""


def atom(
    quotes: Sequence[Quote], *, title: str, own: str, page: str, base: str, created: str
) -> bytes:
    """Return the feed.

    :param own: address of the feed, which is also its id.
    :param page: address of the page with the same answer.
    :param base: address of the site.
    :param created: when the index was made: since then nothing has changed.
    """
    feed = ET.Element("feed", xmlns=_ATOM)
    _add(feed, "id", own)
    _add(feed, "title", title)
    _add(feed, "updated", datetime.fromisoformat(created).isoformat(timespec="seconds"))
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=_clean(own))
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=_clean(page))
    _add(ET.SubElement(feed, "author"), "name", "newsquote")
    for quote in sorted(quotes, key=_date_of, reverse=True):
        _entry(feed, quote, base)
    text: str = ET.tostring(feed, encoding="unicode")
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + text).encode()


def _entry(feed: ET.Element, quote: Quote, base: str) -> None:
    card = quote.article
    here = base + path_of(quote)
    entry = ET.SubElement(feed, "entry")
    _add(entry, "id", f"urn:newsquote:{card.sha256}:{quote.start}-{quote.end}")
    _add(entry, "title", card.title)
    _add(entry, "updated", _date_of(quote).isoformat(timespec="seconds"))
    if card.date:
        _add(entry, "published", card.date.isoformat(timespec="seconds"))
    _add(ET.SubElement(entry, "author"), "name", card.author or card.source or "newsquote")
    ET.SubElement(entry, "link", rel="alternate", type="text/html", href=here)
    original = address_of_sentence(card, sentence(quote))
    if original:
        ET.SubElement(entry, "link", rel="via", href=_clean(original))
    _add(entry, "summary", " ".join(sentence(quote).split()))
    content = ET.SubElement(entry, "content", type="html")
    content.text = _clean(_as_html(quote))


def _as_html(quote: Quote) -> str:
    paragraphs = (
        "".join(
            f"<mark>{html.escape(piece.text)}</mark>" if piece.marked else html.escape(piece.text)
            for piece in pieces
        )
        for pieces in marked(quote.text, quote.highlights)
    )
    quoted = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<blockquote>{quoted}</blockquote><p>{html.escape(about(quote.article, ''))}</p>"


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    return text.translate(_XML_1_0).encode("utf-8", "replace").decode()


def _date_of(quote: Quote) -> datetime:
    moment = quote.article.date or _NEVER
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
