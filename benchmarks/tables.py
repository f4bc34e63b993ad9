"""Tables in Markdown, and documents that hold them.

A document has a place for each table, between ``<!-- NAME -->`` and ``<!-- end -->``.
"""

import re
from collections.abc import Callable, Iterable, Sequence


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def filled(document: str, body: Callable[[str], str]) -> str:
    """Return a document with all its tables written anew.

    :param body: what stands in the place of each name.
    """
    return re.sub(
        r"<!-- (\w+) -->\n.*?<!-- end -->",
        lambda match: f"<!-- {match[1]} -->\n{body(match[1])}\n<!-- end -->",
        document,
        flags=re.DOTALL,
    )
