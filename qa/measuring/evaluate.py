"""How well an archive answers a set of questions: ranking, quoting, declining, speed.

A temporary index is built through the code of ``newsquote index build`` and asked through the
code of ``newsquote ask``, so that what is measured is what users get.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.settings import Settings
from index.building.prepare import prepare
from index.building.write import build
from index.encoders.cached import CachedEncoder, cache_folder
from index.encoders.models import Models
from index.encoders.opening import open_models
from index.errors import NewsquoteError
from index.types import Article, Card, Paragraph
from qa.archiving import options_of
from qa.measuring.dataset import Document, Question, read_documents, read_questions
from qa.opening import encoder_choice, open_service
from qa.service import Service
from qa.types import Answer

RANKED = 10
"""Documents that count."""

KEPT_ANSWERED = 0.9
"""Share of the answerable questions that the threshold for ``false_answers_at_90`` keeps."""

_METRICS = {
    "mrr@10": "RR@10",
    "recall@1": "R@1",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "ndcg@10": "nDCG@10",
}
"""By the names that the metrics library gives them."""


class MissingExtra(NewsquoteError):
    """An optional package is not installed; the message says how to install it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with what came back.

    :ivar ranking: documents by the score of their best passage, best first.
    """

    question: Question
    ranking: tuple[tuple[str, float], ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured; metrics are shares in [0, 1], None where nothing could be measured."""

    dataset: str
    questions: int
    passages: int
    metrics: dict[str, float | None]
    latency_ms: dict[str, float]
    questions_per_second: float

    def to_dict(self) -> dict[str, Any]:
        """Return the report as ``--json`` prints it."""
        return asdict(self)


def evaluate(
    dataset: Path,
    settings: Settings,
    models: Models,
    *,
    distractors: Path | None = None,
    unanswerable: Path | None = None,
) -> Report:
    """Measure a question set.

    :param distractors: a further corpus, in which the set is buried.
    :param unanswerable: a set whose questions are asked too, and should be declined.
    :raises DatasetError: if a file cannot be read.
    :raises MissingExtra: if the metrics library is not installed.
    """
    _metrics_library()  # what is missing is said before the work begins
    questions = read_questions(dataset)
    strangers = read_questions(unanswerable) if unanswerable else []
    documents: Iterable[Document] = read_documents(dataset / "corpus.jsonl")
    if distractors:
        documents = chain(documents, read_documents(distractors))
    with temporary_service(documents, settings, models) as service:
        ask_all(service, questions[:1])  # the first question opens files; users ask many
        asked = ask_all(service, questions)
        declined = ask_all(service, strangers)
        passages = service.status().manifest.passages
    return _report(dataset.name, passages, asked, declined)


def evaluation_models(settings: Settings) -> Models:
    """Open the models that the settings name, with slow vectors kept between runs.

    :raises EncoderUnavailable: if one cannot be loaded; the message says what to do.
    """
    models = open_models(encoder_choice(settings))
    if models.encoder.lasting:
        return models
    return replace(models, encoder=CachedEncoder(models.encoder, cache_folder()))


@contextmanager
def temporary_service(
    documents: Iterable[Document], settings: Settings, models: Models
) -> Iterator[Service]:
    """Index documents in a temporary folder, as articles are indexed, and open the index."""
    with tempfile.TemporaryDirectory(prefix="newsquote-eval-") as folder:
        settings = settings.with_flags(index={"dir": Path(folder)})
        options = options_of(settings)
        articles = map(_as_article, documents)
        build(
            prepare(articles, models.table, target_chars=options.target_chars),
            settings.index.dir,
            models,
            options,
            paths=(),
        )
        with open_service(settings, models) as service:
            yield service


def ask_all(service: Service, questions: Sequence[Question]) -> list[Asked]:
    """Ask every question and keep what came back."""
    return [
        Asked(
            question=question,
            ranking=tuple(service.rank_articles(question.text, RANKED)),
            answer=service.answer(question.text, quotes=1, near=True),
        )
        for question in questions
    ]


def auroc(positive: NDArray[np.floating[Any]], negative: NDArray[np.floating[Any]]) -> float:
    """Return the chance that a positive scores above a negative, ties counting half, in [0, 1].

    The Mann-Whitney statistic; https://doi.org/10.1148/radiology.143.1.7063747.
    """
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left")
    not_above = np.searchsorted(ordered, positive, "right")
    return float((below + not_above).mean() / (2 * len(negative)))


def false_answers(
    positive: NDArray[np.floating[Any]], negative: NDArray[np.floating[Any]], kept: float
) -> float:
    """Return the share of negatives at or above the threshold that keeps ``kept`` of the positives."""
    threshold = np.sort(positive)[::-1][int(np.ceil(kept * len(positive))) - 1]
    return float((negative >= threshold).mean())


def _as_article(document: Document) -> Article:
    lines = (" ".join(line.split()) for line in document.text.splitlines())
    card = Card(
        path=document.id,
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
        title=document.title,
        author=None,
        date=None,
        url=None,
        source=None,
        language="und",
    )
    return Article(card, (), (), tuple(Paragraph(line) for line in lines if line))


def _report(name: str, passages: int, asked: Sequence[Asked], declined: Sequence[Asked]) -> Report:
    metrics = _ranking_metrics(asked)
    with_answers = [one for one in asked if one.question.answers]
    metrics["answer_in_quote"] = _share(_answer_in_quote(one) for one in with_answers)
    metrics["answer_in_highlight"] = _share(_answer_in_highlight(one) for one in with_answers)
    answered = np.array([one.answer.score for one in asked])
    strange = np.array([one.answer.score for one in declined])
    both = len(answered) and len(strange)
    metrics["auroc"] = auroc(answered, strange) if both else None
    metrics["false_answers_at_90"] = (
        false_answers(answered, strange, KEPT_ANSWERED) if both else None
    )
    times = np.array([one.answer.elapsed_ms for one in asked] or [0.0])
    return Report(
        dataset=name,
        questions=len(asked),
        passages=passages,
        metrics=metrics,
        latency_ms={f"p{q}": float(np.percentile(times, q)) for q in (50, 95, 99)},
        questions_per_second=float(1000 / times.mean()) if asked else 0.0,
    )


def _ranking_metrics(asked: Sequence[Asked]) -> dict[str, float | None]:
    if not asked:
        return dict.fromkeys(_METRICS)
    library = _metrics_library()
    judged = {one.question.id: dict(one.question.relevant) for one in asked}
    run = {one.question.id: dict(one.ranking) for one in asked}
    measures = {name: library.parse_measure(measure) for name, measure in _METRICS.items()}
    measured = library.calc_aggregate(list(measures.values()), judged, run)
    return {name: float(measured[measure]) for name, measure in measures.items()}


def _metrics_library() -> ModuleType:
    try:
        return import_module("ir_measures")
    except ImportError as error:
        raise MissingExtra(
            "measuring needs the package ir-measures; install it with: pip install 'newsquote[eval]'"
        ) from error


def _answer_in_quote(asked: Asked) -> bool:
    return any(answer in text for answer in asked.question.answers for text in _top_texts(asked))


def _answer_in_highlight(asked: Asked) -> bool:
    shown = [*asked.answer.quotes, *asked.answer.near][:1]
    return any(
        answer in quote.text[start:end]
        for quote in shown
        for start, end in quote.highlights
        for answer in asked.question.answers
    )


def _top_texts(asked: Asked) -> list[str]:
    return [quote.text for quote in (*asked.answer.quotes, *asked.answer.near)[:1]]


def _share(hits: Iterable[bool]) -> float | None:
    found = list(hits)
    return sum(found) / len(found) if found else None
