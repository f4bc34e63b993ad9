"""Lists that are no text: of links, menus, tables of contents, and the labels above them (R12)."""

import re
from itertools import groupby, pairwise, takewhile

from index.articles.lines import Block
from index.articles.shapes import (
    CJK,
    MADE_OF_PARAGRAPHS,
    Judged,
    is_finished,
    is_heading,
    is_menu_label,
    is_paragraph,
)

_LEADING = (":", "：", ",", "，")
"""How a paragraph ends that leads to the next line."""
_MENU_LINES = 3
_MADE_OF_LINKS, _SECTIONS_OF_LINKS = 8, 3
"""Lines that are links, and headings above such lines: a body with so many may be a list of links."""
_LINES_OF_CONTENTS, _LONGEST_NAME = 3, 24
_CONTENTS = re.compile(
    r"\W{0,4}(?:(?:本文|文章|内容)?(?:目\s*[录錄]|纲要|綱要)|大纲|大綱|(?:table of )?contents|оглавление|содержание)\W{0,4}",
    re.IGNORECASE,
)
_SECTION_NUMBER = re.compile(
    r"\W{0,2}(?:\d{1,2}(?:\.\d{1,2}){1,3}(?![\d.、．)）:：\s])"
    r"|(?:第?[0-9０-９一二三四五六七八九十]{1,3}(?:\.\d{1,2}){0,3}[章节]?|[IVX]{1,4}|0x\d\d)[、.．)）:：\s]\s*)"
)
_LABEL_CHARS, _LATIN_LABEL_CHARS = 9, 20
"""Characters of a label that is no sentence."""
_MADE_OF_TEXT = 5
"""Paragraphs: in a body with so many a line that is one link, between two of them, is no text."""


def without_link_lists(blocks: list[Block], *, is_markdown: bool) -> list[Block]:
    """Drop lists whose items are only links, but for those that the text goes through (R12)."""
    if not any([block.list_number for block in blocks]):  # noqa: C419 - a list is faster here
        return blocks
    with_text = {block.list_number for block in blocks if not block.linked} | {0}
    parts = [list(part) for _, part in groupby(blocks, key=lambda block: block.list_number)]
    around = zip([[], *parts], parts, [*parts[1:], []], strict=False)
    return [
        block
        for before, part, after in around
        if part[0].list_number in with_text or _is_amid_text(before, after, is_markdown=is_markdown)
        for block in part
    ]


def _is_amid_text(before: list[Block], after: list[Block], *, is_markdown: bool) -> bool:
    """Whether a paragraph stands before a list and the text goes on after it.

    In Markdown, into which no site puts links, there may be headings above it and below.
    """
    if not (before and after):
        return False
    if is_markdown and before[-1].is_heading:
        return any(map(is_paragraph, after))
    if is_menu_label(before[-1]) or not is_paragraph(before[-1]):
        return False
    return is_paragraph(after[0]) or (
        is_markdown and after[0].is_heading and len(after) > 1 and any(map(is_paragraph, after))
    )


def without_menus(blocks: list[Block]) -> list[Block]:
    """Drop runs of lines that are only links, outside lists too, with the label above each (R12)."""
    if not any([block.linked for block in blocks]):  # noqa: C419 - likewise
        return blocks
    kept: list[Block] = []
    for is_menu, run in groupby(blocks, key=_is_entry):
        lines = list(run)
        if not is_menu or len(lines) < _MENU_LINES:
            kept += lines
        elif kept and not is_heading(kept[-1]) and is_menu_label(kept[-1]):
            kept.pop()
    return kept


def without_links_between(blocks: list[Block]) -> list[Block]:
    """Drop from a page of paragraphs each line that is one link to another article (R12).

    One stays where a heading or a line that is no whole sentence leads to it.
    """
    if sum([is_paragraph(block) for block in blocks]) < _MADE_OF_TEXT:
        return blocks
    kept: list[Block] = []
    for block in blocks:
        is_between = kept and _is_entry(block) and not is_heading(block)
        if not (is_between and is_paragraph(kept[-1]) and not kept[-1].text.endswith(_LEADING)):
            kept.append(block)
    return kept


def is_of_links(blocks: list[Block]) -> bool:
    """Whether a text is a list of links under several headings, or for the most part: a weekly, a digest."""
    linked = [len(block.text) for block in blocks if block.linked and not is_heading(block)]
    if len(linked) < _MADE_OF_LINKS:
        return False
    pairs = pairwise(blocks)
    sections = sum([is_heading(above) and block.linked for above, block in pairs])
    text = sum([len(block.text) for block in blocks if not is_heading(block)])
    return sections >= _SECTIONS_OF_LINKS or 2 * sum(linked) > text


def without_contents(blocks: list[Block]) -> list[Block]:
    """Drop a table of contents: lines together, each of which is a heading, above the text or so named."""
    start = next((n for n, block in enumerate(blocks) if is_paragraph(block)), len(blocks))
    named = [
        n
        for n, block in enumerate(blocks)
        if len(block.text) <= _LONGEST_NAME and _CONTENTS.fullmatch(block.text)
    ]
    if start < _LINES_OF_CONTENTS and not named:
        return blocks
    headings = {_unnumbered(block.text) for block in blocks if is_heading(block)}
    kept = blocks[:]
    for first in [*(number + 1 for number in reversed(named)), 0]:
        lines = list(
            takewhile(
                lambda block: not is_heading(block) and _unnumbered(block.text) in headings,
                kept[first:],
            )
        )
        if len(lines) >= _LINES_OF_CONTENTS:
            del kept[max(first - 1, 0) : first + len(lines)]
    return kept


def _unnumbered(text: str) -> str:
    """Return what stands behind a section's number."""
    number = _SECTION_NUMBER.match(text)
    return (text[number.end() :] if number else text).strip(" *:：").casefold()


def without_labels(found: list[Judged], kept: list[Block]) -> list[Block]:
    """Drop labels (``More:``) all of whose links or addresses were dropped."""
    if not any([block.linked or (rule and rule.place == "address") for block, rule in found]):  # noqa: C419 - likewise
        return kept
    stays = set(map(id, kept))
    idle: set[int] = set()
    label: Block | None = None
    led = False
    for block, rule in (*found, (None, None)):
        if block is not None and id(block) not in stays:
            led = led or block.linked or (rule is not None and rule.place == "address")
            label = label if block.linked or rule is not None else None
            continue
        if label is not None and led and (block is None or is_heading(block)):
            idle.add(id(label))
        is_label = block is not None and _is_label_of_list(block)
        label, led = (block if is_label else None), False
    return [block for block in kept if id(block) not in idle]


def _is_label_of_list(block: Block) -> bool:
    text = block.text
    if not text.endswith((":", "：")) or is_heading(block):
        return False
    return len(text) <= (_LABEL_CHARS if CJK.search(text) else _LATIN_LABEL_CHARS)


def _is_entry(block: Block) -> bool:
    return block.linked and not (block.list_number or block.is_heading or is_finished(block))


def is_link_after(blocks: list[Block]) -> bool:
    """Whether the last line of a body made of paragraphs is a link to another article (R12)."""
    return len(blocks) > MADE_OF_PARAGRAPHS and _is_entry(blocks[-1])
