"""Updates are taken once and confirmed, whatever the network does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.transport.polling import confirm, insist, poll
from bot.transport.reading import number_of
from tests.botapi import TOKEN, BotApiServer
from tests.botapi.errors import too_many_requests
from tests.patience import PATIENCE_S


class StopsAfter:
    """Takes updates, and asks the loop to stop when there are so many."""

    def __init__(self, count: int, stop: asyncio.Event) -> None:
        self.count = count
        self.stop = stop
        self.taken: list[int] = []
        self.has_room = asyncio.Event()
        self.has_room.set()
        self.is_full = asyncio.Event()

    async def take(self, updates: Sequence[object], /) -> bool:
        self.taken += [number for each in updates if (number := number_of(each)) is not None]
        if len(self.taken) >= self.count:
            self.stop.set()
        return True

    async def room(self) -> None:
        self.is_full.set()
        await self.has_room.wait()


@asynccontextmanager
async def bot_of(server: BotApiServer) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{server.url}/bot") as bot:
        yield bot


def run(work: Callable[[Bot, BotApiServer], Awaitable[None]]) -> None:
    async def main(server: BotApiServer) -> None:
        async with bot_of(server) as bot:
            await asyncio.wait_for(work(bot, server), PATIENCE_S)

    with BotApiServer() as server:
        asyncio.run(main(server))


async def numbers(bot: Bot, count: int) -> tuple[list[int], int]:
    """Poll until so many updates are there; return their ids and the offset."""
    stop = asyncio.Event()
    taker = StopsAfter(count, stop)
    offset = await poll(bot, taker, stop)
    return taker.taken, offset


def test_what_came_last_before_a_stop_is_confirmed_afterwards() -> None:
    async def work(bot: Bot, server: BotApiServer) -> None:
        server.world.say("one")
        server.world.say("two")
        assert await numbers(bot, 2) == ([1000, 1001], 1002)
        assert len(server.world.waiting) == 2
        await confirm(bot, 1002)
        assert server.world.waiting == []

    run(work)


def test_no_more_is_fetched_than_may_wait() -> None:
    async def work(bot: Bot, server: BotApiServer) -> None:
        stop = asyncio.Event()
        taker = StopsAfter(2, stop)
        taker.has_room.clear()
        server.world.say("one")
        polling = asyncio.create_task(poll(bot, taker, stop))
        await taker.is_full.wait()
        server.world.say("two")
        for _ in range(5):  # had it asked for more, that would have been heard by now
            await bot.get_me()
        assert taker.taken == [1000]
        assert server.world.poller == 1
        taker.has_room.set()
        assert await polling == 1002
        assert taker.taken == [1000, 1001]

    run(work)


def test_a_webhook_left_behind_is_removed() -> None:
    async def work(bot: Bot, server: BotApiServer) -> None:
        server.world.webhook = "https://old.example/hook"
        server.world.say("one")
        assert await numbers(bot, 1) == ([1000], 1001)

    run(work)


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")  # the library's own RetryAfter
def test_flood_control_is_waited_out() -> None:
    async def work(bot: Bot, server: BotApiServer) -> None:
        server.refuse("getUpdates", too_many_requests(1))
        server.world.say("one")
        await numbers(bot, 1)
        refused, answered = server.called("getUpdates")
        assert (refused.status, answered.status) == (429, 200)
        assert answered.at - refused.at >= 1

    run(work)


def test_a_stop_does_not_wait_for_a_long_poll() -> None:
    async def work(bot: Bot, server: BotApiServer) -> None:
        stop = asyncio.Event()
        polling = asyncio.create_task(poll(bot, StopsAfter(1, stop), stop))
        await asyncio.to_thread(server.wait_for, lambda: server.world.poller == 1)
        stop.set()
        assert await polling == 0
        assert server.called("getUpdates") == []  # it has not been answered yet

    run(work)


def test_what_cannot_be_mended_is_raised_at_once() -> None:
    async def refuse() -> None:
        raise Conflict("second instance")

    async def main() -> None:
        with pytest.raises(Conflict):
            await insist(refuse, asyncio.Event())

    asyncio.run(main())
