"""Quotations of which it is known what is wrong with them, made from an archive by chance.

Each kind takes words out of an article and does one thing to them. Where a kind cannot be made of a sentence, such
as another number where there is none, another sentence is taken.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TypeAlias

from index.text.sentences import sentences
from index.text.tokens import HAN, variants
from index.types import Card
from qa.checking.verdicts import ANYWHERE, Claim, Verdict
from qa.types import Window

SHORTEST, LONGEST = 12, 60
"""Words of a sentence that is taken, a Han character counting as one."""

_TRIES = 400
_WORD = re.compile(rf"[{HAN}]|[^\W_]+")
_HAN = re.compile(f"[{HAN}]")
_CLAUSE = re.compile(r"(?<=[，；：、])|(?<=[,;:] )")
_NUMBER = re.compile(r"(?<![\d.,])\d+(?![\d.,]*\d)")
_NUMERAL = re.compile("[二三四五六七八九](?=[十百千万亿個个名人年月天日倍成])")
_PLACES: tuple[tuple[str, ...], ...] = (
    (
        "中国",
        "美国",
        "俄罗斯",
        "日本",
        "乌克兰",
        "欧盟",
        "英国",
        "法国",
        "德国",
        "印度",
        "韩国",
        "伊朗",
    ),
    (
        "北京",
        "上海",
        "香港",
        "广州",
        "深圳",
        "武汉",
        "台北",
        "东京",
        "莫斯科",
        "华盛顿",
        "重庆",
        "成都",
    ),
    ("中國", "美國", "俄羅斯", "烏克蘭", "歐盟", "英國", "法國", "德國", "印度", "韓國", "伊朗"),
    (
        "China",
        "Russia",
        "Ukraine",
        "Japan",
        "Iran",
        "India",
        "Germany",
        "France",
        "Israel",
        "Canada",
    ),
    ("Washington", "London", "Beijing", "Moscow", "Paris", "Texas", "California", "Florida"),
    ("России", "Украины", "Китая", "Японии", "Ирана", "Индии", "Германии", "Франции"),
)
_SAYER = re.compile(f"(?<=[，。；：“」])[{HAN}]{{2,3}}(?=表示|指出|強調|强调|透露|認為|认为)")
_CAPITAL = re.compile(r"(?<=[a-zа-яё,] )[A-ZА-ЯЁ][a-zа-яё]{3,}")
_STRANGERS = ("王建华", "李秀兰", "陈国栋", "Petersen", "Vandermeer", "Калинкин", "Стрельцова")

_NEGATED = (
    (r"不(?=[会會能是应應可])", ""), (r"没有(?=[\u4e00-\u9fff])", "有"), (r"沒有(?=[\u4e00-\u9fff])", "有"),
    (r"(?<![不没沒])(?=[会會]|能够|应该|應該|可以)", "不"), (r"(?<=将)(?=[\u4e00-\u9fff])", "不"),
    (r"(?<=\w) not (?=\w)", " "), (r"(?<=\w)n[’']t(?= )", ""), (r" (is|are|was|were|will|has|have|can|would) (?!not)", r" \1 not "),
    (r"(?<=\w) не (?=\w)", " "), (r" (?=(?:будет|может|был|была|было|были|является|стал)\b)", " не "),
)  # fmt: skip
_NOT = re.compile(
    rf"(?<![除要莫是有能会])(?:不会|不能|没有|不是|沒有|不會)(?=[{HAN}]{{6}})|\b(?:not|never) (?=\w+ \w+ \w+)|\bне (?=\w+ \w+ \w+)"
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
    :ivar holding: how many articles of a source, or of any (None), hold some words.
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


def _fits(sentence: str) -> bool:
    return SHORTEST <= len(_WORD.findall(sentence)) <= LONGEST


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
    written = _converted(sentence)
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


def _number(source: Source) -> _Made:
    _, sentence = _sentence(source)
    found = [*_NUMBER.finditer(sentence), *_NUMERAL.finditer(sentence)]
    if not found:
        return None
    match = source.chance.choice(found)
    digits = "0123456789" if match.group()[0].isascii() else "二三四五六七八九"
    place = source.chance.randrange(len(match.group()))
    old = match.group()[place]
    new = source.chance.choice([digit for digit in digits if digit not in (old, "0")])
    start = match.start() + place
    return sentence[:start] + new + sentence[start + 1 :], "altered", sentence, ANYWHERE


def _name(source: Source) -> _Made:
    _, sentence = _sentence(source)
    ways: list[tuple[int, int, str]] = []
    for names in _PLACES:
        for name in names:
            others = [other for other in names if other != name]
            ways += [
                (match.start(), match.end(), source.chance.choice(others))
                for match in re.finditer(rf"(?<![A-Za-zА-я]){name}(?![A-Za-zА-я])", sentence)
            ]
    ways += [
        (match.start(), match.end(), source.chance.choice(_STRANGERS[:3]))
        for match in _SAYER.finditer(sentence)
    ]
    for match in _CAPITAL.finditer(sentence):
        latin = match.group()[0].isascii()
        stranger = source.chance.choice(_STRANGERS[3:5] if latin else _STRANGERS[5:])
        ways.append((*match.span(), stranger))
    if not ways:
        return None
    start, end, new = source.chance.choice(ways)
    return sentence[:start] + new + sentence[end:], "altered", sentence, ANYWHERE


def _negation(source: Source) -> _Made:
    _, sentence = _sentence(source)
    ways = [
        sentence[: match.start()] + match.expand(new) + sentence[match.end() :]
        for old, new in _NEGATED
        for match in re.finditer(old, sentence)
    ]
    return (source.chance.choice(ways), "altered", sentence, ANYWHERE) if ways else None


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
    others = sorted({one.card.source for one in source.samples if one.card.source})
    other = source.chance.choice(others) if others else None
    if other in (None, sample.card.source) or source.holding(sentence, other):
        return None
    return sentence, "misattributed", sentence, Claim(source=other)


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


KINDS: Mapping[str, Callable[[Source], _Made]] = {
    "verbatim": _verbatim,
    "part of a sentence": _half,
    "other spaces": _spaced,
    "other punctuation": _marked,
    "other script": _other_script,
    "ellipsis": _shortened,
    "right source and day": _rightly_said,
    "number": _number,
    "name": _name,
    "negation": _negation,
    "another word": _word,
    "“not” cut off": _not_cut_off,
    "two sentences joined": _joined,
    "two halves joined": _joined_halves,
    "source swapped": _other_source,
    "day swapped": _other_day,
    "not in the archive": _stranger,
}
"""What is done to quotations, in the order in which it is told."""


def _converted(text: str) -> str:
    """Return a Chinese text in the other script: as OpenCC writes it, or by newsquote's own table."""
    simplified = text.translate(variants())
    if simplified != text:
        return _converter("t2s")(text)
    return _converter("s2tw")(text)


@cache
def _converter(name: str) -> Callable[[str], str]:
    try:
        import opencc  # noqa: PLC0415 - it may not be installed
    except ImportError:
        table = variants()
        if name != "t2s":
            table = {simplified: traditional for traditional, simplified in table.items()}
        return lambda text: text.translate(table)
    convert: Callable[[str], str] = opencc.OpenCC(name).convert
    return convert
