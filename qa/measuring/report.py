"""From questions that were asked to figures with their intervals, for all and by language."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.measuring.asking import Asked, judges
from qa.measuring.bootstrap import interval
from qa.measuring.metrics import auroc, false_answers
from qa.measuring.questions import languages_of
from qa.service import Status

KEPT_ANSWERED = 0.9
"""Share of the answerable questions that the threshold for ``false_answers_at_90`` keeps."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on some questions.

    :ivar questions: those that can be answered.
    :ivar unanswerable: those that cannot.
    :ivar metrics: shares in [0, 1], None where no question counts.
    :ivar intervals: the two ends of the 95 % interval of each figure that there is.
    """

    questions: int
    unanswerable: int
    metrics: dict[str, float | None]
    intervals: dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Report(Figures):
    """What was measured on a question set.

    :ivar dataset: its name.
    :ivar articles: of the archive that was asked; likewise ``passages``.
    :ivar by_language: the same by the language of the questions, when a set has several.
    :ivar not_in_archive: articles that the questions name and the archive does not have.
    """

    dataset: str
    articles: int
    passages: int
    latency_ms: dict[str, float]
    questions_per_second: float
    by_language: dict[str, Figures] = field(default_factory=dict)
    not_in_archive: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the report as ``--json`` prints it."""
        return asdict(self)


def figures_of(asked: Sequence[Asked]) -> Figures:
    """Return the figures of some questions, all asked with the same baselines."""
    metrics: dict[str, float | None] = {}
    intervals: dict[str, tuple[float, float]] = {}
    baselines = asked[0].baselines if asked else ()
    for name, judge in judges(baselines).items():
        values = np.array([value for one in asked if (value := judge(one)) is not None])
        metrics[name] = float(values.mean()) if len(values) else None
        if len(values):
            intervals[name] = interval(np.mean, values)
    answerable, others = (
        np.array([one.score for one in asked if one.question.answerable is kind])
        for kind in (True, False)
    )
    for name, statistic in (("auroc", auroc), ("false_answers_at_90", _false_answers_at_90)):
        both = len(answerable) and len(others)
        metrics[name] = statistic(answerable, others) if both else None
        if both:
            intervals[name] = interval(statistic, answerable, others)
    return Figures(len(answerable), len(others), metrics, intervals)


def report_of(
    name: str, archive: Status, asked: Sequence[Asked], not_in_archive: Sequence[str] = ()
) -> Report:
    """Return the report on a question set.

    :param archive: that was asked.
    :param not_in_archive: what the questions name and the archive does not have.
    """
    languages = languages_of(one.question for one in asked)
    by_language = {
        language: figures_of([one for one in asked if one.question.language == language])
        for language in languages
    }
    times = np.array([one.answer.elapsed_ms for one in asked if one.question.answerable] or [0.0])
    figures = figures_of(asked)
    return Report(
        questions=figures.questions,
        unanswerable=figures.unanswerable,
        metrics=figures.metrics,
        intervals=figures.intervals,
        dataset=name,
        articles=archive.manifest.articles,
        passages=archive.manifest.passages,
        latency_ms={f"p{q}": float(np.percentile(times, q)) for q in (50, 95, 99)},
        questions_per_second=float(1000 / times.mean()) if times.any() else 0.0,
        by_language=by_language if len(languages) > 1 else {},
        not_in_archive=tuple(not_in_archive),
    )


def _false_answers_at_90(
    positive: NDArray[np.floating[Any]], negative: NDArray[np.floating[Any]]
) -> float:
    return false_answers(positive, negative, KEPT_ANSWERED)
