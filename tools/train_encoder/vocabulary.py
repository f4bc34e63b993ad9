"""The tokenizer: one Unigram model of Chinese words and characters, English words, Russian stems.

Scores are log probabilities of whole words, so that the Viterbi search of the Unigram model cuts
Chinese as a word segmenter does, without one at run time.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from tools.train_encoder.sources import Article, Pair

HAN = "\u3400-\u9fff"
LATIN = "a-zß-ɏ"
UNKNOWN = "[UNK]"

_RUN = re.compile(f"[{HAN}]+|[{LATIN}]+|[а-я]+|[0-9]+")
_HAN_WORD = re.compile(f"[{HAN}]{{2,8}}")
_LATIN_WORD = re.compile(f"[{LATIN}]+")
_CYRILLIC_WORD = re.compile("[а-я]+")
_NAME_PARTS = re.compile("[·•‧・]")

_SUFFIXES = (
    *[
        "s",
        "es",
        "ed",
        "ing",
        "ly",
        "er",
        "ers",
        "ness",
        "ation",
        "al",
        "ic",
        "ist",
        "ism",
        "ian",
        "y",
    ],
)
_ENDINGS = (
    *[
        "а",
        "я",
        "о",
        "е",
        "у",
        "ю",
        "ы",
        "и",
        "ь",
        "й",
        "ам",
        "ям",
        "ами",
        "ями",
        "ах",
        "ях",
        "ов",
        "ев",
        "ей",
        "ой",
        "ою",
        "ею",
        "ом",
        "ем",
        "ия",
        "ие",
        "ий",
        "ию",
        "ии",
        "ием",
        "иями",
        "иях",
        "иям",
        "ый",
        "ая",
        "ое",
        "ые",
        "ого",
        "его",
        "ому",
        "ему",
        "ым",
        "им",
        "ых",
        "их",
        "ую",
        "юю",
        "ыми",
        "ими",
        "ть",
        "ти",
        "л",
        "ла",
        "ло",
        "ли",
        "ет",
        "ит",
        "ут",
        "ют",
        "ат",
        "ят",
        "ешь",
        "ишь",
        "ете",
        "ите",
        "ся",
        "сь",
        "ться",
        "ется",
        "ится",
        "лся",
        "лась",
        "лось",
        "лись",
        "ются",
        "нный",
        "нная",
        "нное",
        "нные",
        "нных",
        "ного",
        "ному",
        "ным",
        "ющий",
        "ющая",
        "ющее",
        "ющие",
        "ющих",
        "вший",
        "ость",
        "ости",
        "остью",
        "остей",
        "ение",
        "ения",
        "ению",
        "ением",
        "ений",
        "ский",
        "ская",
        "ское",
        "ские",
        "ского",
        "ских",
        "скому",
        "ским",
        "ской",
        "скую",
        "но",
    ],
)
_BY_LENGTH = sorted(_ENDINGS, key=lambda ending: (-len(ending), ending))

RARE = 2e-7
"""Probability of an English word that is in no list."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many pieces of each sort; what there is too little of in the data stays smaller."""

    han_words: int = 36_000
    english: int = 23_000
    russian: int = 14_000


def count(articles: Iterable[Article], fold: Callable[[str], str]) -> Counter[str]:
    """Return how often each word occurs in the articles, Chinese cut by jieba's dictionary."""
    import jieba  # noqa: PLC0415 - loads a dictionary; only this step needs it; it ships no types

    jieba.setLogLevel("WARNING")
    words: Counter[str] = Counter()
    for article in articles:
        for text in (article.title, *article.paragraphs):
            for run in _RUN.findall(fold(text)):
                words.update(jieba.lcut(run, HMM=False) if _is_han(run) else (run,))
    return words


def zipf(ranked: Sequence[str]) -> dict[str, float]:
    """Return probabilities of English words given by falling frequency."""
    words = [word for word in ranked if re.fullmatch("[a-z]+", word)]
    return {word: 0.08 / (rank + 3) for rank, word in enumerate(words)}


def stem(word: str) -> str:
    """Cut the longest known ending off a Russian word and leave at least three letters."""
    for ending in _BY_LENGTH:
        if word.endswith(ending) and len(word) - len(ending) >= 3:  # noqa: PLR2004 - a stem
            return word[: -len(ending)]
    return word


def build_tokenizer(
    words: Counter[str],
    pairs: Sequence[Pair],
    english: dict[str, float],
    fold: normalizers.Normalizer,
    sizes: Sizes,
) -> Tokenizer:
    """Return the tokenizer of the model.

    :param words: counts of the archive's words.
    :param english: probabilities of common English words.
    """
    folded = [
        Pair(pair.kind, pair.languages, fold.normalize_str(pair.a), fold.normalize_str(pair.b))
        for pair in pairs
    ]
    total = max(sum(words.values()), 1)
    scores = {UNKNOWN: 0.0}

    def add(piece: str, score: float) -> None:
        scores.setdefault(piece, round(score, 6))  # as the file gives it back, bit by bit

    entries = _han_entries(folded)
    for character in _characters(words, entries):
        add(character, math.log(max(words[character], 1) / total) - 1.0)
    for word in _han_words(words, folded, entries, sizes.han_words):
        add(word, math.log(max(words[word], 1) / total))
    for word in _english_words(words, folded, english, sizes.english):
        add(word, max(-14.5, min(-6.0, math.log(english.get(word, RARE)))))
    for word in _russian_stems(folded, english, sizes.russian):
        add(word, -11.0)
    _add_parts(add)
    tokenizer = Tokenizer(models.Unigram(list(scores.items()), unk_id=0, byte_fallback=False))
    tokenizer.normalizer = fold
    tokenizer.pre_tokenizer = pre_tokenizers.Split(
        Regex(f"[{HAN}]+|[{LATIN}]+|[а-я]+|[0-9]+"), behavior="removed", invert=True
    )
    return tokenizer


def _add_parts(add: Callable[[str, float], None]) -> None:
    """Add what words outside the lists are put together from."""
    for ending in _ENDINGS:
        add(ending, -3.5)
    for letter in "абвгдежзийклмнопрстуфхцчшщъыьэюя":
        add(letter, -11.5)
    for suffix in _SUFFIXES:
        add(suffix, -6.0)
    for letter in "abcdefghijklmnopqrstuvwxyz":
        add(letter, -14.0)
    for letter in "áàâäãåçéèêëíìîïñóòôöõøúùûüýÿßœæšžčćłğşışőű":
        add(letter, -15.0)
    for digit in "0123456789":
        add(digit, -7.0)
    for number in (*range(1800, 2031), *range(10, 100)):
        add(str(number), -9.0)


def _is_han(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u9fff"


def _most(counts: dict[str, float], size: int) -> list[str]:
    """Return the keys of the highest counts; ties in the order of the words, to be repeatable."""
    return sorted(counts, key=lambda word: (-counts[word], word))[:size]


def _han_entries(pairs: Sequence[Pair]) -> set[str]:
    """Return the Chinese words of dictionaries and lists of names, up to six characters."""
    heads = (
        pair.text("zh")
        for pair in pairs
        if pair.kind in {"dict", "name"} and "zh" in pair.languages
    )
    return {head for head in heads if len(head) <= 6 and _HAN_WORD.fullmatch(head)}  # noqa: PLR2004 - longer ones are phrases


def _characters(words: Counter[str], entries: set[str]) -> list[str]:
    counts: Counter[str] = Counter()
    for word, number in words.items():
        for character in word:
            if _is_han(character):
                counts[character] += number
    for character in {character for entry in entries for character in entry}:
        counts[character] = max(counts[character], 3)
    return sorted(character for character, number in counts.items() if number >= 3)  # noqa: PLR2004 - rarer ones are never learned


def _han_words(
    words: Counter[str], pairs: Sequence[Pair], entries: set[str], size: int
) -> list[str]:
    counts = {word: float(n) for word, n in words.items() if _HAN_WORD.fullmatch(word)}
    for entry in entries:
        counts[entry] = counts.get(entry, 0) + (9 if len(entry) <= 4 else 5)  # noqa: PLR2004 - words rather than names
    for pair in pairs:
        if pair.kind == "name":
            for part in _NAME_PARTS.split(pair.text("zh")):
                if _HAN_WORD.fullmatch(part) and len(part) <= 6:  # noqa: PLR2004 - as for entries
                    counts[part] = counts.get(part, 0) + 3
    return _most(counts, size)


def _english_words(
    words: Counter[str], pairs: Sequence[Pair], english: dict[str, float], size: int
) -> list[str]:
    counts = {word: probability * 2e6 + 4 for word, probability in english.items()}
    for pair in pairs:
        if "en" in pair.languages:
            weight = 0.6 if pair.kind in {"name", "namew"} else 2.0
            for word in sorted(set(_LATIN_WORD.findall(pair.text("en")))):
                counts[word] = counts.get(word, 0) + weight
    for word, number in words.items():
        if _LATIN_WORD.fullmatch(word):
            counts[word] = counts.get(word, 0) + number / 4
    return _most({word: n for word, n in counts.items() if len(word) > 1}, size)


def _russian_stems(pairs: Sequence[Pair], english: dict[str, float], size: int) -> list[str]:
    """Return stems by how common their translations are, and common short words whole."""
    weights: dict[str, float] = {}
    for pair in pairs:
        if "ru" not in pair.languages:
            continue
        other = pair.b if pair.languages[0] == "ru" else pair.a
        met = [english.get(word, RARE) for word in _LATIN_WORD.findall(other)]
        weight = min(met, default=0.0) * (3 if pair.kind == "dict" else 1)
        for word in _CYRILLIC_WORD.findall(pair.text("ru")):
            weights[word] = weights.get(word, 0) + weight + 1e-7
    stems: dict[str, float] = {}
    for word, weight in weights.items():
        stems[stem(word)] = stems.get(stem(word), 0) + weight
    short = {word: weight for word, weight in weights.items() if len(word) <= 4 and weight > 3e-5}  # noqa: PLR2004 - too short to be cut
    return [*_most(stems, size), *_most(short, 800)]
