"""A check as the object that every program gets: the command line, the page, MCP. Pure."""

from typing import Any

from qa.checking.verdicts import Change, Check, Place
from qa.objects import card_as_json


def check_as_json(check: Check) -> dict[str, Any]:
    """Return a check as an object."""
    return {
        "quotation": check.quotation.text,
        "start": check.quotation.start,
        "end": check.quotation.end,
        "verdict": check.verdict,
        "places": [_place_as_json(place) for place in check.places],
        "also": [card_as_json(card) for card in check.also],
        "claim": _claim_as_json(check),
        "elapsed_ms": round(check.elapsed_ms, 2),
    }


def _place_as_json(place: Place) -> dict[str, Any]:
    return {
        "text": place.text,
        "paragraphs": list(place.paragraphs),
        "start": place.start,
        "end": place.end,
        "quoted": list(place.quoted),
        "difference": [_change_as_json(change) for change in place.difference],
        "speaker": place.speaker,
        "in_title": place.in_title,
        "article": card_as_json(place.article),
    }


def _change_as_json(change: Change) -> dict[str, Any]:
    return {
        "edit": change.edit,
        "quoted": change.quoted,
        "archived": change.archived,
        "touches": change.touches,
    }


def _claim_as_json(check: Check) -> dict[str, Any] | None:
    claim = check.claim
    if not claim:
        return None
    window = claim.window
    return {
        "source": claim.source,
        "author": claim.author,
        "since": window.since.isoformat() if window and window.since else None,
        "until": window.until.isoformat() if window and window.until else None,
    }
