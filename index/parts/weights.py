"""What a question's words count, as every engine takes it."""

import math
from collections.abc import Mapping
from typing import TypeAlias, TypeVar

Alternatives: TypeAlias = tuple[tuple[str, ...], ...]
"""Alternative translations of one thing; a passage holds one when it holds all of its terms."""

Weights: TypeAlias = Mapping[str, float] | Mapping[Alternatives, float]
"""What each term, or each thing with its translations, counts, > 0."""

MAX_TERMS = 128
"""Rarest terms of a question that are searched; a pasted article is no better found by more."""

_Said = TypeVar("_Said", str, Alternatives)


def heaviest(weights: Mapping[_Said, float], k: int) -> dict[_Said, float]:
    """Return the k that weigh most, heaviest first."""
    return dict(sorted(weights.items(), key=lambda item: -item[1])[:k])


def idf(passages: int, frequency: int) -> float:
    """Return BM25's inverse document frequency, as tantivy computes it, > 0.

    :param frequency: passages that hold the word.
    """
    return math.log1p((passages - frequency + 0.5) / (frequency + 0.5))
