"""Who is spoken to, and what is asked: in a group the bot reads only what is meant for it."""

from telegram import Message
from telegram.constants import ChatType, MessageEntityType
from telegram.ext import filters

ASK = "/ask"
MENTIONS: list[str | None] = [MessageEntityType.MENTION, MessageEntityType.TEXT_MENTION]


class Addressed(filters.MessageFilter):
    """Lets through what is said to the bot, in private or in a group."""

    def filter(self, message: Message) -> bool:
        """Return whether the message is meant for the bot."""
        return is_addressed(message)


def is_addressed(message: Message) -> bool:
    """Return whether a message is private, ``/ask``, a reply to the bot or names it."""
    return (
        message.chat.type == ChatType.PRIVATE
        or is_reply_to_bot(message)
        or _is_ask(message)
        or _is_command_to_bot(message)
        or bool(_mentions(message))
    )


def question_in(message: Message) -> str:
    """Return what is asked: the text or caption without ``/ask`` and without mentions of the bot.

    Where nothing else is said in reply to a message, what is asked is what that message says.
    """
    text = _words(message)
    if is_ask := _is_ask(message):
        _, *rest = text.split(maxsplit=1)
        text = rest[0] if rest else ""
    mentions = _mentions(message)
    for mention in mentions:
        text = text.replace(mention, "")
    return text.strip() or (_replied_to(message) if is_ask or mentions else "")


def is_reply_to_bot(message: Message) -> bool:
    """Return whether a message answers one of the bot's."""
    original = message.reply_to_message
    sender = original.from_user if original else None
    return sender is not None and sender.id == message.get_bot().id


def _replied_to(message: Message) -> str:
    """Return what a message answers: the part that it quotes, or all of it; nothing of the bot's."""
    original = message.reply_to_message
    if is_reply_to_bot(message):
        return ""
    if message.quote is not None:
        return message.quote.text.strip()
    return _words(original).strip() if original else ""


def _words(message: Message) -> str:
    return message.text or message.caption or ""


def _is_ask(message: Message) -> bool:
    command, *_ = _words(message).lower().split(maxsplit=1) or [""]
    return command in (ASK, f"{ASK}{_at_bot(message)}")


def _is_command_to_bot(message: Message) -> bool:
    """Whether it is ``/command@bot``; without the name, it may be meant for another bot."""
    command, *_ = _words(message).lower().split(maxsplit=1) or [""]
    return command.startswith("/") and command.endswith(_at_bot(message))


def _mentions(message: Message) -> list[str]:
    """Return the words that mention the bot, as they were written."""
    parsed = message.parse_entities if message.text else message.parse_caption_entities
    return [
        words
        for entity, words in parsed(MENTIONS).items()
        if words.lower() == _at_bot(message)
        or (entity.user is not None and entity.user.id == message.get_bot().id)
    ]


def _at_bot(message: Message) -> str:
    return f"@{message.get_bot().username}".lower()
