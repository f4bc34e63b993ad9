"""The real bot process loses nothing: crashes, restarts, doubled updates, watches, new indexes."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.showing.texts import ENGLISH, RUSSIAN
from tests.botapi import BotApiServer
from tests.botapi.chatting import ARTICLES, BRIDGE, ask, replies, write_article
from tests.botapi.process import BotProcess, newsquote

pytestmark = pytest.mark.slow

Fresh = Callable[..., tuple[BotApiServer, BotProcess]]
QUESTION = "Who opened the Heron Bridge?"


def test_what_was_taken_before_a_crash_is_answered_after_it_once(fresh: Fresh) -> None:
    server, bot = fresh()
    with ExitStack() as held:
        for user in (7, 8, 9):
            has_arrived = held.enter_context(server.hold(user, cut=True))
            server.world.say(QUESTION, user)
            server.wait_for(has_arrived)
        bot.kill()
    server.world.waiting.clear()  # confirmed: Telegram does not deliver them again
    assert [server.sent(user) for user in (7, 8, 9)] == [[], [], []]
    _, again = fresh()
    for user in (7, 8, 9):
        replies(server, user)
    assert again.stop() == 0
    fresh()
    assert [len(server.sent(user)) for user in (7, 8, 9)] == [1, 1, 1]


def test_an_answer_that_was_sent_just_before_a_crash_is_not_sent_again(
    fresh: Fresh, folder: Path
) -> None:
    server, bot = fresh()
    ask(server, 7, QUESTION)
    state = sqlite3.connect(folder / f"{server.name}.sqlite")
    sent = "SELECT 1 FROM answers WHERE message_id IS NOT NULL"
    server.wait_for(lambda: bool(state.execute(sent).fetchall()))
    bot.kill()
    update = {"update_id": 1000, "message": server.world.said[0]}
    with state:  # as if it had been killed before it could note that
        state.execute("UPDATE updates SET payload = ?", [json.dumps(update)])
    state.close()
    fresh()
    assert ask(server, 7, "/new").text == ENGLISH.forgotten
    assert len(server.sent(7)) == 2


def test_an_update_delivered_again_after_a_restart_is_not_answered_again(fresh: Fresh) -> None:
    server, bot = fresh()
    server.world.say("/help")
    waiting = list(server.world.waiting)
    replies(server, 7)
    assert bot.stop() == 0
    server.world.waiting = waiting * 2
    fresh()
    assert ask(server, 7, "/new").text == ENGLISH.forgotten
    assert len(server.sent(7)) == 2


def test_buttons_conversations_and_preferences_outlive_a_restart(fresh: Fresh) -> None:
    server, bot = fresh()
    sent = ask(server, 7, QUESTION)
    ask(server, 7, "/since 2021")
    assert bot.stop() == 0
    fresh()
    query = server.world.press(sent, sent.button(ENGLISH.surroundings))
    server.wait_for(lambda: query in server.world.answered)
    assert ARTICLES["bridge.md"][4][1] in sent.text
    follow_up = ask(server, 7, "and in December?")
    assert follow_up.text.startswith(f"Understood as: {QUESTION}")
    assert "Period: 2021-01-01…" in follow_up.text


def test_a_broken_network_keeps_an_answer_for_the_next_start(fresh: Fresh) -> None:
    server, bot = fresh()
    for _ in range(6):
        server.cut("sendMessage")
    server.world.say(QUESTION)
    server.wait_for(lambda: server.faults_left("sendMessage") < 5)
    bot.kill()
    server.world.waiting.clear()
    server._faults.clear()
    fresh()
    assert BRIDGE in replies(server, 7)[0].text


def test_what_has_had_its_time_is_erased_while_the_bot_runs(fresh: Fresh, folder: Path) -> None:
    server, bot = fresh(BOT__TIDY_EVERY="1", BOT__PRIVATE="true", BOT__ADMINS="[7]")
    sent = ask(server, 7, QUESTION)
    ask(server, 7, "/invite")
    state = sqlite3.connect(folder / f"{server.name}.sqlite")
    counted = (
        "SELECT (SELECT count(*) FROM answers), (SELECT count(*) FROM invitations), "
        "(SELECT count(*) FROM updates)"
    )
    server.wait_for(lambda: state.execute(counted).fetchall() == [(1, 1, 2)])
    with state:
        for table in ("answers", "invitations", "updates"):
            state.execute(f"UPDATE {table} SET at = at - 91 * 24 * 3600")  # noqa: S608 - above
    server.wait_for(lambda: state.execute(counted).fetchall() == [(0, 0, 0)])
    state.close()
    query = server.world.press(sent, sent.button("👍"))
    server.wait_for(lambda: query in server.world.answered)
    assert server.world.answered[query]["text"] == ENGLISH.answer_gone
    assert bot.stop() == 0


def test_what_is_forgotten_is_gone_from_the_files_at_once(fresh: Fresh, folder: Path) -> None:
    server, bot = fresh()
    words = "heronquestionwords"
    ask(server, 7, f"{QUESTION} {words}")
    ask(server, 8, QUESTION)
    files = [folder / f"{server.name}.sqlite", folder / f"{server.name}.sqlite-wal"]
    assert any(words.encode() in file.read_bytes() for file in files)
    sent = ask(server, 7, "/forget")
    query = server.world.press(sent, sent.button(ENGLISH.forget_yes))
    server.wait_for(lambda: query in server.world.answered)
    assert not any(words.encode() in file.read_bytes() for file in files)
    assert bot.stop() == 0


class TestNewIndex:
    @pytest.fixture
    def own(self, folder: Path, tmp_path: Path) -> Path:
        """A folder of its own, with only the bridge's article in its archive."""
        (tmp_path / "index-data").mkdir()
        (tmp_path / "archive").mkdir()
        write_article(tmp_path / "archive", "bridge.md")
        assert newsquote(tmp_path, "index", "build").returncode == 0
        assert folder != tmp_path
        return tmp_path

    def test_a_watch_tells_what_is_new_once(self, own: Path) -> None:
        settings = {"BOT__WATCH_EVERY": "1"}
        with BotApiServer() as server:
            with BotProcess(own, server, settings) as bot:
                bot.wait_until_it_polls()
                assert ask(server, 7, "/watch").text == ENGLISH.watch_usage
                assert ask(server, 7, "/watches").text == ENGLISH.no_watches
                ask(server, 7, "/watch 雁湖渡轮为什么停航？")
                ask(server, 7, f"/watch {QUESTION}")
                assert ask(server, 7, "/watches", "ru").text == RUSSIAN.watches
                count = len(server.sent(7))
                write_article(own / "archive", "ferry.md")
                assert newsquote(own, "index", "build").returncode == 0
                news = replies(server, 7, count + 1)[-1]
                assert news.text.startswith("New in the archive on “雁湖渡轮为什么停航？”:")
                assert "顾望川" in news.text
                # As with every message: killed before it can note that it was sent, it sends it again.
                server.wait_for(lambda: _generations_asked(own, server) == 2)
            with BotProcess(own, server, settings) as bot:
                bot.wait_until_it_polls()
                assert newsquote(own, "index", "build").returncode == 0
                listed = ask(server, 7, "/watches")
                before = listed.labels()
                stranger = server.world.press(listed, listed.button("✕ 雁湖"), user=8)
                server.wait_for(lambda: stranger in server.world.answered)
                assert server.world.answered[stranger]["text"] == ENGLISH.only_group_admins
                assert (listed.labels(), listed.versions) == (before, [])
                query = server.world.press(listed, listed.button("✕ 雁湖"))
                server.wait_for(lambda: query in server.world.answered)
                assert listed.labels() == [f"✕ {QUESTION}", ENGLISH.once_a_day]
                server.wait_for(lambda: _generations_asked(own, server) == 1)
                assert len(server.sent(7)) == count + 2

    def test_watches_have_an_end(self, own: Path) -> None:
        with (
            BotApiServer() as server,
            BotProcess(own, server, {"BOT__WATCHES_PER_USER": "1"}) as bot,
        ):
            bot.wait_until_it_polls()
            for _ in range(2):  # the same again is the same watch
                assert ask(server, 7, f"/watch {QUESTION}").text.startswith("I am watching")
            assert ask(server, 7, "/watch the ferry").text == (
                ENGLISH.too_many_watches.format(count=1)
            )

    def test_buttons_find_their_quotes_in_a_new_index(self, own: Path) -> None:
        with BotApiServer() as server, BotProcess(own, server) as bot:
            bot.wait_until_it_polls()
            sent = ask(server, 7, QUESTION)
            write_article(own / "archive", "ferry.md")
            for name in ("a", "b"):  # earlier rows, so that the bridge's move
                shutil.copy(own / "archive" / "ferry.md", own / "archive" / f"{name}.md")
            assert newsquote(own, "index", "build").returncode == 0
            query = server.world.press(sent, sent.button(ENGLISH.surroundings))
            server.wait_for(lambda: query in server.world.answered)
            assert ARTICLES["bridge.md"][4][1] in sent.text
            (own / "archive" / "bridge.md").unlink()
            assert newsquote(own, "index", "build").returncode == 0
            query = server.world.press(sent, sent.button(ENGLISH.card))
            server.wait_for(lambda: query in server.world.answered)
            assert server.world.answered[query]["text"] == ENGLISH.passage_gone


def _generations_asked(folder: Path, server: BotApiServer) -> int:
    """How many watches were asked of the current index."""
    current = (folder / "index-data" / "CURRENT").read_text().strip()
    state = sqlite3.connect(folder / f"{server.name}.sqlite")
    ((count,),) = state.execute("SELECT count(*) FROM watches WHERE generation = ?", [current])
    state.close()
    return int(count)
