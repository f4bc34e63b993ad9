"""Who may press the buttons below an answer."""

from contextlib import suppress

from telegram import CallbackQuery
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.memory.answers import Shown


async def may_press(query: CallbackQuery, shown: Shown, chat_id: int) -> bool:
    """Return whether somebody may press the buttons of an answer: whoever asked.

    An administrator who stays anonymous asks as the group, but presses as a user: so any
    administrator may. Who is behind a channel nobody tells: so everybody may.
    """
    if shown.user_id == query.from_user.id:
        return True
    if shown.user_id != shown.chat_id:
        return shown.user_id < 0
    with suppress(TelegramError):
        member = await query.get_bot().get_chat_member(chat_id, query.from_user.id)
        return member.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
    return False
