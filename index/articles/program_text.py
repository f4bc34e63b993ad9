"""Program text that nothing marks but its indentation: shell sessions, sources, check sums.

Indented lines of Markdown are prose as often as program text, so each run of them is judged.
"""

import re
from collections.abc import Sequence

_MARK = re.compile(r"[{}()\[\]<>=;/\\_$#|&*+@]")
_MARKS_SHARE = 0.1
"""Share of characters without spaces: a line with more such marks is program text."""
_PROGRAM_LINE = re.compile(
    r"\s*(?:\$ |>>> |//|#!|/\*|\*/|</?\w|['\"][\w.-]+['\"]\s*:|@\w+\b"
    r"|(?:import|from|def|class|return|function|var|let|const|public|private|package|include|sudo|git|curl|npm|pip|cd|end)\b(?!.*[.。]$))"
    r"|.*(?:[{};]|\(\)|=>|->)\s*$|.*\b[0-9a-f]{24,}\b|.*\b[a-z]+_[a-z]\w*\b"
)
"""How a line begins or ends that people do not write, or a check sum in it."""
_PROSE = re.compile(
    r"(?:\S+\s+){7,}\S*[^\W\d_]{2}[.!?…][\"”»)]?\s*$|.*[\u3400-\u9fff].*[。！？]\s*$"
)
"""A sentence: eight words or more and a full stop."""
_MOST_PROSE = 0.2


def is_program_text(lines: Sequence[str]) -> bool:
    """Whether most of the lines are of a program and hardly any is a sentence."""
    filled = [line for line in lines if line.strip()]
    program = sum(map(_is_program_line, filled))
    prose = sum(_PROSE.match(line.strip()) is not None for line in filled)
    return 2 * program >= len(filled) > 0 and prose <= _MOST_PROSE * len(filled)


def _is_program_line(line: str) -> bool:
    text = "".join(line.split())
    return _PROGRAM_LINE.match(line) is not None or (
        len(_MARK.findall(text)) > _MARKS_SHARE * len(text)
    )
