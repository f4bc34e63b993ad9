"""A question that asks for one source: 联合早报怎么说, according to Sina, по данным РИА.

A name alone is not enough, for newspapers are also written about: 联合早报的总编是谁. A cue has
to stand beside it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.text.lazy_regex import Pattern
from index.text.tokens import fold

_BEFORE = (
    r"据|根据|按照|来自|只看?|只要|仅看?",
    (
        r"\b(?:according to|(?:reported|published|written|quoted) (?:by|in)"
        r"|(?:reports?|articles?|news|stories|coverage) (?:by|from|in))(?: the)?"
        r"|(?:^|[,.?!;] )(?:only|just)(?: the)?"
    ),
    (
        r"\b(?:по данным|по сообщени\w+|по информации|согласно|как (?:пишет|сообща\w+)"
        r"|(?:что|как) (?:пишет|писал[аи]?|сообща\w+|сказал[аи]?|говорит))|(?:^|[,.?!;] )только"
    ),
)
_AFTER = (
    (
        r"(?:怎么|如何|怎样|是怎么|都)?(?:说|称|报[道导])(?:了?(?:什么|些什么|哪些)|说|称)?"
        r"|的?(?:报[道导]|消息|文章|社论)(?:说|称|[里中]?怎么说)?|的新闻|讯(?=[,: ])"
        r"|(?:怎么|如何|怎样|是怎么)(?:看待?|写|讲|形容|评价|评论|描述|分析)"
        r"|有(?:什么|何|哪些)(?:说法|报[道导]|评论|看法|文章)"
    ),
    (
        r"(?:'s)? (?:say|says|said|report|reports|reported|reporting|write|writes|wrote|coverage"
        r"|articles?)\b"
    ),
    r" (?:сообща(?:ет|л|ла|ло)|сообщил[аои]?|пишет|писал[аои]?|говорит|сказал[аои]?)\b",
)
_ASKED_LATER = r"对[^,。?]{1,20}(?:怎么|如何|怎样|有什么|有何)"
_ASKING = r"\b(?:what|how) (?:did|does|do|has|have)(?: the)?"

# One outlet a row: what it is called in the languages of a question and of an archive.
_OUTLETS = (
    ("sina", "新浪", "сина"),
    ("zaobao", "联合早报", "早报"),
    ("xinhua", "新华", "синьхуа"),
    ("people's daily", "人民日报", "人民网", "жэньминь жибао"),
    ("global times", "环球时报", "环球网"),
    ("caixin", "财新"),
    ("the paper", "澎湃"),
    ("cctv", "央视"),
    ("reuters", "路透", "рейтер"),
    ("associated press", "美联社"),
    ("afp", "法新社"),
    ("kyodo", "共同社"),
    ("bbc", "би-би-си"),
    ("voa", "voice of america", "美国之音", "голос америки"),
    ("rfi", "法国国际广播"),
    ("dw", "deutsche welle", "德国之声"),
    ("tass", "塔斯社", "тасс"),
    ("ria", "俄新社", "риа"),
    ("interfax", "国际文传", "интерфакс"),
    ("kommersant", "生意人报", "коммерсант"),
)


@dataclass(frozen=True, slots=True)
class SourceMention:
    """A source that a question asks for.

    :ivar source: its name as the archive writes it.
    :ivar start: first character of the name and the cues beside it.
    :ivar end: one past the last one.
    """

    source: str
    start: int
    end: int


_OPEN, _CLOSE = '[《"“«「]?', '[》"”»」]?'
_CUE_BEFORE = Pattern(rf"(?:{'|'.join(_BEFORE)}) ?{_OPEN}$")
_CUE_AFTER = Pattern(rf"{_CLOSE} ?(?:{'|'.join(_AFTER)})")
_CUE_LATER = Pattern(rf"{_CLOSE} ?{_ASKED_LATER}")
_BEFORE_CUE_AFTER = Pattern(rf"(?:{_ASKING}) $")
_HAN_OUTLET = Pattern(r"[\u4e00-\u9fff]{2,}[报社网台刊]")
_LOOKBACK = 40


def find_source(text: str, sources: Collection[str]) -> SourceMention | None:
    """Return the first source that a cue stands beside, the longest name first.

    :param text: folded text (``index.text.tokens.fold``).
    :param sources: names as the archive writes them.
    """
    for name, source in _names(tuple(sources)):
        for start in _occurrences(name, text):
            if found := _with_cues(text, start, start + len(name), source):
                return found
    return None


def named_sources(text: str, sources: Collection[str]) -> Iterator[SourceMention]:
    """Yield every source whose name stands in a text, with or without a cue."""
    for name, source in _names(tuple(sources)):
        for start in _occurrences(name, text):
            yield SourceMention(source, start, start + len(name))


@lru_cache(maxsize=8)
def _names(sources: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return every name that means one source and no other, the longest first."""
    full = {" ".join(fold(source).split()): source for source in sources}
    meant: dict[str, set[str]] = {}
    for name in full:
        for outlet in _OUTLETS:
            if any(list(_occurrences(other, name)) for other in outlet):
                for other in outlet:
                    meant.setdefault(other, set()).add(name)
        for part in _outlet_endings(name):
            meant.setdefault(part, set()).add(name)
    names = {name: full[found.pop()] for name, found in meant.items() if len(found) == 1} | full
    return tuple(
        sorted(((n, s) for n, s in names.items() if len(n) > 1), key=lambda pair: -len(pair[0]))
    )


def _outlet_endings(name: str) -> Iterator[str]:
    """Yield the ends of a Chinese name that tell an outlet by themselves: 早报 of 联合早报."""
    if _HAN_OUTLET.fullmatch(name):
        yield from (name[start:] for start in range(1, len(name) - 1))


def _occurrences(name: str, text: str) -> Iterator[int]:
    """Yield where a name stands, in scripts with spaces as whole words only."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not (_joined(text, start - 1, start) or _joined(text, end - 1, end)):
            yield start
        start = text.find(name, start + 1)


def _joined(text: str, left: int, right: int) -> bool:
    """Tell whether two neighbouring characters are inside one word of letters and digits."""
    if left < 0 or right >= len(text):
        return False
    return all(
        char.isalnum() and not "\u3400" <= char <= "\u9fff" for char in (text[left], text[right])
    )


def _with_cues(text: str, start: int, end: int, source: str) -> SourceMention | None:
    from_ = max(0, start - _LOOKBACK)
    before = _CUE_BEFORE.search(text[from_:start])
    after = _CUE_AFTER.match(text, end)
    if not (before or after or _CUE_LATER.match(text, end)):
        return None
    before = before or (after and _BEFORE_CUE_AFTER.search(text[from_:start]))
    return SourceMention(
        source,
        from_ + before.start() if before else start,
        after.end() if after else end,
    )
