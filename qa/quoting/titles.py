"""Articles of which the archive has the title only, found by it.

Such a file has no paragraph, so nothing of it is ever quoted: its card is told beside the quotes, or where
there are none.
"""

from collections.abc import Iterable

from index.engines.protocol import Searcher
from index.text.tokens import fold
from index.types import Card
from qa.types import Query

ENOUGH = 0.7
"""Share of the weights of a question's words that a title must hold."""

MOST = 3
"""Titles that are told."""


def found_by_title(
    query: Query, articles: Iterable[tuple[int, float]], searcher: Searcher
) -> tuple[Card, ...]:
    """Return the articles without text whose titles hold what is asked, best first.

    :param articles: numbers of articles, best first, each with the share of the words that it holds.
    """
    numbers = [number for number, share in articles if share >= ENOUGH]
    cards = (stored.card for stored in searcher.articles(numbers))
    return tuple([card for card in cards if card.title_only and _is_asked_for(card, query)][:MOST])


def _is_asked_for(card: Card, query: Query) -> bool:
    """Whether a title is in the language that is wanted and has the exact words."""
    title = fold(card.title)
    return card.language.startswith(query.filters.language or "") and all(
        fold(phrase) in title for phrase in query.phrases
    )
