from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.errors import NewsquoteError
from qa.retrieval.calibration import (
    DEFAULT,
    FILE,
    LEAST_BACKGROUND,
    Calibration,
    Coefficients,
    background_of,
    fit,
    load,
)


def test_the_score_is_logistic_in_relevance_and_margin() -> None:
    coefficients = Coefficients(relevance=2, margin=1, intercept=-3)
    # 2 * 1 + 1 * 1 - 3 = 0; 2 * 1 + 1 * 2 - 3 = 1
    scores = coefficients.score(np.array([1.0, 1.0]), np.array([1.0, 2.0]))
    assert scores == pytest.approx([0.5, 1 / (1 + np.exp(-1))])


def test_passages_in_another_script_have_their_own_coefficients() -> None:
    calibration = Calibration(
        own=Coefficients(1, 0, 0),
        cross_script={
            "han": Coefficients(0, 1, 0),
            "latin": Coefficients(0, 3, 0),
            "cyrillic": Coefficients(0, 0, 0),
        },
    )
    relevance, cross_script = np.array([2.0, 2.0]), np.array([False, True])
    scores = calibration.score(relevance, cross_script, 1.0, "han")
    assert scores == pytest.approx([1 / (1 + np.exp(-2)), 1 / (1 + np.exp(-1))])
    scores = calibration.score(relevance, cross_script, 1.0, "latin")
    assert scores == pytest.approx([1 / (1 + np.exp(-2)), 1 / (1 + np.exp(-3))])


def test_the_background_score_is_the_mean_of_the_articles_ranked_11_to_40_each_by_its_best() -> (
    None
):
    relevance = np.concatenate([np.full(20, 2.0), np.full(20, 1.0), np.full(40, 0.7)])
    # Articles 0 to 9 have two passages each at 2.0; 10 to 19 two each at 1.0; then one each.
    articles = np.concatenate([np.repeat(np.arange(20), 2), np.arange(20, 60)]).astype(np.int64)
    # Ranks 11 to 20 are articles 10 to 19, at 1.0; ranks 21 to 40 are at 0.7.
    assert background_of(relevance, articles) == pytest.approx((10 * 1.0 + 20 * 0.7) / 30)


def test_a_small_archive_has_no_background_of_its_own() -> None:
    few = np.arange(12, dtype=np.int64)
    assert background_of(np.linspace(1, 0.1, 12), few) == LEAST_BACKGROUND
    assert background_of(np.array([1.0]), few[:1]) == LEAST_BACKGROUND


def test_a_fit_finds_the_coefficients_that_made_the_data() -> None:
    random = np.random.default_rng(3)
    relevance, margin = random.normal(size=(2, 20_000))
    chance = 1 / (1 + np.exp(-(2 * relevance + 1 * margin)))
    answerable = random.random(20_000) < chance
    found = fit(relevance, margin, answerable)
    assert (found.relevance, found.margin) == pytest.approx((2, 1), abs=0.1)
    assert found.intercept == pytest.approx(0, abs=0.1)


def test_classes_count_the_same_however_many_questions_each_has() -> None:
    relevance = np.array([1.0] * 90 + [0.0] * 10 + [1.0] * 1 + [0.0] * 9)
    answerable = np.array([True] * 100 + [False] * 10)
    found = fit(relevance, np.zeros(110), answerable)
    scores = found.score(np.array([0.0, 1.0]), np.zeros(2))
    assert scores == pytest.approx([0.1, 0.9], abs=0.01)


def test_a_stored_calibration_is_used(tmp_path: Path) -> None:
    assert load(tmp_path) == DEFAULT
    own = replace(DEFAULT, own=Coefficients(1, 2, 3))
    (tmp_path / FILE).write_text(own.to_json())
    assert load(tmp_path) == own


def test_an_older_versions_calibration_goes_for_the_questions_of_any_script(tmp_path: Path) -> None:
    one = '{"relevance": 1, "margin": 2, "intercept": 3}'
    (tmp_path / FILE).write_text(f'{{"own": {one}, "foreign": {one}}}')
    old = Coefficients(1, 2, 3)
    assert load(tmp_path) == Calibration(old, {"han": old, "latin": old, "cyrillic": old})


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"own": {"relevance": 1}, "foreign": {}}'])
def test_a_damaged_calibration_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(NewsquoteError, match=r"calibration\.json.*newsquote calibrate"):
        load(tmp_path)
