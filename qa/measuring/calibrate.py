"""Fit the answer score on question sets: half of each can be answered, half cannot.

Half of a set's documents are indexed beside the distractors; its questions are asked, and those
whose documents were left out are the ones an archive that knows nothing gets. Then the halves
change places.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from config.settings import Settings
from index.building.events import Listener, silent
from index.encoders.models import Models
from index.text.tokens import SCRIPTS, Script, script
from qa.measuring.archives import temporary_service
from qa.measuring.dataset import Document, corpus_of, read_beir, read_documents
from qa.measuring.metrics import auroc, false_answers
from qa.measuring.tracking import Track, untracked
from qa.retrieval.calibration import (
    DEFAULT,
    Calibration,
    Coefficients,
    ReadCalibration,
    ReadCoefficients,
    fit,
    fit_read,
)
from qa.retrieval.hits import Hit

FEWEST = 50
"""Questions of either kind below which a fit would say nothing; the default is kept then."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The best passage found for one question, and whether the archive could answer it.

    :ivar written: script of the question.
    """

    hit: Hit
    written: Script
    answerable: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """What a calibration reaches on the questions it was fitted on.

    :ivar kept: share of the answerable questions that score at least 0.5.
    :ivar false_answers: share of the others that do.
    """

    questions: int
    auroc: float
    false_answers_at_90: float
    kept: float
    false_answers: float


def collect(
    dataset: Path,
    settings: Settings,
    models: Models,
    *,
    distractors: Path | None = None,
    say: Listener = silent,
    track: Track = untracked,
) -> list[Sample]:
    """Ask a set's questions of archives that hold one half of its documents each.

    :raises DatasetError: if a file cannot be read.
    """
    documents = list(read_documents(corpus_of(dataset)))
    questions = read_beir(dataset)
    middle = len(documents) // 2
    samples: list[Sample] = []
    for half in (documents[:middle], documents[middle:]):
        known = {document.id for document in half}
        archive: Iterable[Document] = half
        if distractors:
            archive = chain(half, read_documents(distractors))
        with temporary_service(archive, settings, models, say) as service:
            for question in track(questions, len(questions), "asking", "questions"):
                hits = service.search(question.text, now=question.asked)
                if hits:
                    samples.append(
                        Sample(
                            hits[0], script(question.text), not known.isdisjoint(question.relevant)
                        )
                    )
    return samples


def calibrate(samples: Sequence[Sample]) -> Calibration:
    """Fit all parts of a calibration; a part with too few questions keeps the default."""
    read = [sample for sample in samples if sample.hit.reading]
    own, cross_script = _by_script([sample for sample in samples if not sample.hit.reading])
    own_read, cross_script_read = _by_script(read)
    return Calibration(
        own=_fit(own, DEFAULT.own),
        cross_script={
            written: _fit(some, DEFAULT.cross_script[written])
            for written, some in cross_script.items()
        },
        read=ReadCalibration(
            own=_fit_read(own_read, DEFAULT.read.own),
            cross_script={
                written: _fit_read(some, DEFAULT.read.cross_script[written])
                for written, some in cross_script_read.items()
            },
        ),
    )


def _by_script(samples: Sequence[Sample]) -> tuple[list[Sample], dict[Script, list[Sample]]]:
    """Part those in the question's own script from those in another, by that of the question."""
    others = [sample for sample in samples if sample.hit.cross_script]
    return [sample for sample in samples if not sample.hit.cross_script], {
        written: [one for one in others if one.written == written] for written in SCRIPTS
    }


def judge(samples: Sequence[Sample], calibration: Calibration) -> Fit | None:
    """Measure a calibration; None when there are no questions of one kind."""
    answerable = _answerable(samples)
    if not len(samples) or answerable.all() or not answerable.any():
        return None
    scores = _scores(samples, calibration)
    yes, no = scores[answerable], scores[~answerable]
    return Fit(
        questions=len(samples),
        auroc=auroc(yes, no),
        false_answers_at_90=false_answers(yes, no, 0.9),
        kept=float((yes >= 0.5).mean()),  # noqa: PLR2004 - even chances
        false_answers=float((no >= 0.5).mean()),  # noqa: PLR2004 - the same
    )


def _fit(samples: Sequence[Sample], default: Coefficients) -> Coefficients:
    answerable = _answerable(samples)
    if _too_few(answerable):
        return default
    relevance = np.array([sample.hit.relevance for sample in samples])
    margin = np.array([sample.hit.margin for sample in samples])
    return fit(relevance, margin, answerable)


def _fit_read(samples: Sequence[Sample], default: ReadCoefficients) -> ReadCoefficients:
    answerable = _answerable(samples)
    if _too_few(answerable):
        return default
    margin = np.array([sample.hit.margin for sample in samples])
    logit = np.array([sample.hit.reading.logit for sample in samples if sample.hit.reading])
    lacks = np.array([sample.hit.lacks for sample in samples])
    return fit_read(margin, logit, lacks, answerable)


def _answerable(samples: Sequence[Sample]) -> NDArray[np.bool_]:
    return np.array([sample.answerable for sample in samples], np.bool_)


def _too_few(answerable: NDArray[np.bool_]) -> bool:
    return bool(min(answerable.sum(), (~answerable).sum()) < FEWEST)


def _scores(samples: Sequence[Sample], calibration: Calibration) -> NDArray[np.float64]:
    return np.array([_score(sample, calibration) for sample in samples])


def _score(sample: Sample, calibration: Calibration) -> float:
    hit = sample.hit
    if hit.reading:
        read = calibration.read.of(sample.written, cross_script=hit.cross_script)
        return read.score(hit.margin, hit.reading.logit, hit.lacks)
    part = calibration.cross_script[sample.written] if hit.cross_script else calibration.own
    return float(part.score(np.array(hit.relevance), np.array(hit.margin)))
