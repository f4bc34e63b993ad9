"""Lines of a text that say where it is from: ``原文来自微信公号「…」``, ``Source: …``, ``via: https://…``.

This is the table to extend when such a line is not understood: one line a pattern, with an example that
the tests run. A pattern must match a short line in full, in upper or lower case, and names the source in
its group ``source`` or the address in ``url``. Such a line is no paragraph (R12).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bs4 import Tag

from index.articles.lines import Block
from index.text.dates import parse_date
from index.text.whitespace import clean

_LONGEST = 200
"""Characters; what is longer is a paragraph."""
_AT_THE_START, _AT_THE_END = 3, 12
"""Lines that are looked at."""

_LEAD = "原文|本文|文章|全文|正文|稿件|内容|新闻|新聞|信息|文字"
_FROM = "转自|轉自|转载自|轉載自|转载于|轉載於|转载|轉載|摘自|选自|選自|原载于?|原載於?|首发于|首發於|首发|首發|刊于|刊於|刊载于|刊載於|发表于|發表於|发布于|發布於|编译自|編譯自|译自|譯自|改编自"
_SAYS = f"来自于?|來自於?|来源于?|來源於?|源自|出自|出处|出處|引自|{_FROM}"
_KIND = "(微信)?(公众号|公眾號|公号|订阅号|訂閱號|服务号|微信号|视频号)|微信|微博|网易号|头条号|百家号|搜狐号|澎湃号|澎湃新闻·澎湃号|知乎专栏|豆瓣"
_STOP = r"「」『』“”\"《》【】〈〉（）()\[\]<>，,。:：|｜丨；;！!？?"
_NAME = rf"(?P<source>[^\s{_STOP}][^{_STOP}]{{0,39}}?)"
_ID = r"\s*([（(\[][^）)\]]{0,80}[）)\]])?\s*"
_QUOTED = rf"[「『“\"《【〈\[]\s*{_NAME}\s*[」』”\"》】〉\]]{_ID}"
_OPEN, _SHUT = r"[（(【\[>*\s·•]*", r"[）)】\]*\s。.]*"
_URL = r"<?(?P<url>https?://[!-~]{4,2000}?)>?"
_EN_NAME = r"(the )?[\"“]?(?P<source>(?-i:[A-Z]|\d{1,2}[A-Z])[^.:;|\"”()]{1,50}?)[\"”]?"


@dataclass(frozen=True, slots=True)
class Origin:
    """One way to say where a text is from.

    :ivar needs_link: the address is that of a link in the line; of the one that the group ``words``
        finds, where there is such a group.
    :ivar example: such a line; what it tells of ``tests/index/articles/test_origin.py`` knows.
    """

    pattern: str
    example: str
    needs_link: bool = False


# fmt: off
ORIGINS: tuple[Origin, ...] = (
    Origin(rf"{_OPEN}({_LEAD})\s*({_SAYS})\s*[:：]?\s*({_KIND})?\s*[:：]?\s*{_QUOTED}([^。；：:]{{0,20}})([，,:：|｜].{{0,120}})?{_SHUT}", "原文来自微信公号「海港日报」：渡轮停航第三天"),
    Origin(rf"{_OPEN}({_SAYS})\s*[:：]?\s*({_KIND})\s*[:：]?\s*{_QUOTED}([，,:：|｜][^。]{{0,120}})?{_SHUT}", "来自公众号“海港日报”（ID：harbour）"),
    Origin(rf"{_OPEN}({_FROM})\s*[:：]?\s*{_QUOTED}([^。；：:，,]{{0,20}})([:：|｜].{{0,120}})?{_SHUT}", "（原载《海港日报》2021年第3期）"),
    Origin(rf"{_OPEN}({_LEAD})?\s*({_SAYS}|来源|來源)\s*({_KIND})?\s*[:：|｜丨/／]\s*({_KIND})?\s*[:：|｜丨]?\s*{_NAME}{_ID}(\d{{4}}[-/.年].{{0,30}}|[，,|｜丨]\s*(作者|编辑|編輯|记者).{{0,60}})?{_SHUT}", "文章来源：微信公众号 海港日报"),
    Origin(rf"{_OPEN}({_LEAD})\s*({_SAYS})\s*({_KIND})\s*[:：]?\s*{_NAME}{_ID}([，,|｜丨].{{0,120}})?{_SHUT}", "本文来自微信公众号海港日报，作者：王五"),
    Origin(rf"{_OPEN}({_LEAD})\s*({_FROM})\s*{_NAME}{_SHUT}", "本文转载自海港日报。"),
    Origin(rf"{_OPEN}(原文|本文|全文|文章)\s*(来自于?|來自於?|来源于?|來源於?|出自)\s*{_NAME}\s*[:：]\s*\S.{{0,120}}", "原文来自海港日报：渡轮停航第三天", needs_link=True),
    Origin(rf"{_OPEN}版权归作者所有.{{0,40}}作者\s*[:：].{{1,60}}来源\s*[:：]\s*{_URL}(\s.{{0,40}})?", "版权归作者所有，转载请联系作者。 作者：王五（来自豆瓣） 来源：https://harbour.example/fog"),
    Origin(rf"{_OPEN}(原文|本文|全文|文章)\s*(来自于?|來自於?|来源于?|來源於?|出自)\s+{_NAME}{_SHUT}", "原文来自 海港日报"),
    Origin(rf"{_OPEN}(原文|本文|全文|文章)(来自|來自|出自)(?P<source>[^\s{_STOP}]{{2,12}}(网|報|报|社|台|刊|周刊|杂志|雜誌|新闻|新聞|晚报|日报)){_SHUT}", "原文来自海港日报"),
    Origin(rf"{_OPEN}({_LEAD}|来源|來源|英文|中文)?\s*(原文|来源|來源|出处|出處|转自|轉自|转载自|链接|鏈接|連結|网址|網址|地址|from|via|source( url| link)?|original( article| post| link)?|link|url|источник|оригинал( статьи)?|ссылка)\s*[:：]?\s*{_URL}{_SHUT}", "via: https://harbour.example/fog"),
    Origin(rf"{_OPEN}.{{0,80}}(请移步|請移步|请访问原文|原文(地址|链接|网址)|阅读原文|(originally|first) (published|posted|appeared) (at|on|here))\s*[:：]?\s*{_URL}{_SHUT}", "［提示］：该文章由别处导入，如排版不佳，请移步：https://harbour.example/fog"),
    Origin(r"[>\s]*本文由\s*(简悦|SimpRead).{0,30}转码[，,。]?\s*((原文地址|原文)\s*(?P<words>.{1,120}))?", "本文由 简悦 SimpRead 转码，原文地址 渡轮停航第三天", needs_link=True),
    Origin(r"[>\s]*原文(\s*[:：]\s*|\s+)(?P<words>\S.{0,120})", "原文 渡轮停航第三天", needs_link=True),
    Origin(rf"{_OPEN}({_LEAD}|来源|來源)\s*(链接|鏈接|連結|地址|网址|網址)\s*[:：]\s*.{{1,120}}", "原文链接：渡轮停航第三天", needs_link=True),
    Origin(rf"{_OPEN}((this|the) (article|story|post|piece|essay|interview|text) )?(was |is )?(originally|first|re-?|also )\s?(published|printed|posted|appeared)\s+(in|on|at|by|from)\s*:?\s*{_EN_NAME}( by [^.]{{4,60}})?(,? (on|in) .{{4,40}}|[,.;] .{{0,120}})?{_SHUT}", "This story was first published in Harbour Daily on 6 May 2021."),
    Origin(rf"{_OPEN}(source|republished from|reprinted from|courtesy of|with permission from)\s*:?\s*{_EN_NAME}{_SHUT}", "Source: Harbour Daily"),
    Origin(rf"{_OPEN}via\s*:\s*{_EN_NAME}{_SHUT}", "via: Harbour Daily"),
    Origin(rf"{_OPEN}(источник\s*[:—–-]|(по материалам|впервые опубликовано|перепечатано)\s*(в|на|из|с)?\s*[:—–-]?)\s*(издания |сайта )?[«\"„]?(?P<source>[^«»\"„“.:;()]{{2,60}}?)[»\"“]?{_SHUT}", "Источник: «Портовая газета»"),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of where it is from.

    :ivar lines: the numbers of the lines that say it.
    """

    source: str | None = None
    url: str | None = None
    lines: frozenset[int] = frozenset()


def said_of_origin(blocks: Sequence[Block], root: Tag, title: str = "") -> Said:
    """Return where the text says it is from.

    :param root: the element that the lines stand in, where links are looked for.
    :param title: of the article; a name that is a part of it is the article's and no source's.
    """
    source = url = None
    lines = set()
    last = range(max(_AT_THE_START, len(blocks) - _AT_THE_END), len(blocks))
    for number in (*range(min(_AT_THE_START, len(blocks))), *last):
        text = blocks[number].text
        found = _match(text) if len(text) <= _LONGEST else None
        if found is None:
            continue
        origin, told = found
        words = told.get("words")
        link = told.get("url") or _link_in(text, root, words)
        if origin.needs_link and link is None and not _NEVER_TEXT.match(text):
            continue
        lines.add(number)
        name = clean(told.get("source") or "")
        is_name = (
            name
            and not parse_date(name)
            and not _ADDRESS.search(name)
            and not (link and name in title)
        )
        source = source or (name if is_name else None)
        url = url or link
    return Said(source, url, frozenset(lines))


def _match(text: str) -> tuple[Origin, dict[str, str | None]] | None:
    if not _SIGNS.search(text):
        return None
    for origin, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return origin, found.groupdict()
    return None


_SIGNS = re.compile(
    f"{_SAYS}|来源|來源|原文|链接|鏈接|連結|网址|網址|请移步|請移步|本文由|http"
    "|ource|ublished|osted|ppeared|rinted|ourtesy|ermission|сточник|атериал|публикован|ерепечат|ia ?:"
)
"""What stands in every such line, as few others: each begins with a plain character, to be found fast."""


@cache
def _patterns() -> tuple[tuple[Origin, re.Pattern[str]], ...]:
    return tuple((origin, re.compile(origin.pattern, re.IGNORECASE)) for origin in ORIGINS)


_ADDRESS = re.compile(r"^[\w.`-]+\.[a-z]{2,}/|`")
"""The address that some write for a name."""
_NEVER_TEXT = re.compile(r"[>\s]*本文由\s*(简悦|SimpRead)")
"""A line that goes without a link as well."""


def _link_in(text: str, root: Tag, words: str | None = None) -> str | None:
    """Return the address of a link whose words stand in a line, or are all of some words."""
    for tag in root.find_all("a"):
        address = str(tag.get("href", ""))
        if address.startswith(("http://", "https://")):
            linked = clean(tag.get_text())
            if linked and (linked in text if words is None else linked == words.strip()):
                return address
    return None
