"""Logging for a program that holds a secret: nothing it writes contains the token.

httpx logs full URLs, python-telegram-bot its base URL, and both put URLs into exceptions; a token
is part of each of these. So the finished line is redacted, whatever it was made of.
"""

import logging
import sys
from types import TracebackType
from urllib.parse import quote

REDACTED = "[token]"
CHATTY = ("httpx", "httpcore")


class RedactingFormatter(logging.Formatter):
    """Formats a record with its traceback, then takes the token out."""

    def __init__(self, token: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without the token in any of the forms a URL may give it."""
        return redacted(super().format(record), self._token)


def redacted(text: str, token: str) -> str:
    """Return the text without the token, plain or quoted, or its secret half."""
    _, _, secret = token.partition(":")
    for form in (token, quote(token, safe=""), secret):
        if form:
            text = text.replace(form, REDACTED)
    return text


def set_up_logging(token: str, level: str) -> None:
    """Send all logs, warnings and uncaught exceptions to standard error without the token.

    :param level: ``debug``, ``info``, ``warning`` or ``error``.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(token))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _log_uncaught


def _log_uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    logging.getLogger("bot").critical("stopped by an error", exc_info=(kind, error, traceback))
