"""Whether a text asks something, or only names what it is about: keywords, a name, a headline."""

from itertools import islice

from index.text.lazy_regex import Pattern
from index.text.tokens import fold

_MARK = Pattern(r"[?吗呢]\W*$")
_END = 50
"""Characters at the end of a text among which its mark must stand."""

_ASKING = Pattern(
    r"谁|什么|何[时人处地种事以]|为何|如何|哪|几[个人年月日号次名位岁种天家所条]|第几|多少|多[大高长久远重快宽深]"
    r"|怎么|怎样|是否|是不是|有没有|能不能|会不会"
    r"|\b(?:кто|кого|кому|кем|что|чего|чему|чем|где|куда|откуда|когда|почему|зачем|сколько|ли)\b"
    r"|\bкак(?:ой|ая|ое|ие|ого|ому|им|ими|их|ую|ою|ом|ова?|ово|овы)?\b|\bч(?:ей|ья|ье|ьи|ьего|ьей)\b"
)
_WORD = Pattern(r"\w+")
_FIRST = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "can",
        "could",
        "will",
        "would",
        "should",
    ]
)
"""English words that ask where a text begins with them."""

_AMONG_FIRST = frozenset(["who", "whom", "whose", "what", "which", "when", "where", "why", "how"])
_FEW = 5
"""Words at the beginning of a text among which an English one that asks must stand: In which year …"""


def is_question(text: str) -> bool:
    """Tell whether a text asks something: by its mark, or by a word that asks."""
    folded = fold(text).strip()
    if _MARK.search(folded[-_END:]) or _ASKING.search(folded):
        return True
    words = [match.group() for match in islice(_WORD.finditer(folded), _FEW)]
    return words[:1] != [] and (words[0] in _FIRST or not _AMONG_FIRST.isdisjoint(words))
