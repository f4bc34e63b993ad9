"""Articles that may hold a quotation: those that hold most of its words."""

from collections.abc import Mapping

import numpy as np

from index.engines.protocol import Searcher
from index.parts.filters import Wanted, day_number
from index.parts.weights import MAX_TERMS, heaviest
from index.text.lazy_regex import Pattern
from index.text.tokens import HAN, tokens
from index.types import Rows, Scores
from qa.checking.verdicts import Claim

FEW, MANY = 24, 300
"""Passages looked at: the few are enough unless so many hold all of the words, as of "I was wrong"."""

ALL_HELD = 0.95
"""Share of what the best passage holds from which one is as good: a seam or another comma costs some."""

_SPACE_IN_HAN = Pattern(rf"(?<=[{HAN}])\s+(?=[{HAN}])")


def terms_of(text: str, searcher: Searcher) -> Mapping[str, float]:
    """Return the words by which a quotation is looked for, with what each counts."""
    weights = searcher.word_weights(set(tokens(_SPACE_IN_HAN.sub("", text))))
    return heaviest(weights, MAX_TERMS)


def candidates(
    terms: Mapping[str, float], searcher: Searcher, wanted: Wanted, k: int, share: float = 0
) -> tuple[list[int], bool]:
    """Return articles that hold most of some words, best first.

    :param k: passages, and articles, at most.
    :param share: of what the best one holds that every other one must hold, from 0 to 1.
    :return: numbers of articles, each once, and whether others may hold about as much.
    """
    rows, held = searcher.by_words(terms, k, wanted)
    whole, held_whole = searcher.articles_by_words(terms, k, wanted)
    more = any(len(one) == k and one[-1] >= ALL_HELD * one[0] for one in (held, held_whole))
    rows, held = _best(rows, held, share)
    whole, held_whole = _best(whole, held_whole, share)
    articles = np.concatenate([searcher.facts(rows).articles, whole])
    order = np.argsort(-np.concatenate([held, held_whole]), kind="stable")
    return list(dict.fromkeys(articles[order].tolist())), more


def _best(found: Rows, held: Scores, share: float) -> tuple[Rows, Scores]:
    """Return what holds at least a share of what the best one holds."""
    kept = held >= share * held.max(initial=0)
    return found[kept], held[kept]


def wanted_by(claim: Claim, searcher: Searcher) -> Wanted:
    """Return what an article must be for a quotation to be from where it is said to be from."""
    # -1 is no source's number: a name that is not in the archive lets nothing through.
    source = None if claim.source is None else searcher.sources.get(claim.source, -1)
    if claim.window is None:
        return Wanted(source=source)
    ends = (claim.window.since, claim.window.until)
    since, until = (None if end is None else day_number(end) for end in ends)
    return Wanted(days=(since, until), source=source)
