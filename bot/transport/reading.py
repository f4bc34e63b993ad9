"""Updates as they come: each is read by itself, so that one that cannot be read harms no other."""

import json

from telegram import Bot, Update

from bot.memory.ledger import Taken
from bot.transport.updates import user_id_of

MOST = 2**63
"""Numbers beyond are none that Telegram gives, and SQLite keeps none."""


class Unreadable(Exception):
    """An update that the library cannot read. The message repeats nothing of what people write."""


def number_of(raw: object) -> int | None:
    """Return an update's number; None if it has none, so that it cannot even be noted."""
    return _number(raw.get("update_id")) if isinstance(raw, dict) else None


def as_taken(raw: object) -> Taken | None:
    """Return an update as it is put on record; None if it has no number."""
    number = number_of(raw)
    return None if number is None else Taken(number, _sender_in(raw), json.dumps(raw))


def read(payload: str, bot: Bot) -> Update:
    """Read an update.

    :raises Unreadable: if the library cannot.
    """
    try:
        update = Update.de_json(json.loads(payload), bot)
        _check(update)
    except Exception as error:  # whatever a parser may raise for what nobody has thought of
        raise Unreadable(f"{kind_in(payload)}: {type(error).__name__}") from error
    return update


def kind_in(payload: str) -> str:
    """Return what kind of update it is, as far as it says so: ``message`` and the like."""
    raw = json.loads(payload)
    return next((name for name in raw if name != "update_id" and name.isidentifier()), "nothing")


def _check(update: Update) -> None:
    """Look at what the library takes as it comes.

    :raises TypeError: if it is nothing that Telegram gives.
    """
    chat = update.effective_chat
    if _number(user_id_of(update)) is None or (chat and _number(chat.id) is None):
        raise TypeError


def _sender_in(raw: object) -> int:
    """Return whose update it is, so that it can be erased with all that is theirs; 0 = not known."""
    for content in raw.values() if isinstance(raw, dict) else ():
        for name in ("sender_chat", "from"):
            sender = content.get(name) if isinstance(content, dict) else None
            number = _number(sender.get("id")) if isinstance(sender, dict) else None
            if number is not None:
                return number
    return 0


def _number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and -MOST < value < MOST:
        return value
    return None
