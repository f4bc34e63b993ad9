"""Updates are taken once and confirmed, whatever the network does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.polling import confirm, insist, poll
from tests.botapi import TOKEN, BotApiServer
from tests.botapi.errors import too_many_requests


class StopsAfter(asyncio.Queue[Any]):
    """A queue that asks the loop to stop when it holds so many updates."""

    def __init__(self, count: int, stop: asyncio.Event) -> None:
        super().__init__()
        self.count = count
        self.stop = stop

    def put_nowait(self, item: object) -> None:
        super().put_nowait(item)
        if self.qsize() == self.count:
            self.stop.set()


@asynccontextmanager
async def bot_of(server: BotApiServer) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{server.url}/bot") as bot:
        yield bot


def run(work: Callable[[Bot, BotApiServer], Awaitable[None]]) -> None:
    async def main(server: BotApiServer) -> None:
        async with bot_of(server) as bot:
            await asyncio.wait_for(work(bot, server), 20)

    with BotApiServer() as server:
        asyncio.run(main(server))


async def numbers(bot: Bot, count: int) -> tuple[list[int], int]:
    """Poll until so many updates are there; return their ids and the offset."""
    stop = asyncio.Event()
    queue = StopsAfter(count, stop)
    offset = await poll(bot, queue, stop)
    return [queue.get_nowait().update_id for _ in range(queue.qsize())], offset


def test_what_came_last_before_a_stop_is_confirmed_afterwards() -> None:
    async def work(bot: Bot, server: BotApiServer) -> None:
        server.world.say("one")
        server.world.say("two")
        assert await numbers(bot, 2) == ([1000, 1001], 1002)
        assert len(server.world.waiting) == 2
        await confirm(bot, 1002)
        assert server.world.waiting == []

    run(work)


def test_an_update_delivered_twice_is_taken_once() -> None:
    async def work(bot: Bot, server: BotApiServer) -> None:
        server.world.say("one")
        server.world.waiting *= 2
        server.world.say("two")
        assert await numbers(bot, 2) == ([1000, 1001], 1002)

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
    async def work(bot: Bot, _: BotApiServer) -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(0.3, stop.set)
        async with asyncio.timeout(5):
            assert await poll(bot, asyncio.Queue(), stop) == 0

    run(work)


def test_what_cannot_be_mended_is_raised_at_once() -> None:
    async def refuse() -> None:
        raise Conflict("second instance")

    async def main() -> None:
        with pytest.raises(Conflict):
            await insist(refuse, asyncio.Event())

    asyncio.run(main())
