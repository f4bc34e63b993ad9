"""How well an archive answers sets of questions: ranking, quoting, declining, speed.

A temporary index is built through the code of ``newsquote index build`` and asked through the
code of ``newsquote ask``, so that what is measured is what users get.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import chain
from pathlib import Path

from config.settings import Settings
from index.building.events import Listener, silent
from index.encoders.models import Models
from qa.measuring.archives import temporary_archive, temporary_service
from qa.measuring.asking import RANKED, ask_all
from qa.measuring.baseline import bm25_rankings
from qa.measuring.dataset import corpus_at, read_beir, read_documents
from qa.measuring.questions import (
    Question,
    QuestionSet,
    read_question_file,
    unknown_articles,
    with_paths,
)
from qa.measuring.report import Report, report_of
from qa.measuring.tracking import Track, untracked
from qa.service import Service


def read_set(path: Path) -> QuestionSet:
    """Read the questions of a set: a folder in BEIR's format, or a question file.

    :raises DatasetError: if a file cannot be read or a line is not what it should be.
    """
    if path.is_dir():
        return QuestionSet(path.name, tuple(read_beir(path)))
    plain = path if path.suffix == ".jsonl" else path.with_suffix("")  # without .gz or .xz
    return QuestionSet(plain.stem, tuple(read_question_file(path)))


def strangers_of(path: Path) -> list[Question]:
    """Return a set's questions as questions that the archive cannot answer.

    :raises DatasetError: if a file cannot be read or a line is not what it should be.
    """
    return [
        replace(question, answers=(), relevant={}, answerable=False)
        for question in read_set(path).questions
    ]


def archive_at(
    path: Path,
    settings: Settings,
    models: Models,
    *,
    distractors: Path | None = None,
    say: Listener = silent,
) -> AbstractContextManager[Service]:
    """Index an archive in a temporary folder: article files, a corpus file, or a set with one.

    :param distractors: a further corpus; only beside a corpus.
    :param say: told how indexing gets on.
    :raises DatasetError: if a corpus cannot be read.
    :raises NothingToIndex: if no file is an article.
    """
    corpus = corpus_at(path)
    if corpus is None:
        return temporary_archive([path], settings, models, say)
    documents = [corpus, distractors] if distractors else [corpus]
    held = chain.from_iterable(map(read_documents, documents))
    return temporary_service(held, settings, models, say)


def evaluate(
    service: Service,
    sets: Sequence[QuestionSet],
    *,
    strangers: Sequence[Question] = (),
    baseline: bool = False,
    track: Track = untracked,
) -> Iterator[Report]:
    """Ask sets of questions of one archive, and report on each as soon as it is measured.

    :param strangers: questions that are asked with each set, and should be declined.
    :param baseline: whether to rank the articles by BM25 too.
    :param track: told which question is being asked.
    """
    archive = list(service.contents())
    paths = [article.card.path for article in archive]
    texts = (question.text for one in sets for question in one.questions)
    baselines = bm25_rankings(archive, texts, RANKED) if baseline else {}
    for one in sets:
        questions = with_paths(one.questions, paths)
        ask_all(service, questions[:1])  # the first question opens files; users ask many
        asked = ask_all(service, [*questions, *strangers], baselines, track)
        yield report_of(one.name, service.status(), asked, unknown_articles(questions, paths))
