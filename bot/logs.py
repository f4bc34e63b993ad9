"""Logging for a program that holds a secret: nothing it writes contains the token.

httpx logs full URLs, python-telegram-bot its base URL and whole updates, and both put URLs into
exceptions; a token is part of each of these. So the finished line is redacted, whatever it was
made of. What people write is in no line either, unless the level is ``debug``.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType
from urllib.parse import quote

REDACTED = "[token]"
CHATTY = ("httpx", "httpcore", "tornado.access")


class RedactingFormatter(logging.Formatter):
    """Formats a record with its traceback, then takes the token out."""

    def __init__(self, token: str, *secrets: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = token, *secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without the token in any of the forms a URL may give it."""
        return redacted(super().format(record), *self._secrets)


class JsonFormatter(RedactingFormatter):
    """Formats a record as one JSON object on one line, without the token."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object: time, level, logger, message and, after an error, its trace."""
        values = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            values["trace"] = self.formatException(record.exc_info)
        return json.dumps(
            {name: redacted(value, *self._secrets) for name, value in values.items()},
            ensure_ascii=False,
        )


def redacted(text: str, token: str, *secrets: str) -> str:
    """Return the text without the token, plain or quoted, its secret half, or other secrets."""
    _, _, secret = token.partition(":")
    for form in (token, quote(token, safe=""), secret, *secrets):
        if form:
            text = text.replace(form, REDACTED)
    return text


def set_up_logging(token: str, level: str, form: str = "text", *secrets: str) -> None:
    """Send all logs, warnings and uncaught exceptions to standard error without the token.

    :param level: ``debug``, ``info``, ``warning`` or ``error``.
    :param form: ``text`` or ``json``.
    :param secrets: whatever else must not be shown.
    """
    handler = logging.StreamHandler()
    handler.setFormatter((JsonFormatter if form == "json" else RedactingFormatter)(token, *secrets))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _log_uncaught


def _log_uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    logging.getLogger("bot").critical("stopped by an error", exc_info=(kind, error, traceback))
