"""The best candidates of a question, read: which of them come first, and which of them answer.

Matching finds what is about the same things as the question; only reading tells whether it answers.
A question is read beside a few candidates, most relevant first. What is said of them decides
together with the relevance:

    order   relevance + READING_WEIGHT * logit
    score   as ``qa.retrieval.calibration`` says

What was not read comes behind all that was, and scores no more than the last of it.
"""

from collections import defaultdict
from collections.abc import Sequence

from index.engines.protocol import Searcher
from index.text.numbers import differ_in_a_number
from index.text.tokens import script
from index.types import StoredPassage
from qa.reading.reader import Reader, Reading
from qa.retrieval.calibration import Calibration
from qa.retrieval.hits import Hit
from qa.retrieval.numbers import lacks, numbers, years
from qa.types import Query

READ = 8
"""Candidates that are read at most."""

WITHIN = 0.35
"""How much less relevant than the best a candidate may be to be read: what is further behind hardly ever
answers, and where one passage stands out, reading it alone takes a fraction of the time."""

READING_WEIGHT = 0.05
"""The whole logit counts: across languages even right passages are below 0, where a chance would be flat."""


ASKS_NOTHING = 1.5
"""Added to the logit when the query only names what it is about, in its own script: the reader has
learned from questions, and what is about keywords seldom answers one."""


def read_best(
    query: Query,
    text: str,
    hits: Sequence[Hit],
    searcher: Searcher,
    reader: Reader,
    calibration: Calibration,
) -> list[Hit]:
    """Return the hits in their order after reading, with their new scores.

    :param text: what the reader is asked: the question, or the question without the dates inside which
        the hits were found, which they seldom repeat.
    :param hits: most relevant first.
    :raises ReaderUnavailable: if the reader cannot be used.
    """
    chosen = _to_read(hits, searcher)
    stored = searcher.passages([hit.row for hit in chosen])
    readings = reader.read(text, [_as_read(one) for one in stored])
    written, asked = script(query.text), numbers_of(query)

    def score(hit: Hit, logit: float, lacking: float) -> float:
        hint = 0.0 if query.asks or hit.cross_script else ASKS_NOTHING
        coefficients = calibration.read.of(written, cross_script=hit.cross_script)
        return coefficients.score(hit.margin, logit + hint, lacking)

    best = []
    for hit, one, reading in zip(chosen, stored, readings, strict=True):
        card = one.article.card
        lacking = lacks(asked, card.title, one.passage.text, card.date)
        scored = score(hit, reading.logit, lacking)
        best.append(hit._replace(reading=reading, lacks=lacking, score=scored))
    best.sort(key=_order, reverse=True)
    rows = {hit.row for hit in chosen}
    most = min((hit.score for hit in best), default=0.0)
    rest = [hit._replace(score=min(hit.score, most)) for hit in hits if hit.row not in rows]
    return [*best, *rest]


def numbers_of(query: Query) -> frozenset[str]:
    """Return the numbers that a passage should have: of dates the years, for a day may be told otherwise."""
    if not query.undated:
        return numbers(query.text)
    return numbers(query.undated) | years(query.text)


def _to_read(hits: Sequence[Hit], searcher: Searcher) -> list[Hit]:
    """Return the most relevant hits; of near-copies one, and those that differ from it in a number."""
    groups: defaultdict[int, list[int]] = defaultdict(list)
    chosen: list[Hit] = []
    for hit in hits:
        if len(chosen) == READ or hit.relevance < hits[0].relevance - WITHIN:
            break
        group = groups[hit.copies]
        if not group or _differs(hit.row, group, searcher):
            group.append(hit.row)
            chosen.append(hit)
    return chosen


def _differs(row: int, group: Sequence[int], searcher: Searcher) -> bool:
    """Return whether a passage differs in a number from every passage of some others."""
    text, *others = (stored.passage.text for stored in searcher.passages([row, *group]))
    return all(differ_in_a_number(text, other) for other in others)


def _as_read(stored: StoredPassage) -> tuple[str, str]:
    return stored.article.card.title, stored.passage.text


def _order(hit: Hit) -> float:
    reading = hit.reading or Reading(0.0)
    return hit.relevance + READING_WEIGHT * reading.logit
