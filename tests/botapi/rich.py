"""Rich messages: what Telegram refuses of them, and what a reader sees of them.

Of the blocks and texts of https://core.telegram.org/bots/api#inputrichmessage this server knows those
that a bot that quotes may need; others are refused in words of our own. The words of the other refusals
are those that bots have met.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.botapi import limits
from tests.botapi.errors import bad_request
from tests.botapi.keyboards import URL, check_button
from tests.botapi.markup import Entity, units
from tests.botapi.params import Params

TEXTS = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strikethrough",
    "spoiler": "spoiler",
    "marked": "marked",
    "code": "code",
    "url": "text_link",
}
STYLES = frozenset({"danger", "success", "primary", "link"})


@dataclass(slots=True)
class Rich:
    """A rich message as its reader sees it.

    :ivar rows: buttons inside it, with the place in the text that each row stands at.
    """

    blocks: list[dict[str, Any]]
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    rows: list[tuple[int, list[dict[str, Any]]]] = field(default_factory=list)
    count: int = 0


def rich_message(params: Params) -> Rich:
    """Read a rich message.

    :raises ApiError: in Telegram's words.
    """
    given = params.parsed("rich_message")
    if not isinstance(given, dict):
        raise bad_request("can't parse InputRichMessage: expected an Object")
    kinds = given.keys() & {"blocks", "html", "markdown"}
    if kinds != {"blocks"}:
        raise bad_request(f"exactly one of the fields must be used; here only blocks: {kinds}")
    unknown = given.keys() - {"blocks", "is_rtl", "skip_entity_detection"}
    if unknown:
        raise bad_request(f"unknown fields {sorted(unknown)} (Telegram would ignore them)")
    rich = Rich(given["blocks"])
    for block in rich.blocks:
        _add(rich, block, 1)
    rich.text = rich.text.removesuffix("\n")
    rich.entities.sort(key=lambda entity: (entity.offset, -entity.length))
    if not rich.text.strip():
        raise bad_request("RICH_MESSAGE_EMPTY")
    labels = sum(units(str(button["text"])) for _, row in rich.rows for button in row)
    if units(rich.text) + labels > limits.RICH_UNITS:
        raise bad_request("RICH_MESSAGE_TEXT_TOO_LONG")
    return rich


def _add(rich: Rich, block: dict[str, Any], depth: int) -> None:
    rich.count += 1
    if rich.count > limits.RICH_BLOCKS:
        raise bad_request("RICH_MESSAGE_BLOCKS_TOO_MANY")
    if depth > limits.RICH_DEPTH:
        raise bad_request("RICH_MESSAGE_DEPTH_TOO_MUCH")
    kind = block.get("type")
    if kind not in BLOCKS:
        raise bad_request(f'can\'t parse InputRichBlock: type "{kind}" is unsupported')
    needed, optional, add = BLOCKS[kind]
    for name in needed:
        if name not in block:
            raise bad_request(f"can't parse InputRichBlock: Can't find field \"{name}\"")
    unknown = block.keys() - {"type", *needed, *optional}
    if unknown:
        raise bad_request(f"unknown fields {sorted(unknown)} (Telegram would ignore them)")
    add(rich, block, depth)


def _paragraph(rich: Rich, block: dict[str, Any], depth: int) -> None:
    _write(rich, block["text"], depth + 1)
    rich.text += "\n"


def _quotation(rich: Rich, block: dict[str, Any], depth: int) -> None:
    begin = units(rich.text)
    for inner in block["blocks"]:
        if inner.get("type") in ("blockquote", "expandable_blockquote", "buttons"):
            # Telegram may show them, a reader takes them for another's words: refused here.
            raise bad_request(f'a quotation holds a block of type "{inner.get("type")}"')
        _add(rich, inner, depth + 1)
    _end_quotation(rich, block, "blockquote", begin, depth)


def _folded(rich: Rich, block: dict[str, Any], depth: int) -> None:
    begin = units(rich.text)
    _write(rich, block["text"], depth + 1)
    rich.text += "\n"
    _end_quotation(rich, block, "expandable_blockquote", begin, depth)


def _end_quotation(rich: Rich, block: dict[str, Any], kind: str, begin: int, depth: int) -> None:
    length = units(rich.text) - 1 - begin
    if length <= 0:
        raise bad_request("RICH_MESSAGE_BLOCK_EMPTY")
    rich.entities.append(Entity(begin, length, kind))
    if "credit" in block:
        _write(rich, block["credit"], depth + 1)
        rich.text += "\n"


def _buttons(rich: Rich, block: dict[str, Any], depth: int) -> None:
    del depth
    buttons = block["buttons"]
    if not 1 <= len(buttons) <= limits.RICH_BUTTONS_A_ROW:
        raise bad_request("RICH_MESSAGE_BUTTONS_INVALID")
    if block.get("align", "left") not in ("left", "center", "right"):
        raise bad_request("can't parse InputRichBlock: invalid align")
    for button in buttons:
        check_button(button)
        style = button.get("style")
        if style is not None and style not in STYLES:
            raise bad_request("can't parse RichMessageButton: invalid style")
        if style == "link" and "callback_data" not in button:
            raise bad_request("the style link is allowed only for callback buttons")
    rich.rows.append((units(rich.text), buttons))


def _write(rich: Rich, text: Any, depth: int) -> None:
    if depth > limits.RICH_DEPTH:
        raise bad_request("RICH_MESSAGE_DEPTH_TOO_MUCH")
    if isinstance(text, str):
        rich.text += text
    elif isinstance(text, list):
        for part in text:
            _write(rich, part, depth)
    elif not isinstance(text, dict) or text.get("type") not in TEXTS:
        raise bad_request("can't parse RichText: Unsupported rich text type")
    else:
        kind, begin = TEXTS[text["type"]], units(rich.text)
        _write(rich, text["text"], depth + 1)
        url = text.get("url")
        if kind == "text_link" and not (url and URL.fullmatch(url)):
            raise bad_request("RICH_MESSAGE_URL_INVALID")
        rich.entities.append(Entity(begin, units(rich.text) - begin, kind, url))


_Add = Callable[[Rich, dict[str, Any], int], None]
BLOCKS: dict[str, tuple[tuple[str, ...], tuple[str, ...], _Add]] = {
    "paragraph": (("text",), (), _paragraph),
    "footer": (("text",), (), _paragraph),
    "blockquote": (("blocks",), ("credit",), _quotation),
    "expandable_blockquote": (("text",), ("credit",), _folded),
    "buttons": (("buttons",), ("align",), _buttons),
}
"""Of each type: the fields it must have, those it may have, and what it adds to a message."""
