"""The check of a quotation as text for a terminal. Pure: what it returns, ``check_quote`` prints."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from qa.checking.verdicts import Change, Check, Place, Verdict

SAID: dict[Verdict, str] = {
    "verified": "verified",
    "altered": "altered",
    "stitched": "stitched together",
    "misattributed": "misattributed",
    "not_found": "not found",
}
"""What each verdict is called."""

NO_QUOTATION = "There is no quotation in the text, as far as its quotation marks tell."

_BOLD, _DIM, _END = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_GREEN, _RED = "\x1b[32m", "\x1b[31m"
_DIFFERENT: Collection[Verdict] = ("altered", "stitched", "not_found")
_SHOWN = 60
"""Characters of a quotation that are shown of it."""


def check_as_text(check: Check, *, colour: bool) -> str:
    """Return what was found of one quotation, ending in a line break."""
    quoted = check.quotation.text.replace("\n", " ")
    if len(quoted) > _SHOWN:
        quoted = quoted[: _SHOWN - 1].rstrip() + "…"
    verdict = SAID[check.verdict]
    if colour:
        verdict = f"{_BOLD}{_GREEN if check.verified else _RED}{verdict}{_END}"
    lines = [f"{verdict}: “{quoted}”"]
    if check.verdict == "not_found" and check.places:
        lines.append("  the nearest passage:")
    for _, places in groupby(check.places, lambda place: (place.article.path, place.in_title)):
        lines += _places(check, list(places), colour=colour)
    if check.also:
        names = ", ".join(dict.fromkeys(card.source or card.title for card in check.also))
        lines.append(f"  also in {len(check.also)} more: {names}")
    return "\n".join(lines) + "\n"


def summary(checks: Sequence[Check]) -> str:
    """Return how many quotations got which verdict, ending in a line break."""
    if not checks:
        return f"{NO_QUOTATION}\n"
    counts = Counter(one.verdict for one in checks)
    told = ", ".join(f"{counts[verdict]} {SAID[verdict]}" for verdict in SAID if counts[verdict])
    return f"\n{len(checks)} quotations: {told}\n"


def _places(check: Check, places: Sequence[Place], *, colour: bool) -> Iterator[str]:
    """Yield the lines of places in one article or title: what is different there, and where it is."""
    if check.verdict in _DIFFERENT:
        yield from (f"  {difference(place.difference, colour=colour)}" for place in places)
    article = places[0].article
    numbers = list(dict.fromkeys(number + 1 for place in places for number in place.paragraphs))
    noun = "paragraph" if len(numbers) == 1 else "paragraphs"
    where = "in the title" if places[0].in_title else f"{noun} {', '.join(map(str, numbers))}"
    characters = ", ".join(f"{place.start}–{place.end}" for place in places)
    day = article.date.date().isoformat() if article.date else "no date"
    speakers = dict.fromkeys(place.speaker for place in places if place.speaker)
    said = f"said by {', '.join(speakers)}" if speakers else None
    published = dict.fromkeys(filter(None, [article.source, article.author, day, where, said]))
    lines = [
        f"  — {article.title}",
        f"    {', '.join(published)}; characters {characters}",
        f"    {article.url or article.path}",
        f"    SHA-256 {article.sha256}",
    ]
    yield from (f"{_DIM}{line}{_END}" if colour else line for line in lines)


def difference(changes: Sequence[Change], *, colour: bool) -> str:
    """Return a difference on one line: [-what the quotation left out-] {+what it put there+}."""
    pieces = []
    for change in changes:
        if change.edit == "same":
            pieces.append(change.quoted)
            continue
        left_out = f"[-{change.archived}-]" if change.archived else ""
        added = f"{{+{change.quoted}+}}" if change.quoted else ""
        if colour:
            left_out = left_out and f"{_RED}{left_out}{_END}"
            added = added and f"{_GREEN}{added}{_END}"
        pieces.append(left_out + added)
    return " ".join(pieces).replace("\n", " ")
