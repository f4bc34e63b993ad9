"""Questions that lean on the one before: 那俄方呢？, why?, а Россия?, 他还说了什么.

A question leans when it is nothing but a connective, a question word or a new topic, or when a
pronoun comes before anything that the pronoun could stand for. 谁是乐玉成？ is short but whole.
"""

from index.text.lazy_regex import Pattern
from index.text.tokens import HAN, fold

_LEADS = (
    r"那(?!不勒斯|英)么?|然后|后来|接着|还有|另外|而且|以及|但(?!丁)是?|可是|不过|所以|因此",
    r"(?:and|but|so|then|also|well),?",
    r"(?:а|и|но|ну|тогда|затем),?",
)
# What asks for more of the same, or only sets filters: nothing of it is searched for.
_EMPTY = (
    r"呢|吗|吧|啊|呀|了|的|在|只|只看|只要|仅|再|更|还|多|更多|继续|别的|其他的?|有|什么|哪些|来源|里|里面",
    (
        r"what|about|how|only|just|in|on|from|by|for|the|of|please|more|else|anything|other|any|go on"
        r"|continue|there|is"
    ),
    r"что|как|насчет|только|еще|в|во|о|об|из|за|если|есть|дальше|другие|другое|про|ли",
)
_QUESTION_WORDS = (
    (
        r"为什么|为何|怎么|怎么会|怎么回事|怎么样|如何|什么时候|何时|哪里|在哪|在哪里|哪儿|谁|是谁|多少"
        r"|哪个|哪一个|哪一年|真的|具体|结果|原因|是什么|原因是什么|结果如何|结果怎么样|说的|这么说"
    ),
    (
        r"why|how|how so|when|where|who|whom|which|which one|how many|how much|how long|really|not"
        r"|since when|by whom|where exactly|exactly|said|so"
    ),
    r"почему|зачем|отчего|когда|где|куда|кто|кем|какой|какие|сколько|правда|именно|с кем|с чем",
)
_TOPIC = (
    r"(?:那么?|至于)?(?P<zh>[^,。?!]{1,12}?)(?:方面)?(?:又|也)?呢",
    r"(?:and |but |so )?(?:what|how) about (?P<en>.{1,60}?)|and (?P<en2>\w+(?: \w+){0,2})",
    r"(?:ну )?(?:а|и) (?:(?:что|как) (?:насчет|про|с) )?(?P<ru>[\w-]+(?: [\w-]+){0,2})",
)
_PRONOUNS = (
    r"[他她它]们?|对方|双方|这(?:个|件|些|一|样|是|次|种)?|那(?:个|件|些|次|种|时)|此(?![前后外刻])|其(?![他中实它])|该",
    r"he|she|they|it|him|her|them|his|hers|their|its|this|these|those|that",
    r"он|она|оно|они|его|ее|их|ему|ей|им|ими|нем|ней|них|это|этот|эта|эти|этом|этого|об этом|свой",
)
# What may come before the pronoun: nothing that the pronoun could stand for.
_FUNCTION_WORDS = (
    (
        r"为什么|为何|怎么|如何|什么时候|何时|哪里|在哪里?|谁|有没有|有什么|是否|是不是|当时|现在|今天|之后"
        r"|此前|之前|对于?|关于|根据|除了|因为|如果|跟|和|与|在|从|给|被|把|是|还|也|又|都|请问|支持|反对"
    ),
    (
        r"what|why|how|when|where|who|whom|which|did|does|do|is|was|were|are|has|have|had|will|would"
        r"|can|could|should|else|about|of|to|with|for|in|on|from|by|at|if|many|much|more|exactly|said"
        r"|say|says|supports?|supported|not"
    ),
    (
        r"что|почему|зачем|как|когда|где|кто|кого|кому|какой|какая|какие|сколько|ли|еще|о|об|обо|к|с"
        r"|со|в|во|на|за|от|для|у|по|из|при|было|был|была|были|есть|сказал|не"
    ),
)
_SUBJECT = (
    (
        r"^(?P<zh>[\w·]{1,12}?)(?=(?:对[^,。?]{1,15})?(?:是|又|还|都|会|将)?(?:怎么|如何|怎样|为什么|为何"
        r"|说了|表示|有何|有什么|有没有|什么时候|何时|在哪))"
    ),
    (
        r"^(?:what|how|why|when|where) (?:did|does|do|has|have|will|would|is|was) (?P<en>\w[\w .-]{0,40}?)"
        r"(?= (?:say|said|think|describe|described|see|view|react|respond|comment|plan|want|feel|propose"
        r"|explain|call|write|report|want|do)\b)"
    ),
    r"^(?:что|как|когда|почему) (?:\w+(?:л|ла|ли|ет|ит|ят|ют)) (?P<ru>[\w-]+)(?= (?:о|об|про|на|в)\b)",
)


def _any(*tables: tuple[str, ...]) -> str:
    """Join tables: Chinese anywhere, English and Russian as whole words."""
    chinese = "|".join(table[0] for table in tables)
    others = "|".join(words for table in tables for words in table[1:])
    return rf"(?:{chinese}|\b(?:{others})\b|[\W_])"


_ANAPHORA = Pattern(
    r"对此|此事|这件事|这个?问题|\b(?:about|to|on|of) (?:this|that|it)\W*$|\b(?:об этом|на это)\b"
)
_POLITE = Pattern(r"(?:好的?|谢谢|明白了?|ok|okay|thanks|thank you|хорошо|спасибо)[\W_]+")
_LEAD = Pattern(rf"(?:{_LEADS[0]}|(?:{_LEADS[1]}|{_LEADS[2]})(?!\w))[\W_]*")
_ONLY_FILTERS = Pattern(f"{_any(_LEADS, _EMPTY)}*")
_ONLY_QUESTION = Pattern(f"{_any(_LEADS, _EMPTY, _QUESTION_WORDS)}*")
_NEW_TOPIC = Pattern(rf"(?:{'|'.join(_TOPIC)})[\W_]*")
_PRONOUN_FIRST = Pattern(
    rf"{_any(_LEADS, _FUNCTION_WORDS)}*?(?:{_PRONOUNS[0]}|\b(?:{_PRONOUNS[1]}|{_PRONOUNS[2]})\b)"
)
_SUBJECTS = tuple(Pattern(pattern) for pattern in _SUBJECT)
_ASKS = Pattern(
    r"怎么|什么|如何|为何|怎样|谁|哪|多少|几|吗|是否|\b(?:what|why|how|when|where|who|which|did|does|is"
    r"|was|are|were|что|почему|как|когда|где|кто|какой|сколько|ли)\b"
)
_UNIT = Pattern(rf"[{HAN}]|[^\W{HAN}]+")
_HAN_RUN = Pattern(rf"[{HAN}]+")
_LONGEST_SWAP = 4
_LONGEST = 24
_SHORT = 10
"""Length of the longest follow-up, and of the longest that a connective alone makes one: a Han
character counts 1, a word 2."""


def fold_aligned(text: str) -> str:
    """Fold an NFKC text so that each character keeps its place.

    What would be none, or more than one, stays as it is.
    """
    folded = fold(text)
    if len(folded) == len(text):
        return folded
    return "".join(fold(char) if len(fold(char)) == 1 else char for char in text)


def only_filters(folded: str) -> bool:
    """Tell whether a text holds nothing to search for, only connectives and particles."""
    return len(folded) <= _LONGEST * 4 and bool(_ONLY_FILTERS.fullmatch(folded))


def complete(text: str, previous: str) -> str | None:
    """Return what a follow-up asks, completed from the question before, or None if it is whole.

    :param text: the new question (NFKC) without what became a filter.
    :param previous: the text of the question before, itself complete.
    """
    folded = fold_aligned(text)
    if polite := _POLITE.match(folded):
        text, folded = text[polite.end() :], folded[polite.end() :]
    if _length(folded) > _LONGEST:
        return None
    if only_filters(folded):
        return previous
    if _ONLY_QUESTION.fullmatch(folded):
        return f"{previous} {text}"
    topic = _NEW_TOPIC.fullmatch(folded)
    if topic and topic.lastgroup and not _ASKS.search(topic[topic.lastgroup]):
        return _swap(previous, text[slice(*topic.span(topic.lastgroup))])
    led = _LEAD.match(folded) and _length(folded) <= _SHORT
    if led or _PRONOUN_FIRST.match(folded) or _ANAPHORA.search(folded):
        return f"{previous} {text}"
    return None


def _swap(previous: str, topic: str) -> str:
    """Put a new topic where the old one stood, or after the question if that place is unclear.

    A topic that ends like a part of the question takes its place (中美关系 that of 中俄关系), any
    other the place of the one who acts (俄方 that of 中方 in 中方怎么看中俄关系).
    """
    folded, tail = fold_aligned(previous), fold_aligned(topic)[-2:]
    found = folded.find(tail)
    start, end = found + len(tail) - len(topic), found + len(tail)
    alike = found >= 0 and start >= 0 and len(tail) < len(topic) <= _LONGEST_SWAP
    if alike and _HAN_RUN.fullmatch(folded[start:end] + topic):
        return previous[:start] + topic + previous[end:]
    for pattern in _SUBJECTS:
        if subject := pattern.search(folded):
            start, end = subject.span(1)
            return previous[:start] + topic + previous[end:]
    return f"{previous} {topic}"


def _length(text: str) -> int:
    return sum(1 if _HAN_RUN.match(unit) else 2 for unit in _UNIT.findall(text))
