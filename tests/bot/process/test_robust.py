"""The real bot process and what nobody foresaw: odd updates, odd servers, a disk that is full."""

import json
import resource
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.showing.texts import ENGLISH
from tests.botapi import BotApiServer
from tests.botapi.chatting import BRIDGE, ask, replies
from tests.botapi.process import BotProcess, free_port
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.slow

Fresh = Callable[..., tuple[BotApiServer, BotProcess]]
QUESTION = "Who opened the Heron Bridge?"
WORDS = "words of somebody else"
ODD: tuple[tuple[str, Any], ...] = (
    ("message", {"message_id": WORDS, "from": {"id": 7}}),
    ("callback_query", WORDS),
    ("message", {"text": WORDS}),
    ("inline_query", [[WORDS]]),
    ("message", {"message_id": 1, "date": 0, "chat": {"id": [WORDS], "type": "private"}}),
)
"""Updates that python-telegram-bot cannot read, or reads as nothing that Telegram gives."""


def page(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}{path}", timeout=PATIENCE_S
        ) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class TestOddUpdates:
    def test_they_are_recorded_counted_and_left_out(self, fresh: Fresh, folder: Path) -> None:
        port = free_port()
        server, bot = fresh(BOT__MONITOR_PORT=str(port), LOG__LEVEL="info")
        for kind, content in ODD:
            server.world.push(kind, content)
        assert BRIDGE in ask(server, 7, QUESTION).text
        metrics = page(port, "/metrics")[1].splitlines()
        assert 'newsquote_bot_unreadable_total{kind="message"} 3' in metrics
        assert 'newsquote_bot_unreadable_total{kind="callback_query"} 1' in metrics
        assert bot.stop() == 0
        assert bot.output().count("cannot be read and was left out") == len(ODD)
        assert WORDS not in bot.output()
        assert "Traceback" not in bot.output()
        state = sqlite3.connect(folder / f"{server.name}.sqlite")
        kept = state.execute("SELECT payload FROM updates WHERE payload IS NOT NULL").fetchall()
        assert len(kept) == len(ODD)
        assert all(WORDS in payload for (payload,) in kept)
        assert state.execute("SELECT user_id FROM updates ORDER BY 1").fetchone() == (0,)
        state.close()
        # They wait on record at the next start, and harm nothing there.
        _, bot = fresh()
        assert ask(server, 7, "/new").text == ENGLISH.forgotten
        assert bot.stop() == 0
        assert bot.output().count("cannot be read and was left out") == len(ODD)
        assert WORDS not in bot.output()
        assert len(server.sent(7)) == 2

    def test_a_webhook_takes_them_too(self, folder: Path) -> None:
        port = free_port()
        settings = {
            "BOT__MODE": "webhook",
            "BOT__WEBHOOK_URL": "https://bot.example/hook",
            "BOT__WEBHOOK_PORT": str(port),
        }
        with BotApiServer() as server, BotProcess(folder, server, settings) as bot:
            server.proxy = f"http://127.0.0.1:{port}"
            bot.wait_until_it_listens()
            for kind, content in ODD:
                server.world.push(kind, content)
            assert BRIDGE in ask(server, 7, QUESTION).text
            for body in (b"", b"no JSON", b"[]", b"{}", b"[" * 100_000):
                request = urllib.request.Request(  # noqa: S310 - local
                    f"{server.proxy}/hook",
                    body,
                    {"X-Telegram-Bot-Api-Secret-Token": server.world.secret},
                )
                with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - local
                    assert answer.status == 200  # or Telegram would push it again
            assert ask(server, 7, "/new").text == ENGLISH.forgotten
            assert bot.stop() == 0
            assert WORDS not in bot.output()
            assert "Traceback" not in bot.output()


class TestOddServers:
    def test_what_is_no_telegram_is_said_in_a_sentence_and_outlived(self, folder: Path) -> None:
        with BotApiServer() as server:
            server.odd("getMe", b"<html>log in first</html>", 404)
            server.odd("getMe", json.dumps({"ok": True, "result": {"name": WORDS}}).encode())
            server.odd("deleteWebhook", b"{}")
            server.odd("getUpdates", b"")
            server.odd("getUpdates", json.dumps({"ok": True, "result": {"name": WORDS}}).encode())
            server.odd("getUpdates", json.dumps({"ok": True, "result": [WORDS, {}]}).encode())
            some = [{"message": WORDS}, {"update_id": 5, "message": WORDS}]
            server.odd("getUpdates", json.dumps({"ok": True, "result": some}).encode())
            with BotProcess(folder, server) as bot:
                bot.wait_until_it_polls()
                assert BRIDGE in ask(server, 7, QUESTION).text
                assert bot.stop() == 0
                output = bot.output()
        assert "found a web page with HTTP status 404; see bot.api_url" in output
        assert "found one that cannot be read (TypeError)" in output
        assert "found JSON of another shape" in output
        assert "found an empty answer" in output
        assert "found no list of updates but dict" in output
        assert "found updates without numbers" in output
        assert "an update without a number was left out" in output
        assert "update 5 cannot be read" in output
        assert WORDS not in output
        assert "log in first" not in output
        assert "Traceback" not in output

    def test_an_odd_answer_to_a_message_is_no_reason_to_send_it_twice(self, fresh: Fresh) -> None:
        server, bot = fresh()
        server.odd("sendMessage", json.dumps({"ok": True, "result": {"odd": WORDS}}).encode())
        server.world.say(QUESTION)
        server.wait_for(lambda: not server.faults_left("sendMessage"))
        assert ask(server, 7, "/new").text == ENGLISH.forgotten
        assert bot.stop() == 0
        assert len(server.called("sendMessage")) == 2
        assert "found one that cannot be read (KeyError)" in bot.output()
        assert "Traceback" not in bot.output()


class TestState:
    """While the state cannot be written, nothing is taken or lost, and the bot says so once."""

    def outlived(
        self, server: BotApiServer, bot: BotProcess, port: int, mend: Callable[[], object]
    ) -> None:
        server.world.say(QUESTION)
        server.world.say("/help", 8)
        server.wait_for(lambda: "cannot be used" in bot.output())
        status, text = page(port, "/health")  # the event loop goes on
        assert status == 503
        assert text.startswith("the state cannot be used")
        assert not server.sent(7)
        mend()
        assert BRIDGE in replies(server, 7)[0].text
        replies(server, 8)
        assert ask(server, 7, "/new").text == ENGLISH.forgotten
        server.wait_for(lambda: page(port, "/health") == (200, "ok\n"))
        assert bot.stop() == 0
        assert len(server.sent(7)) == 2
        assert len(server.sent(8)) == 1
        assert bot.output().count("cannot be used") == 1
        assert bot.output().count("can be used again") == 1
        assert "Traceback" not in bot.output()

    def test_locked_by_another_program(self, fresh: Fresh, folder: Path) -> None:
        port = free_port()
        server, bot = fresh(BOT__MONITOR_PORT=str(port))
        other = sqlite3.connect(folder / f"{server.name}.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        self.outlived(server, bot, port, other.close)
        assert "database is locked" in bot.output()

    def test_on_a_disk_that_takes_no_more(self, fresh: Fresh, folder: Path) -> None:
        port = free_port()
        server, bot = fresh(BOT__MONITOR_PORT=str(port))
        log = Path(f"{folder / server.name}.sqlite-wal")
        process, everything = bot._process.pid, resource.RLIM_INFINITY
        enough = max(log.stat().st_size, 20_000)  # for what the bot writes to its standard error
        resource.prlimit(process, resource.RLIMIT_FSIZE, (enough, everything))
        # Until then, the first pages of the log may be written again.
        filler = "x" * 4000
        for user in range(20, 40):
            server.world.say(f"/ask {filler}", user)
        self.outlived(
            server,
            bot,
            port,
            lambda: resource.prlimit(process, resource.RLIMIT_FSIZE, (everything, everything)),
        )
        assert "disk" in bot.output()

    def test_a_stop_does_not_wait_for_the_disk(self, fresh: Fresh, folder: Path) -> None:
        server, bot = fresh()
        other = sqlite3.connect(folder / f"{server.name}.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        server.world.say(QUESTION)
        server.wait_for(lambda: "cannot be used" in bot.output())
        bot.begin_to_stop()
        assert bot.exit_status() == 0
        other.close()
        _, bot = fresh()
        assert BRIDGE in replies(server, 7)[0].text  # Telegram still had it, or it was on record
        assert bot.stop() == 0
        assert len(server.sent(7)) == 1


class TestUpgrade:
    OLD, NEW = -4455, -1001111111111

    def test_a_group_that_becomes_a_supergroup_keeps_all(self, fresh: Fresh) -> None:
        server, bot = fresh(BOT__ALLOWED_GROUPS=f"[{self.OLD}]")
        world = server.world
        world.say("/since@quotes_test_bot 2021", 9, group=self.OLD)
        replies(server, self.OLD)
        world.say(f"/ask {QUESTION}", 9, group=self.OLD)
        answer = replies(server, self.OLD, 2)[1]
        world.say("/ask who opened the school?", 9, group=-5)
        assert "private" in replies(server, -5)[0].text
        with server.hold(self.OLD) as has_arrived:
            world.say(f"/ask {QUESTION}", 10, group=self.OLD)
            server.wait_for(has_arrived)
            world.upgrade(self.OLD, self.NEW)
        under_way = replies(server, self.NEW)[0]
        assert BRIDGE in under_way.text
        assert "reply_parameters" not in under_way.params  # the number would be another message's
        world.next_message = 2  # a supergroup counts from one
        world.say("/ask and in 2021?", 9, group=self.NEW)
        follow_up = replies(server, self.NEW, 2)[1]
        assert follow_up.text.startswith(f"Understood as: {QUESTION}")
        assert "Period: 2021-01-01…" in follow_up.text
        world.say("/ask and in December?", 10, group=self.NEW)
        assert "Understood as" in replies(server, self.NEW, 3)[2].text
        query = world.press(answer, answer.button(ENGLISH.surroundings), user=9)
        server.wait_for(lambda: query in world.answered)
        assert BRIDGE in replies(server, self.NEW, 4)[3].text
        assert bot.stop() == 0
        assert "Traceback" not in bot.output()
        # And after a restart.
        _, bot = fresh(BOT__ALLOWED_GROUPS=f"[{self.OLD}]")
        world.say(f"/ask {QUESTION}", 11, group=self.NEW)
        assert BRIDGE in replies(server, self.NEW, 5)[4].text
        assert "Traceback" not in bot.output()
