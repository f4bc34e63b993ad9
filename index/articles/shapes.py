"""What a line is by its shape: a heading, a sentence, a label."""

import re
from typing import TypeAlias

from index.articles.furniture import Rule
from index.articles.lines import Block

Judged: TypeAlias = tuple[Block, Rule | None]
"""A line, and the rule that drops it."""

_SENTENCE_END = tuple("。．.！!？?…：:；;，,、")
_CLOSING = "”’」』）)》〉】］]\"' "
CJK = re.compile("[\u3040-\u9fff\uac00-\ud7af]")
HEADING_TAGS = frozenset(("p", "div", "section", "article", "body", "center"))
_HEADING_CHARS, _LATIN_HEADING_CHARS = 40, 100
"""Longer lines are no headings."""
_MENU_LABEL_CHARS = 12
MADE_OF_PARAGRAPHS = 3
"""Paragraphs: a body with fewer may be all loose text."""


def is_heading(block: Block) -> bool:
    """Whether a line is a heading: by its element, or bold, short and without a full stop (R10)."""
    if block.is_heading:
        return True
    return block.bold and block.tag in HEADING_TAGS and is_short(block) and not is_finished(block)


def is_finished(block: Block) -> bool:
    """Whether a line ends as a sentence does, closing quotation marks and brackets aside."""
    return block.text.rstrip(_CLOSING).endswith(_SENTENCE_END)


def is_short(block: Block) -> bool:
    """Whether a line is no longer than a heading."""
    limit = _HEADING_CHARS if CJK.search(block.text) else _LATIN_HEADING_CHARS
    return len(block.text) <= limit


def is_menu_label(block: Block) -> bool:
    """Whether a line may be the name of a menu."""
    return len(block.text) <= _MENU_LABEL_CHARS and not block.text.endswith(("。", ".", "！", "？"))


def is_paragraph(block: Block) -> bool:
    """Whether a line is a sentence, or several, and no link."""
    return is_finished(block) and not (block.linked or block.is_heading)
