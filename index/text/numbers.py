"""The numbers of a text, and whether two versions of one text differ in a number. Pure.

Versions of a report share nearly all their words. One that says 412 where the other says 415 is no copy
of it all the same: which of them is right is for the reader to judge.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

_MOST_REWORDED = 8
"""Tokens in a place where versions differ, at most: beyond, other things are told, not the same otherwise."""

CHINESE_NUMERALS = "零〇一二两兩三四五六七八九十百千万萬亿億"
"""Characters of Chinese numerals, as a regex class."""

_CHINESE_DIGITS = {digit: n for n, digit in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIAD = 10**4
_CHINESE_MYRIADS = {"万": _MYRIAD, "萬": _MYRIAD, "亿": 10**8, "億": 10**8}

_WORDS = {
    word: n
    for n, words in enumerate(
        (
            "zero ноль", "one один одна одно одного одной", "two два две двух", "three три трёх трех",
            "four четыре четырёх четырех", "five пять пяти", "six шесть шести", "seven семь семи",
            "eight восемь восьми", "nine девять девяти", "ten десять десяти",
            "eleven одиннадцать", "twelve двенадцать", "thirteen тринадцать",
            "fourteen четырнадцать", "fifteen пятнадцать", "sixteen шестнадцать",
            "seventeen семнадцать", "eighteen восемнадцать", "nineteen девятнадцать",
        )
    )
    for word in words.split()
} | {
    word: 10 * n
    for n, words in enumerate(
        (
            "twenty двадцать", "thirty тридцать", "forty сорок", "fifty пятьдесят",
            "sixty шестьдесят", "seventy семьдесят", "eighty восемьдесят", "ninety девяносто",
            "hundred сто",
        ),
        2,
    )
    for word in words.split()
}  # fmt: skip

_TOKEN = re.compile(
    r"(?P<digits>(?:\d{1,3}(?:[.,' ]\d{3}(?!\d))+|\d+)(?:[.,:]\d+)?)"
    rf"|(?P<chinese>[{CHINESE_NUMERALS}]+)"
    r"|[㐀-鿿]|[^\W\d㐀-鿿]+"
)
_SEPARATOR = re.compile(r"[,' ](?=\d{3}(?!\d))")


def differ_in_a_number(one: str, other: str) -> bool:
    """Return whether two versions of a text have different numbers in the same place.

    Numbers are compared by what they mean: ``1,150`` is ``1150``, ``十二`` is ``12``. What only one of
    them says at all is no difference: a version may be longer than the other.
    """
    first, second = _tokens(one), _tokens(other)
    numbers = _numbers(first), _numbers(second)
    if not all(numbers) or numbers[0] == numbers[1]:
        return False
    for kind, begin, end, start, stop in SequenceMatcher(
        None, first, second, autojunk=False
    ).get_opcodes():
        if kind == "replace" and max(end - begin, stop - start) <= _MOST_REWORDED:
            before, after = _numbers(first[begin:end]), _numbers(second[start:stop])
            if before and after and sorted(before) != sorted(after):
                return True
    return False


def _numbers(tokens: tuple[str | float, ...]) -> list[float]:
    return [token for token in tokens if not isinstance(token, str)]


@lru_cache(64)
def _tokens(text: str) -> tuple[str | float, ...]:
    """Return the words and Chinese characters of a text, and its numbers by what they mean."""
    return tuple(_token(found) for found in _TOKEN.finditer(unicodedata.normalize("NFKC", text)))


def _token(found: re.Match[str]) -> str | float:
    if found["digits"]:
        plain = _SEPARATOR.sub("", found["digits"])
        try:
            return float(plain)
        except ValueError:  # a time, a decimal comma, points between thousands
            return float(re.sub(r"\D", "", plain))
    if found["chinese"]:
        return chinese_number(found["chinese"])
    word = found[0].lower()
    return float(_WORDS[word]) if word in _WORDS else word


def chinese_number(numeral: str) -> float:
    """Return the value of a Chinese numeral; of digits alone, that of a year or telephone number.

    :param numeral: of ``CHINESE_NUMERALS``.
    """
    if all(char in _CHINESE_DIGITS for char in numeral):
        return float("".join(str(_CHINESE_DIGITS[char]) for char in numeral))
    total = part = digit = 0
    for char in numeral:
        if char in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[char]
        elif char in _CHINESE_UNITS:
            part += (digit or 1) * _CHINESE_UNITS[char]
            digit = 0
        else:
            whole = _CHINESE_MYRIADS[char] > _MYRIAD  # it counts all that stands before it
            counted = part + digit + (total if whole else 0)
            total = (0 if whole else total) + (counted or 1) * _CHINESE_MYRIADS[char]
            part = digit = 0
    return float(total + part + digit)
