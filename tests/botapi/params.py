"""The parameters of a call, and the text among them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.botapi import limits
from tests.botapi.errors import bad_request
from tests.botapi.markup import Entity, parse_html, plain, units

TRUE = ("true", "yes", "1")


class Params:
    """The parameters of one call, by name; values are text until a method reads them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def text(self, name: str) -> str:
        """Return the value, or an empty string."""
        return self.values.get(name, "")

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        """Return a number, clamped as Client.cpp clamps it."""
        found = re.match(r"-?\d+", self.text(name))
        return min(max(int(found[0]), low), high) if found else default

    def boolean(self, name: str) -> bool:
        """Return whether the value reads as true."""
        return self.text(name).lower() in TRUE

    def parsed(self, name: str) -> Any:  # JSON has no narrower type
        """Return the JSON in the value, or None without one."""
        if not self.text(name):
            return None
        try:
            return json.loads(self.text(name))
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None


def text_in(params: Params, name: str = "text") -> tuple[str, list[Entity]]:
    """Return a message's text and entities.

    :raises ApiError: in Telegram's words.
    """
    source = params.text(name)
    if not source:
        raise bad_request("message text is empty")
    mode = params.text("parse_mode").lower()
    if mode not in ("", "html"):
        # Telegram knows Markdown too; the bot does not use it.
        raise bad_request("unsupported parse_mode")
    text, entities = parse_html(source) if mode else plain(source)
    if not text:
        raise bad_request("text must be non-empty")
    if units(text) > limits.MESSAGE_UNITS:
        raise bad_request("message is too long")
    return text, entities
