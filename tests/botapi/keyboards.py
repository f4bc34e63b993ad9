"""Inline keyboards: what Telegram refuses of them (td/telegram/ReplyMarkup.cpp)."""

import re
from typing import Any

from tests.botapi import limits
from tests.botapi.errors import bad_request
from tests.botapi.markup import units
from tests.botapi.params import Params

KINDS = frozenset(
    [
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    ]
)
URL = re.compile(r"(?:https?|tg|tonsite)://[^\s/]+\S*", re.IGNORECASE)
Keyboard = list[list[dict[str, Any]]]


def inline_keyboard(params: Params) -> Keyboard:
    """Return the rows of buttons of a message; none without a keyboard.

    :raises ApiError: in Telegram's words.
    """
    markup = params.parsed("reply_markup")
    if markup is None:
        return []
    if not isinstance(markup, dict) or not isinstance(markup.get("inline_keyboard"), list):
        raise bad_request("object expected as reply markup")
    rows: Keyboard = markup["inline_keyboard"]
    for row in rows:
        if len(row) > limits.BUTTONS_A_ROW:
            # Telegram shows such a row, too narrow to read: refused here, in words of our own.
            raise bad_request(f"a row has more than {limits.BUTTONS_A_ROW} buttons")
        for button in row:
            check_button(button)
            if button.get("style", "primary") not in limits.BUTTON_STYLES:
                raise bad_request(
                    "can't parse inline keyboard button: invalid button style specified"
                )
    if sum(map(len, rows)) > limits.BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return [row for row in rows if row]


def check_button(button: dict[str, Any]) -> None:
    """Refuse a button that Telegram refuses, below a message or inside a rich one.

    :raises ApiError: in Telegram's words.
    """
    if not str(button.get("text", "")).strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    _check_type(button)
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= limits.CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    copied = button.get("copy_text")
    if copied is not None:
        if not isinstance(copied, dict):
            raise bad_request(
                'can\'t parse inline keyboard button: Field "copy_text" must be of type Object'
            )
        if not 1 <= units(str(copied.get("text", ""))) <= limits.COPY_TEXT_UNITS:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    url = button.get("url")
    if url is not None and not (len(url) <= limits.URL_CHARS and URL.fullmatch(url)):
        raise bad_request("BUTTON_URL_INVALID")
    shared = button.get("switch_inline_query")
    if shared is not None and len(shared) > limits.INLINE_QUERY_CHARS:
        # Telegram's clients cut it: here it is a slip.
        raise bad_request(f"an inline query of more than {limits.INLINE_QUERY_CHARS} characters")


def _check_type(button: dict[str, Any]) -> None:
    kinds = KINDS & button.keys()
    if not kinds:
        raise bad_request(
            "can't parse inline keyboard button: text buttons are unallowed in the inline keyboard"
        )
    if len(kinds) > 1:
        # Telegram takes the first that it knows: here it is a slip, in words of our own.
        raise bad_request(f"a button has several types: {sorted(kinds)}")
