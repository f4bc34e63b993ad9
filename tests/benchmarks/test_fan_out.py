"""The simulation in cases whose outcome is known."""

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from benchmarks.fan_out import (
    Latency,
    hedged,
    once,
    simulate,
    simulate_again,
    table,
    twice,
)

PLAIN = Latency(median_ms=10, spread=0.3, stragglers=0)
STEADY = Latency(median_ms=10, spread=0, stragglers=0.1, delay_ms=1000, delay_spread=0)
"""Ten milliseconds, or one of ten times a second more."""

QUESTIONS = 40_000


def share(times: np.ndarray, slower_than: float) -> float:
    return float(np.mean(times > slower_than))


def near(expected: float) -> object:
    """Within four standard deviations of a share that is counted."""
    return pytest.approx(expected, abs=4 * math.sqrt(expected * (1 - expected) / QUESTIONS))


@pytest.mark.parametrize("percent", [50, 95, 99])
def test_one_node_is_its_own_distribution(percent: float) -> None:
    waited = simulate(PLAIN, once, 1, questions=QUESTIONS)
    by_hand = 10 * math.exp(0.3 * NormalDist().inv_cdf(percent / 100))
    assert waited.percentile(percent) == pytest.approx(by_hand, rel=0.01)
    assert PLAIN.quantile(percent / 100) == pytest.approx(by_hand)
    assert waited.more == 0


@pytest.mark.parametrize("nodes", [2, 8, 40])
def test_the_slowest_of_some_is_late_as_chance_has_it(nodes: int) -> None:
    waited = simulate(PLAIN, once, nodes, questions=QUESTIONS)
    limit = PLAIN.quantile(0.98)
    assert share(waited.times, limit) == near(1 - 0.98**nodes)
    assert waited.percentile(50) == pytest.approx(PLAIN.quantile(0.5 ** (1 / nodes)), rel=0.01)


@pytest.mark.parametrize("nodes", [1, 4, 20])
def test_stragglers_are_met_as_chance_has_it(nodes: int) -> None:
    waited = simulate(STEADY, once, nodes, questions=QUESTIONS)
    assert set(np.unique(waited.times)) == {10, 1010}
    assert share(waited.times, 10) == near(1 - 0.9**nodes)


def test_delays_have_their_median_and_spread() -> None:
    latency = Latency(median_ms=1, spread=0, stragglers=1, delay_ms=50, delay_spread=0.5)
    waited = simulate(latency, once, 1, questions=QUESTIONS)
    assert waited.percentile(50) == pytest.approx(51, rel=0.02)
    late = 1 + 50 * math.exp(0.5 * NormalDist().inv_cdf(0.99))
    assert waited.percentile(99) == pytest.approx(late, rel=0.05)


def test_a_late_request_is_sent_once_more() -> None:
    """The second one takes ten milliseconds after the patience of ten, or is late itself."""
    waited = simulate(STEADY, hedged, 1, questions=QUESTIONS)
    assert set(np.unique(waited.times)) == {10, 20, 1010}
    assert share(waited.times, 10) == near(0.1)
    assert share(waited.times, 20) == near(0.1 * 0.1)
    assert waited.more == near(0.1)


def test_hedging_sends_what_is_beyond_its_quantile() -> None:
    waited = simulate(PLAIN, hedged, 4, questions=QUESTIONS)
    assert waited.more == near(0.05)


def test_twice_is_late_when_both_are() -> None:
    waited = simulate(STEADY, twice, 1, questions=QUESTIONS)
    assert share(waited.times, 10) == near(0.1 * 0.1)
    assert waited.more == 1


def test_all_is_sent_again_when_one_in_twenty_questions_waits_longer() -> None:
    """One in a hundred meets a straggler, which is beyond the patience of ten milliseconds.

    The second time takes ten more, or meets one as well.
    """
    rare = replace(STEADY, stragglers=0.01)
    waited = simulate_again(rare, 1, questions=QUESTIONS)
    assert set(np.unique(waited.times)) == {10, 20, 1010}
    assert share(waited.times, 10) == waited.more == near(0.01)
    assert share(waited.times, 20) == near(0.01 * 0.01)
    # Of eight nodes one is late too often: the patience is as long as the delay, and nothing is won.
    often = simulate_again(rare, 8, questions=QUESTIONS)
    assert share(often.times, 10) == near(1 - 0.99**8)
    assert set(np.unique(often.times)) == {10, 1010}
    assert often.more == 0
    spread = simulate_again(PLAIN, 4, questions=QUESTIONS)
    assert spread.more == near(0.05)


def test_rounds_come_one_after_the_other() -> None:
    waited = simulate(STEADY, once, 2, rounds=3, questions=QUESTIONS)
    delayed = 1 - 0.9**2
    assert share(waited.times, 3029) == near(delayed**3)
    assert share(waited.times, 30) == near(1 - (1 - delayed) ** 3)


def test_quantiles_that_were_measured_come_out() -> None:
    latency = Latency.through(p95_ms=5.9, p99_ms=6.3)
    assert latency.quantile(0.95) == pytest.approx(5.9)
    assert latency.quantile(0.99) == pytest.approx(6.3)
    assert latency.median_ms == pytest.approx(Latency().median_ms, rel=0.001)
    assert latency.spread == pytest.approx(Latency().spread, rel=0.001)


def test_a_seed_repeats_it() -> None:
    first, again, other = (
        simulate(PLAIN, once, 2, questions=100, seed=seed).times for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).all()


def test_the_table_has_a_row_for_each_number_of_nodes() -> None:
    lines = table(STEADY, [1, 3]).splitlines()
    assert [line.split(" | ")[:2] for line in lines[2:]] == [["| 1", "90%"], ["| 3", "73%"]]
    assert all(line.count("|") == lines[0].count("|") for line in lines)
