"""What the reader learns from: a question with one passage that answers, and some that do not."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

from index.text.passages import WIDE, size
from index.text.sentences import sentences
from index.text.tokens import fold, script
from tools.cedict import read_cedict
from tools.train_encoder.sources import Pair
from tools.train_reader.code_switching import Russifier
from tools.train_reader.glosses import Glosses
from tools.train_reader.mining import NEWS, Text, holds
from tools.train_reader.near_misses import (
    another_name,
    another_number,
    names,
    something_else,
    without_answer,
)
from tools.train_reader.sources import WRITTEN
from tools.train_reader.speech import Saying, sayings

_PARTS = 8
"""One group in so many is kept for validation."""

_WEIGHTS = {
    "bipar": 0.3,
    "rgb": 2.0,
    "crud": 6.0,
    "realtimeqa": 3.0,
    "xquad-a": 1.5,
    "cmrc-trial": 1.5,
    WRITTEN: 9.0,
}
"""How often a question of a set is asked; 1 where none is given. Novels are not news."""

_LEAST_LEFT = 30
"""Characters of a passage without the sentence that was asked for."""

_RUSSIFIED = 0.35
"""Share of English questions that are asked in Russian words."""

_CHINESE_NEWS = {"crud", "rgb"}
_ABROAD = 0.5
"""Share of questions from Chinese news that are asked in English or Russian words."""

_CROPPED = 0.5
"""Share of passages of which only some sentences are read: training takes half the time."""

_CROP = (60, 160)
"""Size of what is left, in Chinese characters."""

_TITLED = 0.8
"""Share of passages that are read with their article's title."""

_LOOKED_AT = 4
"""Questions of an article whose passages may stand beside another's."""

_OF_SAYINGS = 0.7
"""Share of translated sentences in which somebody says something that are asked for as such."""

_AROUND = 2
"""Sentences before and after a translated one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question and a passage.

    :ivar span: of the answer in the text; None when the passage has none, or it is not known where.
    :ivar answers: whether the passage answers.
    :ivar asked: number of the question among those that are drawn together; -1 for one that was
        changed.
    """

    question: str
    title: str
    text: str
    span: tuple[int, int] | None
    answers: bool
    asked: int


@dataclass(frozen=True, slots=True)
class Record:
    """A question as ``mining`` has written it; without a right passage, a stranger's.

    :ivar before: what stands right before the answer, where only one place is right.
    :ivar missing: a question about the same that the article does not answer.
    """

    source: str
    language: str
    group: str
    question: str
    answers: tuple[str, ...]
    right: tuple[Text, ...]
    near: tuple[Text, ...]
    far: tuple[Text, ...]
    before: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A record with the question as it is asked, and the passage that answers it.

    :ivar asked: puts a question into the words that this one is asked in.
    """

    record: Record
    question: str
    asked: Callable[[str], str]
    title: str
    text: str
    number: int

    def right(self) -> Reading:
        """Return the passage that answers."""
        span = span_of(self.text, self.record.answers, self.record.before)
        return Reading(self.question, self.title, self.text, span, answers=True, asked=self.number)

    def wrong(self, title: str, text: str) -> Reading:
        """Return a passage that does not."""
        return Reading(self.question, title, text, None, answers=False, asked=self.number)

    def changed(self, question: str) -> Reading:
        """Return the passage with a question that it does not answer."""
        return self.missing(self.asked(question))

    def missing(self, question: str) -> Reading:
        """Return the same with a question that stays as it is."""
        return Reading(question, self.title, self.text, None, answers=False, asked=-1)


def read_records(path: Path, leave_out: Collection[str] = ()) -> tuple[list[Record], list[Record]]:
    """Return what is trained on, and what is kept for validation: other articles.

    :param leave_out: groups that are kept for validation whatever their number.
    """
    parts: tuple[list[Record], list[Record]] = [], []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = _record(json.loads(line))
            parts[is_kept(record.group, leave_out)].append(record)
    return parts


def is_kept(group: str, leave_out: Collection[str]) -> bool:
    """Tell whether a group is kept for validation."""
    return group in leave_out or bool(group and crc32(group.encode()) % _PARTS == 0)


def _record(values: Mapping[str, Any]) -> Record:
    texts = {
        name: tuple((title, text) for title, text in values[name])
        for name in ("right", "near", "far")
    }
    return Record(
        source=values["source"].partition("_")[0].removesuffix("-zh"),
        language=values["language"],
        group=values["group"],
        question=values["question"],
        answers=tuple(answer for answer in values["answers"] if answer.strip()),
        before=values["before"],
        missing=values["missing"],
        **texts,
    )


class Examples:
    """Makes examples from records: each time others."""

    def __init__(self, records: Sequence[Record], pairs: Sequence[Pair], random: Random) -> None:
        self._strangers = [record for record in records if record.far and not record.right]
        self._records = records = [record for record in records if record.right]
        self._random = random
        self._weights = [_WEIGHTS.get(record.source, 1.0) for record in records]
        self._russian = Russifier(pairs)
        self._glosses = Glosses(read_cedict(), pairs, self._russian)
        self._translated = [pair for pair in pairs if not pair.is_entry]
        self._crossing = [
            number
            for number, pair in enumerate(self._translated)
            for _ in range(6 if "ru" in pair.languages and "zh" in pair.languages else 1)
        ]
        self._news = [record for record in records if record.source in NEWS]
        self._of_group: dict[str, list[Record]] = defaultdict(list)
        self._names: dict[str, list[str]] = defaultdict(list)
        for record in records:
            if record.group:
                self._of_group[record.group].append(record)
            for name in names(record.question, record.right[0][1]):
                self._names[record.language].append(name)

    def draw(self, questions: int, translated: int, said: int, negatives: int) -> list[Reading]:
        """Return readings of some questions.

        :param questions: from the sets.
        :param translated: sentences that are asked for in another language.
        :param said: passages that are asked for what somebody says in them.
        :param negatives: passages for each that do not answer.
        """
        chosen = self._random.choices(self._records, self._weights, k=questions)
        readings: list[Reading] = []
        for number, record in enumerate(chosen):
            readings += map(self._cropped, self._of_record(record, number, negatives))
        for number in range(questions, questions + translated):
            readings += self._of_translation(number)
        first = questions + translated
        for number in range(first, first + said):
            readings += map(self._cropped, self._of_saying(number))
        readings += map(self._cropped, self._of_stranger(negatives))
        return readings

    def _of_stranger(self, negatives: int) -> Iterator[Reading]:
        """Yield passages in another language that newsquote ranks high, and that do not answer."""
        if self._strangers:
            record = self._random.choice(self._strangers)
            question = self._words(record)(record.question)
            for title, text in self._random.sample(record.far, k=min(negatives, len(record.far))):
                yield Reading(question, self._title(title), text, None, answers=False, asked=-1)

    def _words(self, record: Record) -> Callable[[str], str]:
        """Return what puts a record's question into the words that it is asked in."""
        random = self._random
        if record.source == WRITTEN:
            return lambda question: question
        if record.language == "en" and random.random() < _RUSSIFIED:
            return lambda question: self._russian(question, random)
        if record.source in _CHINESE_NEWS and record.language == "zh" and random.random() < _ABROAD:
            gloss = random.choice((self._glosses.english, self._glosses.russian))
            return lambda question: gloss(question, random)
        return lambda question: question

    def _of_record(self, record: Record, number: int, negatives: int) -> list[Reading]:
        random = self._random
        asked = self._words(record)
        title, text = random.choice(record.right[:2])
        question = asked(record.question)
        drawn = _Drawn(record, question, asked, self._title(title), text, number)
        makers = [_cut, *[self._changed] * 3, *[self._beside] * 2, *[self._far] * 2]
        random.shuffle(makers)
        if record.missing:
            makers.insert(0, _missing)
        made = (make(drawn) for make in makers)
        wrong = islice((one for one in made if one is not None), negatives)
        return [drawn.right(), *wrong]

    def _changed(self, drawn: _Drawn) -> Reading | None:
        """Return a question that the passage nearly answers."""
        random, record = self._random, drawn.record
        held = drawn.title + drawn.text
        way = random.choice(("number", "number", "name", "attribute", "attribute"))
        question: str | None = None
        if way == "number":
            question = another_number(record.question, held, random)
        elif way == "name":
            others = self._names[record.language]
            question = another_name(record.question, held, others, random)
        elif found := names(record.question, held):
            name = random.choice(found)
            question = something_else(name, record.language, drawn.text, random)
        return drawn.changed(question) if question else None

    def _beside(self, drawn: _Drawn) -> Reading | None:
        """Return another passage of the article."""
        record = drawn.record
        near = list(record.near)
        if not near and record.group:
            family = self._of_group[record.group]
            near = [
                other.right[0]
                for other in self._random.sample(family, k=min(_LOOKED_AT, len(family)))
                if other.right[0] not in record.right
                and script(other.right[0][1]) == script(record.right[0][1])
                and not holds(other.right[0][1], record.answers)
            ]
        return self._one_of(drawn, near)

    def _far(self, drawn: _Drawn) -> Reading | None:
        """Return a passage of another article that newsquote ranks high."""
        return self._one_of(drawn, drawn.record.far)

    def _one_of(self, drawn: _Drawn, texts: Sequence[Text]) -> Reading | None:
        if not texts:
            return None
        title, text = self._random.choice(texts)
        return drawn.wrong(self._title(title), text)

    def _cropped(self, reading: Reading) -> Reading:
        """Leave some sentences of a passage: those around the answer, or any."""
        random = self._random
        if random.random() > _CROPPED or (reading.answers and reading.span is None):
            return reading
        text, most = reading.text, WIDE * random.randint(*_CROP)
        cut = sentences(text)
        if size(text) <= most or not cut:
            return reading
        needed = reading.span or (place := random.choice(cut)[0], place + 1)
        first = max(at for at, (start, _) in enumerate(cut) if start <= needed[0] or at == 0)
        last = max(
            first,
            min(at for at, (_, end) in enumerate(cut) if end >= needed[1] or at == len(cut) - 1),
        )
        while True:
            wider = [
                (low, high)
                for low, high in ((first - 1, last), (first, last + 1))
                if low >= 0 and high < len(cut) and size(text[cut[low][0] : cut[high][1]]) <= most
            ]
            if not wider:
                break
            first, last = random.choice(wider)
        start, end = cut[first][0], cut[last][1]
        span = reading.span and (reading.span[0] - start, reading.span[1] - start)
        return replace(reading, text=text[start:end], span=span)

    def _title(self, title: str) -> str:
        return title if self._random.random() < _TITLED else ""

    def _of_translation(self, number: int) -> Iterator[Reading]:
        """Yield a sentence asked for in another language, with and without it in the passage."""
        random = self._random
        place = random.choice(self._crossing)
        pair = self._translated[place]
        asked = random.choice(pair.languages)
        held = next(language for language in pair.languages if language != asked)
        kind = pair.kind
        around = [
            (at, other.text(held))
            for at in range(
                max(place - _AROUND, 0), min(place + _AROUND + 1, len(self._translated))
            )
            if (other := self._translated[at]).kind == kind and other.languages == pair.languages
        ]
        said = sayings("", pair.text(asked), asked)
        if said and random.random() < _OF_SAYINGS:
            question, answer = said[0].question(asked, random), pair.text(held)
        else:
            question, answer = self._cloze(pair.text(asked), pair.text(held), asked)
        gap = "" if held == "zh" else " "
        text = gap.join(said for _, said in around)
        start = text.find(answer)
        yield Reading(question, "", text, (start, start + len(answer)), answers=True, asked=number)
        left = gap.join(said for at, said in around if at != place and said != pair.text(held))
        if left:
            yield Reading(question, "", left, None, answers=False, asked=number)
        other = self._translated[random.choice(self._crossing)]
        if held in other.languages and other.kind != "dict":
            yield Reading(question, "", other.text(held), None, answers=False, asked=number)

    def _of_saying(self, number: int) -> Iterator[Reading]:
        """Yield what somebody says, and passages in which they do not."""
        random = self._random
        while True:
            record = random.choice(self._news)
            texts = [*record.right, *record.near, *record.far]
            title, text = random.choice(texts)
            language = "zh" if script(text) == "han" else "en"
            found = sayings(title, text, language)
            if found:
                break
        saying = random.choice(found)
        question = saying.question(language, random)
        if language == "en" and random.random() < _RUSSIFIED:
            question = self._russian(question, random)
        yield Reading(question, title, text, saying.span, answers=True, asked=number)
        start, end = saying.span
        left = text[:start] + text[end:]
        if saying.who not in left and len(left) >= _LEAST_LEFT:
            yield Reading(question, title, left, None, answers=False, asked=number)
        others = [other for other in texts if saying.who not in other[1]]
        for other in random.sample(others, k=min(2, len(others))):
            yield Reading(question, *other, None, answers=False, asked=number)
        somebody = sayings(*random.choice(texts), language)
        if somebody and somebody[0].who not in text:
            another = Saying(somebody[0].who, saying.topic, saying.span).question(language, random)
            yield Reading(another, title, text, None, answers=False, asked=-1)

    def _cloze(self, question: str, answer: str, language: str) -> tuple[str, str]:
        """Return a sentence with a number asked for, and that number; or both sentences."""
        shared = [number for number in _numbers(question) if number in _numbers(answer)]
        if not shared:
            return question, answer
        number = self._random.choice(shared)
        ask = {"zh": "多少", "en": "how many", "ru": "сколько"}[language]
        return question.rstrip(".。!").replace(number, ask, 1) + "?", number


def _cut(drawn: _Drawn) -> Reading | None:
    """Return the passage without what answers."""
    left = without_answer(drawn.text, drawn.record.answers)
    return drawn.wrong(drawn.title, left) if left else None


def _missing(drawn: _Drawn) -> Reading:
    """Return the passage with the question that was written to miss it."""
    return drawn.missing(drawn.record.missing)


def span_of(text: str, answers: Sequence[str], before: str = "") -> tuple[int, int] | None:
    """Return where the longest answer stands in a text that folding leaves as long as it was.

    :param before: what stands right before it, if only one place is right.
    """
    for answer in answers if before else ():
        if before + answer in text:
            start = text.index(before + answer) + len(before)
            return start, start + len(answer)
    folded = fold(text)
    found = [fold(answer) for answer in answers if fold(answer) in folded]
    if not found or len(folded) != len(text):
        for answer in sorted(answers, key=len, reverse=True):
            if answer in text:
                return text.index(answer), text.index(answer) + len(answer)
        return None
    longest = max(found, key=len)
    start = folded.index(longest)
    return start, start + len(longest)


def _numbers(text: str) -> list[str]:
    found, number = [], ""
    for character in text + " ":
        if character.isdigit() and character.isascii():
            number += character
        elif number:
            found.append(number)
            number = ""
    return [number for number in found if len(number) > 1]
