"""Conversations, in memory: the last questions of each user in each chat."""

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from qa.types import Turn

TURNS = 5
CONVERSATIONS = 10_000


@dataclass(slots=True)
class Conversation:
    """One user's questions in one chat.

    :ivar lock: held while a question is answered, so that a follow-up sees the turn before it.
    """

    turns: deque[Turn] = field(default_factory=lambda: deque(maxlen=TURNS))
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Conversations:
    """All conversations; the longest unused are forgotten first."""

    def __init__(self, most: int = CONVERSATIONS) -> None:
        self._most = most
        self._by_key: OrderedDict[tuple[int, int], Conversation] = OrderedDict()

    def of(self, chat_id: int, user_id: int) -> Conversation:
        """Return the conversation, a new one if there is none."""
        key = chat_id, user_id
        conversation = self._by_key.setdefault(key, Conversation())
        self._by_key.move_to_end(key)
        if len(self._by_key) > self._most:
            self._by_key.popitem(last=False)
        return conversation
