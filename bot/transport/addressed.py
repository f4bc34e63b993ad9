"""Who is spoken to: in a group the bot reads only what is meant for it."""

from telegram import Message
from telegram.constants import ChatType, MessageEntityType
from telegram.ext import filters

ASK = "/ask"


class Addressed(filters.MessageFilter):
    """Lets through what is said to the bot, in private or in a group."""

    def filter(self, message: Message) -> bool:
        """Return whether the message is meant for the bot."""
        return is_addressed(message)


def is_addressed(message: Message) -> bool:
    """Return whether a message is private, ``/ask``, a reply to the bot or names it."""
    return (
        message.chat.type == ChatType.PRIVATE
        or _is_reply_to_bot(message)
        or _is_ask(message)
        or _is_command_to_bot(message)
        or bool(_mentions(message))
    )


def question_in(message: Message) -> str:
    """Return what is asked: the text without ``/ask`` and without mentions of the bot."""
    text = message.text or ""
    if _is_ask(message):
        _, *rest = text.split(maxsplit=1)
        text = rest[0] if rest else ""
    for mention in _mentions(message):
        text = text.replace(mention, "")
    return text.strip()


def _is_reply_to_bot(message: Message) -> bool:
    original = message.reply_to_message
    sender = original.from_user if original else None
    return sender is not None and sender.id == message.get_bot().id


def _is_ask(message: Message) -> bool:
    command, *_ = (message.text or "").lower().split(maxsplit=1) or [""]
    return command in (ASK, f"{ASK}{_at_bot(message)}")


def _is_command_to_bot(message: Message) -> bool:
    """Whether it is ``/command@bot``; without the name, it may be meant for another bot."""
    command, *_ = (message.text or "").lower().split(maxsplit=1) or [""]
    return command.startswith("/") and command.endswith(_at_bot(message))


def _mentions(message: Message) -> list[str]:
    """Return the words that mention the bot, as they were written."""
    entities = message.parse_entities([MessageEntityType.MENTION, MessageEntityType.TEXT_MENTION])
    return [
        words
        for entity, words in entities.items()
        if words.lower() == _at_bot(message)
        or (entity.user is not None and entity.user.id == message.get_bot().id)
    ]


def _at_bot(message: Message) -> str:
    return f"@{message.get_bot().username}".lower()
