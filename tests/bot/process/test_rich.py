"""The real bot process: answers as rich messages where server and chat have them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.showing.texts import ENGLISH
from tests.botapi import ApiError, BotApiServer, Sent
from tests.botapi.chatting import BRIDGE, QUOTES, ask, covered, replies
from tests.botapi.process import BotProcess

pytestmark = pytest.mark.slow

QUESTION = "Who opened the Heron Bridge?"


def press(server: BotApiServer, sent: Sent, label: str) -> None:
    query = server.world.press(sent, sent.button(label), sent.chat_id)
    server.wait_for(lambda: query in server.world.answered)


def blocks(sent: Sent) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(sent.params["rich_message"])["blocks"]
    return found


@pytest.fixture(scope="module")
def server() -> Iterator[BotApiServer]:
    with BotApiServer(rich=True) as running:
        yield running


@pytest.fixture(scope="module")
def bot(folder: Path, server: BotApiServer) -> Iterator[BotProcess]:
    with BotProcess(folder, server, {"BOT__QUOTES": "1", "ANSWER__THRESHOLD": "0.02"}) as bot:
        bot.wait_until_it_polls()
        yield bot


@pytest.mark.usefixtures("bot")
class TestWithRichMessages:
    def test_an_answer_is_a_rich_message_with_buttons_inside(self, server: BotApiServer) -> None:
        sent = ask(server, 401, f"{QUESTION} In December 2021.")
        assert sent.rich
        quotation, buttons, footer = blocks(sent)
        assert quotation["type"] == "blockquote"
        assert quotation["credit"] == {
            "type": "url",
            "text": "[1] Heron Bridge opens <at last> — Lakeside Courier, 2021-12-04",
            "url": "https://courier.example/bridge?a=1&b=2",
        }
        assert [button["text"] for button in buttons["buttons"]] == [
            ENGLISH.open_article,
            ENGLISH.copy_citation,
            ENGLISH.surroundings,
        ]
        assert footer == {
            "type": "footer",
            "text": "Preferably from: 2021-12-01…2021-12-31",
        }
        assert BRIDGE in covered(sent, *QUOTES)[0]
        assert covered(sent, "marked")[0] in BRIDGE
        below = [button["text"] for row in sent.keyboard for button in row]
        assert below[-3:] == ["👍", "👎", "↗ Share"]
        assert ENGLISH.copy_citation not in below

    def test_its_buttons_edit_it_in_place(self, server: BotApiServer) -> None:
        sent = ask(server, 402, QUESTION)
        assert sent.rich, server.called("sendRichMessage")
        first = sent.text
        press(server, sent, ENGLISH.surroundings)
        assert sent.rich
        assert "four hundred metres" in sent.text
        press(server, sent, ENGLISH.card)
        assert "File: bridge.md" in sent.text
        press(server, sent, "↩")
        assert sent.text == first
        press(server, sent, "👍")
        assert "👍 ✓" in sent.labels()
        assert ENGLISH.copy_citation in sent.labels()
        assert len(server.sent(402)) == 1
        assert all(call.status == 200 for call in server.called("editMessageText"))

    def test_in_a_topic_it_replies_to_the_question(self, server: BotApiServer) -> None:
        server.world.say(f"/ask {QUESTION}", 403, group=-403, topic=55)
        (sent,) = replies(server, -403)
        assert sent.rich
        assert sent.params["message_thread_id"] == "55"
        asked = server.world.said[-1]["message_id"]
        assert json.loads(sent.params["reply_parameters"])["message_id"] == asked

    def test_a_chat_that_may_have_none_gets_plain_messages(self, server: BotApiServer) -> None:
        server.refuse("sendRichMessage", ApiError(400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN"))
        sent = ask(server, 404, QUESTION)
        assert not sent.rich
        assert BRIDGE in covered(sent, *QUOTES)[0]
        calls = len(server.called("sendRichMessage"))
        assert not ask(server, 404, QUESTION).rich
        assert len(server.called("sendRichMessage")) == calls
        assert ask(server, 405, QUESTION).rich

    def test_a_topic_where_it_may_not_write_makes_no_chat_plain(self, server: BotApiServer) -> None:
        server.world.closed.add((-407, 5))
        before = len(server.called("sendRichMessage"))
        for topic in (5, 6):
            server.world.say(f"/ask {QUESTION}", 407, group=-407, topic=topic)
        (sent,) = replies(server, -407)
        calls = server.called("sendRichMessage")[before:]
        assert sorted(call.status for call in calls) == [200, 400]
        assert sent.rich

    def test_a_bad_network_is_outlived(self, server: BotApiServer) -> None:
        server.flood("sendRichMessage", 1)
        assert ask(server, 406, QUESTION).rich
        server.refuse("sendRichMessage", ApiError(502, "Bad Gateway"))
        assert ask(server, 406, QUESTION).rich


class TestWithoutThem:
    def test_a_server_without_them_is_asked_once(self, folder: Path) -> None:
        with BotApiServer() as server, BotProcess(folder, server) as bot:
            bot.wait_until_it_polls()
            for _ in range(2):
                sent = ask(server, 7, QUESTION)
                assert not sent.rich
                assert BRIDGE in covered(sent, *QUOTES)[0]
            assert [call.status for call in server.called("sendRichMessage")] == [404]

    def test_the_settings_can_leave_them_out(self, folder: Path) -> None:
        off = {"BOT__RICH_MESSAGES": "false"}
        with BotApiServer(rich=True) as server, BotProcess(folder, server, off) as bot:
            bot.wait_until_it_polls()
            assert not ask(server, 7, QUESTION).rich
            assert server.called("sendRichMessage") == []
