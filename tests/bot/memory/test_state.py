"""What the bot remembers survives its end, and all about a user can be shown and erased."""

import json
import sqlite3
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from telegram import User

from bot.memory.answers import Answers, Asked
from bot.memory.chats import Chats, filters_as_json
from bot.memory.ledger import KEPT_S, MOST_ATTEMPTS, Ledger, Taken
from bot.memory.state import State, StateUnusable, Step, joined
from bot.memory.tables import MIGRATIONS
from qa.conversation import TURNS, Conversation
from qa.service import Place
from qa.types import Filters, Turn, Window
from tests.bot.waiting import done

SEVEN, EIGHT = (User(number, "Ada", is_bot=False, language_code="en") for number in (7, 8))
DECEMBER = Filters(Window(date(2021, 12, 1), None), "Lakeside Courier")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.sqlite"


def test_a_new_file_is_made_for_its_owner_alone(path: Path) -> None:
    with State(path) as state:
        assert state.rows("PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_of_an_older_version_is_brought_up_to_date(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with State(path) as state:
        done(Chats(state).set_language(7, "ru"))
    later = (*MIGRATIONS, "ALTER TABLE preferences ADD COLUMN size INTEGER NOT NULL DEFAULT 3")
    monkeypatch.setattr("bot.memory.state.MIGRATIONS", later)
    for _ in range(2):  # and not twice
        with State(path) as state:
            assert state.rows("SELECT * FROM preferences") == [(7, "ru", 3)]


def test_steps_that_are_joined_are_all_taken_or_none(path: Path) -> None:
    with State(path) as state:
        chats = Chats(state)
        done(joined(chats.set_language(7, "ru"), chats.set_filters(1, 7, DECEMBER)))
        assert state.rows("SELECT language FROM preferences") == [("ru",)]
        assert done(joined(chats.filters(1, 7), chats.filters(1, 8))) == (DECEMBER, Filters())
        failing = Step(state, lambda: state.change("INSERT INTO nothing VALUES (1)"))
        with pytest.raises(StateUnusable):
            done(joined(chats.set_language(8, "en"), failing))
        assert state.rows("SELECT user_id FROM preferences") == [(7,)]


def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    sqlite3.connect(path).execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(StateUnusable, match="newer newsquote"):
        State(path)


@pytest.mark.parametrize("content", [b"no database at all, but a text that is long enough" * 9])
def test_a_file_that_is_something_else_is_named(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StateUnusable, match=r"bot\.sqlite.*bot\.state"):
        State(path)
    with pytest.raises(StateUnusable, match="nowhere"):
        State(path.parent / "nowhere" / "bot.sqlite")
    assert path.read_bytes() == content


def test_what_belongs_together_happens_together(path: Path) -> None:
    def fail(state: State) -> None:
        with state.together():
            state.change("INSERT INTO preferences VALUES (7, 'ru')")
            raise KeyError

    with State(path) as state:
        with pytest.raises(KeyError):
            fail(state)
        assert state.rows("SELECT * FROM preferences") == []


# Updates.


def test_an_update_is_taken_once_across_restarts(path: Path) -> None:
    for expected in ([1000], []):
        with State(path) as state:
            assert done(Ledger(state).take([Taken(1000, 7, "{}")])) == expected
            assert done(Ledger(state).take([Taken(1000, 7, "{}")])) == []


def test_what_was_not_handled_is_pending_and_its_text_goes_when_it_is(path: Path) -> None:
    with State(path) as state:
        ledger = Ledger(state)
        for number in (1002, 1000, 1001):
            done(ledger.take([Taken(number, 7, f"payload {number}")]))
        done(ledger.done(1000))
    with State(path) as state:
        ledger = Ledger(state)
        assert done(ledger.pending()) == ["payload 1001", "payload 1002"]
        assert not done(ledger.take([Taken(1000, 7, "again")]))
        assert b"payload 1000" not in path.read_bytes()


def test_an_update_that_was_under_way_at_each_crash_is_left_alone(path: Path) -> None:
    with State(path) as state:
        ledger = Ledger(state)
        done(ledger.take([Taken(1000, 7, "poison")]))
        for _ in range(MOST_ATTEMPTS):
            assert done(ledger.pending()) == ["poison"]
            done(ledger.begin(1000))
        assert done(ledger.pending()) == []


def test_numbers_of_old_updates_are_dropped_but_not_pending_ones(path: Path) -> None:
    with State(path) as state:
        ledger = Ledger(state)
        for number in (1000, 1001, 1002):
            done(ledger.take([Taken(number, 7, "x")]))
        done(ledger.done(1000))
        done(ledger.done(1001))
        state.change("UPDATE updates SET at = at - ? WHERE update_id != 1001", KEPT_S + 1)
        done(ledger.tidy())
        assert state.rows("SELECT update_id FROM updates") == [(1001,), (1002,)]


# Conversations.


def test_the_last_turns_of_one_user_in_one_chat(path: Path) -> None:
    with State(path) as state:
        chats = Chats(state)
        for n in range(TURNS + 2):
            done(chats.add(-1, 7, n, Turn(f"question {n}", DECEMBER, shown=n)))
        done(chats.add(-1, 8, 50, Turn("of another user")))
        done(chats.add(-2, 7, 51, Turn("in another chat")))
    with State(path) as state:
        chats = Chats(state)
        assert done(chats.conversation(-1, 7)).turns == tuple(
            Turn(f"question {n}", DECEMBER, shown=n) for n in range(2, TURNS + 2)
        )
        before = done(chats.conversation(-1, 7, before=4)).turns
        assert [turn.question for turn in before] == ["question 2", "question 3"]
        done(chats.add(-1, 7, 5, Turn("edited")))
        now = done(chats.conversation(-1, 7)).turns
        assert [turn.question for turn in now][3:] == ["edited", "question 6"]
        done(chats.forget(-1, 7))
        assert done(chats.conversation(-1, 7)).turns == ()
        assert len(done(chats.conversation(-1, 8)).turns) == 1
        assert len(done(chats.conversation(-2, 7)).turns) == 1


@pytest.mark.parametrize(
    "filters",
    [Filters(), DECEMBER, Filters(Window(None, date(2022, 1, 1))), Filters(source="联合晚报")],
)
def test_filters_and_language_stay(path: Path, filters: Filters) -> None:
    user = SEVEN
    with State(path) as state:
        assert done(Chats(state).filters(1, 7)) == Filters()
        assert Chats(state).language(user) == "en"
        done(Chats(state).set_filters(1, 7, filters))
        done(Chats(state).set_language(7, "zh-Hant"))
    with State(path) as state:
        chats = Chats(state)
        assert done(chats.filters(1, 7)) == filters
        assert done(chats.filters(2, 7)) == done(chats.filters(1, 8)) == Filters()
        done(chats.recall(7))
        assert chats.language(user) == "zh-Hant"
        done(chats.set_language(7, None))
        assert chats.language(user) == "en"


# Answers.

ASKED = Asked(
    "and then?",
    Conversation((Turn("what?", DECEMBER, shown=3),), DECEMBER),
    datetime(2022, 3, 1, 9, tzinfo=UTC),
)


def test_an_answer_comes_back_as_it_was_noted(path: Path) -> None:
    one, two = Place(5, "a" * 64, 0, 9), Place(6, "b" * 64, 3, 4)
    with State(path) as state:
        number = done(Answers(state).note(1, 7, 40, ASKED))
        done(Answers(state).show(number, {1: one}))
        done(Answers(state).show(number, {2: two}))
        done(Answers(state).sent(number, 41))
    with State(path) as state:
        shown = done(Answers(state).get(number))
        assert shown is not None
        assert shown == done(Answers(state).to(1, 40))
        assert (shown.user_id, shown.message_id, shown.asked) == (7, 41, ASKED)
        assert shown.places == {1: one, 2: two}
        assert done(Answers(state).note(1, 7, 40, ASKED)) == number
        again = done(Answers(state).get(number))
        assert again is not None
        assert (again.message_id, again.places) == (41, {})
        assert done(Answers(state).get(number + 1)) is None


def test_an_answer_that_version_0_1_noted_is_read(path: Path) -> None:
    with State(path) as state:
        number = done(Answers(state).note(1, 7, 40, ASKED))
        filters = filters_as_json(DECEMBER)
        old = {"question": "and then?", "turns": [["what?", filters]], "filters": filters}
        old["at"] = "2022-03-01T09:00:00+00:00"
        state.change("UPDATE answers SET asked = ?", json.dumps(old))
        shown = done(Answers(state).get(number))
        assert shown is not None
        assert shown.asked.conversation == Conversation((Turn("what?", DECEMBER),), DECEMBER)


# Privacy.


def test_all_about_a_user_is_exported_and_erased_in_every_table(path: Path) -> None:
    with State(path) as state:
        for user in (7, 8):
            answers, chats = Answers(state), Chats(state)
            done(Ledger(state).take([Taken(1000 + user, user, "text")]))
            done(chats.add(user, user, 1, Turn("question")))
            done(chats.set_filters(user, user, DECEMBER))
            done(chats.set_language(user, "ru"))
            number = done(answers.note(user, user, 1, ASKED))
            shown = done(answers.get(number))
            assert shown is not None
            done(answers.rate(shown, good=True))
            state.change("INSERT INTO members VALUES (?, 0)", user)
            state.change("INSERT INTO invitations VALUES (?, ?, 0)", f"code{user}", user)
            watch = state.insert(
                "INSERT INTO watches (chat_id, user_id, question, filters, language, generation) "
                "VALUES (?1, ?1, '', '', '', '')",
                user,
            )
            state.change("INSERT INTO seen VALUES (?, 'x')", watch)
        exported = state.export(7)
        assert json.loads(json.dumps(exported)) == exported
        assert {name: len(rows) for name, rows in exported.items()} == dict.fromkeys(
            (
                "updates", "turns", "filters", "preferences", "answers", "feedback", "members",
                "invitations", "watches",
            ),
            1,
        )  # fmt: skip
        before = state.export(8)
        assert state.forget(7) == 9
        assert not any(state.export(7).values())
        assert state.export(8) == before
        assert len(state.rows("SELECT * FROM seen")) == 1
        assert not done(Ledger(state).take([Taken(1007, 7, "text")]))
        assert done(Ledger(state).pending()) == ["text"]
