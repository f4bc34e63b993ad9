"""Lines of a body -> those that are its headings and paragraphs (R10 to R15, R17).

What the furniture of a page looks like is in ``index.articles.furniture``; here is only how a rule applies.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, takewhile
from typing import TypeAlias

from index.articles.furniture import Rule, Rules
from index.articles.lines import Block

_SENTENCE_END = tuple("。．.！!？?…：:；;，,、")
_SENTENCE_MARK = re.compile(r"[。！？!?：:；;]|\. |\.$")
_CLOSING = "”’」』）)》〉】］]\"' "
_NUMBER = re.compile(r"(?:part )?[0-9０-９IVX一二三四五六七八九十]{1,4}[.、．]?", re.IGNORECASE)
_STEP = re.compile(
    r"\d{1,2}[.、．)）]\D|[（(]\d{1,2}[)）]|第.{1,2}步|[①-⑳]|step \d|.{0,58}如[下上](图|圖)?(所示)?$",
    re.IGNORECASE,
)
"""How a step of a manual begins, or ends; it stands between pictures and is no caption."""
_CJK = re.compile("[\u3040-\u9fff\uac00-\ud7af]")
_RELATED_LABEL = re.compile(r"[:：|｜].")
"""``Related: <a title>`` is all there is; a bare ``Related`` heads a list."""
_HEADING_TAGS = frozenset(("p", "div", "section", "article", "body", "center"))
_NO_CAPTION = frozenset(("li", "tr", "dt", "dd"))

_HEADING_CHARS, _LATIN_HEADING_CHARS = 40, 100
_CAPTION_CHARS, _CENTRED_CAPTION_CHARS, _CAPTION_CHARS_BY_RULE = 60, 150, 400
"""Longer lines are no headings, and no captions unless a rule says so."""

_LEADING = (":", "：", ",", "，")
"""How a paragraph ends that leads to the next line."""
_MENU_LINES, _MENU_LABEL_CHARS = 3, 12

_MOST_FIRST = 3
"""Paragraphs before the article that are dropped."""
_CLOSING_SHARE = 0.35
_CLOSING_CHARS = 24
"""Share of a text, in characters, that may follow a line which closes it; and the length of such a line."""

_MADE_OF_TEXT = 5
"""Paragraphs: in a body with so many a line that is one link, between two of them, is no text."""
_MADE_OF_PARAGRAPHS = 3
"""Paragraphs: a body with fewer may be all loose text."""


def is_heading(block: Block) -> bool:
    """Whether a line is a heading: by its element, or bold, short and without a full stop (R10)."""
    if block.is_heading:
        return True
    return block.bold and block.tag in _HEADING_TAGS and _is_short(block) and not is_finished(block)


def is_finished(block: Block) -> bool:
    """Whether a line ends as a sentence does, closing quotation marks and brackets aside."""
    return block.text.rstrip(_CLOSING).endswith(_SENTENCE_END)


def _is_short(block: Block) -> bool:
    limit = _HEADING_CHARS if _CJK.search(block.text) else _LATIN_HEADING_CHARS
    return len(block.text) <= limit


def sift(
    blocks: Iterable[Block], rules: Rules, *, is_page: bool = False
) -> tuple[list[Block], frozenset[Rule]]:
    """Return the lines that stay, and the rules that dropped others.

    :param is_page: they are those of a whole page, in which its site puts links to other articles.

    A line that an unmarked heading's number announces comes back as a heading.
    """
    lines = list(blocks)
    del lines[_closing(lines, rules) :]
    found = [(block, rules.line(block.text)) for block in lines]
    found = list(takewhile(lambda pair: pair[1] is None or pair[1].place != "ending", found))
    found = list(_without_related(found))
    found = [pair for pair in found if not (pair[0].after_picture and _is_caption(pair[0], rules))]
    applied = frozenset(rule for _, rule in found if rule is not None)
    kept = _without_scraps(
        _without_menus(_without_link_lists(list(_with_numbered_headings(found))))
    )
    if is_page:
        kept = _without_links_between(kept)
    for _ in range(_MOST_FIRST):
        first = next((number for number, block in enumerate(kept) if not is_heading(block)), None)
        if first is None or not rules.match("first", kept[first].text):
            break
        del kept[first]
    while kept and (
        is_heading(kept[-1]) or rules.match("last", kept[-1].text) or _is_link_after(kept)
    ):
        kept.pop()
    return kept, applied


_Judged: TypeAlias = tuple[Block, Rule | None]


def _without_related(found: Iterable[_Judged]) -> Iterator[_Judged]:
    """Drop each list of other articles: its heading and what still looks like an item of it."""
    in_list = False
    for block, rule in found:
        if rule is not None and rule.place == "related":
            in_list = block.is_heading or _RELATED_LABEL.search(block.text) is None
            continue
        in_list = in_list and _is_related_item(block)
        if not in_list:
            yield block, rule


def _closing(blocks: list[Block], rules: Rules) -> int:
    """Return the number of the line where the site or account begins to speak of itself (R12)."""
    rest = _CLOSING_SHARE * sum([len(block.text) for block in blocks])
    start = number = len(blocks)
    while number and rest >= 0:
        number -= 1
        text = blocks[number].text
        if len(text) <= _CLOSING_CHARS and rules.match("closing", text):
            start = number
        rest -= len(text)
    return start


def _is_related_item(block: Block) -> bool:
    if block.linked or block.tag == "li":
        return True
    if is_heading(block):
        return False
    is_gallery_item = block.after_picture and block.tag == "div"
    return is_gallery_item or (_is_short(block) and not is_finished(block))


def _is_caption(block: Block, rules: Rules) -> bool:
    """Whether a line after a picture is its caption (R11)."""
    if block.tag in _NO_CAPTION or is_heading(block):
        return False
    length = len(block.text)
    if block.small or block.captioning:
        return True
    if length <= _CAPTION_CHARS_BY_RULE and rules.match("caption", block.text):
        return True
    if block.centred and length <= _CENTRED_CAPTION_CHARS:
        return True
    return length <= _CAPTION_CHARS and not (
        _SENTENCE_MARK.search(block.text) or _STEP.match(block.text)
    )


def _with_numbered_headings(found: Iterable[_Judged]) -> Iterator[Block]:
    """Drop what the rules name; the short line after a section number is a heading (R10, R11)."""
    after_number = False
    for block, rule in found:
        if rule is not None:
            after_number = after_number or _NUMBER.fullmatch(block.text) is not None
            continue
        yield block._replace(tag="h2") if after_number and _is_title(block) else block
        after_number = False


def _is_title(block: Block) -> bool:
    if block.tag not in _HEADING_TAGS or not _is_short(block):
        return False
    return block.text.endswith(("?", "？")) or not is_finished(block)


def _without_link_lists(blocks: list[Block]) -> list[Block]:
    """Drop lists whose items are only links, but for those that the text goes through (R12)."""
    if not any([block.list_number for block in blocks]):  # noqa: C419 - a list is faster here
        return blocks
    with_text = {block.list_number for block in blocks if not block.linked} | {0}
    parts = [list(part) for _, part in groupby(blocks, key=lambda block: block.list_number)]
    around = zip([[], *parts], parts, [*parts[1:], []], strict=False)
    return [
        block
        for before, part, after in around
        if part[0].list_number in with_text or _is_amid_text(before, after)
        for block in part
    ]


def _is_amid_text(before: list[Block], after: list[Block]) -> bool:
    """Whether a paragraph stands before a list and the text goes on after it."""
    if not (before and after) or _is_menu_label(before[-1]):
        return False
    return _is_paragraph(before[-1]) and _is_paragraph(after[0])


def _without_menus(blocks: list[Block]) -> list[Block]:
    """Drop runs of lines that are only links, outside lists too, with the label above each (R12)."""
    if not any([block.linked for block in blocks]):  # noqa: C419 - likewise
        return blocks
    kept: list[Block] = []
    for is_menu, run in groupby(blocks, key=_is_entry):
        lines = list(run)
        if not is_menu or len(lines) < _MENU_LINES:
            kept += lines
        elif kept and not is_heading(kept[-1]) and _is_menu_label(kept[-1]):
            kept.pop()
    return kept


def _without_links_between(blocks: list[Block]) -> list[Block]:
    """Drop from a page of paragraphs each line that is one link to another article (R12).

    One stays where a heading or a line that is no whole sentence leads to it.
    """
    if sum([_is_paragraph(block) for block in blocks]) < _MADE_OF_TEXT:
        return blocks
    kept: list[Block] = []
    for block in blocks:
        is_between = kept and _is_entry(block) and not is_heading(block)
        if not (is_between and _is_paragraph(kept[-1]) and not kept[-1].text.endswith(_LEADING)):
            kept.append(block)
    return kept


def _is_entry(block: Block) -> bool:
    return block.linked and not (block.list_number or block.is_heading or is_finished(block))


def _is_link_after(blocks: list[Block]) -> bool:
    """Whether the last line of a body made of paragraphs is a link to another article (R12)."""
    return len(blocks) > _MADE_OF_PARAGRAPHS and _is_entry(blocks[-1])


def _is_menu_label(block: Block) -> bool:
    return len(block.text) <= _MENU_LABEL_CHARS and not block.text.endswith(("。", ".", "！", "？"))


def _is_paragraph(block: Block) -> bool:
    return is_finished(block) and not (block.linked or block.is_heading)


def _without_scraps(blocks: list[Block]) -> list[Block]:
    """Drop short labels outside any paragraph from a body that is made of paragraphs (R12).

    They belong to cards, menus and buttons whose class names tell nothing.
    """
    if sum(block.tag == "p" for block in blocks) < _MADE_OF_PARAGRAPHS:
        return blocks
    return [block for block in blocks if block.tag != "div" or not _is_label(block)]


def _is_label(block: Block) -> bool:
    return (block.linked or _is_short(block)) and not (is_finished(block) or is_heading(block))
