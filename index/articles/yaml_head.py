"""A head in YAML, read without what YAML can do beyond texts, lists and mappings.

The feeds' titles were pasted between quotation marks by the mirrors, so slightly broken YAML is
everyday (``title: 'It's here'``, ``author: @someone``, an unquoted colon). Losing a real article to
a stray quotation mark is worse than reading its head line by line, so that is what happens, and a
report says so. So it does with aliases (``*name``), eight of which can make a head of gigabytes. YAML
that asks for objects, or is no mapping, is an error.
"""

import re
from typing import Any

import yaml

from index.articles.broken_front_matter import read_lines
from index.articles.fields import Value, flat
from index.errors import ArticleError
from index.types import FileReport

_MAX_NESTING = 200
"""libyaml recurses on nested collections and overruns the C stack at some ten thousand levels."""

_OPENERS = re.compile(r"[\[{]|[-?]\s(?=[-?]\s)")
_ALIAS = re.compile(r"(?:^|[\s\[{,:])\*[^\s*]")
"""What an alias looks like; it may be part of a text as well."""


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


def read_yaml(
    head: str, first_line: int, name: str
) -> tuple[dict[str, Value], tuple[FileReport, ...]]:
    """Read a head as YAML, or line by line where its YAML is broken or has aliases.

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
        return flat(read_lines(head, first_line)), (report,)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, LookupError) as error:
        detail = str(error).replace("\n", " ")
        raise ArticleError("broken front matter", detail, first_line) from error
    if not isinstance(fields, dict):
        found = f"expected fields (key: value), found {type(fields).__name__}"
        raise ArticleError("broken front matter", found, first_line)
    return flat(fields), ()


def _line_of(error: yaml.MarkedYAMLError, first_line: int) -> int:
    return first_line + (error.problem_mark.line if error.problem_mark else 0)


def _load(head: str) -> object:
    # Counting single characters takes a tenth of the time, and is enough for nearly all heads.
    if sum(map(head.count, "[{-?")) > _MAX_NESTING < len(_OPENERS.findall(head)):
        raise yaml.YAMLError("nested too deeply")
    if "*" in head and _ALIAS.search(head):
        _refuse_aliases(head)
    return yaml.load(head, Loader=_TextLoader) if head.strip() else {}  # noqa: S506 - a safe loader


def _refuse_aliases(head: str) -> None:
    for event in yaml.parse(head, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            mark: Any = event.start_mark  # libyaml's own, which the stubs tell apart from PyYAML's
            raise yaml.MarkedYAMLError(
                problem=f"aliases are refused, found *{event.anchor}", problem_mark=mark
            )
