"""Quotations of which it is known what is wrong with them, made from an archive by chance.

Each kind takes words out of an article and does one thing to them. Where a kind cannot be made of a sentence, such
as another number where there is none, another sentence is taken.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from benchmarks.changes import another_name, another_number, in_other_script, negated
from index.text.sentences import sentences
from index.text.tokens import HAN
from index.types import Card
from qa.checking.verdicts import ANYWHERE, Claim, Verdict
from qa.types import Window

SHORTEST, LONGEST = 12, 60
"""Words of a sentence that is taken, a Han character counting as one."""

SHORTEST_TITLE = 6
"""The same for a headline."""

_TRIES = 400
_WORD = re.compile(rf"[{HAN}]|[^\W_]+")
_HAN = re.compile(f"[{HAN}]")
_CLAUSE = re.compile(r"(?<=[，；：、])|(?<=[,;:] )")
_NOT = re.compile(
    rf"(?<![除要莫是有能会會])(?:不会|不能|没有|不是|沒有|不會)(?=[{HAN}]{{6}})|\b(?:not|never) (?=\w+ \w+ \w+)|\bне (?=\w+ \w+ \w+)"
)
_MARKS = str.maketrans("，。；：！？“”「」‘’（）、,;", ",.;:!?\"\"“”''(),，；")


@dataclass(frozen=True, slots=True)
class Sample:
    """An article that quotations are made from."""

    card: Card
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """A quotation, and the verdict that is right.

    :ivar kind: what was done to it.
    :ivar original: the words that it was made from.
    """

    kind: str
    text: str
    verdict: Verdict
    original: str
    claim: Claim = ANYWHERE


@dataclass(frozen=True, slots=True)
class Source:
    """What cases are made from.

    :ivar samples: articles of the archive.
    :ivar strangers: texts of which the archive has none.
    :ivar holding: how many articles of a source, or of any (None), hold some words, in their texts or titles.
    """

    samples: Sequence[Sample]
    strangers: Sequence[str]
    holding: Callable[[str, str | None], int]
    chance: random.Random


def cases(source: Source, count: int) -> Iterator[Case]:
    """Yield so many cases, as many of each kind as can be."""
    kinds = dict(KINDS)
    made = 0
    while made < count and kinds:
        for kind in list(kinds):
            found = next(filter(None, (kinds[kind](source) for _ in range(_TRIES))), None)
            if found is None:
                del kinds[kind]  # this archive has nothing for it
                continue
            yield Case(kind, *found)
            made += 1
            if made == count:
                return


_Made: TypeAlias = tuple[str, Verdict, str, Claim] | None
"""Text, verdict, original and claim of a case, if one could be made."""


def _sentence(source: Source) -> tuple[Sample, str]:
    while True:
        sample = source.chance.choice(source.samples)
        spans = [one for one in sentences(sample.text) if _fits(sample.text[slice(*one)])]
        if spans:
            start, end = source.chance.choice(spans)
            return sample, sample.text[start:end]


def _headline(source: Source) -> Sample:
    while True:
        sample = source.chance.choice(source.samples)
        if _fits(sample.card.title, SHORTEST_TITLE):
            return sample


def _fits(words: str, shortest: int = SHORTEST) -> bool:
    return shortest <= len(_WORD.findall(words)) <= LONGEST


# 1. As it stands.


def _verbatim(source: Source) -> _Made:
    _, sentence = _sentence(source)
    return sentence, "verified", sentence, ANYWHERE


def _half(source: Source) -> _Made:
    """Take a part of a sentence that begins and ends at marks."""
    _, sentence = _sentence(source)
    clauses = _CLAUSE.split(sentence)
    half = "".join(clauses[1:]).strip()
    return (half, "verified", sentence, ANYWHERE) if len(_WORD.findall(half)) >= SHORTEST else None


def _spaced(source: Source) -> _Made:
    _, sentence = _sentence(source)
    if _HAN.search(sentence):
        spaced = re.sub(
            f"(?<=[{HAN}])(?=[{HAN}])",
            lambda _: " " if source.chance.random() < 0.2 else "",  # noqa: PLR2004 - one in five
            sentence,
        )
    else:
        spaced = re.sub(" ", lambda _: source.chance.choice([" ", "  ", "\n", "\xa0"]), sentence)
    return spaced, "verified", sentence, ANYWHERE


def _marked(source: Source) -> _Made:
    _, sentence = _sentence(source)
    if re.search(r"\d[,.]\d", sentence):
        return None  # there a mark is part of a number
    marked = sentence.translate(_MARKS)
    return (marked, "verified", sentence, ANYWHERE) if marked != sentence else None


def _other_script(source: Source) -> _Made:
    _, sentence = _sentence(source)
    written = in_other_script(sentence)
    return (written, "verified", sentence, ANYWHERE) if written != sentence else None


def _shortened(source: Source) -> _Made:
    """Leave a clause out, with an ellipsis in its place."""
    _, sentence = _sentence(source)
    clauses = _CLAUSE.split(sentence)
    if len(clauses) < 3:  # noqa: PLR2004 - one goes
        return None
    ellipsis = source.chance.choice(["……", "...", "[…]"])
    shortened = f"{clauses[0].strip(' ,，；：、;:')}{ellipsis}{''.join(clauses[2:]).strip()}"
    return shortened, "verified", sentence, ANYWHERE


def _rightly_said(source: Source) -> _Made:
    sample, sentence = _sentence(source)
    card = sample.card
    if not card.source or not card.date:
        return None
    day = card.date.date()
    return sentence, "verified", sentence, Claim(source=card.source, window=Window(day, day))


# 2. Altered.


def _changed(change: Callable[[str, random.Random], str | None]) -> Callable[[Source], _Made]:
    """Return what makes altered cases by a change of words."""

    def made(source: Source) -> _Made:
        _, sentence = _sentence(source)
        changed = change(sentence, source.chance)
        return (changed, "altered", sentence, ANYWHERE) if changed else None

    return made


def _word(source: Source) -> _Made:
    """Leave a word out, or put another in its place."""
    _, sentence = _sentence(source)
    _, other = _sentence(source)
    words, others = list(re.finditer(r"\w+", sentence)), re.findall(r"\w+", other)
    if _HAN.search(sentence):
        words = list(re.finditer(f"[{HAN}]{{2}}", sentence))
        others = re.findall(f"[{HAN}]{{2}}", other)
    inner = words[1:-1]
    if not inner or not others:
        return None
    match = source.chance.choice(inner)
    new = source.chance.choice(["", source.chance.choice(others)])
    if new.lower() == match.group().lower() or sentence.count(match.group()) > 1:
        return None
    return sentence[: match.start()] + new + sentence[match.end() :], "altered", sentence, ANYWHERE


def _not_cut_off(source: Source) -> _Made:
    """Begin right after the "not" that belongs to what is quoted."""
    _, sentence = _sentence(source)
    found = list(_NOT.finditer(sentence))
    if not found:
        return None
    rest = sentence[source.chance.choice(found).end() :]
    if len(_WORD.findall(rest)) >= SHORTEST and source.holding(rest, None):
        return rest, "altered", sentence, ANYWHERE
    return None


# 3. Stitched.


def _joined(source: Source) -> _Made:
    """Join two sentences of one article that do not follow one another."""
    sample, _ = _sentence(source)
    spans = [one for one in sentences(sample.text) if _fits(sample.text[slice(*one)])]
    if len(spans) < 3:  # noqa: PLR2004 - two, and one between
        return None
    first, second = source.chance.sample(spans, 2)
    one, other = sample.text[slice(*first)], sample.text[slice(*second)]
    between = sample.text[first[1] : second[0]]
    if first[1] <= second[0] and len(_WORD.findall(between)) < SHORTEST:
        return None
    return f"{one} {other}", "stitched", f"{one} | {other}", ANYWHERE


def _joined_halves(source: Source) -> _Made:
    """Join the first half of a sentence to the second half of one of another article."""
    (sample, one), (stranger, other) = _sentence(source), _sentence(source)
    if sample == stranger:
        return None
    clauses, others = _CLAUSE.split(one), _CLAUSE.split(other)
    begin = "".join(clauses[: (len(clauses) + 1) // 2])
    end = "".join(others[len(others) // 2 :])
    long_enough = all(len(_WORD.findall(half)) >= SHORTEST for half in (begin, end))
    return (f"{begin}{end}", "stitched", f"{one} | {other}", ANYWHERE) if long_enough else None


# 4. Misattributed.


def _other_source(source: Source) -> _Made:
    sample, sentence = _sentence(source)
    other = _another_source(sample, source)
    if other is None or source.holding(sentence, other):
        return None
    return sentence, "misattributed", sentence, Claim(source=other)


def _another_source(sample: Sample, source: Source) -> str | None:
    """Return a source that an article is not of, if there is one."""
    known = {one.card.source for one in source.samples if one.card.source}
    others = sorted(known - {sample.card.source})
    return source.chance.choice(others) if others else None


def _other_day(source: Source) -> _Made:
    sample, sentence = _sentence(source)
    if not sample.card.date:
        return None
    day = sample.card.date.date() + timedelta(days=source.chance.randint(4000, 8000))
    return sentence, "misattributed", sentence, Claim(window=Window(day, day))


# 5. Of another archive.


def _stranger(source: Source) -> _Made:
    if not source.strangers:
        return None
    text = source.chance.choice(source.strangers)
    spans = [one for one in sentences(text) if _fits(text[slice(*one)])]
    if not spans:
        return None
    sentence = text[slice(*source.chance.choice(spans))]
    middle = len(sentence) // 2
    pieces = (sentence[:14], sentence[middle - 7 : middle + 7], sentence[-15:-1])
    if any(source.holding(piece, None) for piece in pieces):
        return None  # the archive has much the same
    return sentence, "not_found", sentence, ANYWHERE


# 6. Headlines.


def _title(source: Source) -> _Made:
    sample = _headline(source)
    title = sample.card.title
    return title, "verified", title, Claim(source=sample.card.source)


def _changed_title(change: Callable[[str, random.Random], str | None]) -> Callable[[Source], _Made]:
    """Return what makes altered cases by a change of headlines."""

    def made(source: Source) -> _Made:
        title = _headline(source).card.title
        changed = change(title, source.chance)
        if not changed or source.holding(changed, None):
            return None  # of a series each part has its number
        return changed, "altered", title, ANYWHERE

    return made


def _title_of_other_source(source: Source) -> _Made:
    sample = _headline(source)
    other = _another_source(sample, source)
    title = sample.card.title
    if other is None or source.holding(title, other):
        return None
    return title, "misattributed", title, Claim(source=other)


KINDS: Mapping[str, Callable[[Source], _Made]] = {
    "verbatim": _verbatim,
    "part of a sentence": _half,
    "other spaces": _spaced,
    "other punctuation": _marked,
    "other script": _other_script,
    "ellipsis": _shortened,
    "right source and day": _rightly_said,
    "number": _changed(another_number),
    "name": _changed(another_name),
    "negation": _changed(negated),
    "another word": _word,
    "“not” cut off": _not_cut_off,
    "two sentences joined": _joined,
    "two halves joined": _joined_halves,
    "source swapped": _other_source,
    "day swapped": _other_day,
    "not in the archive": _stranger,
    "headline": _title,
    "number in a headline": _changed_title(another_number),
    "name in a headline": _changed_title(another_name),
    "headline, source swapped": _title_of_other_source,
}
"""What is done to quotations, in the order in which it is told."""
