"""Which numbers of a question a passage lacks: another year, edition or model is another matter.

The reader seldom minds them: to it, one number is much like the next. Numbers are the same in all
languages, so they can be compared where words cannot.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from index.text.numbers import CHINESE_NUMERALS, chinese_number
from index.text.tokens import fold, tokens

_COUNTED = "(?=[届次回期批季集章条号名位代个轮])"
_ORDINAL = re.compile(f"第([{CHINESE_NUMERALS}]+){_COUNTED}")
_NUMERAL = re.compile(f"[{CHINESE_NUMERALS}]{{2,}}|[{CHINESE_NUMERALS}]{_COUNTED}")
_YEAR = re.compile("(?:19|20)[0-9]{2}")


def numbers(text: str) -> frozenset[str]:
    """Return the numbers in a text: digits without thousands separators, and Chinese ordinals."""
    found = {token for token in tokens(text) if token[0].isdigit()}
    return frozenset(found.union(_ordinals(fold(text))))


def years(text: str) -> frozenset[str]:
    """Return those of its numbers that may be years."""
    return frozenset(one for one in numbers(text) if _YEAR.fullmatch(one))


def lacks(question: frozenset[str], title: str, text: str, date: datetime | None) -> float:
    """Return the share of a question's numbers that a passage lacks, in [0, 1]; 0 where it has none.

    What was published then is of that year, month and day. Where neither a date nor a passage names any year,
    it may be of the one that is asked for.

    :param question: ``numbers`` of it.
    :param title: of the passage's article, and when that was published.
    """
    if not question:
        return 0.0
    held = _held(f"{title}\n{text}")
    if date:
        held |= {str(date.year), str(date.month), str(date.day)}
    elif not any(map(_YEAR.fullmatch, held)):
        held |= set(filter(_YEAR.fullmatch, question))
    return len(question - held) / len(question)


def _held(text: str) -> set[str]:
    """Return the numbers that a text may be said to have: other Chinese numerals too, as in 神舟十五号."""
    numerals = (chinese_number(numeral) for numeral in _NUMERAL.findall(fold(text)))
    return {*numbers(text), *(str(int(one)) for one in numerals if one.is_integer())}


def _ordinals(folded: str) -> Iterator[str]:
    for numeral in _ORDINAL.findall(folded):
        yield str(int(chinese_number(numeral)))
