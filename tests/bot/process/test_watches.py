"""The real bot process: what can be done with watches, alone and in groups."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.showing.texts import ENGLISH
from tests.botapi import BotApiServer, Sent
from tests.botapi.chatting import ask, replies, write_article
from tests.botapi.process import BotProcess, newsquote

pytestmark = pytest.mark.slow

QUESTION = "雁湖渡轮为什么停航？"
GROUP = -501
SETTINGS = {"BOT__WATCH_EVERY": "1", "BOT__DIGEST_HOUR": "0"}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with only the bridge's article in its archive."""
    (tmp_path / "index-data").mkdir()
    (tmp_path / "archive").mkdir()
    write_article(tmp_path / "archive", "bridge.md")
    assert newsquote(tmp_path, "index", "build").returncode == 0
    return tmp_path


@pytest.fixture
def server() -> Iterator[BotApiServer]:
    with BotApiServer() as running:
        yield running


def add_the_ferry(folder: Path) -> None:
    write_article(folder / "archive", "ferry.md")
    assert newsquote(folder, "index", "build").returncode == 0


def press(server: BotApiServer, sent: Sent, label: str, user: int = 7) -> dict[str, str]:
    query = server.world.press(sent, sent.button(label), user)
    server.wait_for(lambda: query in server.world.answered)
    return server.world.answered[query]


def test_news_have_buttons_and_are_told_at_once_or_once_a_day(
    own: Path, server: BotApiServer
) -> None:
    with BotProcess(own, server, SETTINGS) as bot:
        bot.wait_until_it_polls()
        said = ask(server, 7, f"/watch daily {QUESTION}").text
        assert said == ENGLISH.watching_daily.format(question=QUESTION)
        listed = ask(server, 7, "/watches")
        assert listed.labels() == [f"✕ {QUESTION}", ENGLISH.at_once]
        press(server, listed, ENGLISH.at_once)
        assert listed.labels() == [f"✕ {QUESTION}", ENGLISH.once_a_day]
        add_the_ferry(own)
        news = replies(server, 7, 3)[-1]
        assert "顾望川" in news.text
        assert news.labels()[-2:] == [f"✕ {QUESTION}", ENGLISH.once_a_day]
        article, *_ = news.keyboard
        assert article[0]["url"] == "https://wanbao.example/ferry"
        assert article[1]["copy_text"]["text"].startswith("雁湖渡轮停航 — 雁湖晚报")
        press(server, news, ENGLISH.once_a_day)
        assert not any(label.startswith("✕") for label in news.labels())
        assert ask(server, 7, "/watches").labels()[1] == ENGLISH.at_once


def test_a_digest_waits_for_the_next_day(own: Path, server: BotApiServer) -> None:
    with BotProcess(own, server, SETTINGS) as bot:
        bot.wait_until_it_polls()
        ask(server, 7, f"/watch daily {QUESTION}")
        ask(server, 7, "/watch daily 顾望川")
        add_the_ferry(own)
        ask(server, 7, "渡轮为什么停航？")
        assert bot.stop() == 0
        assert len(server.sent(7)) == 3  # the ferry is known, and nothing was told
    state = sqlite3.connect(own / f"{server.name}.sqlite")
    with state:
        state.execute("UPDATE watches SET told = '2021-12-04'")
    state.close()
    with BotProcess(own, server, SETTINGS) as bot:
        bot.wait_until_it_polls()
        digest = replies(server, 7, 4)[-1]
        assert digest.text.startswith(f"{ENGLISH.digest}\n\n")
        assert f"New in the archive on “{QUESTION}”:" in digest.text
        labels = [label for label in digest.labels() if label.startswith("✕")]
        assert labels == [f"✕ {QUESTION}", "✕ 顾望川"]


def test_in_a_group_administrators_watch_for_all(own: Path, server: BotApiServer) -> None:
    with BotProcess(own, server, SETTINGS) as bot:
        bot.wait_until_it_polls()

        def say(text: str, count: int, user: int = 7) -> Sent:
            server.world.say(text, user, group=GROUP, topic=55)
            return replies(server, GROUP, count)[-1]

        server.world.administrators.add((GROUP, 7))
        command = f"/watch@quotes_test_bot {QUESTION}"
        assert say(command, 1, user=8).text == ENGLISH.only_group_admins
        assert say(command, 2).text == ENGLISH.watching.format(question=QUESTION)
        listed = say("/watches@quotes_test_bot", 3, user=8)
        assert listed.labels()[0] == f"✕ {QUESTION}"
        refused = press(server, listed, "✕", user=8)
        assert (refused["text"], refused["show_alert"]) == (ENGLISH.only_group_admins, "true")
        assert ask(server, 7, "/watches").text == ENGLISH.no_watches  # the group's, not theirs
        add_the_ferry(own)
        news = replies(server, GROUP, 4)[-1]
        assert "顾望川" in news.text
        assert news.params["message_thread_id"] == "55"
        press(server, listed, "✕")
        assert listed.text == ENGLISH.no_watches


def test_an_anonymous_administrator_watches_too(own: Path, server: BotApiServer) -> None:
    with BotProcess(own, server, SETTINGS) as bot:
        bot.wait_until_it_polls()
        chat = {"id": GROUP, "type": "supergroup", "title": "A group"}
        server.world.say(
            f"/watch@quotes_test_bot {QUESTION}", 1087968824, group=GROUP, sender_chat=chat
        )
        assert replies(server, GROUP)[0].text == ENGLISH.watching.format(question=QUESTION)
        assert json.loads(replies(server, GROUP)[0].params["reply_parameters"])["message_id"]
