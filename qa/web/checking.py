"""The check of quotations, for the page and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa.checking.as_json import check_as_json
from qa.checking.check import NoQuotation
from qa.checking.marks import quotations, unmarked
from qa.checking.verdicts import Change, Check, Claim, Place, Verdict
from qa.links import article_path, web_address
from qa.service import Service
from qa.web.asking import date_meant, refuse, source_meant, well_formed
from qa.web.objects import card_object
from qa.web.shown import about, lang_of
from qa.web.texts import Texts

MOST = 100
"""Quotations that are checked at once."""


@dataclass(frozen=True, slots=True)
class ToCheck:
    """A quotation, or a text with quotations in it, and where they are said to be from.

    :ivar each: whether what stands in quotation marks is checked, or the text itself; None = what
        stands in marks, unless nothing or all of it does.
    """

    text: str
    source: str = ""
    author: str = ""
    date: str = ""
    each: bool | None = None


def checked_text(asked: ToCheck, longest: int) -> ToCheck:
    """Return what is to be checked in well-formed text.

    :param longest: characters at most.
    :raises Problem: if there is nothing, or it is too long.
    """
    text = well_formed(asked.text).strip()
    if not text:
        refuse("text", "expected a quotation, found nothing")
    if len(text) > longest:
        refuse("text", f"expected at most {longest} characters, found {len(text)}")
    source, author, date = map(well_formed, (asked.source, asked.author, asked.date))
    return ToCheck(text, source.strip(), author.strip(), date.strip(), asked.each)


def check(asked: ToCheck, service: Service) -> list[Check]:
    """Check what is to be checked.

    :raises Problem: if there is no quotation, there are too many, or the claim names what is not there.
    """
    claim = Claim(
        source_meant(asked.source, service) if asked.source else None,
        date_meant("date", asked.date),
        asked.author[:200] or None,
    )
    found = quotations(asked.text)
    each = asked.each
    if each is None:
        each = bool(found) and unmarked(asked.text) == asked.text
    if not each:
        try:
            return [service.check_quote(asked.text, claim)]
        except NoQuotation as error:
            refuse("text", str(error))
    if not found:
        refuse("text", "expected a quotation in quotation marks, found none of some length")
    if len(found) > MOST:
        refuse("text", f"expected at most {MOST} quotations, found {len(found)}")
    return service.check_quotes(asked.text, claim)


def check_object(found: Check, roots: Sequence[str]) -> dict[str, Any]:
    """Return a check as an object, with what a page adds.

    :param roots: as in ``qa.web.objects``.
    """
    made = check_as_json(found)
    for place_made, place in zip(made["places"], found.places, strict=True):
        place_made["article"] = card_object(place.article, roots)
        place_made["page"] = _page_of(place)
    made["also"] = [card_object(card, roots) for card in found.also]
    return made


def _page_of(place: Place) -> str:
    """Return where the page shows a place: a title stands above the text, nothing of which is quoted."""
    return article_path(place.article.sha256, None if place.in_title else (place.start, place.end))


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """Where a quotation stands, as the page shows it.

    :ivar pieces: the difference: what the archive has, left out or put in.
    :ivar original: where the article was published.
    """

    title: str
    about: str
    lang: str
    page: str
    original: str | None
    pieces: Sequence[Change]
    space: str


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A check as the page shows it.

    :ivar name: of the verdict; ``says``: what it means.
    """

    verdict: Verdict
    name: str
    says: str
    quotation: str
    places: Sequence[ShownPlace]
    also: str


def shown_check(found: Check, texts: Texts) -> ShownCheck:
    """Return a check as the page shows it."""
    name, says = texts.verdicts[found.verdict]
    return ShownCheck(
        verdict=found.verdict,
        name=name,
        says=says,
        quotation=found.quotation.text,
        places=[_shown_place(place, texts) for place in found.places],
        also=", ".join(dict.fromkeys(card.source or card.title for card in found.also)),
    )


def _shown_place(place: Place, texts: Texts) -> ShownPlace:
    card = place.article
    told = (
        about(card, texts.no_date),
        place.speaker or card.author,
        texts.in_title if place.in_title else None,
    )
    return ShownPlace(
        title=card.title,
        about=" · ".join(filter(None, told)),
        lang=lang_of(card),
        page=_page_of(place),
        original=web_address(card),
        pieces=place.difference,
        space="" if card.language.startswith("zh") else " ",
    )
