"""Questions with documents that answer them, from the folders of sets that the reader learns from.

``reading``  questions with passages: BiPaR, CRUD-RAG, RealTimeQA, RGB
``eval``     encyclopedia sets in BEIR's format: DRCD, CMRC, XQuAD in six pairs of languages
``news``     the same of news, with whole articles
``written``  questions in three languages, written for this recipe about articles of ``news`` and ``encoder/data``
"""

import hashlib
import json
import lzma
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zlib import crc32

from index.text.tokens import script
from qa.measuring.dataset import Document, corpus_of, read_beir, read_documents
from tools.train_encoder.sources import read_articles

LANGUAGES = ("zh", "en", "ru")
_EVERYDAY = Path(__file__).with_name("everyday.txt")
_TRANSLATED = Path(__file__).with_name("translated.tsv")
_WRITTEN = Path(__file__).with_name("written.tsv")
WRITTEN = "written"
"""The set of questions in ``written.tsv``."""
_LANGUAGE_OF = {"han": "zh", "latin": "en", "cyrillic": "ru"}
_XQUAD = "xquad-a"
_READING = ("bipar", "crud", "realtimeqa", "rgb-zh")
_OTHERS = 20_000
"""Paragraphs that have nothing to do with any question, among which candidates are looked for."""

_BESIDE = 4
"""One article in so many stands beside those that questions were written about."""

_BEFORE = 12
"""Characters before an answer that tell its place from others where the same words stand."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set.

    :ivar source: the set's name.
    :ivar language: of the question.
    :ivar answers: strings, in the language of the documents.
    :ivar gold: ids of documents that answer.
    :ivar group: what is split together: a document's family.
    :ivar before: what stands right before the answer; empty where any place will do.
    :ivar missing: a question about the same, which the documents do not answer; empty if there is none.
    """

    source: str
    language: str
    text: str
    answers: tuple[str, ...]
    gold: tuple[str, ...]
    group: str
    before: str = ""
    missing: str = ""


@dataclass(slots=True)
class World:
    """An archive in one language, and the questions that it is asked.

    A document stands in one language only: its translation would answer too, in other words.
    """

    documents: dict[str, Document] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def add_texts(self, texts: Iterable[str], *, titled: bool = False) -> tuple[str, ...]:
        """Add documents that have no name and return their ids; the same text is the same one."""
        return tuple(self._add(text, titled=titled) for text in texts)

    def add(self, documents: Iterable[Document]) -> dict[str, str]:
        """Add documents and return the id of each by the one that it had."""
        found = {}
        for document in documents:
            number = _digest(document.text)
            self.documents.setdefault(
                number, Document(number, document.title, document.text, document.date)
            )
            found[document.id] = number
        return found

    def _add(self, text: str, *, titled: bool) -> str:
        title, _, body = text.partition("\n") if titled else ("", "", text)
        number = _digest(body)
        self.documents.setdefault(number, Document(number, title.strip(), body))
        return number


def read_worlds(shared: Path) -> dict[str, World]:
    """Return the archives by their language, with all questions."""
    worlds = {language: World() for language in LANGUAGES}
    for name in ("drcd-dev", "cmrc-trial"):
        _add_set(worlds["zh"], shared / "eval" / name, name, "zh")
    _add_xquad(worlds, shared / "eval")
    _add_set(worlds["zh"], shared / "news" / "crud-dev", "crud", "zh", translations())
    _add_set(worlds["en"], shared / "news" / "realtimeqa-dev", "realtimeqa", "en")
    for name in _READING:
        _add_reading(worlds, shared / "reading" / f"{name}.jsonl.xz")
    _add_written(worlds, shared / "encoder" / "data")
    others = read_documents(shared / "eval" / "distractors.jsonl.xz")
    worlds["zh"].add(document for document, _ in zip(others, range(_OTHERS), strict=False))
    for world in worlds.values():
        world.asked = list({(one.text, one.gold): one for one in world.asked}.values())
    return worlds


def everyday() -> list[Asked]:
    """Return questions that no archive answers."""
    lines = _EVERYDAY.read_text("utf-8").splitlines()
    return [
        Asked("everyday", _LANGUAGE_OF[script(line)], line, (), (), _digest(line))
        for line in lines
        if not line.startswith("#")
    ]


def _add_set(
    world: World,
    folder: Path,
    source: str,
    language: str,
    translations: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> None:
    """Add documents and questions.

    :param translations: of some questions by their ids: text by language.
    """
    ids = world.add(read_documents(corpus_of(folder)))
    for question in read_beir(folder):
        gold = tuple(ids[number] for number in question.relevant)
        group = gold[0] if source in {"crud", "realtimeqa"} else _family(question.id)
        texts = {language: question.text, **translations.get(question.id, {})}
        for spoken, text in texts.items():
            world.asked.append(Asked(source, spoken, text, tuple(question.answers), gold, group))


def translations() -> dict[str, dict[str, str]]:
    """Return Chinese news questions in other languages: by their number, text by language."""
    lines = _TRANSLATED.read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {number: {"en": english, "ru": russian} for number, english, russian in rows}


def _add_xquad(worlds: dict[str, World], folder: Path) -> None:
    """Add the questions in all three languages to the passages in all three."""
    asked = {}
    for language in LANGUAGES:
        name = f"{_XQUAD}-{language}-zh"
        asked[language] = {question.id: question.text for question in read_beir(folder / name)}
    for held in LANGUAGES:
        of = folder / f"{_XQUAD}-zh-{held}"
        ids = worlds[held].add(read_documents(corpus_of(of)))
        for question, language in product(read_beir(of), LANGUAGES):
            worlds[held].asked.append(
                Asked(
                    _XQUAD,
                    language,
                    asked[language][question.id],
                    tuple(question.answers),
                    tuple(ids[number] for number in question.relevant),
                    _family(question.id),
                )
            )


def _add_reading(worlds: dict[str, World], path: Path) -> None:
    for record in _records(path):
        world = worlds[record["passage_lang"]]
        source = record["set"].removesuffix("_refine").removesuffix("-zh")
        titled = source == "realtimeqa"
        gold = world.add_texts(record["positive"], titled=titled)
        world.add_texts(record["negative"], titled=titled)
        group = gold[0] if source != "bipar" else ""
        world.asked.append(
            Asked(source, record["lang"], record["question"], tuple(record["answers"]), gold, group)
        )


def _add_written(worlds: dict[str, World], data: Path) -> None:
    """Add the questions of ``written.tsv``, the articles that they are about, and some others."""
    rows = read_written()
    for article in read_articles(data):
        text = "\n".join(article.paragraphs)
        number = _digest(text)
        if number in rows or crc32(number.encode()) % _BESIDE == 0:
            worlds[_LANGUAGE_OF[script(text)]].add([Document(number, article.title, text)])
    for number, row in rows.items():
        for world in worlds.values():
            if number in world.documents:
                world.asked += row.asked(world.documents[number].text)


@dataclass(frozen=True, slots=True)
class Written:
    """Questions about a document, by language.

    :ivar number: of the document.
    :ivar place: of the answer in it: first character, and the one after the last.
    :ivar missing: questions about the same that it does not answer.
    """

    number: str
    place: tuple[int, int]
    questions: Mapping[str, str]
    missing: Mapping[str, str]

    def asked(self, text: str) -> Iterator[Asked]:
        """Yield the questions, with the answer that the document's text has for them."""
        start, end = self.place
        line = text.rfind("\n", 0, start) + 1
        answer = " ".join(text[start:end].split())
        before = re.sub(r"\s+", " ", text[line:start]).lstrip()[-_BEFORE:]
        for language in LANGUAGES:
            yield Asked(
                WRITTEN,
                language,
                self.questions[language],
                (answer,),
                (self.number,),
                self.number,
                before,
                self.missing[language],
            )


def read_written() -> dict[str, Written]:
    """Return what was written about each document, by its number."""
    lines = _WRITTEN.read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {
        number: Written(
            number,
            (int(start), int(end)),
            dict(zip(LANGUAGES, said[:3], strict=True)),
            dict(zip(LANGUAGES, said[3:], strict=True)),
        )
        for number, start, end, *said in rows
    }


def _family(number: str) -> str:
    """Return the article of a question whose number is that of set, article, paragraph, question."""
    return number.rsplit("-", 2)[0]


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16]
