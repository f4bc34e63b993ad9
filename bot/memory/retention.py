"""What was kept for long enough is erased, while the bot runs too."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.memory.state import State
from index.errors import NewsquoteError

logger = logging.getLogger(__name__)


class Tidied(Protocol):
    """Whatever keeps something for a time."""

    def tidy(self) -> Awaitable[None]:
        """Erase what has been kept for long enough."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Erases what has had its time, and what was erased before from the write-ahead log."""

    state: State
    kept: Sequence[Tidied]

    async def keep_tidy(self, seconds: float) -> None:
        """Erase for ever, every so many seconds."""
        while True:
            for each in self.kept:
                try:
                    await each.tidy()
                except NewsquoteError as error:  # one table's trouble is not the others'
                    logger.warning("what is old was not erased: %s", error)
            await self.state.shrink()
            await asyncio.sleep(seconds)
