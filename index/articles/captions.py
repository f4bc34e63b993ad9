"""Captions that no element marks: what stands after a picture, by its length and words (R11)."""

import re

from index.articles.furniture import Rules
from index.articles.lines import Block
from index.articles.shapes import Judged, is_finished, is_heading

_SENTENCE = re.compile(r".*?(?:[。！？!?：:；;]|\. |\.$)")
_STEP = re.compile(
    r"\d{1,2}[.、．)）]\D|[（(]\d{1,2}[)）]|第.{1,2}步|[①-⑳]|step \d|.{0,58}如[下上](图|圖)?(所示)?$",
    re.IGNORECASE,
)
"""How a step of a manual begins, or ends; it stands between pictures and is no caption."""
_NO_CAPTION = frozenset(("li", "tr", "dt", "dd"))
_CAPTION_CHARS, _CENTRED_CAPTION_CHARS, _CAPTION_CHARS_BY_RULE = 60, 150, 400
"""Longer lines are no captions, unless a rule says so."""
_CLAUSES = re.compile(r"(?!\d{4}\s?年|[（(]?[图圖左右上下]).*，|.*(?:——|[,、])$")
"""A line with parts of a sentence; a caption that has them begins with a year, or with where it points."""
_LOOSE_SHARE, _LOOSE_LINES, _LOOSE_CAPTION_CHARS = 0.34, 4, 15
"""Share of the lines without a full stop, and their number: from there on the text does without full stops,
and only shorter lines are captions."""


def without_captions(found: list[Judged], rules: Rules) -> list[Judged]:
    """Drop what stands after a picture as its caption (R11)."""
    if not any([block.after_picture for block, _ in found]):  # noqa: C419 - a list is faster here
        return found
    is_loose = _is_loose(found)
    return [
        (block, rule)
        for block, rule in found
        if not (block.after_picture and _is_caption(block, rules, is_loose=is_loose))
    ]


def _is_loose(found: list[Judged]) -> bool:
    """Whether the text does without full stops, so that a line without one need be no caption."""
    lines = [
        block
        for block, rule in found
        if rule is None
        and len(block.text) > _LOOSE_CAPTION_CHARS
        and not (block.after_picture or block.list_number or block.linked or is_heading(block))
    ]
    loose = sum([not is_finished(block) for block in lines])
    return loose >= _LOOSE_LINES and loose > _LOOSE_SHARE * len(lines)


def _is_caption(block: Block, rules: Rules, *, is_loose: bool) -> bool:
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
    return length <= (_LOOSE_CAPTION_CHARS if is_loose else _CAPTION_CHARS) and not any(
        pattern.match(block.text) for pattern in (_SENTENCE, _STEP, _CLAUSES)
    )
