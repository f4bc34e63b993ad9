from math import comb

import numpy as np
import pytest

from qa.measuring.bootstrap import interval
from qa.measuring.metrics import auroc


def test_the_interval_of_a_share_is_that_of_the_binomial_distribution() -> None:
    """Of ten questions six are right: a resample has k right with probability C(10,k) .6^k .4^(10-k)."""
    chances = [comb(10, k) * 0.6**k * 0.4 ** (10 - k) for k in range(11)]
    sums = np.cumsum(chances)
    low, high = (int(np.searchsorted(sums, end)) / 10 for end in (0.025, 0.975))
    assert (low, high) == (0.3, 0.9)
    assert interval(np.mean, np.array([1.0] * 6 + [0.0] * 4)) == (0.3, 0.9)


def test_the_interval_of_a_mean_is_as_wide_as_its_standard_error_says() -> None:
    values = np.linspace(0, 1, 400)
    low, high = interval(np.mean, values)
    error = float(values.std()) / 20
    assert (low, high) == pytest.approx((0.5 - 1.96 * error, 0.5 + 1.96 * error), abs=0.003)


def test_what_does_not_vary_has_no_width() -> None:
    assert interval(np.mean, np.array([1.0, 1.0])) == (1, 1)
    assert interval(auroc, np.array([0.9, 0.8]), np.array([0.1])) == (1, 1)


def test_each_kind_keeps_its_number() -> None:
    sizes = set()

    def statistic(positive: np.ndarray, negative: np.ndarray) -> float:
        sizes.add((len(positive), len(negative)))
        return 0.0

    interval(statistic, np.arange(7.0), np.arange(3.0))
    assert sizes == {(7, 3)}


def test_a_run_is_repeated_to_the_last_digit() -> None:
    values = np.random.default_rng(1).random(50)
    assert interval(np.mean, values) == interval(np.mean, values)
