"""A bounded queue in which users take turns, so that one flood does not starve the others."""

import asyncio
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class FairQueue(Generic[T]):
    """Items wait by user. One of a user at a time is out, in order; users come round in turn."""

    def __init__(self, most: int, most_each: int) -> None:
        """Make an empty queue.

        :param most: items that may wait altogether; ``room`` waits beyond that.
        :param most_each: items of one user that may wait; ``put`` refuses more.
        """
        self._most = most
        self.most_each = most_each
        self._waiting: dict[int, deque[T]] = {}
        self._ready: deque[int] = deque()
        self._out: set[int] = set()
        self._count = 0
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        """How many items wait."""
        return self._count

    def put(self, user: int, item: T) -> bool:
        """Add an item; False if the user has too many waiting."""
        items = self._waiting.setdefault(user, deque())
        if len(items) >= self.most_each:
            return False
        items.append(item)
        self._count += 1
        if len(items) == 1 and user not in self._out:
            self._ready.append(user)
        self._changed.set()
        return True

    async def get(self) -> tuple[int, T]:
        """Wait for the next item; return its user and the item. ``done`` must follow."""
        while not self._ready:
            await self._change()
        user = self._ready.popleft()
        item = self._waiting[user].popleft()
        self._out.add(user)
        self._count -= 1
        self._changed.set()
        return user, item

    def done(self, user: int) -> None:
        """Let the next item of a user out; they go to the end of the line."""
        self._out.discard(user)
        if self._waiting[user]:
            self._ready.append(user)
        else:
            del self._waiting[user]
        self._changed.set()

    async def room(self) -> None:
        """Wait until fewer items wait than may."""
        while self._count >= self._most:
            await self._change()

    async def empty(self) -> None:
        """Wait until nothing waits and nothing is out."""
        while self._count or self._out:
            await self._change()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()
