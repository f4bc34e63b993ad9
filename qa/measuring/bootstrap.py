"""How far a figure would move with other questions of the same kind: bootstrap intervals.

Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13 (percentile intervals).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
SEED = 20261129
"""The same for every figure, so that a run can be repeated to the last digit."""

_ENDS = (2.5, 97.5)  # percentiles: 95 % lie between them

Values = NDArray[np.floating[Any]]


def interval(statistic: Callable[..., float], *samples: Values) -> tuple[float, float]:
    """Return the 95 % interval of a statistic of some samples.

    Each sample is drawn anew, with replacement, as often as it has values: a statistic of two kinds
    of questions keeps as many of each.

    :param samples: one value a question, shape (n,), n >= 1.
    :return: its lower and its upper end.
    """
    chance = np.random.default_rng(SEED)
    drawn = [
        statistic(*(sample[chance.integers(len(sample), size=len(sample))] for sample in samples))
        for _ in range(RESAMPLES)
    ]
    low, high = np.percentile(drawn, _ENDS)
    return float(low), float(high)
