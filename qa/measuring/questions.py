"""Questions to measure with, and question files: one question a line, asked of an archive.

Unlike a set in BEIR's format, a question file brings no documents, knows its articles by the end
of their path, and may hold questions that the archive cannot answer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any, Literal, TypeAlias, get_args

from qa.measuring.records import DatasetError, date_of, field_of, records, texts_of
from qa.service import noon

Scope: TypeAlias = Literal["near", "far"]
"""Why a question has no answer: the archive knows its subject and not the fact, or neither."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    :ivar answers: strings any of which answers it, as the archive writes them; may be empty.
    :ivar relevant: documents that answer it, with their grade, > 0; none when nothing does.
    :ivar language: what its language is called, or None when nobody says.
    :ivar answerable: whether the archive holds an answer.
    :ivar scope: of a question that cannot be answered; None when nobody says.
    :ivar asked: when it was asked, what "this week" in it counts from; None when nobody says.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    relevant: Mapping[str, int]
    language: str | None = None
    answerable: bool = True
    scope: Scope | None = None
    asked: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions that are measured together, under one name."""

    name: str
    questions: tuple[Question, ...]

    def sample(self, most: int) -> "QuestionSet":
        """Return the set with so many of its questions at most, from all of it."""
        step = max(1, -(-len(self.questions) // most))
        return replace(self, questions=self.questions[::step])


def read_question_file(path: Path) -> list[Question]:
    """Return the questions of a question file; ``relevant`` names articles as the file does.

    :raises DatasetError: if the file cannot be read or a line is not a question.
    """
    return [_question(record, where) for where, record in records(path)]


def with_paths(questions: Iterable[Question], paths: Collection[str]) -> list[Question]:
    """Return the questions with the paths of the articles that they name.

    A name is a whole path; or else the end of one from a folder on, or a file's name without its
    suffix. A name that no article has stays as it is: it counts as an article that is not found.

    :param paths: of all articles of an archive.
    """
    whole = set(paths)
    by_name: dict[str, list[str]] = defaultdict(list)
    by_stem: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        by_name[PurePath(path).name].append(path)
        by_stem[PurePath(path).stem].append(path)

    def named(name: str) -> list[str]:
        if name in whole:
            return [name]
        ends = [path for path in by_name[PurePath(name).name] if path.endswith(f"/{name}")]
        return [*ends, *by_stem[name]] or [name]

    return [
        replace(
            question,
            relevant={
                path: grade for name, grade in question.relevant.items() for path in named(name)
            },
        )
        for question in questions
    ]


def unknown_articles(questions: Iterable[Question], paths: Iterable[str]) -> list[str]:
    """Return what the questions name, after ``with_paths``, and the archive does not have."""
    known = set(paths)
    named = {name: None for question in questions for name in question.relevant}
    return [name for name in named if name not in known]


def languages_of(questions: Iterable[Question]) -> list[str]:
    """Return the languages of some questions, sorted."""
    return sorted({question.language for question in questions if question.language})


def _question(record: Mapping[str, Any], where: str) -> Question:
    what = "a question"
    answerable = record.get("answerable", True)
    gold = texts_of(record, "gold", where)
    if not isinstance(answerable, bool):
        raise DatasetError(
            f"{where}: expected answerable to be true or false, found {answerable!r}"
        )
    if answerable != bool(gold):
        wanted = "at least one article" if answerable else "no article"
        raise DatasetError(
            f"{where}: expected {wanted} in gold, as answerable is {str(answerable).lower()}, "
            f"found {list(gold)!r}"
        )
    language = record.get("lang")
    return Question(
        id=str(field_of(record, "id", where, what)),
        text=str(field_of(record, "question", where, what)),
        answers=texts_of(record, "answers", where),
        relevant=dict.fromkeys(gold, 1),
        language=str(language) if language else None,
        answerable=answerable,
        scope=None if answerable else _scope(record.get("scope", "near"), where),
        asked=asked_on(record.get("date"), where),
    )


def asked_on(value: Any, where: str) -> datetime | None:
    """Return when a question was asked, from the day that is told of it."""
    when = date_of(value, where)
    return None if when is None else noon(when.date())


def _scope(value: Any, where: str) -> Scope:
    known: Sequence[Scope] = get_args(Scope)
    for scope in known:
        if value == scope:
            return scope
    raise DatasetError(f"{where}: expected scope to be {' or '.join(known)}, found {value!r}")
