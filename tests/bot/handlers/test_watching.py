"""What a watch tells, whatever happens to it while the archive is asked."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.handlers.watching import Watching
from bot.memory.access import Door
from bot.memory.chats import Chats
from bot.memory.state import State
from bot.memory.watches import Watch, Watches
from bot.metrics import Metrics
from qa.types import Answer, Filters
from tests.botapi.answers import answer, quote

OLD, NEW = "The ferry sails at six.", "The ferry has been sold."
WATCH = Watch(1, 7, 7, "the ferry", Filters(), "en", "first")


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "bot.sqlite") as state:
        Watches(state).add(WATCH, [])
        yield state


def looked(
    state: State,
    *texts: str,
    generation: str = "second",
    meanwhile: Callable[[], object] = lambda: None,
) -> list[str]:
    """Look for news in an archive that answers with some quotes; return what was sent.

    :param meanwhile: called while the archive is being asked.
    """
    sent: list[str] = []

    class Archive:
        def status(self) -> SimpleNamespace:
            return SimpleNamespace(generation=generation)

        def answer(self, *_: object, **__: object) -> Answer:
            meanwhile()
            return answer(*map(quote, texts))

    class Bot:
        async def send_message(self, _chat_id: int, html: str, **_: object) -> None:
            sent.append(html)

    archive: Any = Archive()
    bot: Any = Bot()
    door = Door(state, closed=False, users=(), groups=(), admins=())
    watching = Watching(archive, Chats(state), Watches(state), door, Metrics(), most=9)
    asyncio.run(watching.look(bot))
    return sent


def test_what_is_new_is_told_once(state: State) -> None:
    looked(state, OLD)
    (news,) = looked(state, OLD, NEW, generation="third")
    assert NEW in news
    assert OLD not in news
    for generation in ("third", "fourth"):
        assert looked(state, OLD, NEW, generation=generation) == []


def test_a_watch_that_is_removed_meanwhile_tells_nothing(state: State) -> None:
    watches = Watches(state)
    assert looked(state, NEW, meanwhile=lambda: watches.remove(WATCH.id, WATCH.user_id)) == []
    assert state.rows("SELECT * FROM seen") == []


def test_nor_does_one_whose_user_is_forgotten_meanwhile(state: State) -> None:
    assert looked(state, NEW, meanwhile=lambda: state.forget(WATCH.user_id)) == []
