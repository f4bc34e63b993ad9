"""In which language and script a text is written, told by its characters alone."""

import re
from functools import cache

from index.text.repertoires import simplified, traditional

_SAMPLE = 600
"""Characters looked at: enough for any article to show its script."""

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
_KANA_OR_HANGUL = re.compile("[\u3041-\u30fa\uac00-\ud7af]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]+")
_NOT_RUSSIAN = re.compile("[іїєґўђјљњћџѓќѕ]", re.IGNORECASE)
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
_NO_WORD_CHARS = 24
_NO_WORDS = re.compile(f"[!-~]{{{_NO_WORD_CHARS},}}")
"""Check sums, addresses, paths: no word of a language is so long."""
_LOOKED_AT = 5 * _SAMPLE
_NAMES = {
    **dict.fromkeys(("cn", "zho", "chi", "chinese", "中文", "简体中文", "繁體中文"), "zh"),
    **dict.fromkeys(("eng", "english"), "en"),
    **dict.fromkeys(("rus", "russian", "русский"), "ru"),
}
_LETTERS = {"zh": _HAN, "ru": _CYRILLIC, "en": _LATIN}
_OTHER_LETTERS = {
    **dict.fromkeys(("uk", "be", "bg", "sr", "mk", "kk", "ky", "mn"), _CYRILLIC),
    **dict.fromkeys(("ja", "ko"), _KANA_OR_HANGUL),
}
"""All else is written in Latin letters, or in some that nobody takes for another's."""
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH_WORDS = frozenset(
    "the of and to in a is that for it was on with as at by from this be are have has not or an "  # noqa: SIM905 - a list of words reads better as words
    "you i he we they his her its but will would all about".split()
)
_SOME = 0.05
"""Share of letters that Russian has not, or of English function words, that settles it."""
_JAPANESE = 0.3
"""Kana or Hangul for each Han character; a Chinese essay may quote Japanese or Korean."""


def language(text: str, told: str | None = None) -> str:
    """Return ``"zh-Hans"``, ``"zh-Hant"``, ``"en"``, ``"ru"``, or ``"und"`` for all else.

    A Han character counts for as much as three letters, as it carries about as much. Which
    Chinese it is, the characters tell that only GB 2312 or only Big5 has; where there are none,
    simplified is the guess. Check sums and addresses count for nothing.

    :param told: the code of a language, as files give it (``zh_TW``, ``ru-RU``): believed where the text
        has its letters. Which Chinese it is, the text knows better.
    """
    sample = _sample(text)
    believed = _believed(told, sample) if told else None
    if believed is not None and not believed.startswith("zh"):
        return believed
    found = _told_by_characters(sample)
    if believed is None or (found.startswith("zh") and _tells_script(sample)):
        return found
    return believed


def _sample(text: str) -> str:
    """Return the first characters of a text that may be words."""
    if _NO_WORDS.search(text, 0, _SAMPLE + _NO_WORD_CHARS) is None:  # as nearly always
        return text[:_SAMPLE]
    return _NO_WORDS.sub(" ", text[:_LOOKED_AT])[:_SAMPLE]


def _believed(told: str, sample: str) -> str | None:
    """Return our code for a language that a file gives, if its letters are there."""
    code, *rest = re.split("[-_.]", told.strip().lower())
    code = _NAMES.get(code, code)
    letters = _LETTERS.get(code) or _OTHER_LETTERS.get(code, _LATIN)
    count = _count(letters, sample)
    if not re.fullmatch("[a-z]{2,3}", code) or count < _SOME * len(sample) or count == 0:
        return None
    if code == "zh":
        return "zh-Hant" if {"tw", "hk", "mo", "hant"} & set(rest) else "zh-Hans"
    return code if code in _LETTERS else "und"


def _tells_script(sample: str) -> bool:
    return any(pattern.search(sample) for pattern in _one_script_only())


def _told_by_characters(sample: str) -> str:
    han = _count(_HAN, sample)
    if 3 * han > len(sample) - han:  # whatever the rest is
        return _chinese(sample, han)
    latin = _count(_LATIN, sample)
    cyrillic = _count(_CYRILLIC, sample)
    if 3 * han > max(latin, cyrillic):
        return _chinese(sample, han)
    if cyrillic > latin:
        strange = _count(_NOT_RUSSIAN, sample)
        return "ru" if strange < _SOME * cyrillic else "und"
    return "en" if latin and _is_english(sample) else "und"


def _count(letters: re.Pattern[str], sample: str) -> int:
    return sum(map(len, letters.findall(sample)))


def _chinese(sample: str, han: int) -> str:
    if _count(_KANA_OR_HANGUL, sample) > _JAPANESE * han:
        return "und"
    only_simplified, only_traditional = _one_script_only()
    simplified_characters = set(only_simplified.findall(sample))
    traditional_characters = set(only_traditional.findall(sample))
    is_simplified = len(simplified_characters) >= len(traditional_characters)
    return "zh-Hans" if is_simplified else "zh-Hant"


def _is_english(sample: str) -> bool:
    words = _WORD.findall(sample.lower())
    known = sum(map(_ENGLISH_WORDS.__contains__, words))
    # A headline of four words may well have none of them.
    return known >= _SOME * len(words) or (len(words) < 1 / _SOME and sample.isascii())


@cache
def _one_script_only() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds the characters of each script that the other has not."""
    ours, theirs = simplified().all, traditional().all
    return _any_of(ours - theirs), _any_of(theirs - ours)


def _any_of(characters: frozenset[str]) -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(characters))}]")
