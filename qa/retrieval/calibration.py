"""From evidence to the answer score: the chance that a passage answers, as far as can be told.

    score = 1 / (1 + exp(-(relevance * a + margin * b + c)))

    relevance  what ``qa.retrieval.ranking`` gives the passage.
    margin     how far that is above the background score: the mean relevance of the articles ranked
               11 to 40.
               An archive that knows nothing about a question has many passages that are equally
               bad; one that knows has few that stand out.

The coefficients a, b, c are fitted by logistic regression on questions of which half can be
answered (``newsquote calibrate``); separately for passages in the question's own script and in
another, where much lower values are already good evidence.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import NewsquoteError
from index.parts.arrays import first_places

FILE = "calibration.json"
"""In the index folder, beside the generations: it outlives them."""

BACKGROUND = slice(10, 40)
"""Ranks of the articles that make up the background score."""

LEAST_BACKGROUND = 0.6
"""The background score of an archive of 100,000 passages. In a small archive the articles ranked 11 to 40 have
nothing to do with the question, and being better than they are says nothing."""

_CROSS_SCRIPT = "foreign"
"""Its name in files, which outlive versions of the program."""

_STEPS = 50
_RIDGE = 1e-3

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The numbers of one logistic regression."""

    relevance: float
    margin: float
    intercept: float

    def score(self, relevance: Floats, margin: Floats) -> Floats:
        """Return the answer score of each passage, in (0, 1)."""
        return _logistic(self.relevance * relevance + self.margin * margin + self.intercept)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients for passages in the question's own script, and in another."""

    own: Coefficients
    cross_script: Coefficients

    def score(
        self, relevance: Floats, cross_script: NDArray[np.bool_], background: float
    ) -> Floats:
        """Return the answer score of each passage, in (0, 1).

        :param background: from ``background_of``.
        """
        margin = relevance - background
        own = self.own.score(relevance, margin)
        return np.where(cross_script, self.cross_script.score(relevance, margin), own)

    def to_json(self) -> str:
        """Return the calibration as JSON."""
        values = {"own": asdict(self.own), _CROSS_SCRIPT: asdict(self.cross_script)}
        return json.dumps(values, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Calibration":
        """Read what ``to_json`` wrote.

        :raises ValueError: if it is something else; KeyError and TypeError likewise.
        """
        values = json.loads(text)
        return cls(Coefficients(**values["own"]), Coefficients(**values[_CROSS_SCRIPT]))


DEFAULT = Calibration(
    own=Coefficients(relevance=1.52, margin=4.41, intercept=-3.2),
    cross_script=Coefficients(relevance=0.12, margin=11.58, intercept=-3.1),
)
"""Fitted with the bundled model; docs/retrieval.md says on what, and what it reaches."""


def load(index_dir: Path) -> Calibration:
    """Return the calibration stored with an index, or the default.

    :raises NewsquoteError: if the file is not a calibration.
    """
    path = index_dir / FILE
    try:
        return Calibration.from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return DEFAULT
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NewsquoteError(
            f"{path}: expected a calibration, but {error}; "
            "delete it, or write it again with 'newsquote calibrate'"
        ) from error


def background_of(relevance: Floats, articles: NDArray[np.int32]) -> float:
    """Return the background score: the mean relevance of the articles ranked in ``BACKGROUND``.

    :param relevance: of each candidate, best first; an article counts by its best one.
    :param articles: the article of each candidate.
    :return: at least ``LEAST_BACKGROUND``.
    """
    best = relevance[first_places(articles)][BACKGROUND]
    return max(float(best.mean()), LEAST_BACKGROUND) if len(best) else LEAST_BACKGROUND


def fit(relevance: Floats, margin: Floats, answerable: NDArray[np.bool_]) -> Coefficients:
    """Fit a logistic regression, both classes counting the same.

    Newton's method with a slight ridge (Bishop 2006, section 4.3.3).
    """
    features = np.stack([relevance, margin, np.ones_like(relevance)], axis=1).astype(np.float64)
    share = answerable.mean()
    weight = np.where(answerable, 0.5 / share, 0.5 / (1 - share))
    beta = np.zeros(features.shape[1])
    for _ in range(_STEPS):
        p = _logistic(features @ beta)
        gradient = features.T @ (weight * (answerable - p)) - _RIDGE * beta
        curvature = (features * (weight * p * (1 - p))[:, None]).T @ features
        step = np.linalg.solve(curvature + _RIDGE * np.eye(len(beta)), gradient)
        beta += step
        if np.abs(step).max() < 1e-9:  # noqa: PLR2004 - converged
            break
    return Coefficients(*map(float, beta))


def _logistic(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -50, 50))))
