"""Answers to inline queries: what Telegram refuses of them."""

import re
from typing import Any

from tests.botapi import limits
from tests.botapi.errors import bad_request
from tests.botapi.params import Params, text_in

PARAMETER = re.compile(r"[A-Za-z0-9_-]+")


def check_inline_answer(params: Params) -> None:
    """Refuse an answer that Telegram refuses.

    :raises ApiError: in Telegram's words.
    """
    results = params.parsed("results")
    if not isinstance(results, list):
        raise bad_request("can't parse inline query results JSON array")
    if len(results) > limits.INLINE_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    if len(params.text("next_offset").encode()) > limits.INLINE_OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    if not params.boolean("is_personal"):
        # Telegram would keep the answer for all who ask the same: here that is a slip.
        raise bad_request("is_personal is missing: the answer would be shown to strangers")
    for result in results:
        _check(result)
    identities = [result["id"] for result in results]
    if len(set(identities)) < len(identities):
        raise bad_request("RESULT_ID_DUPLICATE")
    button = params.parsed("button")
    if button is not None:
        if not str(button.get("text", "")).strip():
            raise bad_request("can't parse inline query results button: text must be non-empty")
        parameter = str(button.get("start_parameter", ""))
        if len(parameter) > limits.START_PARAMETER_CHARS or not PARAMETER.fullmatch(parameter):
            raise bad_request("START_PARAM_INVALID")


def _check(result: dict[str, Any]) -> None:
    if not 1 <= len(str(result.get("id", "")).encode()) <= limits.INLINE_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if result.get("type") != "article":
        raise bad_request("RESULT_TYPE_INVALID")
    if not str(result.get("title", "")).strip():
        raise bad_request("can't parse inline query result: title must be non-empty")
    content = result.get("input_message_content") or {}
    text_in(
        Params(
            {
                "text": str(content.get("message_text", "")),
                "parse_mode": str(content.get("parse_mode", "")),
            }
        )
    )
