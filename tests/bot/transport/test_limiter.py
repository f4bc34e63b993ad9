"""Telegram's limits are kept, and waited for only where they were exceeded."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from telegram.constants import ChatAction
from telegram.error import RetryAfter
from telegram.ext import ExtBot

from bot.transport import limiter
from bot.transport.limiter import ChatRateLimiter
from tests.botapi import TOKEN, BotApiServer
from tests.patience import PATIENCE_S

GROUP = -5
pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
"""The library's own RetryAfter."""

Work = Callable[[ExtBot[int], BotApiServer, ChatRateLimiter], Awaitable[None]]


def run(work: Work) -> None:
    async def main(server: BotApiServer) -> None:
        limits = ChatRateLimiter()
        async with ExtBot(TOKEN, f"{server.url}/bot", rate_limiter=limits) as bot:
            await asyncio.wait_for(work(bot, server, limits), PATIENCE_S)

    with BotApiServer() as server:
        for user in (7, 8):
            server.world.say("hello", user)
        server.world.say("hello", 7, group=GROUP)
        asyncio.run(main(server))


def test_a_chat_that_was_refused_waits_alone() -> None:
    async def work(bot: ExtBot[int], server: BotApiServer, _: ChatRateLimiter) -> None:
        server.flood("sendMessage", 600)
        refused = asyncio.create_task(bot.send_message(7, "to one"))
        await asyncio.to_thread(server.wait_for, lambda: bool(server.called("sendMessage")))
        await bot.send_message(8, "to another")
        assert not refused.done()
        assert [sent.chat_id for sent in server.world.sent] == [8]
        refused.cancel()

    run(work)


def test_patience_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "RETRIES_AFTER_429", 1)

    async def work(bot: ExtBot[int], server: BotApiServer, _: ChatRateLimiter) -> None:
        server.flood("sendMessage", 1, times=2)
        with pytest.raises(RetryAfter):
            await bot.send_message(7, "x")
        first, second = server.called("sendMessage")
        assert second.at - first.at >= 1
        server.flood("sendMessage", 1)
        assert (await bot.send_message(7, "x")).text == "x"

    run(work)


def test_typing_takes_no_messages_turn_and_is_not_repeated() -> None:
    async def work(bot: ExtBot[int], server: BotApiServer, limits: ChatRateLimiter) -> None:
        server.flood("sendChatAction", 600)
        with pytest.raises(RetryAfter):
            await bot.send_chat_action(GROUP, ChatAction.TYPING)
        await bot.send_chat_action(GROUP, ChatAction.TYPING)
        assert limits._group_limiters == {}
        await bot.send_message(GROUP, "x")
        assert list(limits._group_limiters) == [GROUP]

    run(work)
