"""Inline keyboards: what Telegram refuses of them (td/telegram/ReplyMarkup.cpp)."""

from typing import Any

from tests.botapi import limits
from tests.botapi.errors import bad_request
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
            _check(button)
    if sum(map(len, rows)) > limits.BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return [row for row in rows if row]


def _check(button: dict[str, Any]) -> None:
    if not str(button.get("text", "")).strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    kinds = KINDS & button.keys()
    if not kinds:
        raise bad_request(
            "can't parse inline keyboard button: text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= limits.CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
