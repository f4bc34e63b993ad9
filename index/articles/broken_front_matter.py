"""Heads whose YAML is broken, read line by line: losing an article to a stray mark is worse."""

import re

from index.articles.fields import Value
from index.errors import ArticleError

_KEY_LINE = re.compile(r"(?P<key>[^\W\d][\w-]{0,40}) {0,4}:(?:\s+(?P<value>.*))?")

_ITEM_LINE = re.compile(r"\s*-\s+(?P<item>.*)")


def count_lines(lines: list[str]) -> int:
    """Return how many lines a head without a closing line has: those up to the first other one."""
    for count, line in enumerate(lines):
        if not (_KEY_LINE.fullmatch(line) or _ITEM_LINE.match(line)):
            return count
    return len(lines)


def read_lines(head: str, first_line: int) -> dict[str, Value]:
    """Read ``key: value`` lines and the lists under them, quotation marks or not.

    :raises ArticleError: for a line that is neither, with its number.
    """
    fields: dict[str, Value] = {}
    key = ""
    for number, line in enumerate(head.split("\n"), first_line):
        if not line.strip() or line.lstrip().startswith(("#", "<<:")):
            continue
        if found := _KEY_LINE.fullmatch(line.rstrip()):
            key = found["key"]
            fields[key] = _flow_list(found["value"] or "")
        elif key and (found := _ITEM_LINE.fullmatch(line)):
            before = fields[key]
            item = _unquoted(found["item"])
            fields[key] = [*before, item] if isinstance(before, list) else [item]
        elif key and line[0].isspace() and isinstance(fields[key], str):
            fields[key] = f"{fields[key]} {line.strip()}"
        else:
            raise ArticleError(
                "broken front matter", f"expected key: value, found {line[:40]!r}", number
            )
    return fields


def _flow_list(value: str) -> Value:
    value = value.strip()
    if value.startswith("[") and value.endswith("]") and not value.startswith("[["):
        return [_unquoted(item) for item in value[1:-1].split(",") if item.strip()]
    return _unquoted(value)


def _unquoted(value: str) -> str:
    value = value.strip()
    if value[:1] in {"'", '"'}:
        mark = value[0]
        return value[1:].removesuffix(mark).replace("''" if mark == "'" else '\\"', mark)
    return value
