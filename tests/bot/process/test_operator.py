"""The real bot process as its operator sees it: access, limits, administration, health."""

import fcntl
import io
import json
import socket
import sqlite3
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.showing.texts import ENGLISH, RUSSIAN
from tests.botapi import TOKEN, BotApiServer
from tests.botapi.chatting import BRIDGE, ask, replies, write_article
from tests.botapi.process import BotProcess, free_port, newsquote, stuck
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.slow

Fresh = Callable[..., tuple[BotApiServer, BotProcess]]
QUESTION = "Who opened the Heron Bridge?"
ADMIN = 1


def acknowledged(server: BotApiServer, query: str) -> dict[str, str]:
    server.wait_for(lambda: query in server.world.answered)
    return server.world.answered[query]


class TestAccess:
    def test_strangers_are_refused_once_and_heard_no_more(self, fresh: Fresh) -> None:
        server, bot = fresh(BOT__ALLOWED_USERS="[7]")
        assert ask(server, 8, QUESTION, "ru").text == (RUSSIAN.stranger.format(user_id=8))
        for text in ("/start", QUESTION, "/new"):
            server.world.say(text, 8)
        server.world.say("nothing to do with the bot", 10, group=-6)
        server.world.say("/ask who opened the Heron Bridge?", 9, group=-5)
        assert BRIDGE in ask(server, 7, QUESTION).text
        assert len(server.sent(8)) == 1
        assert server.sent(-6) == []
        assert [sent.text for sent in server.sent(-5)] == [ENGLISH.stranger.format(user_id=9)]
        assert bot.stop() == 0

    def test_every_entrance_is_gated_alike(self, fresh: Fresh) -> None:
        server, bot = fresh(BOT__PRIVATE="true", BOT__ADMINS="[1]")
        sent = ask(server, ADMIN, QUESTION)
        assert BRIDGE in sent.text
        before = sent.text, len(server.called("editMessageText"))
        press = server.world.press(sent, sent.button("👍"), user=9, language="ru")
        assert acknowledged(server, press)["text"] == RUSSIAN.stranger.format(user_id=9)
        inline = server.world.ask_inline(QUESTION, 9)
        answer = acknowledged(server, inline)
        assert (answer["results"], answer.get("cache_time", "0")) == ("[]", "0")
        server.world.say(QUESTION, 9)
        assert replies(server, 9)[0].text == ENGLISH.stranger.format(user_id=9)
        server.world.revise(server.world.said[-1], f"{QUESTION} again")
        server.world.revise(server.world.said[0], f"{QUESTION} again")
        server.wait_for(lambda: len(server.called("editMessageText")) == before[1] + 1)
        assert bot.stop() == 0  # by then all was handled
        assert len(server.sent(9)) == 1
        assert len(server.called("editMessageText")) == before[1] + 1

    @pytest.mark.parametrize(
        ("settings", "is_open"),
        [({}, True), ({"BOT__PRIVATE": "true"}, False), ({"BOT__ALLOWED_GROUPS": "[-5]"}, False)],
    )
    def test_an_open_bot_says_so_at_its_start(
        self,
        fresh: Fresh,
        settings: dict[str, str],
        is_open: bool,  # noqa: FBT001 - a table's column
    ) -> None:
        _, bot = fresh(**settings)
        assert ("WARNING bot.command: the bot is open" in bot.output()) is is_open

    def test_an_administrator_has_a_menu_of_more(self, fresh: Fresh) -> None:
        server, bot = fresh(BOT__ADMINS="[1]", LOG__LEVEL="info")
        assert "(chat, zh) was not set: Chat not found" in bot.output()
        ask(server, ADMIN, "/help")
        assert bot.stop() == 0
        fresh(BOT__ADMINS="[1]")
        names = [each["command"] for each in server.world.commands["chat 1", "ru"]]
        assert names[0] == "ask"
        assert names[-3:] == ["status", "reindex", "invite"]

    def test_members_of_an_allowed_group_only_there(self, fresh: Fresh) -> None:
        server, _ = fresh(BOT__ALLOWED_GROUPS="[-5]")
        server.world.say(f"/ask {QUESTION}", 9, group=-5)
        assert BRIDGE in replies(server, -5)[0].text
        assert ask(server, 9, QUESTION).text == ENGLISH.stranger.format(user_id=9)

    def test_a_state_that_fails_lets_nobody_in(self, fresh: Fresh, folder: Path) -> None:
        server, bot = fresh(BOT__PRIVATE="true", BOT__ADMINS="[1]")
        state = sqlite3.connect(folder / f"{server.name}.sqlite")
        with state:
            state.execute("DROP TABLE members")
        state.close()
        server.world.say(QUESTION, 9)
        assert BRIDGE in ask(server, ADMIN, QUESTION).text
        assert bot.stop() == 0
        assert server.sent(9) == []
        assert "was not let through" in bot.output()

    def test_an_invitation_lets_one_in(self, fresh: Fresh) -> None:
        server, bot = fresh(BOT__PRIVATE="true", BOT__ADMINS="[1]")
        text = ask(server, ADMIN, "/invite").text
        link = next(line for line in text.splitlines() if line.startswith("https://"))
        assert link.startswith("https://t.me/quotes_test_bot?start=")
        code = link.partition("=")[2]
        assert ask(server, 8, "/start wrong-code").text == ENGLISH.bad_code
        assert ask(server, 9, f"/start {code}").text.startswith(ENGLISH.welcome)
        assert BRIDGE in ask(server, 9, QUESTION).text
        assert ask(server, 8, f"/start {code}").text == ENGLISH.bad_code
        assert ask(server, 9, "/invite").text == ENGLISH.only_admins
        assert bot.stop() == 0
        fresh(BOT__PRIVATE="true", BOT__ADMINS="[1]")
        assert BRIDGE in ask(server, 9, QUESTION).text


class TestLimits:
    def test_too_much_is_refused_politely_and_once(self, fresh: Fresh) -> None:
        server, _ = fresh(BOT__USER_PER_MINUTE="2")  # the next one is half a minute away
        for _ in range(5):
            server.world.say("/new")
        texts = [sent.text for sent in replies(server, 7, 3)]
        assert texts[:2] == [ENGLISH.forgotten] * 2
        assert texts[2].startswith("That is more than I can answer for you at once.")
        sent = server.sent(7)[0]
        press = server.world.press(sent, "p:1:a0:0")
        assert acknowledged(server, press)["text"].startswith("That is more than")
        assert ask(server, 8, "/new").text == ENGLISH.forgotten
        assert len(server.sent(7)) == 3

    def test_an_edit_that_is_too_much_is_said(self, fresh: Fresh) -> None:
        server, bot = fresh(BOT__USER_PER_MINUTE="1")
        ask(server, 7, QUESTION)
        for number in range(10):  # nothing takes a minute each
            server.world.revise(server.world.said[0], f"{QUESTION} {number}")
        refused = replies(server, 7, 2)[1]
        assert refused.text.startswith("That is more than I can answer for you at once.")
        assert bot.stop() == 0

    def test_a_chat_has_a_limit_of_its_own(self, fresh: Fresh) -> None:
        server, _ = fresh(BOT__CHAT_PER_MINUTE="2")
        for user in (7, 8, 9):
            server.world.say(f"/ask {QUESTION}", user, group=-5)
        answered = [BRIDGE in sent.text for sent in replies(server, -5, 3)]
        assert sorted(answered) == [False, True, True]

    def test_a_flood_does_not_starve_others(self, fresh: Fresh) -> None:
        server, _ = fresh(BOT__QUEUE_PER_USER="5")
        with server.hold(7):  # the flood waits behind its first answer all that time
            for _ in range(30):
                server.world.say("/new", 7)
            server.world.say("/new", 8)
            server.wait_for(lambda: bool(server.sent(8)))
            assert server.sent(7) == []
        # Five wait, one may be under way; the others are left out, which is said once.
        server.wait_for(lambda: len(server.sent(7)) >= 6)
        server.wait_for(lambda: not server.world.waiting)
        assert ask(server, 8, "/new").text == ENGLISH.forgotten
        texts = [sent.text for sent in server.sent(7)]
        assert texts.count(ENGLISH.too_many.format(count=5)) == 1
        assert texts.count(ENGLISH.forgotten) in (5, 6)


class TestAdministration:
    @pytest.fixture
    def own(self, tmp_path: Path) -> Path:
        (tmp_path / "index-data").mkdir()
        (tmp_path / "archive").mkdir()
        write_article(tmp_path / "archive", "bridge.md")
        assert newsquote(tmp_path, "index", "build").returncode == 0
        return tmp_path

    @pytest.fixture
    def server(self, own: Path) -> Iterator[BotApiServer]:
        settings = {"BOT__ADMINS": "[1]", "BOT__WATCH_EVERY": "3600"}
        with BotApiServer() as server, BotProcess(own, server, settings) as bot:
            bot.wait_until_it_polls()
            yield server

    def test_only_administrators_may(self, server: BotApiServer) -> None:
        for command in ("/status", "/reindex", "/invite"):
            assert ask(server, 7, command).text == ENGLISH.only_admins
        server.world.send_document("a.md", b"x")
        assert replies(server, 7, 4)[-1].text == ENGLISH.only_text
        assert server.called("getFile") == []

    def test_status_and_an_update_of_the_index(self, own: Path, server: BotApiServer) -> None:
        ask(server, 7, QUESTION)
        lines = ask(server, ADMIN, "/status").text.splitlines()
        assert "Articles: 1" in lines
        assert "Answers since the start: 1" in lines
        write_article(own / "archive", "ferry.md")
        sent = ask(server, ADMIN, "/reindex")
        assert sent.text.startswith("Reading the archive") or sent.versions
        server.wait_for(lambda: sent.text.startswith("The new index answers now."))
        assert "Articles: 2" in sent.text.splitlines()
        assert "Articles: 2" in ask(server, ADMIN, "/status").text
        assert "顾望川" in ask(server, 7, "渡轮为什么停航？").text

    def test_an_update_that_finds_nothing_new_says_so(self, server: BotApiServer) -> None:
        sent = ask(server, ADMIN, "/reindex")
        server.wait_for(lambda: sent.text == ENGLISH.unchanged)

    def test_an_update_follows_the_settings_and_says_so(
        self, own: Path, server: BotApiServer
    ) -> None:
        (own / "news").mkdir()
        write_article(own / "news", "ferry.md")
        (own / "newsquote.toml").write_text('[archive]\npaths = ["news"]\n')  # while it runs
        sent = ask(server, ADMIN, "/reindex")
        server.wait_for(lambda: "The new index answers now." in sent.text)
        said = ENGLISH.followed.format(before=f"{own}/archive", paths=f"{own}/news")
        assert sent.text.startswith(said)
        assert "顾望川" in ask(server, 7, "渡轮为什么停航？").text
        (own / "newsquote.toml").write_text("[archive]\npath = []\n")
        sent = ask(server, ADMIN, "/reindex")
        server.wait_for(lambda: sent.text.startswith("The index was not changed"))
        assert "archive.paths" in sent.text  # the nearest key that there is

    def test_an_archive_that_has_gone_leaves_the_index(
        self, own: Path, server: BotApiServer
    ) -> None:
        (own / "archive" / "bridge.md").unlink()
        sent = ask(server, ADMIN, "/reindex")
        server.wait_for(lambda: sent.text.startswith("The index was not changed"))
        assert BRIDGE in ask(server, 7, QUESTION).text

    def test_an_index_that_must_be_built_again_is(self, own: Path, server: BotApiServer) -> None:
        manifest = next((own / "index-data" / "generations").glob("*/manifest.json"))
        manifest.write_text(
            manifest.read_text("utf-8").replace('"schema_version": ', '"schema_version": 1')
        )
        sent = ask(server, ADMIN, "/reindex")
        server.wait_for(lambda: sent.text.startswith("The new index answers now."))
        assert BRIDGE in ask(server, 7, QUESTION).text

    def test_a_failed_update_says_why(self, own: Path, server: BotApiServer) -> None:
        with (own / "index-data" / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # as another update does
            sent = ask(server, ADMIN, "/reindex")
            server.wait_for(lambda: sent.text.startswith("The index was not changed"))
        assert "another process is writing the index" in sent.text
        assert "newsquote" not in sent.text  # the command line's remedies are no help here
        assert BRIDGE in ask(server, 7, QUESTION).text

    def test_a_document_becomes_part_of_the_archive(self, own: Path, server: BotApiServer) -> None:
        write_article(own, "ferry.md")
        server.world.send_document("../ferry.md", (own / "ferry.md").read_bytes(), ADMIN)
        added, indexing = replies(server, ADMIN, 2)
        assert added.text == "Added to the archive: ferry.md"
        assert added.versions[0] == "Reading ../ferry.md…"
        server.wait_for(lambda: indexing.text.startswith("The new index answers now."))
        assert (own / "archive" / "inbox" / "ferry.md").is_file()
        assert "顾望川" in ask(server, 7, "渡轮为什么停航？").text

    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("empty.md", b"", "empty file"),
            ("binary.md", b"a\0b\0c" * 99, "NUL bytes"),
            ("{tool}.exe", b"MZ", "expected .md, .html, .zip"),
            ("bad.zip", b"PK", "cannot be unpacked"),
        ],
    )
    def test_a_bad_document_is_refused_with_the_reason(
        self, own: Path, server: BotApiServer, name: str, content: bytes, reason: str
    ) -> None:
        server.world.send_document(name, content, ADMIN)
        (sent,) = replies(server, ADMIN)
        server.wait_for(lambda: bool(sent.versions))
        assert sent.text.startswith(f"{name} was refused: ")
        assert reason in sent.text
        assert not (own / "archive" / "inbox").exists()

    def test_an_archive_of_documents_is_read_while_others_are_answered(
        self, own: Path, server: BotApiServer
    ) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as packed:
            for name in ("ferry.md", "school.md"):
                write_article(own, name)
                packed.write(own / name, f"folder/{name}")
            for number in range(20):
                packed.write(own / "ferry.md", f"copies/{number:02}.md")
            packed.writestr("bad.md", b"")
        with server.hold(ADMIN):  # the sign of life does not come: the reading waits for it
            server.world.send_document("many.zip", buffer.getvalue(), ADMIN)
            assert BRIDGE in ask(server, 7, QUESTION).text
        sent = replies(server, ADMIN)[0]
        server.wait_for(lambda: sent.text.startswith("Added"))
        assert sent.versions[0] == "Reading many.zip…"
        named, left_out = sent.text.splitlines()
        assert named.startswith("Added to the archive: ferry.md, school.md, 00.md")
        assert named.endswith("… (+12)")
        assert left_out == "Left out: bad.md: empty file"
        assert len(list((own / "archive" / "inbox").iterdir())) == 22

    def test_what_comes_while_the_index_is_updated_is_read_after_that(
        self, own: Path, server: BotApiServer
    ) -> None:
        write_article(own, "ferry.md")
        with stuck(own / "index-data"):
            began = ask(server, ADMIN, "/reindex")
            server.world.send_document("ferry.md", (own / "ferry.md").read_bytes(), ADMIN)
            assert replies(server, ADMIN, 3)[2].text == ENGLISH.already_indexing
        server.wait_for(lambda: "Articles: 2" in began.text.splitlines())


class TestMonitor:
    def test_health_and_counts(self, fresh: Fresh, folder: Path) -> None:
        port = str(free_port())
        server, bot = fresh(BOT__MONITOR_PORT=port)
        ask(server, 7, QUESTION)

        def page(path: str) -> str:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}{path}", timeout=PATIENCE_S
            ) as response:
                return str(response.read().decode())

        assert page("/health") == "ok\n"
        lines = page("/metrics").splitlines()
        assert 'newsquote_bot_answers_total{quoted="yes"} 1' in lines
        assert 'newsquote_bot_updates_total{kind="message"} 1' in lines
        assert "newsquote_bot_waiting 0" in lines
        assert "Heron" not in page("/metrics")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            page("/")
        health = newsquote(folder, "bot", "health", NEWSQUOTE_BOT__MONITOR_PORT=port)
        assert (health.returncode, health.stdout) == (0, "ok\n")
        assert bot.stop() == 0
        health = newsquote(folder, "bot", "health", NEWSQUOTE_BOT__MONITOR_PORT=port)
        assert health.returncode == 2
        assert "not well" in health.stderr

    def test_systemd_is_told_that_it_is_ready(self, fresh: Fresh, tmp_path: Path) -> None:
        address = str(tmp_path / "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.bind(address)
            systemd.settimeout(PATIENCE_S)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("NOTIFY_SOCKET", address)
                fresh()
            assert systemd.recv(100) == b"READY=1\nWATCHDOG=1"

    def test_logs_are_objects_without_what_people_write(self, fresh: Fresh) -> None:
        server, bot = fresh(BOT__LOG_FORMAT="json", LOG__LEVEL="info")
        ask(server, 7, QUESTION)
        assert bot.stop() == 0
        lines = [line for line in bot.output().splitlines() if line.startswith("{")]
        entries = [json.loads(line) for line in lines]
        assert any(entry["message"].startswith("answered in") for entry in entries)
        assert all({"time", "level", "logger", "message"} <= entry.keys() for entry in entries)
        assert "Heron" not in bot.output()
        assert TOKEN.partition(":")[2] not in bot.output()


class TestPrivacy:
    def test_all_about_a_user_is_printed_and_erased(self, fresh: Fresh, folder: Path) -> None:
        server, bot = fresh()
        ask(server, 7, QUESTION)
        ask(server, 8, QUESTION)
        assert bot.stop() == 0
        state = str(folder / f"{server.name}.sqlite")
        shown = newsquote(folder, "bot", "export", "7", NEWSQUOTE_BOT__STATE=state)
        exported = json.loads(shown.stdout)
        assert QUESTION in exported["turns"][0]["turn"]
        assert exported["updates"][0]["payload"] is None
        erased = newsquote(folder, "bot", "forget", "7", NEWSQUOTE_BOT__STATE=state)
        assert erased.returncode == 0
        shown = newsquote(folder, "bot", "export", "7", NEWSQUOTE_BOT__STATE=state)
        assert not any(json.loads(shown.stdout).values())
        assert not any(QUESTION in line for line in shown.stdout.splitlines())
        shown = newsquote(folder, "bot", "export", "8", NEWSQUOTE_BOT__STATE=state)
        assert json.loads(shown.stdout)["turns"]
