"""Chinese questions in English words and Russian ones: news that is asked about from abroad.

No set has such questions to learn from. A dictionary gives the words, and names are spelt as newspapers
spell them, 王毅 Wang Yi or Ван И; what is asked for comes to the front.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import jieba.posseg

from tools.cedict import explained, without_asides
from tools.train_encoder.sources import Pair
from tools.train_reader.code_switching import Russifier

_MOST_WORDS = 3
"""Of a meaning; longer ones explain rather than translate."""

_FIRST_MEANING = 0.7
"""Share of words of which the first meaning is used; else one of the first few."""

_MEANINGS = 3

_ASKED_FIRST = 0.8
"""Share of questions that begin with what is asked for."""

_PEOPLE = {"nr", "nrt", "nrfg"}
_NAMES = {*_PEOPLE, "ns", "nt"}
"""What jieba calls the names of people, and those of places and bodies too."""

_LONGEST_NAME = 3
"""Characters of a Chinese person's name; longer ones are foreign, and no sounds of Chinese ones."""

_ASKING = (
    ("为什么", "why"), ("为何", "why"), ("何时", "when"), ("什么时候", "when"), ("何地", "where"),
    ("何处", "where"), ("哪里", "where"), ("哪儿", "where"), ("哪年", "which year"), ("哪天", "which day"),
    ("哪个国家", "which country"), ("哪些", "which"), ("哪个", "which"), ("哪位", "who"), ("哪", "which"),
    ("何种", "what kind of"), ("多少", "how many"), ("几", "how many"), ("多大", "how big"),
    ("多长", "how long"), ("怎么样", "how"), ("怎样", "how"), ("怎么", "how"), ("如何", "how"), ("是谁", "who is"),
    ("谁", "who"), ("是什么", "what is"), ("什么", "what"),
)  # fmt: skip
_FORMS = {
    "的": "", "了": "", "是": "is", "在": "in", "于": "in", "被": "by", "由": "by", "和": "and", "与": "and",
    "及": "and", "对": "to", "将": "will", "已": "already", "等": "", "着": "", "个": "", "把": "", "为": "for",
    "从": "from", "向": "to", "到": "to", "时": "when", "中": "in", "上": "on", "后": "after", "前": "before",
    "有": "has", "所": "", "地": "", "得": "", "吗": "", "呢": "", "名": "", "位": "", "家": "", "项": "",
    "次": "times", "日": "", "年": "year", "月": "month", "不": "not", "人": "people", "也": "also", "而": "and",
    "这": "this", "该": "this", "其": "its", "他": "he", "她": "she", "他们": "they", "会": "will", "用": "with",
    "美": "US", "中国": "China", "美国": "US", "英国": "UK", "公司": "company", "根据": "according to",
}  # fmt: skip
_MONTHS = (
    ("", ""),
    ("January", "января"), ("February", "февраля"), ("March", "марта"), ("April", "апреля"),
    ("May", "мая"), ("June", "июня"), ("July", "июля"), ("August", "августа"),
    ("September", "сентября"), ("October", "октября"), ("November", "ноября"),
    ("December", "декабря"),
)  # fmt: skip
_ASKING_FOR = dict(_ASKING)
_RUSSIAN_MONTH = dict(_MONTHS)
_UNITS = {"万": 1e4, "亿": 1e8, "万亿": 1e12}
_SIZES = (("trillion", 1e12), ("billion", 1e9), ("million", 1e6))

_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})[日号])?")
_YEAR = re.compile(r"(\d{4})年")
_MANY = re.compile(r"(\d+(?:\.\d+)?)(万亿|万|亿)")
_HAN = re.compile("[\u4e00-\u9fff]")
_PIECE = re.compile("[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+")
_SYLLABLE = re.compile(r"([a-z:]+)[1-5]?")

_INITIALS = (
    ("zh", "чж"), ("ch", "ч"), ("sh", "ш"), ("b", "б"), ("p", "п"), ("m", "м"), ("f", "ф"), ("d", "д"),
    ("t", "т"), ("n", "н"), ("l", "л"), ("g", "г"), ("k", "к"), ("h", "х"), ("j", "цз"), ("q", "ц"),
    ("x", "с"), ("r", "ж"), ("z", "цз"), ("c", "ц"), ("s", "с"), ("", ""),
)  # fmt: skip
_FINALS = {
    "a": "а", "o": "о", "e": "э", "ai": "ай", "ei": "эй", "ao": "ао", "ou": "оу", "an": "ань", "en": "энь",
    "ang": "ан", "eng": "эн", "ong": "ун", "i": "и", "ia": "я", "ie": "е", "iao": "яо", "iu": "ю",
    "ian": "янь", "in": "инь", "iang": "ян", "ing": "ин", "iong": "юн", "u": "у", "ua": "уа", "uo": "о",
    "uai": "уай", "ui": "уй", "uan": "уань", "un": "унь", "uang": "уан", "v": "юй", "ve": "юэ",
    "van": "юань", "vn": "юнь", "er": "эр",
}  # fmt: skip
_WHOLE = {
    "zi": "цзы", "ci": "цы", "si": "сы", "hui": "хуэй", "ya": "я", "ye": "е", "yao": "яо", "you": "ю",
    "yan": "янь", "yin": "инь", "yang": "ян", "ying": "ин", "yong": "юн", "yi": "и", "yu": "юй",
    "yue": "юэ", "yuan": "юань", "yun": "юнь", "wa": "ва", "wo": "во", "wai": "вай", "wei": "вэй",
    "wan": "вань", "wen": "вэнь", "wang": "ван", "weng": "вэн", "wu": "у",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Word:
    """An English word; or a name by its syllables in pinyin."""

    text: str = ""
    syllables: tuple[str, ...] = ()
    is_person: bool = False


class Glosses:
    """Turns Chinese questions into something like English and Russian ones.

    :param entries: of CC-CEDICT.
    :param pairs: of which the entries of a dictionary are used too.
    :param russian: puts English words into Russian ones.
    """

    def __init__(
        self, entries: Iterable[Mapping[str, Any]], pairs: Iterable[Pair], russian: Russifier
    ) -> None:
        jieba.setLogLevel(logging.WARNING)
        entries = list(entries)
        self._russian = russian
        self._meanings: dict[str, list[str]] = {}
        for word, meanings in explained(entries):
            self._meanings.setdefault(word, []).extend(_short(meanings))
        for pair in pairs:
            if pair.kind == "dict" and set(pair.languages) == {"zh", "en"}:
                self._meanings.setdefault(pair.text("zh"), []).extend(_short([pair.text("en")]))
        self._sounds: dict[str, str] = {}
        for entry in entries:
            said = _SYLLABLE.match(entry["pinyin"].lower())
            if said and len(entry["simplified"]) == 1:
                self._sounds.setdefault(entry["simplified"], said[1].replace("u:", "v"))

    def english(self, question: str, random: Random) -> str:
        """Return a Chinese question in English words."""
        return _question(_latin(word) for word in self._words(question, random))

    def russian(self, question: str, random: Random) -> str:
        """Return a Chinese question in Russian words."""
        words = self._words(question, random)
        return _question(self._cyrillic(word, random) for word in words)

    def _cyrillic(self, word: _Word, random: Random) -> str:
        if word.syllables:
            return _name(tuple(map(palladius, word.syllables)), is_person=word.is_person)
        if word.text and word.text in _RUSSIAN_MONTH:
            return _RUSSIAN_MONTH[word.text]
        said = self._russian(word.text, random)
        return said if word.text[:1].isupper() else said[:1].lower() + said[1:]

    def _words(self, question: str, random: Random) -> list[_Word]:
        said = []
        for chinese, english in _ASKING:
            if chinese in question:
                if random.random() < _ASKED_FIRST:
                    said.append(_Word(english))
                    question = question.replace(chinese, " ", 1)
                break
        for piece in _PIECE.findall(_dated(_counted(question))):
            if not _HAN.match(piece):
                said += map(_Word, piece.split())
                continue
            for token in jieba.posseg.cut(piece):
                said += self._word(token.word, token.flag, random)
        return said

    def _word(self, word: str, flag: str, random: Random) -> Iterator[_Word]:
        syllables = tuple(self._sounds.get(one, one) for one in word)
        spelling = _Word(syllables=syllables, is_person=flag in _PEOPLE)
        found = self._meanings.get(word, [])[:_MEANINGS]
        if word in _FORMS or word in _ASKING_FOR:
            yield _Word(_FORMS.get(word) or _ASKING_FOR.get(word, ""))
        elif "".join(syllables) in {one.lower().replace(" ", "") for one in found}:
            yield spelling
        elif found:
            yield _Word(found[0] if random.random() < _FIRST_MEANING else random.choice(found))
        elif flag in _PEOPLE and len(word) > _LONGEST_NAME:
            yield _Word(word)
        elif flag in _NAMES or len(word) == 1:
            yield spelling
        else:
            yield from self._parts(word, random)

    def _parts(self, word: str, random: Random) -> Iterator[_Word]:
        """Yield the longest words of which a compound is made."""
        while word:
            size = next(
                (size for size in range(len(word) - 1, 1, -1) if word[:size] in self._meanings), 1
            )
            yield from self._word(word[:size], "", random)
            word = word[size:]


def _latin(word: _Word) -> str:
    return _name(word.syllables, is_person=word.is_person) if word.syllables else word.text


def palladius(syllable: str) -> str:
    """Spell a syllable of pinyin as Russian does; as it is, when it is none.

    >>> [palladius(one) for one in ("xi", "jin", "ping", "lve", "xue", "zhong")]
    ['си', 'цзинь', 'пин', 'люэ', 'сюэ', 'чжун']
    """
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    latin, initial = next(pair for pair in _INITIALS if syllable.startswith(pair[0]))
    final = syllable[len(latin) :]
    if latin in {"j", "q", "x"} and final.startswith("u"):
        final = "v" + final[1:]
    return initial + _FINALS[final] if final in _FINALS else syllable


def _name(syllables: tuple[str, ...], *, is_person: bool) -> str:
    """Write a name: of a person, the family's apart."""
    if is_person and len(syllables) > 1:
        return f"{syllables[0].capitalize()} {''.join(syllables[1:]).capitalize()}"
    return "".join(syllables).capitalize()


def _question(words: Iterable[str]) -> str:
    said = " ".join(" ".join(word for word in words if word).split())
    said = re.sub(r"\s*[，、；：。？]\s*", ", ", said).strip(" ,?")
    return f"{said[:1].upper()}{said[1:]}?"


def _short(meanings: Iterable[str]) -> Iterator[str]:
    for meaning in meanings:
        english = without_asides(meaning).removeprefix("to ").split(",")[0].strip()
        if 0 < len(english.split()) <= _MOST_WORDS:
            yield english


def _dated(question: str) -> str:
    def day(found: re.Match[str]) -> str:
        year, month, day = found.groups()
        if int(month) >= len(_MONTHS):
            return found.group()
        said = [_MONTHS[int(month)][0], day, year]
        return f" {' '.join(part for part in said if part)} "

    return _YEAR.sub(r" \1 ", _DAY.sub(day, question))


def _counted(question: str) -> str:
    def many(found: re.Match[str]) -> str:
        number = float(found[1]) * _UNITS[found[2]]
        for name, size in _SIZES:
            if number >= size:
                return f" {number / size:g} {name} "
        return f" {number:,.0f} "

    return _MANY.sub(many, question)
