"""A question becomes a query: filters, phrases and what is left to search for.

What a date in a question means is the delicate part. Dates prefer, they do not forbid: what was
published at that time is searched first, and everything when nothing there answers. A date is when
the *report* is from, and no part of what is searched for, if

1. it says so: 2021年12月的报道, articles from 2021; or it stands alone: ...？2021年12月;
2. it counts from today and is finer than a year: 昨天, last month, 今年以来;
3. the question asks what was said, and it is finer than a year, a range, open at one end ("since
   2022") or counted from today: 2021年12月乐玉成怎么形容…, what did … say last year.

Else, and always when it belongs to a thing (昨天的比赛, the 2008 crisis), it is part of what is
asked about: the words stay in the search, but for the one among reports of that time. A day or
month without a year is then no date at all, for it returns every year; nor is "today", which
means nowadays unless one asks for news or what was said.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from index.text.lazy_regex import Pattern
from index.text.tokens import HAN
from qa.types import Filters, Query, Turn, Window
from qa.understanding.asking import is_question
from qa.understanding.dates import Mention, find_dates
from qa.understanding.followup import complete, fold_aligned, only_filters
from qa.understanding.smalltalk import is_small_talk
from qa.understanding.sources import SourceMention, find_source, named_sources

_LONGEST = 1000
"""Characters of a question that are read; encoders read less."""

_MONTH = timedelta(days=31)
_FIRST_REPORT = date(1990, 1, 1)
"""Archives of web pages hold nothing older: an earlier date is never one of publication."""

_QUOTED = Pattern(r'「([^「」]+)」|『([^『』]+)』|“([^“”]+)”|"([^"]+)"|«([^«»]+)»')
_QUOTATION_MARKS = Pattern('[「」『』“”„"«»]')
_SHORTEST_PHRASE = 2

_REPORT = (
    r"(?:新闻|报[道导]|消息|文章|社论|评论|采访|专访|访谈|讲话|演讲|发言|说法|表态|声明|言论|记者会|发布会)",
    r"(?:reports?|articles?|news|coverage|stor(?:y|ies)|statements?|speech(?:es)?|interviews?|remarks?)",
    r"(?:стать[яиюе]\w*|новост\w+|сообщени\w+|публикаци\w+|заявлени\w+|репортаж\w*|интервью|реч[ьи]\w*)",
)
_REPORT_AFTER = Pattern(
    rf" ?的?(?:(?:关于|有关|涉及|对)[^,。?]{{1,30}}?的?)?{_REPORT[0]}| (?:{_REPORT[1]})\b| {_REPORT[2]}\b"
)
_REPORT_BEFORE = Pattern(
    rf"\b(?:{_REPORT[1]}(?: (?:about|on) [^,.?]{{1,40}})?|{_REPORT[2]}(?: (?:об?|про) [^,.?]{{1,40}})?) ?$"
)
_SPEECH = Pattern(
    r"(?:怎么|如何|怎样)(?:说|看|讲|谈|形容|评价|评论|回应|解释|描述|表态|表示|报[道导]|称|定义|批评|反驳|介绍|阐述|回答|强调|定位)"
    r"|(?<![小传据学解听演])说(?![明法服唱书客谎])|表示|指出|报[道导]|表态|谈到|提到|强调"
    r"|有(?:何|什么|哪些)(?:评论|回应|看法|说法|表态|评价|态度|立场|声明|言论)"
    r"|\b(?:said|says?|tells?|told|thinks?|thought|comment(?:s|ed)?|describ(?:es?|ed)|respon(?:d|ds|ded|se)"
    r"|react(?:s|ed|ion)?|report(?:s|ed)|stated?|warn(?:s|ed)?|stress(?:es|ed)|characteri[sz]ed?)\b"
    r"|\b(?:сказал|говорил|говорит|заявил|заявлял|заявляет|сообщи?л|сообщает|писал|пишет|отозвал|оценил"
    r"|оценивал|описал|описывал|прокомментировал|отреагировал|ответил|отметил|подчеркнул|считает)\w*"
)
_COMPARE = Pattern(
    r"(?:怎么|如何|怎样|有(?:何|什么|哪些)|发生了?(?:什么|哪些|何种)?)(?:样的)?(?:变化|改变|转变|演变)"
    r"|(?:态度|立场|说法|表态|口径|看法|观点|评价|政策|关系)的?(?:变化|改变|转变|演变|变了)"
    r"|前后.{0,8}(?:不同|不一|区别|差别|矛盾|一致|变)|一直以来|历次|历年来|先后(?:说|表示|怎么|如何|几次)"
    r"|\bhow (?:has|have|did) .{1,80}\b(?:changed?|evolved?|shift(?:ed)?)\b|\bover (?:time|the years)\b"
    r"|\bchanges? in .{1,40}(?:position|stance|attitude|rhetoric|view)"
    r"|как(?:им образом)? .{0,40}(?:менял|изменял|изменил|эволюционировал)|со временем"
)
_NEWS = Pattern(
    r"新闻|消息|头条|最新|发生|\b(?:news|happen(?:s|ed|ing)?|latest)\b|новост|произошл|случил"
)
_OF_A_THING = Pattern(r" ?的(?![?。!]|$)|'s \w")
_AFTER_ARTICLE = Pattern(r"\b(?:the|this|that|an?) $")
_NOUN = Pattern(r" \w")
_ARTICLE_INSIDE = Pattern(r"(?:in|on|at|of|for|over|from|during|within) the (?=[a-z]+ \d{4}|\d{4})")
_ADVERBIAL = Pattern(r"^(?:в|во|за|на|с|со|до|после|по|к|от|между|перед) |назад$")
_CYRILLIC = Pattern("[а-я]")
_SENTENCE_START = Pattern(
    r"(?:^|[?!。.;(])(?:那么?|只看?|只要|仅|and|but|so|only|just|what about|how about|а|и|ну|только|[ ,])*$"
)
_SENTENCE_END = Pattern(r"(?:的|呢|吗|\W)*$")
_LOOKBACK = 60
"""Characters before a date in which what it belongs to may stand."""

_BREAK = Pattern(r"[。.!?;\s]")
_DANGLING = Pattern(
    r"^(?:[\s,，、。.:：;；]|的(?![士确])|(?:about|on|that|об?|про)\s)+|[\s,，、:：;；]+$",
    re.IGNORECASE,
)
_HAN_END = Pattern(f"[{HAN}]$")
_HAN_OR_MARK = Pattern(f"[{HAN}\\W]")
_EMPTY_BRACKETS = Pattern(r"\(\W*\)")
_AND = Pattern(r"\s*(?:and|и|[和与及、,])\s*", re.IGNORECASE)
_NO_FILTERS = Filters()


def understand(
    question: str,
    *,
    now: datetime,
    sources: Collection[str],
    turns: Sequence[Turn] = (),
    filters: Filters = _NO_FILTERS,
) -> Query:
    """Return a question as it is understood. Never raises; only small talk has an empty text.

    :param now: what relative dates count from, in the asker's time zone.
    :param sources: names of sources as the archive writes them.
    :param turns: earlier questions of the conversation, the newest last.
    :param filters: set by the asker beside the question; each wins over what the question says.
    """
    text = _clean(question)
    folded = fold_aligned(text)
    if is_small_talk(folded):
        return Query(question, "", filters, small_talk=True)
    previous = next((turn for turn in reversed(turns) if turn.question), None)

    quoted = [match.span() for match in _QUOTED.finditer(text)]
    named = find_source(folded, sources)
    if named is None and previous:
        named = _nothing_but_a_source(folded, sources)
    taken = [*quoted, (named.start, named.end)] if named else quoted
    dates = _dates(folded, now.date(), taken)
    reported = [mention for mention in dates if _is_report_date(mention, folded)]
    rest = _without(text, [(m.start, m.end) for m in reported] + taken[len(quoted) :])

    completed = complete(rest, previous.question) if previous else None
    leaned_on = previous if completed is not None else None
    inherited = leaned_on.filters if leaned_on else _NO_FILTERS
    pointing = reported or [m for m in dates if m.dated and _in_era(m.window)]
    window = filters.window or (None if pointing else inherited.window)
    source = filters.source or (named.source if named else inherited.source)
    preferred = _hull(pointing) or (leaned_on.preferred if leaned_on else None)
    language = filters.language or inherited.language
    undated = _without(text, [(m.start, m.end) for m in pointing] + taken[len(quoted) :])
    searched = _cut(completed or rest or text)
    return Query(
        question,
        searched,
        Filters(window, source, language),
        preferred=None if window else preferred,
        undated="" if window or leaned_on or undated == searched else undated,
        phrases=_phrases(text),
        compare=bool(_COMPARE.search(folded))
        or _asks_about_times([m for m in dates if not _is_of_a_thing(m, folded)], folded),
        follow_up=completed is not None,
        asks=is_question(completed or text),
    )


# --- Text -----------------------------------------------------------------------------------------


def _clean(question: str) -> str:
    """Return NFKC text on one line, without invisible characters, not too long."""
    text = unicodedata.normalize("NFKC", question[: 4 * _LONGEST])[: 4 * _LONGEST]
    kinds = ((char, unicodedata.category(char)) for char in text)
    visible = (" " if kind == "Cc" else char for char, kind in kinds if kind not in ("Cf", "Cs"))
    return _cut(" ".join("".join(visible).split()))


def _cut(text: str) -> str:
    """Cut a long text, after a sentence or between words if there is such a place near the end."""
    if len(text) <= _LONGEST:
        return text
    head = text[:_LONGEST]
    places = [match.end() for match in _BREAK.finditer(head, _LONGEST * 4 // 5)]
    return head[: places[-1]].rstrip() if places else head


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text without some spans of it and without quotation marks; empty if no word is left."""
    kept, end = "", 0
    for start, stop in sorted(spans):
        between = text[end:start]
        if not (end and _AND.fullmatch(between)):
            kept = _joined(kept, between)
        end = stop
    kept = _QUOTATION_MARKS.sub("", _joined(kept, text[end:]))
    kept = _DANGLING.sub("", _EMPTY_BRACKETS.sub("", kept))
    return kept if re.search(r"[^\W_]", kept) else ""


def _joined(left: str, right: str) -> str:
    left, right = left.rstrip(" ,"), right.lstrip(" ,") if left else right
    if not left:
        return right
    han = _HAN_END.search(left) or _HAN_OR_MARK.match(right)
    return left + right if han else f"{left} {right}"


def _phrases(text: str) -> tuple[str, ...]:
    """Return what stands in quotation marks, each once."""
    quoted = (match[match.lastindex or 0] for match in _QUOTED.finditer(text))
    phrases = (_QUOTATION_MARKS.sub("", phrase).strip() for phrase in quoted)
    return tuple(dict.fromkeys(phrase for phrase in phrases if len(phrase) >= _SHORTEST_PHRASE))


# --- Filters --------------------------------------------------------------------------------------


def _nothing_but_a_source(folded: str, sources: Collection[str]) -> SourceMention | None:
    """Return the source that a follow-up consists of (联合早报呢？), if it is one."""
    for named in named_sources(folded, sources):
        if only_filters(folded[: named.start] + " " + folded[named.end :]):
            return named
    return None


def _dates(folded: str, today: date, taken: Sequence[tuple[int, int]]) -> list[Mention]:
    """Return the dates that are not in quotation marks, without a "today" that means nowadays."""
    return [
        mention
        for mention in find_dates(folded, today)
        if all(mention.end <= start or end <= mention.start for start, end in taken)
        and not (mention.window == Window(today, today) and _means_nowadays(folded))
    ]


def _means_nowadays(folded: str) -> bool:
    """Tell whether "today" is no date in a question."""
    return not (_SPEECH.search(folded) or _NEWS.search(folded))


def _is_report_date(mention: Mention, folded: str) -> bool:
    """Tell whether a date says when the report is from; the module's head gives the rules."""
    before = max(0, mention.start - _LOOKBACK), mention.start
    if not _in_era(mention.window):
        return False
    if _REPORT_AFTER.match(folded, mention.end) or _REPORT_BEFORE.search(folded, *before):
        return True
    if _SENTENCE_START.search(folded, *before) and _SENTENCE_END.match(folded, mention.end):
        return True
    if _is_of_a_thing(mention, folded):
        return False
    exact = mention.precision != "year" or mention.bounded
    if _SPEECH.search(folded):
        return exact or mention.relative
    return exact and mention.relative


def _is_of_a_thing(mention: Mention, folded: str) -> bool:
    """Tell whether a date belongs to a noun: 昨天的比赛, the 2008 crisis, саммит 2021 года."""
    words = folded[mention.start : mention.end]
    before = max(0, mention.start - _LOOKBACK), mention.start
    if _CYRILLIC.search(words) and mention.precision != "day":
        return not _ADVERBIAL.search(words)
    if words.endswith("的") and re.match(r"\w", folded[mention.end :]):
        return True
    article = _ARTICLE_INSIDE.match(words) or _AFTER_ARTICLE.search(folded, *before)
    if article and _NOUN.match(folded, mention.end):
        return True
    return words.startswith("of ") or bool(_OF_A_THING.match(folded, mention.end))


def _in_era(window: Window) -> bool:
    return all(end is None or end >= _FIRST_REPORT for end in (window.since, window.until))


def _hull(mentions: Iterable[Mention]) -> Window | None:
    """Return the window that spans all of some dates; an open end of one stays open."""
    windows = [mention.window for mention in mentions]
    since = [window.since for window in windows if window.since]
    until = [window.until for window in windows if window.until]
    hull = (
        Window(
            min(since) if len(since) == len(windows) else None,
            max(until) if len(until) == len(windows) else None,
        )
        if windows
        else Window()
    )
    return hull if hull.since or hull.until else None


def _asks_about_times(dates: Sequence[Mention], folded: str) -> bool:
    """Tell whether a question asks what was said at several times, or from one to another."""
    if not dates or not _SPEECH.search(folded):
        return False
    ends = ((m.window.since, m.window.until) for m in dates if m.bounded)
    return len(dates) > 1 or any(
        since and until and until - since > _MONTH for since, until in ends
    )
