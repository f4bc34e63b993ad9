"""Lines above the text that say what an article is: its link as a heading, ``日期：…``, ``Source: …``.

Mirrors and note books write them for want of front matter. They are an archive's own and no text (R11), but
a paragraph may begin with ``时间：`` too: so they count where a day or an address among them can be read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice, takewhile

from index.articles.fields import Value
from index.articles.front_matter import FrontMatter
from index.text.dates import parse_date

LABELS: Mapping[str, str] = {
    "title": "标题|標題|题目|題目|(full )?title|headline|subject|заголовок|название",
    "date": "日期|时间|時間|(发布|發布|发表|發表|创建|建立|写作|寫作|推送|刊登)(于|於)?(时间|時間|日期)?|(date )?(published|posted|created|clipped)( (on|at|date|time))?|publish(ing)? (date|time)|publication date|pub ?date|date|дата( публикации)?|опубликовано",
    "url": "(原文|文章|来源|來源|网页|網頁|本文)?(链接|鏈接|連結|网址|網址|地址)|原文|(source |original |article )?(url|link)|original( article| post)?|permalink|via|ссылка|оригинал",
    "source": "(文章|新闻|新聞|信息)?(来源|來源|出处|出處)|转自|轉自|转载自|轉載自|媒体|媒體|刊物|(微信)?(公众号|公眾號|公号)|source|publisher|publication|outlet|newspaper|website|site|источник|издание",
    "author": "(原文)?作者|撰文|文|记者|記者|authors?|written by|by|byline|автор",
    "tags": "标签|標籤|关键词|關鍵詞|tags?|keywords|теги|метки",
    "categories": "分类|分類|栏目|欄目|categor(y|ies)|рубрика",
    "collector": "collector",
    "": "译文出自|(本文|原文)?永久链接|校对者|审校者?|(最后|最近)?(更新|修改|编辑)(于|时间|日期)?|译者|譯者|翻译|校对|(责任)?编辑|編輯|字数|阅读(量|数|时间)?|浏览(量|数)?|评论(数)?|点赞(数)?|抓取时间|(last )?(updated|edited|modified)( (on|at|time))?|edited by|translator|translated by|reviewer|word count|reading time|read time|status|layout|id|guid|обновлено",
}
"""Regular expressions for what stands before a colon, by the field that stands behind it."""

_NAMES = tuple(LABELS)
_LABEL = re.compile(
    "|".join(f"(?P<f{n}>(?:{words}))" for n, words in enumerate(LABELS.values())), re.IGNORECASE
)
_DRESS = r"[\s>*+_`【\[\]】#•·-]*"
_LINE = re.compile(
    rf"{_DRESS}(?P<label>[^\W\d_][\w ]{{0,20}}?)\s?[*_`\]】]*\s?[:：][\s*_`]*(?P<value>.{{0,2500}})"
)
_MARKS = "*_`】 \t"
_BYLINE = re.compile(
    r"(?:原创\s+)?(?:(?P<author>\S(?:(?!\s\s).){0,60})\s{2,}(?:\S(?:(?!\s\s).){0,60}\s{2,})?)?"
    r"(?P<source>\S(?:(?!\s\s).){0,40})\s{2,}"
    r"(?P<date>\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?)(?:\s+(?:Posted on|发表于|發表於)?\s*\w{2,8})?"
)
"""Author, account and time, as pages of WeChat show them, two spaces or lines apart."""
_TIME = re.compile(r"\d\d:\d\d")
_MOST_OF_BYLINE, _LONGEST_PLACE = 4, 30
_DAY_BEHIND = re.compile(r"(?P<value>\S.{0,80}?)\s+(?P<day>\d{4}[-/.年]\d{1,2}[-/.月].{1,30})")
_UNDRESSED = re.compile(rf"^{_DRESS}")
_ONLY_A_DATE = re.compile(
    r"(?:[\W\d]|[年月日号號时時点點分秒上下午星期周一二三四五六七八九十〇零]"
    r"|jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*|янв\w*|фев\w*|мар\w*|апр\w*"
    r"|мая|июн\w*|июл\w*|авг\w*|сен\w*|окт\w*|ноя\w*|дек\w*|года?|г|в|mon\w*|tues?\w*|wed\w*|thu\w*|fri\w*|sat\w*|sun\w*"
    r"|st|nd|rd|th|of|at|on|published|posted|am|pm|utc|gmt|t|z){6,60}",
    re.IGNORECASE,
)
_TITLE_OF_LABELS = re.compile(
    r"#{1,6}\s+(metadata|meta|info|文章信息|元数据|基本信息)", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*[|｜•·]\s*|\s{2,}|\u3000+")
_NEXT = re.compile(r"(?<=\S)\s+(?=[^\W\d]\S{0,11}[:：])")
_TAG = re.compile("</?[A-Za-z]")
_COMMENT = re.compile(r"<!--.{0,200}-->")
_RULE = re.compile(r"[-=*_]{3,}")
_HEADING = re.compile(r"#{1,6}\s+\S.{0,400}")
_LINK = re.compile(
    r"\[(?P<text>.{1,1000})\]\(<?(?P<url>https?://[^\s<>]{1,2000}?)>?(?:\s+\"[^\"]{0,300}\")?\)"
)
_LINKED_HEADING = re.compile(rf"#{{1,6}}\s+{_LINK.pattern}\s*#*")
_ADDRESS = re.compile(r"<?(?P<url>https?://[^\s<>]{4,2000})>?")
_FIRST_LINES, _LONGEST_LINE = 10, 120
"""Lines of a page, and characters of one, that may say when it was published."""
_MOST_LINES = 40
"""Lines that are looked at: those who write such lines write them first."""


def take_labelled(front: FrontMatter) -> FrontMatter:
    """Move lines that say what the article is from the start of the body into the head.

    What the front matter says of a field counts more than they do. A heading stays in the body.
    """
    lines = front.body.lstrip().split("\n", _MOST_LINES)
    rest = lines[_MOST_LINES:]
    lines = lines[:_MOST_LINES]
    found: dict[str, Value] = {}
    kept: list[str] = []
    end = _skip_heading(lines, found)
    kept, start = lines[:end], end
    first = next((number for number in range(start, len(lines)) if lines[number].strip()), start)
    for number in range(end, len(lines)):
        line = lines[number].strip()
        if not line or _is_between(line):
            continue
        if number == first and (taken := _byline(lines[first:], found)):
            end = first + taken
            continue
        if number < end:
            continue
        told = {} if _TAG.match(line) else dict(_told(_UNDRESSED.sub("", line)))
        if not told or any(key and key in found for key in told):
            break
        found |= told
        end = number + 1
    found.pop("", None)
    is_told = end > start and _is_proven(found)
    if not is_told:
        found = {
            key: value
            for key, value in found.items()
            if key in {"link", "title"} and "link" in found
        }
    if not found:
        return front
    if "source" in front.fields and "source" in found:
        # There an address may stand, and here the name.
        found["sourcename"] = found.pop("source")
    body = "\n".join([*kept, *lines[end if is_told else start :], *rest])
    return replace(front, fields={**found, **front.fields}, body=body)


def told_by_lines(lines: Iterable[str]) -> dict[str, str]:
    """Return what the first lines of a page say of it, if a day is among it: ``2021-05-06 来源：…``."""
    found: dict[str, str] = {}
    for line in islice(lines, _FIRST_LINES):
        if len(line) <= _LONGEST_LINE:
            for field, value in _told(_UNDRESSED.sub("", line.strip())):
                found.setdefault(field, value)
    return found if parse_date(found.get("date", "")) else {}


def _skip_heading(lines: list[str], found: dict[str, Value]) -> int:
    """Return how many lines the title takes, and note its link."""
    for number, line in enumerate(lines):
        text = line.strip()
        if not text or _COMMENT.fullmatch(text):
            continue
        under = lines[number + 1].strip() if number + 1 < len(lines) else ""
        is_underlined = under != "" and _RULE.fullmatch(under) is not None
        if not (is_underlined or text.startswith("#")):
            return 0
        link = _LINK.fullmatch(text) if is_underlined else _LINKED_HEADING.fullmatch(text)
        if link:
            found |= {"link": link["url"], "title": link["text"]}
        if _HEADING.fullmatch(text):
            return number + 1
        return number + 2 if is_underlined and not _LINE.fullmatch(text) else 0
    return 0


def _byline(lines: list[str], found: dict[str, Value]) -> int:
    """Return how many lines the byline under a heading takes, and note what it tells."""
    together = [line.strip() for line in takewhile(str.strip, lines[:_MOST_OF_BYLINE])]
    for count in range(len(together), 0, -1):
        if _TIME.search(together[count - 1][-_LONGEST_PLACE:]):
            byline = _BYLINE.fullmatch("  ".join(together[:count]))
            if byline is not None:
                found |= {field: text for field, text in byline.groupdict().items() if text}
                return count
    return 0


def _is_between(line: str) -> bool:
    return any(kind.fullmatch(line) for kind in (_RULE, _COMMENT, _TITLE_OF_LABELS))


def _told(line: str) -> Iterator[tuple[str, str]]:
    """Yield the fields that a line names; nothing if a part of it is no field."""
    whole = _fields(line)
    parts = [part for piece in _BETWEEN.split(line) for part in _NEXT.split(piece) if part.strip()]
    apart = [_fields(part) for part in parts]
    if whole and (len(parts) == 1 or whole[0][0] == "title" or not all(apart)):
        yield from whole
    elif all(apart):
        for fields in apart:
            yield from fields


def _fields(text: str) -> list[tuple[str, str]]:
    """Return what one label and its value say; a day may stand behind the value."""
    found = _LINE.fullmatch(text)
    label = found and _LABEL.fullmatch(found["label"].strip())
    if not (found and label):
        is_date = _ONLY_A_DATE.fullmatch(text) and parse_date(text)
        return [("date", text.strip(_MARKS))] if is_date else []
    field = _NAMES[next(n for n in range(len(_NAMES)) if label[f"f{n}"])]
    value = found["value"].strip(_MARKS)
    day = _DAY_BEHIND.fullmatch(value) if field in {"source", "author"} else None
    return [(field, day["value"]), ("date", day["day"])] if day else [(field, value)]


def _is_proven(found: Mapping[str, Value]) -> bool:
    date, url = found.get("date", ""), found.get("url", found.get("source", ""))
    if isinstance(date, str) and parse_date(date):
        return True
    return isinstance(url, str) and bool(_ADDRESS.fullmatch(url) or _LINK.fullmatch(url))
