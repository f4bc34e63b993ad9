"""Front matter: the YAML block at the head of an article file, and what it says (R1 to R5).

The feeds' titles were pasted between quotation marks by the mirrors, so slightly broken YAML is
everyday (``title: 'It's here'``, ``author: @someone``, an unquoted colon). Losing a real article to
a stray quotation mark is worse than reading its head line by line, so that is what happens, and a
remark says so. YAML that asks for objects, or is no mapping, is an error.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeAlias

import yaml
from frontmatter.default_handlers import YAMLHandler

from index.errors import ArticleError
from index.text.whitespace import clean

Value: TypeAlias = str | list[str]

_MAX_NESTING = 200
"""libyaml recurses on nested collections and overruns the C stack at some ten thousand levels."""

_OPENERS = re.compile(r"[\[{]|[-?]\s(?=[-?]\s)")
_KEY_LINE = re.compile(r"(?P<key>[A-Za-z_][\w-]{0,40}) {0,4}:(?:\s+(?P<value>.*))?")
_ITEM_LINE = re.compile(r"\s*-\s+(?P<item>.*)")
_SPACE_BEFORE_OFFSET = re.compile(r"(?<=\d) (?=[+-]\d\d:?\d\d$)")
_CHINESE_DATE = re.compile(r"(\d{4})[年/](\d{1,2})[月/](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something wrong with an article that was read all the same.

    :ivar line: line number in the file, from 1, where it is known.
    """

    reason: str
    detail: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The head of a file and the rest of it.

    :ivar fields: the fields by name; every scalar is the text that stood there.
    :ivar body: the file without its head.
    :ivar head: the text of the head, and the number of its first line in the file, from 1.
    """

    fields: Mapping[str, Value]
    body: str
    remarks: tuple[Remark, ...] = ()
    head: str = field(default="", compare=False)
    first_line: int = field(default=1, compare=False)

    def line_of(self, key: str) -> int | None:
        """Return the number of the line in the file on which a field stands."""
        found = re.search(rf"^{re.escape(key)}\s*:", self.head, re.MULTILINE)
        return self.first_line + self.head.count("\n", 0, found.start()) if found else None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file says about its article. See ``index.types.Article`` for the fields."""

    title: str | None = None
    author: str | None = None
    date: datetime | None = None
    url: str | None = None
    source: str | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = field(default=(), compare=False)


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


def split_front_matter(text: str) -> FrontMatter:
    """Cut the head off a file and read it.

    The head begins at the first line that is not blank and ends at the next ``---``; where that is
    missing, at the first line that is no ``key: value``.

    :raises ArticleError: if the head cannot be read, with the line.
    """
    start = re.match(r"\s*^---[ \t]*\n", text, re.MULTILINE)
    if start is None:
        return FrontMatter({}, text)
    first_line = text.count("\n", 0, start.end()) + 1
    try:
        head, body = _HANDLER.split(text)
    except ValueError:
        return _unclosed(text, text[start.end() :], first_line)
    head = head.removeprefix("\n")
    fields, remarks = _read_head(head, first_line)
    return FrontMatter(fields, body, remarks, head, first_line)


def _read_head(head: str, first_line: int) -> tuple[dict[str, Value], tuple[Remark, ...]]:
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
        remark = Remark("broken front matter", f"read line by line: {error.problem}", line)
        return _read_lines(head, first_line), (remark,)
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


def _unclosed(text: str, rest: str, first_line: int) -> FrontMatter:
    """Read a head without its closing line; a lone ``---`` is a rule across the page."""
    lines = rest.split("\n")
    count = 0
    while count < len(lines) and (
        _KEY_LINE.fullmatch(lines[count]) or _ITEM_LINE.match(lines[count])
    ):
        count += 1
    if not count:
        return FrontMatter({}, text)
    remark = Remark("broken front matter", "the closing --- is missing", first_line + count)
    fields = _read_lines("\n".join(lines[:count]), first_line)
    return FrontMatter(fields, "\n".join(lines[count:]), (remark,))


def _read_lines(head: str, first_line: int) -> dict[str, Value]:
    """Read ``key: value`` lines and the lists under them, quotation marks or not.

    :raises ArticleError: for a line that is neither, with its number.
    """
    fields: dict[str, Value] = {}
    key = ""
    for number, line in enumerate(head.split("\n"), first_line):
        if not line.strip() or line.lstrip().startswith("#"):
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
    if value.startswith("[") and value.endswith("]"):
        return [_unquoted(item) for item in value[1:-1].split(",") if item.strip()]
    return _unquoted(value)


def _unquoted(value: str) -> str:
    value = value.strip()
    if value[:1] in {"'", '"'}:
        mark = value[0]
        return value[1:].removesuffix(mark).replace("''" if mark == "'" else '\\"', mark)
    return value


def read_metadata(front: FrontMatter) -> Metadata:
    """Return what the head says of the article.

    ``from`` is the mirror's name for the source's address (Jekyll family); the Hexo family, told by
    its ``headimg`` or ``thumbnail``, has none and names its source as the author. ``url`` and
    ``source`` are read for archives of one's own.
    """
    fields = front.fields
    author = _text(fields, "author")
    tags = _list(fields, "tags")
    is_hexo = "from" not in fields and ("headimg" in fields or "thumbnail" in fields)
    when, remarks = _date(front)
    return Metadata(
        title=_text(fields, "title"),
        author=author,
        date=when,
        url=_text(fields, "from") or _text(fields, "url") or _text(fields, "link"),
        source=_text(fields, "source") or (author if is_hexo else next(iter(tags), author)),
        categories=_list(fields, "categories"),
        tags=tags,
        remarks=front.remarks + remarks,
    )


def _text(fields: Mapping[str, Value], key: str) -> str | None:
    value = fields.get(key, "")
    text = value if isinstance(value, str) else ", ".join(value)
    return clean(html.unescape(text)) or None


def _list(fields: Mapping[str, Value], key: str) -> tuple[str, ...]:
    value = fields.get(key, "")
    items = value if isinstance(value, list) else [value]
    return tuple(text for item in items if (text := clean(html.unescape(item))))


def _date(front: FrontMatter) -> tuple[datetime | None, tuple[Remark, ...]]:
    value = _text(front.fields, "date")
    if value is None:
        return None, ()
    when = parse_date(value)
    remark = Remark("unreadable date", f"{value!r}; the article has none", front.line_of("date"))
    return when, () if when else (remark,)


def parse_date(value: str) -> datetime | None:
    """Read ISO 8601, RFC 2822 or ``2022年2月5日``; None if it is none of them.

    A time without an offset is taken as UTC (R3).
    """
    text = _SPACE_BEFORE_OFFSET.sub("", value.strip())
    if chinese := _CHINESE_DATE.match(text):
        year, month, day = map(int, chinese.groups())
        text = f"{year:04}-{month:02}-{day:02}{text[chinese.end() :]}"
    when: datetime | None = None
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            when = parse(text)
        except (ValueError, TypeError, IndexError):
            continue
        break
    if when is None:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
