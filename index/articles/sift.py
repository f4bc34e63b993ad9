"""Lines of a body -> those that are its headings and paragraphs (R10 to R15, R17).

What the furniture of a page looks like is in ``index.articles.furniture``; here is only how a rule applies.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from index.articles.captions import without_captions
from index.articles.furniture import Rule, Rules
from index.articles.lines import Block
from index.articles.listing import (
    is_link_after,
    is_of_links,
    without_contents,
    without_labels,
    without_link_lists,
    without_links_between,
    without_menus,
)
from index.articles.shapes import (
    CJK,
    HEADING_TAGS,
    MADE_OF_PARAGRAPHS,
    Judged,
    is_finished,
    is_heading,
    is_short,
)

_NUMBER = re.compile(r"(?:part )?[0-9０-９IVX一二三四五六七八九十]{1,4}[.、．]?", re.IGNORECASE)
_RELATED_LABEL = re.compile(r"[:：|｜].")
"""``Related: <a title>`` is all there is; a bare ``Related`` heads a list."""

_ABOUT = re.compile(r"\W{0,4}(?:关于|關於|about )\s?(\w.*?\w)\W{0,4}", re.IGNORECASE)
_ABOUT_CHARS, _NAME_LETTERS = 500, 6
_AND = re.compile(r"[,，、;；&/|]| and | и |和")
_WHO = re.compile(
    r"\s?(?:是|现任|现为|毕业|[,，(（—–-]| is | was | has | works | writes | covers | leads | — )"
)
"""What follows a name where a paragraph says who that is."""

_IN_LETTERS = re.compile(r"[A-Za-z“‘\"'《【][^\u3040-\u9fff\uac00-\ud7af]{19,}")
"""A line of words in letters; a note begins with a number or a bracket."""
_LEADING = (":", "：", ",", "，")

_MOST_FIRST = 3
"""Paragraphs before the article that are dropped."""
_CLOSING_SHARE = 0.35
_CLOSING_CHARS = 24
"""Share of a text, in characters, that may follow a line which closes it; and the length of such a line."""


def sift(
    blocks: Iterable[Block],
    rules: Rules,
    *,
    is_page: bool = False,
    is_markdown: bool = False,
    author: str | None = None,
    source: str | None = None,
) -> tuple[list[Block], frozenset[Rule]]:
    """Return the lines that stay, and the rules that dropped others.

    :param is_page: they are those of a whole page, in which its site puts links to other articles.
    :param is_markdown: they were written as Markdown.
    :param author: who wrote the article, whom its last lines may be about; likewise ``source``.

    A line that an unmarked heading's number announces comes back as a heading.
    """
    lines = list(blocks)
    del lines[_closing(lines, rules, source or "") :]
    found = [(block, rules.line(block.text)) for block in lines]
    found = list(takewhile(lambda pair: pair[1] is None or pair[1].place != "ending", found))
    found = list(_without_related(found))
    found = without_captions(found, rules)
    applied = frozenset(rule for _, rule in found if rule is not None)
    kept = list(_with_numbered_headings(found))
    is_digest = not is_page and is_of_links(kept)
    if not is_digest:
        kept = without_menus(without_link_lists(kept, is_markdown=is_markdown))
    kept = _without_scraps(without_contents(kept))
    if is_page:
        kept = without_links_between(kept)
    for _ in range(_MOST_FIRST):
        first = next((number for number, block in enumerate(kept) if not is_heading(block)), None)
        if first is None or not rules.match("first", kept[first].text):
            break
        del kept[first]
    while kept and _is_after_text(kept, rules, author, is_digest=is_digest):
        kept.pop()
    kept = without_labels(found, kept)
    while kept and is_heading(kept[-1]):
        kept.pop()
    return kept, applied


def _is_after_text(kept: list[Block], rules: Rules, author: str | None, *, is_digest: bool) -> bool:
    """Whether the last line is no text any more."""
    last = kept[-1]
    if is_heading(last) or rules.match("last", last.text):
        return True
    if last.italic and len(kept) > 1 and rules.match("note", last.text):
        return True
    if author and len(kept) > 1 and not last.list_number and _is_about(author, last.text):
        return True
    if _is_of_original(kept):
        return True
    return not is_digest and is_link_after(kept)


def _is_of_original(kept: list[Block]) -> bool:
    """Whether the last line of a text in Chinese is in letters, with a link: the title of the original."""
    last = kept[-1]
    if not last.has_link or last.list_number or len(kept) <= MADE_OF_PARAGRAPHS:
        return False
    return (
        _IN_LETTERS.fullmatch(last.text) is not None
        and CJK.search(kept[-2].text) is not None
        and is_finished(kept[-2])
        and not kept[-2].text.endswith(_LEADING)
    )


def _is_about(author: str, text: str) -> bool:
    """Whether a short paragraph begins with a name of the author's and says who that is."""
    if len(text) > _ABOUT_CHARS:
        return False
    rests = (_behind(name, text) for name in _AND.split(author))
    return any(rest is not None and _WHO.match(rest) for rest in rests)


def _behind(name: str, text: str) -> str | None:
    """Return what stands behind a name in a text that begins with it; only letters are compared."""
    letters = [letter for letter in name if letter.isalpha()]
    if not letters or len(letters) < (2 if CJK.match(letters[0]) else _NAME_LETTERS):
        return None
    start = 0
    for letter in letters:
        while start < len(text) and not text[start].isalpha():
            start += 1
        if text[start : start + 1].lower() != letter.lower():
            return None
        start += 1
    return text[start:]


def _without_related(found: Iterable[Judged]) -> Iterator[Judged]:
    """Drop each list of other articles: its heading and what still looks like an item of it."""
    in_list = False
    for block, rule in found:
        if rule is not None and rule.place == "related":
            in_list = block.is_heading or _RELATED_LABEL.search(block.text) is None
            continue
        in_list = in_list and _is_related_item(block)
        if not in_list:
            yield block, rule


def _closing(blocks: list[Block], rules: Rules, source: str) -> int:
    """Return the number of the line where the site or account begins to speak of itself (R12)."""
    rest = _CLOSING_SHARE * sum([len(block.text) for block in blocks])
    start = number = len(blocks)
    while number and rest >= 0:
        number -= 1
        text = blocks[number].text
        if len(text) <= _CLOSING_CHARS and (
            rules.match("closing", text) or (source and _names(text, source))
        ):
            start = number
        rest -= len(text)
    return start


def _names(text: str, source: str) -> bool:
    """Whether a line is ``关于`` or ``About`` and the name of the source, or a part of it."""
    found = _ABOUT.fullmatch(text) if "关于" in text or "關於" in text or "bout" in text else None
    return found is not None and found[1].casefold() in source.casefold()


def _is_related_item(block: Block) -> bool:
    if block.linked or block.tag == "li":
        return True
    if is_heading(block):
        return False
    is_gallery_item = block.after_picture and block.tag == "div"
    return is_gallery_item or (is_short(block) and not is_finished(block))


def _with_numbered_headings(found: Iterable[Judged]) -> Iterator[Block]:
    """Drop what the rules name; the short line after a section number is a heading (R10, R11)."""
    after_number = False
    for block, rule in found:
        if rule is not None:
            after_number = after_number or _NUMBER.fullmatch(block.text) is not None
            continue
        yield block._replace(tag="h2") if after_number and _is_title(block) else block
        after_number = False


def _is_title(block: Block) -> bool:
    if block.tag not in HEADING_TAGS or not is_short(block):
        return False
    return block.text.endswith(("?", "？")) or not is_finished(block)


def _without_scraps(blocks: list[Block]) -> list[Block]:
    """Drop short labels outside any paragraph from a body that is made of paragraphs (R12).

    They belong to cards, menus and buttons whose class names tell nothing.
    """
    if sum(block.tag == "p" for block in blocks) < MADE_OF_PARAGRAPHS:
        return blocks
    return [block for block in blocks if block.tag != "div" or not _is_label(block)]


def _is_label(block: Block) -> bool:
    return (block.linked or is_short(block)) and not (is_finished(block) or is_heading(block))
