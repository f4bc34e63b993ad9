"""What a broken network kept from being answered stays on record; all else is done with."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from telegram import Bot, Chat, Message, Update, User
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.handlers.failures import Failures
from bot.memory.access import Door
from bot.memory.chats import Chats
from bot.memory.ledger import Ledger
from bot.memory.moves import Moves
from bot.memory.state import State
from bot.metrics import Metrics
from bot.transport.delivery import is_undelivered
from bot.transport.fair_queue import FairQueue
from bot.transport.intake import Gate, Intake
from tests.botapi import TOKEN
from tests.patience import PATIENCE_S


def update(number: int) -> dict[str, Any]:
    message = Message(
        1, cast("Any", 0), Chat(7, "private"), from_user=User(7, "Ada", is_bot=False), text="x"
    )
    return Update(number, message=message).to_dict() | {"update_id": number}


def test_what_is_pushed_waits_for_room(tmp_path: Path) -> None:
    async def main(state: State) -> None:
        bot, chats = Bot(TOKEN), Chats(state)
        begun, handled = asyncio.Event(), asyncio.Event()

        async def handle(_: Update) -> None:
            begun.set()
            await handled.wait()

        intake = Intake(
            bot=bot,
            ledger=Ledger(state),
            moves=Moves(state),
            gate=Gate(Door(state, False, (), (), ()), chats, 100, 100),  # noqa: FBT003 - open
            chats=chats,
            queue=FairQueue(1, 10),
            metrics=Metrics(),
            handle=handle,
        )
        await intake.start()
        await intake.take([update(1)])
        await begun.wait()
        await intake.take([update(2)])
        third = asyncio.create_task(intake.room())
        await turns()
        assert not third.done()
        assert len(await Ledger(state).pending()) == 2
        handled.set()
        await third
        await intake.stop(PATIENCE_S)
        assert await Ledger(state).pending() == []

    with State(tmp_path / "bot.sqlite") as state:
        asyncio.run(main(state))


async def turns() -> None:
    """Let every task go on until it waits for something."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_only_what_the_network_kept_is_tried_again(tmp_path: Path) -> None:
    async def main(state: State) -> list[str]:
        bot, chats, metrics = Bot(TOKEN), Chats(state), Metrics()
        failures = Failures(chats, metrics)
        errors = {1: NetworkError("broken"), 2: None, 3: BadRequest("message is too long")}

        async def handle(update: Update) -> None:
            error = errors[update.update_id]
            if error is not None:
                context = cast("Any", SimpleNamespace(error=error))
                silent = Update(update.update_id)  # nobody to tell
                await failures.failed(silent, context)

        intake = Intake(
            bot=bot,
            ledger=Ledger(state),
            moves=Moves(state),
            gate=Gate(Door(state, False, (), (), ()), chats, 100, 100),  # noqa: FBT003 - open
            chats=chats,
            queue=FairQueue(10, 10),
            metrics=metrics,
            handle=handle,
            kept=failures.undelivered,
        )
        await intake.start()
        await intake.take([update(number) for number in errors])
        await intake.stop(PATIENCE_S)
        return await Ledger(state).pending()

    with State(tmp_path / "bot.sqlite") as state:
        (pending,) = asyncio.run(main(state))
    assert '"update_id": 1' in pending


@pytest.mark.parametrize(
    ("error", "cause", "undelivered"),
    [
        (NetworkError("cut"), httpx.ReadError("cut"), True),
        (TimedOut(), httpx.ReadTimeout("late"), False),  # most likely it has arrived
        (TimedOut(), httpx.ConnectTimeout("late"), True),
        (TimedOut(), httpx.PoolTimeout("late"), True),
        (BadRequest("no"), None, False),
        (TelegramError("no"), None, False),
    ],
)
def test_what_counts_as_undelivered(
    error: TelegramError,
    cause: Exception | None,
    undelivered: bool,  # noqa: FBT001 - a table's column
) -> None:
    error.__cause__ = cause
    assert is_undelivered(error) is undelivered


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")  # the library's own RetryAfter
def test_what_was_refused_until_patience_ended_is_undelivered() -> None:
    assert is_undelivered(RetryAfter(9))
