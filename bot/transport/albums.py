"""Albums: several messages that were sent as one, and are answered as one."""

import asyncio
from collections import OrderedDict

from telegram import Message

MOST = 1000
"""Albums that are remembered; their messages come within moments of each other."""

WHOLE_S = 1.0
"""Within this time the other messages of an album come, and with them its caption."""


class Albums:
    """Which albums have been answered."""

    def __init__(self) -> None:
        self._answered: OrderedDict[str, int] = OrderedDict()

    def claim(self, message: Message) -> bool:
        """Return whether a message is to be answered: alone, or as the first of its album."""
        album = message.media_group_id
        if not album:
            return True
        first = self._answered.setdefault(album, message.message_id)
        if len(self._answered) > MOST:
            self._answered.popitem(last=False)
        return first == message.message_id

    async def claim_later(self, message: Message) -> bool:
        """Return the same of a message without words, once those with words have had their turn."""
        if message.media_group_id:
            await asyncio.sleep(WHOLE_S)
        return self.claim(message)
