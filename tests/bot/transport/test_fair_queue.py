"""Users take turns; one flood does not starve the others."""

import asyncio
from collections.abc import Coroutine

from bot.transport.fair_queue import FairQueue
from tests.patience import PATIENCE_S


def run(work: Coroutine[None, None, None]) -> None:
    asyncio.run(asyncio.wait_for(work, PATIENCE_S))


async def all_that_can_go_on() -> None:
    """Let every task go on until it waits for something."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_users_come_round_in_turn_whatever_each_has_waiting() -> None:
    async def work() -> None:
        queue: FairQueue[str] = FairQueue(100, 100)
        for item in ("a1", "a2", "a3", "b1", "c1", "c2"):
            assert queue.put(ord(item[0]), item)
        order = []
        while len(queue):
            user, item = await queue.get()
            order.append(item)
            queue.done(user)
        assert order == ["a1", "b1", "c1", "a2", "c2", "a3"]

    run(work())


def test_a_user_has_one_item_out_at_a_time() -> None:
    async def work() -> None:
        queue: FairQueue[str] = FairQueue(100, 100)
        queue.put(1, "a1")
        queue.put(1, "a2")
        assert await queue.get() == (1, "a1")
        queue.put(1, "a3")
        queue.put(2, "b1")
        assert await queue.get() == (2, "b1")
        getting = asyncio.create_task(queue.get())
        await all_that_can_go_on()
        assert not getting.done()
        queue.done(1)
        assert await getting == (1, "a2")

    run(work())


def test_a_user_may_not_have_too_much_waiting() -> None:
    async def work() -> None:
        queue: FairQueue[int] = FairQueue(100, 2)
        assert [queue.put(1, n) for n in range(4)] == [True, True, False, False]
        assert queue.put(2, 9)
        assert len(queue) == 3
        await queue.get()
        assert queue.put(1, 4)

    run(work())


def test_there_is_room_again_when_something_was_taken() -> None:
    async def work() -> None:
        queue: FairQueue[int] = FairQueue(2, 100)
        await queue.room()
        queue.put(1, 1)
        await queue.room()
        queue.put(2, 2)
        waiting = asyncio.create_task(queue.room())
        await all_that_can_go_on()
        assert not waiting.done()
        await queue.get()
        await waiting

    run(work())


def test_it_is_empty_when_nothing_waits_and_nothing_is_out() -> None:
    async def work() -> None:
        queue: FairQueue[int] = FairQueue(9, 9)
        await queue.empty()
        queue.put(1, 1)
        empty = asyncio.create_task(queue.empty())
        getting = asyncio.create_task(queue.get())
        await all_that_can_go_on()
        assert getting.done()
        assert not empty.done()
        queue.done(1)
        await empty

    run(work())
