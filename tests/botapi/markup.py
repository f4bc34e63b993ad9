"""Telegram's HTML: what it accepts, what it refuses, and the entities it makes of it.

Follows ``parse_html``, ``clean_input_string`` and ``fix_formatted_text`` of tdlib/td
(td/telegram/MessageEntity.cpp, misc.cpp). Offsets in errors count bytes of UTF-8, offsets of
entities count UTF-16 units.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from tests.botapi.errors import bad_request
from tests.botapi.limits import INPUT_BYTES, MESSAGE_ENTITIES

TAGS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
LONGEST_REFERENCE = 9
LARGEST_CODE = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)
SPACE = " \t\r\n\0\v"
REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]*)|#(?P<dec>[0-9]*)|(?P<name>[a-zA-Z]*));?")
REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
BLANKED = re.compile("[\0-\x09\x0b\x0c\x0e-\x1f]")


class Entity(NamedTuple):
    """One entity of a message, in UTF-16 units."""

    offset: int
    length: int
    type: str
    url: str | None = None

    def as_json(self) -> dict[str, object]:
        """As the Bot API shows it."""
        shown = {"type": self.type, "offset": self.offset, "length": self.length}
        return shown | ({"url": self.url} if self.url else {})


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    characters: int


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def slice_units(text: str, offset: int, length: int) -> str:
    """What an entity covers."""
    encoded = text.encode("utf-16-le", "surrogatepass")[2 * offset : 2 * (offset + length)]
    return encoded.decode("utf-16-le", "surrogatepass")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the message's text and entities, cleaned and trimmed as Telegram does.

    :raises ApiError: in Telegram's words, for markup that Telegram refuses.
    """
    text, entities = _Parser(source).parse()
    return _fixed(text, entities)


def plain(source: str) -> tuple[str, list[Entity]]:
    """Return a text that was sent without a parse mode, cleaned and trimmed."""
    return _fixed(source, [])


class _Parser:
    """One pass over the source; ``at`` is the next character."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text: list[str] = []
        self.entities: list[Entity] = []
        self.open: list[_Open] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "&":
                self.text.append(self._reference())
            elif character != "<":
                self.text.append(character)
                self.at += 1
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            raise _refused(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        text = "".join(self.text)
        if any(ord(character) in SURROGATES for character in text):
            raise _refused(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return text, sorted(self.entities, key=lambda entity: (entity.offset, -entity.length))

    def _reference(self) -> str:
        """Decode the reference at ``at``; one that is none stands for itself."""
        found = REFERENCE.match(self.source, self.at)
        assert found is not None
        digits = found["hex"] or found["dec"]
        if digits and len(found[0].rstrip(";")) <= LONGEST_REFERENCE:
            code = int(digits, 16 if found["hex"] else 10)
            decoded = chr(code) if 0 < code < LARGEST_CODE else None
        else:
            decoded = NAMED.get(found["name"] or "")
        self.at = found.end() if decoded else self.at + 1
        return decoded or "&"

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._until(SPACE + ">").lower()
        if self.at >= len(self.source):
            raise _refused(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if tag not in TAGS:
            raise _refused(f'Unsupported start tag "{tag}" at byte offset {self._bytes(begin)}')
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _refused(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}'
            )
        if tag == "blockquote" and any(above.tag == tag for above in self.open):
            # Telegram drops the inner one silently, so that a quote looks like another's words:
            # here it is refused, in words of our own.
            raise _refused(f"Nested blockquote at byte offset {self._bytes(begin)}")
        argument = attributes.get("href", "") if tag == "a" else ""
        if tag == "blockquote" and "expandable" in attributes:
            argument = "expandable"
        characters = "".join(self.text)
        self.open.append(_Open(tag, argument, units(characters), len(characters)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._skip_space()
            if self.source.startswith(">", self.at):
                self.at += 1
                return attributes
            name = self._until(SPACE + "=>/\"'")
            if not name:
                raise _refused(
                    f'Empty attribute name in the tag "{tag}" at byte offset {self._bytes(begin)}'
                )
            self._skip_space()
            if self.at >= len(self.source):
                raise _refused(f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
            if self.source[self.at] != "=":
                attributes[name] = ""
                continue
            self.at += 1
            self._skip_space()
            if self.at >= len(self.source):
                raise _refused(f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
            attributes[name] = self._value()
            if self.at >= len(self.source):
                raise _refused(f"Unclosed start tag at byte offset {self._bytes(begin)}")

    def _value(self) -> str:
        mark = self.source[self.at]
        if mark not in "\"'":
            begin = self.at
            found = re.compile(r"[A-Za-z0-9.-]*").match(self.source, begin)
            assert found is not None
            self.at = found.end()
            if self.source[self.at : self.at + 1] not in tuple(SPACE + ">"):
                raise _refused(f"Unexpected end of name token at byte offset {self._bytes(begin)}")
            return found[0].lower()
        self.at += 1
        value = []
        while self.at < len(self.source) and self.source[self.at] != mark:
            if self.source[self.at] == "&":
                value.append(self._reference())
            else:
                value.append(self.source[self.at])
                self.at += 1
        self.at += 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise _refused(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        self.at += 2
        tag = self._until(SPACE + ">").lower()
        self._skip_space()
        if not self.source.startswith(">", self.at):
            raise _refused(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        self.at += 1
        opened = self.open.pop()
        if tag not in ("", opened.tag):
            raise _refused(
                f"Unmatched end tag at byte offset {self._bytes(begin)}, "
                f'expected "</{opened.tag}>", found "</{tag}>"'
            )
        text = "".join(self.text)
        length = units(text) - opened.offset
        if length:
            self._add(opened, length, text[opened.characters :])

    def _add(self, opened: _Open, length: int, covered: str) -> None:
        kind = TAGS[opened.tag]
        if opened.argument == "expandable":
            kind = "expandable_blockquote"
        if kind != "text_link":
            self.entities.append(Entity(opened.offset, length, kind))
        elif _is_link(opened.argument or covered):
            self.entities.append(Entity(opened.offset, length, kind, opened.argument or covered))

    def _until(self, stops: str) -> str:
        begin = self.at
        while self.at < len(self.source) and self.source[self.at] not in stops:
            self.at += 1
        return self.source[begin : self.at]

    def _skip_space(self) -> None:
        while self.at < len(self.source) and self.source[self.at] in SPACE:
            self.at += 1

    def _bytes(self, at: int) -> int:
        return len(self.source[:at].encode("utf-8", "surrogatepass"))


def _is_link(url: str) -> bool:
    """Whether Telegram keeps the link; one it does not like becomes plain text silently."""
    return bool(re.match(r"(?:(?:https?|ftp|ton|tg|tonsite)://)?[^\s/]+\.[^\s/]+|tg://", url))


def _fixed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Clean the text and trim it: at the end everywhere, at the start up to the first entity."""
    kept = [BLANKED.sub(" ", REMOVED.sub("", character)) for character in text]
    place = [0]
    for original, cleaned in zip(text, kept, strict=True):
        place += [place[-1] + units(cleaned)] * units(original)
    moved = [
        entity._replace(
            offset=place[entity.offset],
            length=place[entity.offset + entity.length] - place[entity.offset],
        )
        for entity in entities
    ]
    cleaned = "".join(kept).encode()[:INPUT_BYTES].decode("utf-8", "ignore").rstrip(" \n")
    first = min((entity.offset for entity in moved), default=units(cleaned))
    blank = min(len(cleaned) - len(cleaned.lstrip(" \n")), first)
    cleaned = cleaned[blank:]
    end = units(cleaned)
    trimmed = [
        entity._replace(
            offset=entity.offset - blank, length=min(entity.length, end - entity.offset + blank)
        )
        for entity in moved
    ]
    return cleaned, [entity for entity in trimmed if entity.length > 0][:MESSAGE_ENTITIES]


def _refused(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")
