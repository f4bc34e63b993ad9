"""Question sets in BEIR's format: a folder with ``corpus.jsonl``, ``queries.jsonl``, ``qrels.tsv``.

https://github.com/beir-cellar/beir/wiki/Load-your-custom-dataset
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from qa.measuring.questions import Question, asked_on
from qa.measuring.records import (
    SUFFIXES,
    DatasetError,
    date_of,
    field_of,
    lines,
    object_of,
    records,
    texts_of,
)


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a corpus: a paragraph, or a whole article with a paragraph a line.

    :ivar date: when it was published, with its offset, or None when the corpus does not say.
    """

    id: str
    title: str
    text: str
    date: datetime | None = None
    url: str | None = None


_NAMES = tuple(f"corpus.jsonl{suffix}" for suffix in SUFFIXES)


def corpus_of(folder: Path) -> Path:
    """Return the corpus file of a set: ``corpus.jsonl``, or the same compressed.

    :raises DatasetError: if there is none, or more than one.
    """
    if not folder.is_dir():
        raise DatasetError(f"there is no folder {folder}")
    found = [name for name in _NAMES if (folder / name).is_file()]
    if not found:
        raise DatasetError(f"{folder}: expected one of {', '.join(_NAMES)}, found none")
    if len(found) > 1:
        raise DatasetError(
            f"{folder}: expected one corpus, found {' and '.join(found)}; remove all but one"
        )
    return folder / found[0]


def corpus_at(path: Path) -> Path | None:
    """Return the corpus that a path names: a file of documents, or that of a set.

    :return: None when it names article files.
    :raises DatasetError: if it is a set, and has no corpus or more than one.
    """
    if path.is_dir():
        is_set = any((path / name).exists() for name in ("qrels.tsv", *_NAMES))
        return corpus_of(path) if is_set else None
    return path if path.name.endswith(tuple(f".jsonl{suffix}" for suffix in SUFFIXES)) else None


def read_documents(path: Path) -> Iterator[Document]:
    """Yield the documents of a corpus file, plain or compressed (``.gz``, ``.xz``).

    :raises DatasetError: if the file cannot be read or a line is not a document.
    """
    for where, record in records(path):
        about = object_of(record, "metadata", where)
        yield Document(
            id=str(field_of(record, "_id", where, "a document")),
            title=str(record.get("title") or ""),
            text=str(field_of(record, "text", where, "a document")),
            date=date_of(about.get("date") or record.get("date"), where),
            url=_text(about.get("url") or record.get("url")),
        )


def read_beir(folder: Path) -> list[Question]:
    """Return the questions of a set that have a relevant document, in the order of their file.

    :raises DatasetError: if a file cannot be read or a line is not what it should be.
    """
    relevant = _relevant(folder / "qrels.tsv")
    questions = []
    for where, record in records(folder / "queries.jsonl"):
        about = object_of(record, "metadata", where)
        answers = texts_of(about, "answers", where, "metadata.answers")
        number, text = (
            str(field_of(record, name, where, "a question")) for name in ("_id", "text")
        )
        if number in relevant:
            asked = asked_on(about.get("date"), where)
            questions.append(Question(number, text, answers, relevant[number], asked=asked))
    return questions


def _relevant(path: Path) -> Mapping[str, Mapping[str, int]]:
    """Return the grades > 0 of the documents of each question."""
    relevant: dict[str, dict[str, int]] = {}
    for where, line in lines(path):
        try:
            question, document, grade = line.split("\t")
            if grade != "score" and int(grade) > 0:
                relevant.setdefault(question, {})[document] = int(grade)
        except ValueError as error:
            raise DatasetError(
                f"{where}: expected question, document and grade between tabs, found {line!r}"
            ) from error
    return relevant


def _text(value: Any) -> str | None:
    return str(value) if value else None
