"""Whether a text asks something, or only names what it is about: keywords, a name, a headline."""

from index.text.lazy_regex import Pattern
from index.text.tokens import fold

_MARK = Pattern(r"\?\W*$")
_WORD = Pattern(
    r"谁|什么|何[时人处地种事以]|为何|如何|哪|几[个人年月日号次名位岁种天家所条]|第几|多少|多[大高长久远重快宽深]"
    r"|怎么|怎样|是否|是不是|有没有|能不能|会不会|[吗呢]\W*$"
    r"|^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b"
    r"|^(?:\W*\w+){0,4}?\W*\b(?:who|whom|whose|what|which|when|where|why|how)\b"
    r"|\b(?:кто|кого|кому|кем|что|чего|чему|чем|где|куда|откуда|когда|почему|зачем|сколько|ли)\b"
    r"|\bкак(?:ой|ая|ое|ие|ого|ому|им|ими|их|ую|ою|ом|ова?|ово|овы)?\b|\bч(?:ей|ья|ьё|ье|ьи|ьего|ьей)\b"
)


def is_question(text: str) -> bool:
    """Tell whether a text asks something: by its mark, or by a word that asks."""
    folded = fold(text)
    return bool(_MARK.search(folded) or _WORD.search(folded))
