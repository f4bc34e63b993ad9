from math import log2

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.measuring.metrics import auroc, false_answers, ndcg, recall, reciprocal_rank

SCORES = st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=1, max_size=40)


def test_the_first_relevant_document_counts_by_its_rank() -> None:
    assert reciprocal_rank(["a", "b", "c"], {"b": 1, "c": 1}, 10) == 0.5
    assert reciprocal_rank(["a", "b", "c"], {"c": 1}, 2) == 0
    assert reciprocal_rank([], {"c": 1}, 10) == 0


def test_recall_is_the_share_of_all_that_are_relevant() -> None:
    assert recall(["a", "b", "c"], {"b": 1, "c": 2, "d": 1, "e": 1}, 3) == 0.5
    assert recall(["a", "b", "c"], {"b": 1, "c": 2, "d": 1, "e": 1}, 2) == 0.25


def test_gain_falls_with_the_logarithm_of_the_rank() -> None:
    # Found: grade 1 at rank 1, grade 2 at rank 3. Best: 2 at rank 1, 1 at rank 2.
    found, best = 1 / log2(2) + 2 / log2(4), 2 / log2(2) + 1 / log2(3)
    assert ndcg(["a", "x", "b"], {"a": 1, "b": 2}, 3) == pytest.approx(found / best)
    assert ndcg(["a", "x", "b"], {"a": 1, "b": 2}, 1) == 0.5  # the best is of one document too


@given(
    ranking=st.permutations("abcdefghij").map(lambda names: names[:8]),
    relevant=st.dictionaries(st.sampled_from("abcdefghijkl"), st.integers(1, 3), min_size=1),
)
def test_rankings_are_measured_as_trec_eval_does(
    ranking: list[str], relevant: dict[str, int]
) -> None:
    run = {"q": {name: float(-rank) for rank, name in enumerate(ranking)}}
    measures = [ir_measures.RR @ 5, ir_measures.R @ 5, ir_measures.nDCG @ 5]
    measured = ir_measures.calc_aggregate(measures, {"q": relevant}, run)
    ours = [metric(ranking, relevant, 5) for metric in (reciprocal_rank, recall, ndcg)]
    assert ours == pytest.approx([measured[measure] for measure in measures])


def test_auroc_counts_pairs() -> None:
    # 0.9 beats both, 0.8 ties with one and beats the other, 0.3 beats one: 4.5 of 6 pairs.
    assert auroc(np.array([0.9, 0.8, 0.3]), np.array([0.8, 0.1])) == 0.75
    assert auroc(np.array([2.0, 3.0]), np.array([0.0, 1.0])) == 1
    assert auroc(np.array([0.0, 1.0]), np.array([2.0])) == 0
    assert auroc(np.array([1.0]), np.array([1.0, 1.0])) == 0.5


@given(positive=SCORES, negative=SCORES)
def test_auroc_is_the_share_of_pairs_in_order(positive: list[float], negative: list[float]) -> None:
    won = sum((p > n) + (p == n) / 2 for p in positive for n in negative)
    expected = won / (len(positive) * len(negative))
    assert auroc(np.array(positive), np.array(negative)) == pytest.approx(expected)


def test_false_answers_at_the_threshold_that_keeps_nine_of_ten() -> None:
    ten = np.arange(1, 11) / 10  # the ninth best is 0.2
    assert false_answers(ten, np.array([0.05, 0.19, 0.2, 0.7]), 0.9) == 0.5
    # Nine of eleven are less than 90 percent: ten must be kept.
    eleven = np.arange(11) / 10
    assert false_answers(eleven, np.array([0.05, 0.1, 0.15, 0.2]), 0.9) == 0.75
    assert false_answers(np.array([0.5]), np.array([0.4]), 0.9) == 0


@given(positive=SCORES, negative=SCORES)
def test_false_answers_tries_no_better_threshold(
    positive: list[float], negative: list[float]
) -> None:
    keeps = [t for t in positive if sum(p >= t for p in positive) >= 0.9 * len(positive)]
    expected = sum(n >= max(keeps) for n in negative) / len(negative)
    share = false_answers(np.array(positive), np.array(negative), 0.9)
    assert share == pytest.approx(expected)
