"""Question sets in BEIR's format: a folder with ``corpus.jsonl``, ``queries.jsonl``, ``qrels.tsv``.

https://github.com/beir-cellar/beir/wiki/Load-your-custom-dataset
"""

import gzip
import json
import lzma
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from index.errors import NewsquoteError

_OPENERS: Mapping[str, Callable[..., IO[str]]] = {".gz": gzip.open, ".xz": lzma.open}


class DatasetError(NewsquoteError):
    """A question set cannot be read; the message says which file, which line and why."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a corpus."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    :ivar answers: strings any of which answers it, in the language of the corpus; may be empty.
    :ivar relevant: documents that answer it, with their grade, > 0.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    relevant: Mapping[str, int]


def read_documents(path: Path) -> Iterator[Document]:
    """Yield the documents of a corpus file, plain or compressed (``.gz``, ``.xz``).

    :raises DatasetError: if the file cannot be read or a line is not a document.
    """
    for where, record in _records(path):
        try:
            yield Document(str(record["_id"]), str(record.get("title") or ""), str(record["text"]))
        except KeyError as error:
            raise DatasetError(f"{where}: expected a document, but it has no {error}") from error


def read_questions(folder: Path) -> list[Question]:
    """Return the questions of a set that have a relevant document, in the order of their file.

    :raises DatasetError: if a file cannot be read or a line is not what it should be.
    """
    relevant: dict[str, dict[str, int]] = {}
    for where, line in _lines(folder / "qrels.tsv"):
        try:
            question, document, grade = line.split("\t")
            if grade != "score" and int(grade) > 0:
                relevant.setdefault(question, {})[document] = int(grade)
        except ValueError as error:
            raise DatasetError(
                f"{where}: expected question, document and grade between tabs, found {line!r}"
            ) from error
    questions = []
    for where, record in _records(folder / "queries.jsonl"):
        try:
            answers = _answers(record.get("metadata") or {}, where)
            number, text = str(record["_id"]), str(record["text"])
        except KeyError as error:
            raise DatasetError(f"{where}: expected a question, but it has no {error}") from error
        if number in relevant:
            questions.append(Question(number, text, answers, relevant[number]))
    return questions


def _answers(metadata: object, where: str) -> tuple[str, ...]:
    if not isinstance(metadata, dict):
        raise DatasetError(f"{where}: expected metadata to be an object, found {metadata!r}")
    answers = metadata.get("answers") or ()
    if not isinstance(answers, list | tuple):
        raise DatasetError(f"{where}: expected metadata.answers to be a list, found {answers!r}")
    return tuple(map(str, answers))


def _records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for where, line in _lines(path):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise DatasetError(f"{where}: expected a line of JSON, but {error}") from error
        if not isinstance(record, dict):
            raise DatasetError(f"{where}: expected a JSON object, found {line[:60]!r}")
        yield where, record


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line that is not blank, with its place for messages."""
    opener = _OPENERS.get(path.suffix, open)
    try:
        with opener(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield f"{path}:{number}", line.rstrip("\r\n")
    except (OSError, EOFError, zlib.error, lzma.LZMAError, UnicodeDecodeError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise DatasetError(f"{path}: cannot be read: {reason}") from error
