"""Russian questions from English ones, word by word: there are few real ones to learn from.

What a dictionary knows is translated, names are spelt in Cyrillic letters as Russian newspapers do;
the order of the words stays.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from random import Random

from tools.train_encoder.sources import Pair

_WORD = re.compile(r"[A-Za-z]+(?:'s)?")
_TRANSLATED = 0.9
"""Share of the words that the dictionary knows which are translated."""

_QUESTIONS = {
    "who": "кто", "whose": "чей", "whom": "кого", "what": "что", "when": "когда", "where": "где",
    "why": "почему", "how": "как", "which": "какой", "many": "много", "much": "много", "is": "",
    "are": "", "was": "был", "were": "были", "did": "", "does": "", "do": "", "has": "", "have": "",
    "had": "", "the": "", "a": "", "an": "", "of": "", "to": "", "in": "в", "on": "на", "at": "в",
    "by": "", "from": "из", "with": "с", "for": "для", "and": "и", "as": "как", "than": "чем",
    "after": "после", "before": "до", "during": "во время", "his": "его", "her": "её",
    "their": "их", "its": "его", "he": "он", "she": "она", "they": "они", "it": "это", "not": "не",
    "this": "это", "that": "что", "these": "эти", "those": "те", "us": "США", "i": "я",
    "year": "год", "city": "город", "country": "страна", "name": "имя", "people": "люди",
}  # fmt: skip
_PHRASES = (
    ("how many", "сколько"), ("how much", "сколько"), ("how old", "сколько лет"),
    ("how long", "как долго"), ("how far", "как далеко"), ("what year", "в каком году"),
    ("which year", "в каком году"), ("what kind of", "какой"), ("what type of", "какой"),
)  # fmt: skip
_SOUNDS = (
    ("shch", "щ"), ("sch", "ш"), ("tch", "ч"), ("sh", "ш"), ("ch", "ч"), ("zh", "ж"), ("kh", "х"),
    ("th", "т"), ("ph", "ф"), ("ck", "к"), ("oo", "у"), ("ee", "и"), ("ea", "и"), ("ou", "оу"),
    ("ya", "я"), ("yu", "ю"), ("qu", "кв"), ("x", "кс"), ("a", "а"), ("b", "б"), ("c", "к"),
    ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"), ("h", "х"), ("i", "и"), ("j", "дж"),
    ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("q", "к"),
    ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "у"), ("y", "и"), ("z", "з"),
)  # fmt: skip


class Russifier:
    """Turns English questions into something like Russian ones.

    :param pairs: dictionary entries; those of other languages are left out.
    """

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._words: dict[str, list[str]] = defaultdict(list)
        for pair in pairs:
            if pair.is_entry and set(pair.languages) == {"ru", "en"}:
                english = pair.text("en").lower().removeprefix("to ")
                if " " not in english:
                    self._words[english].append(pair.text("ru"))

    def __call__(self, question: str, random: Random) -> str:
        """Return the question in Russian words."""
        said = question
        for english, russian in _PHRASES:
            said = re.sub(rf"\b{english}\b", russian, said, flags=re.IGNORECASE)
        said = _WORD.sub(lambda match: self._word(match.group(), random), said)
        said = re.sub(r"\s+", " ", said).strip().replace(" ?", "?")
        return said[:1].upper() + said[1:]

    def _word(self, word: str, random: Random) -> str:
        lower = word.lower().removesuffix("'s")
        if lower in _QUESTIONS:
            return _QUESTIONS[lower]
        if word.isupper() and len(word) > 1:
            return word
        if word[0].isupper() and (lower not in self._words):
            return cyrillic(word.removesuffix("'s"))
        for form in (lower, lower.removesuffix("s"), lower.removesuffix("ed"), lower.removesuffix("d"),
                     lower.removesuffix("ing"), lower.removesuffix("es")):  # fmt: skip
            if form in self._words and random.random() < _TRANSLATED:
                return random.choice(self._words[form])
        return word


def cyrillic(word: str) -> str:
    """Spell a Latin word in Cyrillic letters."""
    lower, found, at = word.lower(), "", 0
    while at < len(lower):
        for latin, sound in _SOUNDS:
            if lower.startswith(latin, at):
                found, at = found + sound, at + len(latin)
                break
        else:
            found, at = found + lower[at], at + 1
    return found[:1].upper() + found[1:] if word[:1].isupper() else found
