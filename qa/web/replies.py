"""Answers to requests, whatever is in the text: half a surrogate pair in an article stops none."""

import json
from typing import Any

from starlette.responses import Response


class Json(Response):
    """An object as JSON, in UTF-8, readable."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the JSON; what UTF-8 cannot carry is escaped."""
        try:
            return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        except UnicodeEncodeError:
            return json.dumps(content, separators=(",", ":")).encode()


def utf8(text: str) -> bytes:
    """Return a text in UTF-8; what that cannot carry becomes a question mark."""
    return text.encode(errors="replace")
