"""Front matter: the YAML block at the head of an article file, and what it says (R1 to R5).

The feeds' titles were pasted between quotation marks by the mirrors, so slightly broken YAML is
everyday (``title: 'It's here'``, ``author: @someone``, an unquoted colon). Losing a real article to
a stray quotation mark is worse than reading its head line by line, so that is what happens, and a
report says so. YAML that asks for objects, or is no mapping, is an error.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from index.articles.broken_front_matter import Value, count_lines, read_lines
from index.errors import ArticleError
from index.types import FileReport

_MAX_NESTING = 200
"""libyaml recurses on nested collections and overruns the C stack at some ten thousand levels."""

_OPENERS = re.compile(r"[\[{]|[-?]\s(?=[-?]\s)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The head of a file and the rest of it.

    :ivar fields: the fields by name; every scalar is the text that stood there, its entities
        decoded: titles come from HTML.
    :ivar body: the file without its head.
    :ivar reports: what was wrong with the head and could be mended.
    :ivar head: the text of the head, and the number of its first line in the file, from 1.
    """

    fields: Mapping[str, Value]
    body: str
    reports: tuple[FileReport, ...] = ()
    head: str = field(default="", compare=False)
    first_line: int = field(default=1, compare=False)

    def line_of(self, key: str) -> int | None:
        """Return the number of the line in the file on which a field stands."""
        found = re.search(rf"^{re.escape(key)}\s*:", self.head, re.MULTILINE)
        return self.first_line + self.head.count("\n", 0, found.start()) if found else None


class _TextLoader(yaml.CSafeLoader):
    """A safe loader for which every plain scalar is text.

    A title may be ``2021`` or ``12:30``, an author ``No``; a date keeps its offset as written.
    """

    def resolve(self, kind: type[yaml.Node], value: object, implicit: object) -> str:
        """Return the tag of a node that has none of its own."""
        del value, implicit
        return _PLAIN_TAGS[kind]

    def get_single_data(self) -> Any:
        """Return what the document holds.

        Texts and lists of texts, which is what heads are made of, need none of the steps by which
        PyYAML makes objects of nodes.
        """
        node = self.get_single_node()
        fields = _plain_fields(node)
        return self.construct_document(node) if fields is None and node is not None else fields


_TEXT, _LIST, _MAPPING = (f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))
_PLAIN_TAGS: dict[type[yaml.Node], str] = {
    yaml.ScalarNode: _TEXT,
    yaml.SequenceNode: _LIST,
    yaml.MappingNode: _MAPPING,
}


def _plain_fields(node: yaml.Node | None) -> dict[str, Value] | None:
    """Return the fields of a mapping from texts to texts and lists of texts; None for all else."""
    if not (isinstance(node, yaml.MappingNode) and node.tag == _MAPPING):
        return None
    fields: dict[str, Value] = {}
    for key, value in node.value:
        if not _is_text(key):
            return None
        if isinstance(value, yaml.SequenceNode) and value.tag == _LIST:
            if not all(map(_is_text, value.value)):
                return None
            fields[key.value] = [item.value for item in value.value]
        elif _is_text(value):
            fields[key.value] = value.value
        else:
            return None
    return fields


def _is_text(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == _TEXT


_HANDLER = YAMLHandler(fm_boundary=re.compile(r"^---[ \t]*$", re.MULTILINE))


def split_front_matter(text: str, name: str = "") -> FrontMatter:
    """Cut the head off a file and read it.

    The head begins at the first line that is not blank and ends at the next ``---``; where that is
    missing, at the first line that is no ``key: value``.

    :param name: of the file, for what is reported.
    :raises ArticleError: if the head cannot be read, with the line.
    """
    start = re.match(r"\s*^---[ \t]*\n", text, re.MULTILINE)
    if start is None:
        return FrontMatter({}, text)
    first_line = text.count("\n", 0, start.end()) + 1
    try:
        head, body = _HANDLER.split(text)
    except ValueError:
        return _unclosed(text, text[start.end() :], first_line, name)
    head = head.removeprefix("\n")
    fields, reports = _read_head(head, first_line, name)
    return FrontMatter(_decoded(fields), body, reports, head, first_line)


def _read_head(
    head: str, first_line: int, name: str
) -> tuple[dict[str, Value], tuple[FileReport, ...]]:
    """Read a head as YAML, or line by line where its YAML is broken.

    :raises ArticleError: if it asks for objects, is no mapping, or cannot be read by lines either.
    """
    try:
        fields = _load(head)
    except yaml.constructor.ConstructorError as error:
        line = _line_of(error, first_line)
        detail = f"not plain data: {error.problem}"
        raise ArticleError("broken front matter", detail, line) from error
    except yaml.MarkedYAMLError as error:
        line = _line_of(error, first_line)
        detail = f"read line by line: {error.problem}"
        report = FileReport(name, "broken front matter", detail, line)
        return read_lines(head, first_line), (report,)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, LookupError) as error:
        detail = str(error).replace("\n", " ")
        raise ArticleError("broken front matter", detail, first_line) from error
    if not isinstance(fields, dict):
        found = f"expected fields (key: value), found {type(fields).__name__}"
        raise ArticleError("broken front matter", found, first_line)
    return {str(key): _value(value) for key, value in fields.items()}, ()


def _line_of(error: yaml.MarkedYAMLError, first_line: int) -> int:
    return first_line + (error.problem_mark.line if error.problem_mark else 0)


def _load(head: str) -> object:
    if len(_OPENERS.findall(head)) > _MAX_NESTING:
        raise yaml.YAMLError("nested too deeply")
    return _HANDLER.load(head, Loader=_TextLoader) if head.strip() else {}


def _value(value: object) -> Value:
    if isinstance(value, list):
        return [item if isinstance(item, str) else str(item) for item in value]
    return value if isinstance(value, str) else "" if value is None else str(value)


def _unclosed(text: str, rest: str, first_line: int, name: str) -> FrontMatter:
    """Read a head without its closing line; a lone ``---`` is a rule across the page."""
    lines = rest.split("\n")
    count = count_lines(lines)
    if not count:
        return FrontMatter({}, text)
    fields = read_lines("\n".join(lines[:count]), first_line)
    detail = "the closing --- is missing"
    report = FileReport(name, "broken front matter", detail, first_line + count)
    return FrontMatter(_decoded(fields), "\n".join(lines[count:]), (report,))


def _decoded(fields: Mapping[str, Value]) -> dict[str, Value]:
    return {
        key: html.unescape(value) if isinstance(value, str) else [*map(html.unescape, value)]
        for key, value in fields.items()
    }
