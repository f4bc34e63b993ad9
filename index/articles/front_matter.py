"""The head of an article file: where it ends, and what it says (R1 to R5).

Programs write heads in YAML between ``---``, in TOML between ``+++``, in JSON, or as lines of
``key: value`` with a closing ``---``, a blank line, or a comment around them. Which form a file has its
first line tells.
"""

import html
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from frontmatter.default_handlers import YAMLHandler

from index.articles.broken_front_matter import count_lines, read_lines
from index.articles.fields import Value, field_name, flat
from index.articles.yaml_head import read_yaml
from index.errors import ArticleError
from index.types import FileReport

_YAML = YAMLHandler(fm_boundary=re.compile(r"^---[ \t]*$", re.MULTILINE))
_YAML_OPENING = re.compile(r"\s*^---[ \t]*\n", re.MULTILINE)
_TOML = re.compile(
    r"\s*^\+\+\+[ \t]*\n(?P<head>.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL
)
_NAMED = re.compile(
    r"\s*^---[ \t]*(?P<form>toml|json|yaml)[ \t]*\n(?P<head>.*?)^---[ \t]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_SEMICOLONS = re.compile(
    r"\s*(?:^;;;+[ \t]*\n)?(?P<head>\"\w+\"[ \t]*:.*?)\n;;;+[ \t]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_JSON_OPENING = re.compile(r"\s*\{\s*\"")
_LONGEST_JSON = 100_000
"""Characters of a head in JSON."""

_BARE_LINE = re.compile(
    r"(?P<key>[^\W\d][\w .-]{0,30}?) {0,2}(?:::?(?:[ \t]+(?P<value>.*))?|：[ \t]*(?P<wide>.*))"
)
_BARE_END = re.compile(r"(?:-{3,}|;{3,})[ \t]*")
_COMMENT = re.compile(
    r"\s*<!--[ \t]*(?:ya?ml)?[ \t]*\n(?P<head>.{1,4000}?)\n?[ \t]*-->[ \t]*(?:\n|\Z)", re.DOTALL
)
_DOTTED = re.compile(r"[ \t]*\.\.[ \t]+(?=\w[\w-]*:)")
_HASHED = re.compile(r"\[#\]:[ \t]*(?P<key>\w+):?[ \t]*[\"(]?(?P<value>.*?)[\")]?[ \t]*")
_HASHED_COMMENT = re.compile(r"\[#\]:[ \t]*\(?[^:]*\)?[ \t]*")
_MOST_BARE_LINES = 60

_TELLING = frozenset(
    "title date author authors tags categories category slug published created source url link "  # noqa: SIM905 - a list of words reads better as words
    "subject from via layout summary permalink 标题 標題 日期 作者 来源 來源 заголовок дата автор".split()
)
"""Fields by which lines without ``---`` above them are known to be a head."""
_ENOUGH = 2
"""Of them that a head needs which ends at a blank line."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The head of a file and the rest of it.

    :ivar fields: the fields by name, as ``field_name`` writes it; every scalar is the text that stood
        there, its entities decoded: titles come from HTML.
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
        for number, line in enumerate(self.head.split("\n"), self.first_line):
            found = re.match(r"[^\s:=][^:=]{0,60}(?=[:=])", line)
            if found and field_name(found[0].strip("\"'")) == key:
                return number
        return None


def split_front_matter(text: str, name: str = "") -> FrontMatter:
    """Cut the head off a file and read it.

    The head begins at the first line that is not blank. One that begins with ``---`` ends at the next;
    where that is missing, at the first line that is no ``key: value``.

    :param name: of the file, for what is reported.
    :raises ArticleError: if the head cannot be read, with the line.
    """
    start = _YAML_OPENING.match(text)
    if start is None:
        return _other(text, name)
    first_line = text.count("\n", 0, start.end()) + 1
    try:
        head, body = _YAML.split(text)
    except ValueError:
        return _unclosed(text, text[start.end() :], first_line, name)
    head = head.removeprefix("\n")
    fields, reports = read_yaml(head, first_line, name)
    return FrontMatter(_decoded(fields), body, reports, head, first_line)


def _other(text: str, name: str) -> FrontMatter:
    """Read a head that does not begin with ``---``."""
    first = text.lstrip()[:4]
    found: FrontMatter | None = None
    if first.startswith("+++") and (match := _TOML.match(text)):
        found = _between(text, match, "toml", name)
    elif first.startswith("---") and (match := _NAMED.match(text)):
        found = _between(text, match, match["form"].lower(), name)
    elif first.startswith("{"):
        found = _json(text)
    elif first.startswith((";;;", '"')) and (match := _SEMICOLONS.match(text)):
        found = _between(text, match, "json", name)
    elif first.startswith("<!--") and (match := _COMMENT.match(text)):
        found = _in_comment(text, match)
    elif first.startswith("[#]"):
        found = _hashed(text)
    else:
        found = _bare(text)
    return found or FrontMatter({}, text)


def _between(text: str, match: re.Match[str], form: str, name: str) -> FrontMatter:
    """Read a head that stands between two lines, in the form that they name."""
    head, body = match["head"], text[match.end() :]
    first_line = text.count("\n", 0, match.start("head")) + 1
    if form == "yaml":
        fields, reports = read_yaml(head, first_line, name)
    else:
        fields, reports = _read(head, form, first_line, name)
    return FrontMatter(_decoded(fields), body, reports, head, first_line)


def _read(
    head: str, form: str, first_line: int, name: str
) -> tuple[dict[str, Value], tuple[FileReport, ...]]:
    """Read TOML or JSON, or what is broken of it line by line.

    :raises ArticleError: if it cannot be read by lines either.
    """
    try:
        if form == "toml":
            return flat(tomllib.loads(head)), ()
        whole = head if head.lstrip().startswith("{") else f"{{{head}}}"
        fields = json.loads(whole, parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        found = str(error) or "nested too deeply"
        report = FileReport(name, "broken front matter", f"read line by line: {found}", first_line)
        lines = (line.strip().rstrip(",") for line in head.split("\n"))
        marks = "=" if form == "toml" else ":"
        told = (line.partition(marks) for line in lines if marks in line and line[0] != "[")
        pairs = (f"{key.strip().strip(chr(34))}: {value.strip()}" for key, _, value in told)
        return flat(read_lines("\n".join(pairs), first_line)), (report,)
    if not isinstance(fields, dict):
        found = f"expected fields in {{ }}, found {type(fields).__name__}"
        raise ArticleError("broken front matter", found, first_line)
    return flat(fields), ()


def _json(text: str) -> FrontMatter | None:
    """Read an object of JSON at the start of a file, if it is a head."""
    opening = _JSON_OPENING.match(text)
    if opening is None:
        return None
    start = text.index("{")
    try:
        fields, length = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode(
            text[start : start + _LONGEST_JSON]
        )
    except (ValueError, RecursionError):
        return None
    if not (isinstance(fields, dict) and _TELLING & set(map(field_name, fields))):
        return None
    head = text[start : start + length]
    first_line = text.count("\n", 0, start) + 1
    return FrontMatter(_decoded(flat(fields)), text[start + length :], (), head, first_line)


def _in_comment(text: str, match: re.Match[str]) -> FrontMatter | None:
    """Read lines of ``key: value`` in a comment; Nikola puts two dots before each."""
    lines = [_DOTTED.sub("", line).strip() for line in match["head"].split("\n")]
    return _of_lines(lines, match["head"], text[match.end() :], 2)


def _hashed(text: str) -> FrontMatter | None:
    """Read lines of ``[#]: key: "value"``, Markdown's way to hide a line."""
    lines = text.split("\n")
    fields: dict[str, object] = {}
    count = 0
    for line in lines:
        if found := _HASHED.fullmatch(line):
            if found["key"] != "subject":  # the title in the language that it was translated from
                fields[found["key"]] = found["value"]
        elif line.strip() and not _HASHED_COMMENT.fullmatch(line):
            break
        count += 1
    if not fields:
        return None
    return FrontMatter(_decoded(flat(fields)), "\n".join(lines[count:]))


def _bare(text: str) -> FrontMatter | None:
    """Read lines of ``key: value`` with nothing above them, up to ``---`` or a blank line."""
    blank = len(text) - len(text.lstrip())
    lines = text[blank:].split("\n", _MOST_BARE_LINES + 1)
    count = 0
    for line in lines[:_MOST_BARE_LINES]:
        is_more = count and (line[:1] in {" ", "\t"} or line.startswith("- ")) and line.strip()
        if not (_BARE_LINE.fullmatch(line) or is_more):
            break
        count += 1
    if not count:
        return None
    end = lines[count] if count < len(lines) else ""
    is_closed = _BARE_END.fullmatch(end) is not None
    if not is_closed and end.strip():
        return None
    rest = "\n".join(lines[count + is_closed :])
    first_line = text.count("\n", 0, blank) + 1
    return _of_lines(lines[:count], "\n".join(lines[:count]), rest, first_line, closed=is_closed)


def _of_lines(
    lines: list[str], head: str, body: str, first_line: int, *, closed: bool = True
) -> FrontMatter | None:
    """Return the head that lines of ``key: value`` are, if they tell of an article."""
    pairs = []
    for line in lines:
        found = _BARE_LINE.fullmatch(line)
        pairs.append(
            f"{field_name(found['key'])}: {found['value'] or found['wide'] or ''}"
            if found
            else line
        )
    try:
        fields = _decoded(flat(read_lines("\n".join(pairs), first_line)))
    except ArticleError:
        return None
    if len(_TELLING & fields.keys()) < (1 if closed else _ENOUGH):
        return None
    return FrontMatter(fields, body, (), head, first_line)


def _unclosed(text: str, rest: str, first_line: int, name: str) -> FrontMatter:
    """Read a head without its closing line; a lone ``---`` is a rule across the page."""
    lines = rest.split("\n")
    count = count_lines(lines)
    if not count:
        return FrontMatter({}, text)
    fields = flat(read_lines("\n".join(lines[:count]), first_line))
    detail = "the closing --- is missing"
    report = FileReport(name, "broken front matter", detail, first_line + count)
    return FrontMatter(_decoded(fields), "\n".join(lines[count:]), (report,))


def _decoded(fields: Mapping[str, Value]) -> dict[str, Value]:
    return {
        key: html.unescape(value) if isinstance(value, str) else [*map(html.unescape, value)]
        for key, value in fields.items()
    }
