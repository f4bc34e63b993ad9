"""The words that a quotation may not lose or change without saying the opposite: numbers and "not". Pure.

A quotation may begin and end where it likes, but for these: "attack" is no quotation of "will not attack", and
"5" none of "5 million".
"""

import re
from collections.abc import Sequence

from index.text.lazy_regex import Pattern
from index.text.tokens import HAN
from qa.checking.verdicts import Touched
from qa.checking.words import NUMERALS, Words, cut


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_NEGATIONS = _words(
    "not no never none nobody nothing nor neither cannot without nowhere hardly не ни "
    "нет никогда никто никого никому ничего ничто нельзя без невозможно"
)
_CONTRACTED = "n't"
_BETWEEN = _words(
    "be been yet to ever really fully буду будет будем будут стал станет может могут был была было"
)
"""Words that may stand between a "not" and what it negates."""

_HAN_NEGATION = Pattern(
    "不(?![仅但过断同久少论管只])|没|(?<![南北东西])未(?!来)|无(?![论线锡])|(?<![除莫])非(?![常洲])|勿|毋|莫(?![斯大非名])|否(?!则)"
)
_MODAL = "会|能够?|可以?|应该?|该|想|愿意?|敢|肯|得|必|再|曾|是|要|太|够|足以|打算|允许|准"
_HAN_NEGATED = Pattern(
    rf"(?<![除莫要])(?:[绝决永从毫并]?不|没有?|[从尚并]?未|[毫并]?无|[切请]?勿|毋|[并绝而]非)(?:{_MODAL})?(?:再|曾)?$"
)
_NOT_NEGATED = Pattern(r"(?:不得不|不能不|不可不|不会不|无不|莫不|(.)[不没]\1|[有是]没有?|有无)$")
_LOOKBACK = 8
"""Characters in front in which a Han negation and what belongs to it stand."""

_MULTIPLIERS = _words(
    "% ‰ percent hundred thousand million billion trillion млн млрд трлн тыс тысяч "
    "тысячи тысяча процент процента процентов миллион миллиона миллионов миллиард "
    "миллиарда миллиардов"
)
_HAN_MULTIPLIERS = frozenset("百千万亿兆")
_NUMERAL = re.compile(rf"[{NUMERALS}]+|[0-9].*")
_CAPITAL = Pattern(r"(?<!^)(?<![.!?:«“„\"] )\b[A-ZА-ЯЁ][^\W\d_]")
_ANY_HAN = Pattern(f"[{HAN}]")


def is_number(word: str) -> bool:
    """Tell whether a folded word is a number, a numeral or a sign of one."""
    return bool(_NUMERAL.fullmatch(word)) or (len(word) == 1 and not word.isalnum())


def negations(words: Sequence[str]) -> int:
    """Return how many of some folded words negate."""
    single = sum(word in _NEGATIONS or word.endswith(_CONTRACTED) for word in words)
    return single + len(_HAN_NEGATION.findall("".join(words)))


def touched(quoted: Sequence[str], archived: Sequence[str], texts: Sequence[str]) -> Touched:
    """Return what kind of words a change is about.

    :param quoted: the quotation's words, folded.
    :param archived: the archive's words, folded.
    :param texts: both as they were written, with a little of what stands before.
    """
    if negations(quoted) != negations(archived):
        return "negation"
    if [word for word in quoted if is_number(word)] != [w for w in archived if is_number(w)]:
        return "number"
    return "name" if any(_CAPITAL.search(text) for text in texts) else "words"


def lost_in_front(article: Words, first: int, before: str) -> int:
    """Return how many words that stand in front of a quotation it must not lose; mostly none.

    :param first: the first word of the article that is quoted.
    :param before: what stands before the quotation in the text that quotes: it may have said "not" itself.
    """
    clause = article.words[_clause_start(article, first) : first]
    if not clause:
        return 0
    if is_number(article.words[first]) and (_NUMERAL.fullmatch(clause[-1]) or clause[-1] == "-"):
        return 1
    return 0 if _negates_itself(before) else _negated(clause, article.words[first])


def lost_behind(article: Words, last: int) -> int:
    """Return how many words that stand behind a quotation belong to its number.

    :param last: one past the last word of the article that is quoted.
    """
    if last >= len(article) or not _NUMERAL.fullmatch(article.words[last - 1]):
        return 0
    after = article.words[last]
    belongs = after in _MULTIPLIERS or after[0] in _HAN_MULTIPLIERS
    return int(belongs and _joined(article, last - 1))


def hidden_between(article: Words, last: int, first: int) -> bool:
    """Tell whether an ellipsis hides a "not" in a clause of which something is quoted.

    :param last: one past the last word before it.
    :param first: the first word after it.
    """
    end = last
    while end < first and _joined(article, end - 1):
        end += 1
    start = max(end, _clause_start(article, first))
    return any(
        negations(article.words[begin:stop]) for begin, stop in ((last, end), (start, first))
    )


def _negated(clause: Sequence[str], word: str) -> int:
    """Return how many words at the end of a clause are the "not" of the word after it."""
    if _ANY_HAN.fullmatch(clause[-1]):
        folded = "".join(clause[-_LOOKBACK:])
        found = _HAN_NEGATED.search(folded)
        if not found or _NOT_NEGATED.search(folded) or _NOT_NEGATED.search(folded + word):
            return 0
        return len(found.group())
    for count in range(1, min(len(clause), 1 + (clause[-1] in _BETWEEN)) + 1):
        if clause[-count] in _NEGATIONS or clause[-count].endswith(_CONTRACTED):
            return count
    return 0


def _negates_itself(before: str) -> bool:
    """Tell whether the clause that leads to a quotation says "not"."""
    words = cut(before)
    return bool(negations(words.words[_clause_start(words, len(words)) :]))


def _clause_start(words: Words, end: int) -> int:
    """Return the first word of the clause that goes on up to a word."""
    start = end
    while start and (start == len(words) or _joined(words, start - 1)):
        start -= 1
    return start


def _joined(words: Words, word: int) -> bool:
    """Tell whether nothing but spaces stands between a word and the next one."""
    return not words.text[words.spans[word][1] : words.spans[word + 1][0]].strip(" \u3000\xa0'’-")
