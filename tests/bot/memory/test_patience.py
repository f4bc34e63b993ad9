"""The state waits for a locked file in a thread of its own, and nothing is half done."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from telegram import User

from bot.memory.chats import Chats
from bot.memory.ledger import Ledger, Taken
from bot.memory.moves import Moves
from bot.memory.state import State, StateUnusable
from qa.types import Filters, Turn
from tests.bot.waiting import done
from tests.patience import PATIENCE_S

ADA = User(7, "Ada", is_bot=False, language_code="en")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.sqlite"


@pytest.fixture
def state(path: Path) -> Iterator[State]:
    with State(path) as state:
        yield state


@pytest.fixture
def other(state: State, path: Path) -> Iterator[sqlite3.Connection]:
    """Another program that has locked the file."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    assert not state.trouble
    yield connection
    connection.close()


def in_trouble(state: State) -> None:
    """Wait until the state cannot be used."""
    deadline = time.monotonic() + PATIENCE_S
    while not state.trouble:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_waits_for_the_file_holds_nothing_else_up(
    state: State, other: sqlite3.Connection
) -> None:
    async def main() -> None:
        taking = asyncio.ensure_future(Ledger(state).take([Taken(1, 7, "{}"), Taken(2, 7, "{}")]))
        await asyncio.to_thread(in_trouble, state)  # the loop goes on
        assert not taking.done()
        other.execute("ROLLBACK")
        assert await taking == [1, 2]
        assert not state.trouble
        assert await Ledger(state).pending() == ["{}", "{}"]

    asyncio.run(main())


def test_a_state_that_is_closed_waits_no_longer(state: State, other: sqlite3.Connection) -> None:
    async def main() -> None:
        taking = asyncio.ensure_future(Ledger(state).take([Taken(1, 7, "{}")]))
        await asyncio.to_thread(in_trouble, state)
        await asyncio.to_thread(state.close)
        with pytest.raises(StateUnusable, match="locked"):
            await taking

    asyncio.run(main())
    assert other.execute("SELECT count(*) FROM updates").fetchone() == (0,)


def test_what_no_waiting_mends_is_raised(state: State) -> None:
    state.change("DROP TABLE turns")
    with pytest.raises(StateUnusable, match="no such table: turns"):
        done(Chats(state).forget(1, 7))


def test_all_about_a_group_moves_with_it_and_nothing_about_others(state: State) -> None:
    async def main() -> None:
        chats, old, new, another = Chats(state), -5, -1005, -6
        narrow = Filters(source="Lakeside Courier")
        for chat in (old, another):
            await chats.add(chat, 7, 900, Turn(f"first in {chat}"))
            await chats.set_filters(chat, 7, narrow)
        for _ in range(2):  # it is told twice: in the group and in the supergroup
            await Moves(state).move(old, new)
        # A question under way is still noted by its old place; new ones have small numbers.
        await chats.add(old, 7, 901, Turn("under way"))
        await chats.add(new, 7, 2, Turn("new"))
        turns = (await chats.conversation(new, 7, before=3)).turns
        assert [turn.question for turn in turns] == ["first in -5", "under way", "new"]
        assert await chats.filters(new, 7) == narrow
        assert await chats.conversation(old, 7) == await chats.conversation(new, 7)
        turns = (await chats.conversation(another, 7)).turns
        assert [turn.question for turn in turns] == ["first in -6"]

    asyncio.run(main())


def test_filters_that_are_in_force_where_a_group_moves_to_stay(state: State) -> None:
    async def main() -> None:
        chats = Chats(state)
        await chats.set_filters(-5, 7, Filters(source="old"))
        await chats.set_filters(-1005, 7, Filters(source="new"))
        await Moves(state).move(-5, -1005)
        assert await chats.filters(-1005, 7) == Filters(source="new")

    asyncio.run(main())


def test_a_language_is_at_hand_once_it_is_recalled(state: State) -> None:
    async def main() -> None:
        await Chats(state).set_language(7, "ru")
        chats = Chats(state)
        assert chats.language(ADA) == "en"
        await chats.recall(7)
        assert chats.language(ADA) == "ru"
        await state.erase(7)
        await chats.recall(7)
        assert chats.language(ADA) == "en"

    asyncio.run(main())
