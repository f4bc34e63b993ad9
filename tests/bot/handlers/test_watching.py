"""What a watch tells, whatever happens to it while the archive is asked."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.handlers.watching import Watching
from bot.memory.access import Door
from bot.memory.chats import Chats
from bot.memory.state import State
from bot.memory.watches import Watch, Watches
from bot.metrics import Metrics
from bot.transport.rich import Screens
from qa.types import Answer, Filters
from tests.bot.waiting import done
from tests.botapi.answers import answer, quote

OLD, NEW = "The ferry sails at six.", "The ferry has been sold."
TODAY = datetime(2021, 12, 4, 9, tzinfo=UTC)
WATCH = Watch(1, 7, 7, "the ferry", Filters(), "en", "first")


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "bot.sqlite") as state:
        done(Watches(state).add(WATCH, []))
        yield state


def looked(
    state: State,
    *texts: str,
    generation: str = "second",
    meanwhile: Callable[[], object] = lambda: None,
    now: datetime = TODAY,
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
    watching = Watching(
        service=archive,
        chats=Chats(state),
        watches=Watches(state),
        door=door,
        metrics=Metrics(),
        screens=Screens(rich=False),
        most=9,
        hour=8,
        now=lambda: now,
    )
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
    removing = lambda: done(watches.remove(WATCH.id))  # noqa: E731 - a callback
    assert looked(state, NEW, meanwhile=removing) == []
    assert state.rows("SELECT * FROM seen") == []


def test_nor_does_one_whose_user_is_forgotten_meanwhile(state: State) -> None:
    assert looked(state, NEW, meanwhile=lambda: state.forget(WATCH.user_id)) == []


def test_the_news_of_a_day_are_told_together_from_an_hour_on(state: State) -> None:
    watches = Watches(state)
    other = Watch(2, 7, 7, "the harbour", Filters(), "en", "first", daily=True, told=TODAY.date())
    done(watches.add(other, []))
    done(watches.tell(WATCH.id, daily=True, today=TODAY.date()))
    tomorrow = TODAY + timedelta(days=1)
    assert looked(state, NEW, now=TODAY) == []
    assert looked(state, NEW, now=tomorrow.replace(hour=7)) == []
    (news,) = looked(state, NEW, now=tomorrow.replace(hour=8))
    assert news.startswith("<b>New in the archive</b>")
    assert "the ferry" in news
    assert "the harbour" in news
    assert "[2] " in news
    assert looked(state, NEW, OLD, generation="third", now=tomorrow.replace(hour=23)) == []
    (news,) = looked(state, NEW, OLD, generation="third", now=tomorrow + timedelta(days=1))
    assert OLD in news
    assert NEW not in news


def test_a_day_without_a_new_index_is_no_question(state: State) -> None:
    done(Watches(state).tell(WATCH.id, daily=True, today=TODAY.date()))
    asked: list[int] = []
    tomorrow = TODAY + timedelta(days=1)
    looked(state, NEW, generation="first", meanwhile=lambda: asked.append(1), now=tomorrow)
    assert asked == []


def test_of_much_news_the_best_is_told_and_how_much_more_there_is(state: State) -> None:
    many = [f"The ferry is number {n}." for n in range(8)]
    (news,) = looked(state, *many)
    assert "[5] " in news
    assert "number 5" not in news
    assert "and more: 3" in news


def test_one_watch_that_fails_keeps_no_other_from_its_news(state: State) -> None:
    other = replace(WATCH, id=2, chat_id=8, user_id=8)
    done(Watches(state).add(other, []))
    failures = iter([RuntimeError("a part of the index is broken")])

    def fail_once() -> None:
        for failure in failures:
            raise failure

    (news,) = looked(state, NEW, meanwhile=fail_once)
    assert NEW in news
    assert len(looked(state, NEW)) == 1  # the one that failed is asked again


def test_looking_goes_on_whatever_a_look_fails_by(state: State) -> None:
    async def main() -> None:
        loop, often = asyncio.get_running_loop(), asyncio.Event()
        looks: list[int] = []

        class Archive:
            def status(self) -> None:
                looks.append(1)
                if len(looks) > 2:
                    loop.call_soon_threadsafe(often.set)
                raise RuntimeError("the disk is gone")

        archive: Any = Archive()
        door = Door(state, closed=False, users=(), groups=(), admins=())
        watching = Watching(
            service=archive,
            chats=Chats(state),
            watches=Watches(state),
            door=door,
            metrics=Metrics(),
            screens=Screens(rich=False),
            most=9,
            hour=8,
        )
        looking = asyncio.create_task(watching.keep_looking(cast("Any", None), 0.0))
        enough = asyncio.create_task(often.wait())
        await asyncio.wait({looking, enough}, return_when=asyncio.FIRST_COMPLETED)
        assert not looking.done()
        looking.cancel()

    asyncio.run(main())
