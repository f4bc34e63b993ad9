"""What looks like an answer to questions that ask for a time or a number.

A table: one line a kind of question. Patterns meet texts after ``index.text.tokens.fold``, so simplified
characters, half-width figures and lower case are enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.text.lazy_regex import Pattern
from index.text.tokens import fold


@dataclass(frozen=True, slots=True)
class Cue:
    """A kind of question.

    :ivar asked: finds it in a question.
    :ivar answer: finds what may answer it in a sentence.
    """

    asked: Pattern
    answer: Pattern


_HAN_NUMBER = r"[一二三四五六七八九十百千万亿两]+"
_MONTH = (
    r"january|february|march|april|june|july|august|september|october|november|december"
    r"|январ|феврал|март|апрел|июн|июл|август|сентябр|октябр|ноябр|декабр"
)
_NUMBER_WORD = r"one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million"

TIME = Cue(
    Pattern(
        r"何时|什么时候|哪一?[年天日]|几[年月号日]|哪个?月|年份|日期"
        r"|\bwhen\b|\bwhat (?:year|date|day|month|century)\b"
        r"|\bкогда\b|в каком (?:году|месяце)|какого числа"
    ),
    Pattern(rf"\d{{4}}|(?:\d+|{_HAN_NUMBER}) ?[年月日号]|世纪|{_MONTH}|century|\bвек"),
)
NUMBER = Cue(
    Pattern(
        r"多少|几|多[大高长久远重快宽深]"
        r"|\bhow (?:many|much|long|far|old|tall|large|big|high|deep|wide|often|fast)\b"
        r"|\bwhat (?:time|percent|percentage|number|proportion)\b"
        r"|\bсколько\b|как(?:ой|ая|ое|ова) (?:процент|количество|число|температура|высота|длина)"
    ),
    Pattern(
        rf"\d+(?:[.,:]\d+)*|{_HAN_NUMBER}[个人次名位座部岁元分公米点小成]|\b(?:{_NUMBER_WORD})\b"
    ),
)


def cued(question: str, sentences: Sequence[str]) -> list[bool]:
    """Tell for each sentence whether it holds the kind of thing that a question asks for.

    What the question itself names (a year, a number) does not count. A question of no known kind
    cues nothing.
    """
    asked = fold(question)
    wanted = [cue.answer for cue in (TIME, NUMBER) if cue.asked.search(asked)]
    return [
        any(found[0] not in asked for answer in wanted for found in answer.finditer(fold(text)))
        for text in sentences
    ]
