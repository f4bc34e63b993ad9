"""From evidence to the answer score: the chance that a passage answers, as far as can be told.

    score = 1 / (1 + exp(-(relevance * a + margin * b + c)))            of a passage that was not read
    score = 1 / (1 + exp(-(margin * a + logit * b + lacks * d + c)))    of one that was

    relevance  what ``qa.retrieval.ranking`` gives the passage.
    margin     how far that is above the background score: the mean relevance of the articles ranked
               11 to 40.
               An archive that knows nothing about a question has many passages that are equally
               bad; one that knows has few that stand out.
    logit      what the reader says of it: high when it answers.
    lacks      share of the question's numbers that it lacks.

The coefficients are fitted by logistic regression on questions of which half can be
answered (``newsquote calibrate``); separately for passages in the question's own script and in
another, where much lower values are already good evidence: the lower, the less of the question's
language the token table knows.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import NewsquoteError
from index.parts.arrays import first_places
from index.text.tokens import SCRIPTS, Script

FILE = "calibration.json"
"""In the index folder, beside the generations: it outlives them."""

BACKGROUND = slice(10, 40)
"""Ranks of the articles that make up the background score."""

LEAST_BACKGROUND = 0.6
"""The background score of an archive of 100,000 passages. In a small archive the articles ranked 11 to 40 have
nothing to do with the question, and being better than they are says nothing."""

_ANY_SCRIPT = "foreign"
"""In files of older versions: coefficients for passages in another script than any question."""

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
class ReadCoefficients:
    """The numbers of one logistic regression for passages that were read.

    :ivar lacks: 0 in files of older versions, which did not count numbers.
    """

    margin: float
    logit: float
    intercept: float
    lacks: float = 0.0

    def score(self, margin: float, logit: float, lacks: float) -> float:
        """Return the answer score of a passage, in (0, 1).

        :param lacks: share of the question's numbers that it lacks.
        """
        known = self.margin * margin + self.logit * logit + self.lacks * lacks
        return 1 / (1 + exp(-(known + self.intercept)))


@dataclass(frozen=True, slots=True)
class ReadCalibration:
    """Coefficients for passages that were read: in the question's own script, and in another.

    :ivar cross_script: by the script of the question.
    """

    own: ReadCoefficients
    cross_script: Mapping[Script, ReadCoefficients]

    def of(self, written: Script, *, cross_script: bool) -> ReadCoefficients:
        """Return those for a question of a script, and a passage in the same one or another."""
        return self.cross_script[written] if cross_script else self.own


DEFAULT_READ = ReadCalibration(
    own=ReadCoefficients(margin=2.36, logit=0.61, lacks=-2.45, intercept=0.1),
    cross_script={
        "han": ReadCoefficients(margin=14.08, logit=0.44, lacks=-5.08, intercept=-1.4),
        "latin": ReadCoefficients(margin=7.8, logit=0.62, lacks=-4.11, intercept=-0.69),
        "cyrillic": ReadCoefficients(margin=5.94, logit=0.63, lacks=-1.71, intercept=0.2),
    },
)
"""Fitted with the bundled reader; docs/lab/2026-12-01-questions-written-for-the-reader.md says on what."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients for passages in the question's own script, and in another.

    :ivar cross_script: for those in another script, by the script of the question.
    :ivar read: for those that were read.
    """

    own: Coefficients
    cross_script: Mapping[Script, Coefficients]
    read: ReadCalibration = DEFAULT_READ

    def score(
        self,
        relevance: Floats,
        cross_script: NDArray[np.bool_],
        background: float,
        written: Script,
    ) -> Floats:
        """Return the answer score of each passage, in (0, 1).

        :param background: from ``background_of``.
        :param written: script of the question.
        """
        margin = relevance - background
        own = self.own.score(relevance, margin)
        return np.where(cross_script, self.cross_script[written].score(relevance, margin), own)

    def to_json(self) -> str:
        """Return the calibration as JSON."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Calibration":
        """Read what ``to_json`` wrote.

        :raises ValueError: if it is something else; KeyError and TypeError likewise.
        """
        values = json.loads(text)
        if _ANY_SCRIPT in values:
            others = dict.fromkeys(SCRIPTS, values[_ANY_SCRIPT])
        else:
            others = values["cross_script"]
        return cls(
            own=Coefficients(**values["own"]),
            cross_script={written: Coefficients(**others[written]) for written in SCRIPTS},
            # Files of older versions know of no reader.
            read=_read_from(values["read"]) if "read" in values else DEFAULT_READ,
        )


DEFAULT = Calibration(
    own=Coefficients(relevance=1.52, margin=4.41, intercept=-3.4),
    cross_script={
        "han": Coefficients(relevance=0.12, margin=11.58, intercept=-3.1),
        "latin": Coefficients(relevance=0.12, margin=11.58, intercept=-2.35),
        "cyrillic": Coefficients(relevance=0.12, margin=11.58, intercept=-1.75),
    },
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


def background_of(relevance: Floats, articles: NDArray[np.int64]) -> float:
    """Return the background score: the mean relevance of the articles ranked in ``BACKGROUND``.

    :param relevance: of each candidate, best first; an article counts by its best one.
    :param articles: the article of each candidate.
    :return: at least ``LEAST_BACKGROUND``.
    """
    best = relevance[first_places(articles)][BACKGROUND]
    return max(float(best.mean()), LEAST_BACKGROUND) if len(best) else LEAST_BACKGROUND


def fit(relevance: Floats, margin: Floats, answerable: NDArray[np.bool_]) -> Coefficients:
    """Fit a logistic regression to passages that were not read."""
    return Coefficients(*_regression((relevance, margin), answerable))


def fit_read(
    margin: Floats,
    logit: Floats,
    lacks: Floats,
    answerable: NDArray[np.bool_],
    weight: Floats | None = None,
) -> ReadCoefficients:
    """Fit a logistic regression to passages that were read.

    :param weight: of each passage; without it both classes count the same.
    """
    of_margin, of_logit, of_lacks, intercept = _regression(
        (margin, logit, lacks), answerable, weight
    )
    return ReadCoefficients(of_margin, of_logit, intercept, of_lacks)


def _read_from(values: Mapping[str, Any]) -> ReadCalibration:
    others = values["cross_script"]
    return ReadCalibration(
        own=ReadCoefficients(**values["own"]),
        cross_script={written: ReadCoefficients(**others[written]) for written in SCRIPTS},
    )


def _regression(
    features: Sequence[Floats], answerable: NDArray[np.bool_], weight: Floats | None = None
) -> list[float]:
    """Return a coefficient for each feature, and the intercept; without weights both classes count the same.

    Newton's method with a slight ridge (Bishop 2006, section 4.3.3).
    """
    columns = np.stack([*features, np.ones(len(answerable))], axis=1).astype(np.float64)
    if weight is None:
        share = answerable.mean()
        weight = np.where(answerable, 0.5 / share, 0.5 / (1 - share))
    beta = np.zeros(columns.shape[1])
    for _ in range(_STEPS):
        p = _logistic(columns @ beta)
        gradient = columns.T @ (weight * (answerable - p)) - _RIDGE * beta
        curvature = (columns * (weight * p * (1 - p))[:, None]).T @ columns
        step = np.linalg.solve(curvature + _RIDGE * np.eye(len(beta)), gradient)
        beta += step
        if np.abs(step).max() < 1e-9:  # noqa: PLR2004 - converged
            break
    return [float(number) for number in beta]


def _logistic(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -50, 50))))
