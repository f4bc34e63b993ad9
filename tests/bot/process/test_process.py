"""The real bot process answers over HTTP, from a real index, to a server as strict as Telegram."""

import json
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.showing.texts import ENGLISH, RUSSIAN, SIMPLIFIED, TRADITIONAL, Texts
from tests.botapi import TOKEN, ApiError, BotApiServer, Sent
from tests.botapi.chatting import BRIDGE, QUOTES, ask, covered, replies
from tests.botapi.process import BotProcess, newsquote

pytestmark = pytest.mark.slow

SECRET = TOKEN.partition(":")[2]
Fresh = Callable[..., tuple[BotApiServer, BotProcess]]


@pytest.mark.usefixtures("bot")
class TestPrivateChat:
    @pytest.mark.parametrize(
        ("user", "language", "texts"),
        [
            (101, "en", ENGLISH),
            (102, "zh-hans", SIMPLIFIED),
            (103, "zh-hant", TRADITIONAL),
            (104, "ru", RUSSIAN),
        ],
    )
    def test_start_and_help_speak_the_users_language(
        self, server: BotApiServer, user: int, language: str, texts: Texts
    ) -> None:
        begun = ask(server, user, "/start", language)
        assert begun.text == f"{texts.start}\n\n{texts.examples}"
        assert ask(server, user, "/help", language).text == texts.help.format(bot="quotes_test_bot")

    def test_a_question_is_answered_word_for_word_with_a_link(self, server: BotApiServer) -> None:
        sent = ask(server, 110, "Who opened the Heron Bridge?")
        assert BRIDGE in covered(sent, *QUOTES)[0]
        assert any(piece in BRIDGE for piece in covered(sent, "bold"))
        link, *_ = [each for each in sent.entities if each.type == "text_link"]
        assert link.url == "https://courier.example/bridge?a=1&b=2"
        assert covered(sent, "text_link")[0] == (
            "[1] Heron Bridge opens <at last> — Lakeside Courier, 2021-12-04"
        )
        assert sent.params["link_preview_options"] == '{"is_disabled": true}'

    @pytest.mark.parametrize(
        ("user", "question", "words"),
        [
            (111, "渡轮为什么停航？", "顾望川"),
            (112, "渡輪為什麼停航？", "顾望川"),
            (113, "Кто директор школы в Озёрске?", "Зоя Лугова"),
        ],
    )
    def test_questions_in_other_scripts(
        self, server: BotApiServer, user: int, question: str, words: str
    ) -> None:
        assert words in "".join(covered(ask(server, user, question), *QUOTES))

    def test_what_the_archive_cannot_answer(self, server: BotApiServer) -> None:
        sent = ask(server, 120, "zxqv wkjy plmq?", "ru")
        assert RUSSIAN.nothing_found in sent.text
        assert not covered(sent, *QUOTES)

    def test_markup_in_a_question_does_no_harm(self, server: BotApiServer) -> None:
        for question in ("<b>&\"'</blockquote> 😀", "\u202eHeron <Bridge> & 😀", "?" * 4000):
            assert ask(server, 121, question).text

    def test_a_follow_up_continues_until_the_bot_is_told_to_forget(
        self, server: BotApiServer
    ) -> None:
        # Both at once: the second must wait for the first to be understood.
        server.world.say("Who opened the Heron Bridge?", 122)
        server.world.say("and in 2021?", 122)
        follow_up = replies(server, 122, 2)[1]
        assert follow_up.text.startswith(
            "Understood as: Who opened the Heron Bridge? · Preferably from: 2021-01-01…2021-12-31\n"
        )
        assert BRIDGE in covered(follow_up, *QUOTES)[0]
        assert ask(server, 122, "/new").text == ENGLISH.forgotten
        assert "Understood as" not in ask(server, 122, "and in 2021?").text

    def test_users_do_not_share_a_conversation(self, server: BotApiServer) -> None:
        ask(server, 125, "Who opened the Heron Bridge?")
        assert "Understood as" not in ask(server, 126, "and in 2021?").text

    def test_how_dates_were_understood_is_shown(self, server: BotApiServer) -> None:
        sent = ask(server, 127, "Who opened the Heron Bridge in December 2021?")
        assert sent.text.startswith("Preferably from: 2021-12-01…2021-12-31\n\n")

    def test_a_greeting_is_not_searched(self, server: BotApiServer) -> None:
        assert ask(server, 128, "你好", "zh-hans").text == SIMPLIFIED.small_talk

    def test_ask_without_a_question(self, server: BotApiServer) -> None:
        assert ask(server, 123, "/ask").text == ENGLISH.ask_usage
        assert BRIDGE in ask(server, 123, "/ask who opened the Heron Bridge").text

    def test_unknown_commands_and_stickers(self, server: BotApiServer) -> None:
        assert ask(server, 124, "/dance").text == ENGLISH.unknown_command
        server.world.say(
            "",
            124,
            sticker={
                "file_id": "a",
                "file_unique_id": "b",
                "type": "regular",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
            },
        )
        assert replies(server, 124, 2)[-1].text == ENGLISH.only_text

    def test_menus_are_set_in_each_language(self, server: BotApiServer) -> None:
        shown = server.world.commands
        scopes = ("all_private_chats", "all_group_chats")
        assert shown.keys() == {(scope, code) for scope in scopes for code in ("", "zh", "ru")}
        assert [each["command"] for each in shown["all_private_chats", "zh"]] == [
            name for name, _ in SIMPLIFIED.commands
        ]
        assert [each["command"] for each in shown["all_group_chats", "ru"]] == [
            *("ask", "new", "since", "until", "source", "latest", "sources"),
            *("reset", "watch", "watches", "help"),
        ]
        assert shown["all_group_chats", "ru"][0]["description"] == RUSSIAN.commands[0][1]


@pytest.mark.usefixtures("bot")
class TestGroup:
    GROUP = -1001

    def test_only_what_is_addressed_to_the_bot_is_answered(self, server: BotApiServer) -> None:
        def say(text: str, reply_to: Sent | None = None) -> int:
            message_id = server.world.next_message
            server.world.say(text, 130, group=self.GROUP, reply_to=reply_to)
            return message_id

        say("Who opened the Heron Bridge?")
        say("/help")
        say("/ask@another_bot who opened the Heron Bridge?")
        say("@another_bot who opened the Heron Bridge?")
        asked = [say("/ask@quotes_test_bot who opened the Heron Bridge?")]
        first, *_ = replies(server, self.GROUP)
        asked += [
            say("@Quotes_Test_Bot who opened the Heron Bridge?"),
            say("Who opened the Heron Bridge?", first),
        ]
        sent = replies(server, self.GROUP, 3)
        answered = [json.loads(each.params["reply_parameters"])["message_id"] for each in sent]
        assert answered == asked
        assert all(BRIDGE in each.text for each in sent)

    def test_members_do_not_share_a_conversation(self, server: BotApiServer) -> None:
        server.world.say("/ask who opened the Heron Bridge?", 132, group=-1003)
        replies(server, -1003)
        server.world.say("/ask and in 2021?", 133, group=-1003)
        server.world.say("/ask and in 2021?", 132, group=-1003)
        _, other, same = replies(server, -1003, 3)
        if "Understood as" in other.text:  # different conversations need not wait for each other
            other, same = same, other
        assert "Understood as" not in other.text
        assert "Understood as" in same.text

    def test_a_conversation_in_a_group_has_its_commands(self, server: BotApiServer) -> None:
        group = -1004

        def say(text: str, count: int, reply_to: Sent | None = None) -> Sent:
            server.world.say(text, 134, group=group, reply_to=reply_to)
            return replies(server, group, count)[-1]

        assert say("/since@quotes_test_bot 2022", 1).text.startswith("In force: Period: 2022")
        assert say("/ask who opened the Heron Bridge?", 2).text.startswith("Period: 2022")
        reset = say("/reset@quotes_test_bot", 3)
        assert reset.text == ENGLISH.no_filters
        assert BRIDGE in say("/ask who opened the Heron Bridge?", 4).text
        assert say("/new", 5, reply_to=reset).text == ENGLISH.forgotten
        assert "Understood as" not in say("/ask and in 2021?", 6).text
        for text in ("/new", "/since@another_bot 2021", "/since 2021"):  # may be other bots'
            server.world.say(text, 134, group=group)
        elsewhere = ENGLISH.only_private.format(bot="quotes_test_bot")
        assert [
            say(f"/{name}@quotes_test_bot", n).text
            for n, name in (
                (7, "forget"),
                (8, "language"),
                (9, "status"),
            )
        ] == [elsewhere] * 3
        assert len(server.sent(group)) == 9
        server.world.say("/ask and who opened the bridge?", 135, group=group)
        assert "Period" not in replies(server, group, 10)[-1].text

    def test_a_sticker_in_a_group_is_not_the_bots_business(self, server: BotApiServer) -> None:
        server.world.say("", 131, group=-1002, dice={"emoji": "🎲", "value": 3})
        server.world.say("@quotes_test_bot", 131, group=-1002)
        (sent,) = replies(server, -1002)
        assert sent.text == ENGLISH.ask_usage


class TestFaults:
    def test_429_is_waited_out(self, server: BotApiServer, bot: BotProcess) -> None:
        server.flood("sendMessage", 1)
        assert BRIDGE in ask(server, 140, "Who opened the Heron Bridge?").text
        # A message is seen before its call is noted.
        server.wait_for(
            lambda: [call.status for call in server.called("sendMessage")[-2:]] == [429, 200]
        )
        limited, answered = server.called("sendMessage")[-2:]
        assert answered.at - limited.at >= 1
        assert SECRET not in bot.output()

    def test_a_bad_gateway_and_a_cut_connection_are_outlived(
        self, server: BotApiServer, bot: BotProcess
    ) -> None:
        server.refuse("sendMessage", ApiError(502, "Bad Gateway"))
        assert BRIDGE in ask(server, 141, "Who opened the Heron Bridge?").text
        server.cut("sendMessage")
        assert BRIDGE in ask(server, 141, "Who opened the Heron Bridge?").text
        server.cut("getUpdates")
        server.refuse("getUpdates", ApiError(500, "Internal Server Error"))
        server.world.say("hello", 141)  # ends the poll under way; the next two fail
        server.wait_for(lambda: any(call.status == 500 for call in server.called("getUpdates")))
        server.world.say("/help", 141)
        assert replies(server, 141, 4)[-1].text.startswith("Send me a question.")
        assert SECRET not in bot.output()

    def test_a_slow_chat_does_not_hold_up_another(
        self, server: BotApiServer, bot: BotProcess
    ) -> None:
        with server.hold(142) as has_arrived:
            server.world.say("Who opened the Heron Bridge?", 142)
            server.wait_for(has_arrived)
            assert ask(server, 143, "/help").text.startswith("Send me a question.")
            assert not server.sent(142)
        replies(server, 142)
        assert SECRET not in bot.output()

    def test_a_user_who_blocked_the_bot(self, server: BotApiServer, bot: BotProcess) -> None:
        server.world.blocked.add(144)
        server.world.say("Who opened the Heron Bridge?", 144)
        server.wait_for(lambda: any(call.status == 403 for call in server.calls))
        assert ask(server, 145, "/help").text.startswith("Send me a question.")
        assert "Traceback" not in bot.output()

    def test_a_broken_index_is_logged_first_and_answered_politely(
        self, folder: Path, tmp_path: Path
    ) -> None:
        shutil.copytree(folder / "index-data", tmp_path / "index-data")
        with (
            BotApiServer() as server,
            BotProcess(tmp_path, server, {"LOG__LEVEL": "debug"}) as bot,
        ):
            bot.wait_until_it_polls()
            store = next((tmp_path / "index-data").rglob("archive.sqlite"))
            store.write_bytes(store.read_bytes().replace(b"eleven years", b"twelve years"))
            assert ask(server, 7, "Who opened the Heron Bridge?", "zh-hans").text == (
                SIMPLIFIED.failed
            )
            assert re.search(
                r"ERROR bot.handlers.failures: update 1000 failed\nTraceback", bot.output()
            )
            assert bot.stop() == 0
            assert SECRET not in bot.output()
            assert "[token]" in bot.output()


class TestLife:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_stop_finishes_what_was_taken(self, fresh: Fresh, number: signal.Signals) -> None:
        server, bot = fresh()
        with server.hold(7) as has_arrived:
            server.world.say("Who opened the Heron Bridge?")
            server.wait_for(has_arrived)
            bot.begin_to_stop(number)
        assert bot.exit_status() == 0
        assert BRIDGE in server.sent(7)[0].text
        assert server.world.waiting == []
        assert bot.output().splitlines()[-2:] == [
            "@quotes_test_bot answers; Ctrl-C stops it",
            "stopping, once what was taken is answered",
        ]

    def test_questions_asked_while_it_was_away_are_answered(self, fresh: Fresh) -> None:
        server, bot = fresh()
        assert bot.stop() == 0
        server.world.say("Who opened the Heron Bridge?")
        fresh()
        assert len(replies(server, 7)) == 1

    def test_it_starts_without_menus_and_before_the_network(self, folder: Path) -> None:
        with BotApiServer() as server:
            server.cut("getMe")
            server.refuse("setMyCommands", ApiError(500, "Internal Server Error"), 3)
            with BotProcess(folder, server) as bot:
                bot.wait_until_it_polls()
                assert ask(server, 7, "/help").text.startswith("Send me a question.")
                assert bot.output().count("the menu of commands") == 3

    def test_a_second_instance_stops_the_first(self, fresh: Fresh) -> None:
        server, bot = fresh()
        server.world.fetch(0, 1, 0, None)
        assert bot.exit_status() == 2
        assert "second instance" in bot.output()
        assert "Traceback" not in bot.output()

    def test_a_revoked_token_stops_it(self, fresh: Fresh) -> None:
        server, bot = fresh()
        server.token = "4242:another-token-of-the-local-server-xyz"
        server.world.say("hello")
        assert bot.exit_status() == 2
        assert "NEWSQUOTE_BOT__TOKEN" in bot.output()

    @pytest.mark.parametrize("level", ["debug", "warning"])
    def test_a_wrong_token(self, folder: Path, level: str) -> None:
        wrong = "4243:BBwrong-token_of-nobody-in-the-world-x"
        with BotApiServer() as server:
            done = newsquote(
                folder,
                "bot",
                NEWSQUOTE_BOT__TOKEN=wrong,
                NEWSQUOTE_BOT__API_URL=server.url,
                NEWSQUOTE_LOG__LEVEL=level,
            )
        assert done.returncode == 2
        assert "Telegram does not accept the bot's token" in done.stderr
        assert wrong.partition(":")[2] not in done.stdout + done.stderr
        assert level == "debug" or "Traceback" not in done.stderr

    @pytest.mark.parametrize(
        "token", ["", "  ", "not-a-token-at-all-but-secret", "12:short-secret"]
    )
    def test_a_missing_or_malformed_token(self, folder: Path, token: str) -> None:
        done = newsquote(folder, "bot", NEWSQUOTE_BOT__TOKEN=token)
        assert done.returncode == 2
        assert "NEWSQUOTE_BOT__TOKEN" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert "secret" not in done.stderr

    def test_no_index_yet(self, tmp_path: Path) -> None:
        done = newsquote(
            tmp_path, "bot", NEWSQUOTE_BOT__TOKEN=TOKEN, XDG_DATA_HOME=str(tmp_path / "data")
        )
        assert done.returncode == 2
        assert "newsquote index build" in done.stderr
