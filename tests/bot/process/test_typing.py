"""The real bot process shows that it works on an answer, for as long as it does."""

from itertools import groupby
from pathlib import Path

import pytest

from tests.botapi import BotApiServer
from tests.botapi.chatting import BRIDGE, replies, write_article
from tests.botapi.process import BotProcess, newsquote, stuck

pytestmark = pytest.mark.slow

QUESTION = "Who opened the Heron Bridge?"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "index-data").mkdir()
    (tmp_path / "archive").mkdir()
    write_article(tmp_path / "archive", "bridge.md")
    assert newsquote(tmp_path, "index", "build").returncode == 0
    return tmp_path


def test_typing_is_shown_where_the_answer_will_be_and_ends_with_it(own: Path) -> None:
    with (
        BotApiServer() as server,
        BotProcess(own, server, {"BOT__WATCH_EVERY": "3600"}) as bot,
    ):
        bot.wait_until_it_polls()
        for chat, topic in ((7, None), (-1230, 55)):
            with stuck(own / "index-data"):
                group = chat if topic else None
                server.world.say(f"/ask {QUESTION}", 7, group=group, topic=topic)
                # A chat action lasts five seconds, so it must come again.
                server.wait_for(lambda: server.world.actions.count((chat, "typing")) >= 2)  # noqa: B023 - at once
                assert server.sent(chat) == []
            assert BRIDGE in replies(server, chat)[0].text
            shown = len(server.called("sendChatAction"))
        topics = [call.params.get("message_thread_id") for call in server.called("sendChatAction")]
        assert [topic for topic, _ in groupby(topics)] == [None, "55"]
        # What is answered at once needs none, and the others have ended.
        server.world.say("/help", 8)
        replies(server, 8)
        assert bot.stop() == 0
        assert len(server.called("sendChatAction")) == shown
