"""The real bot process and the real page: the one's button leads to the other."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.showing.texts import ENGLISH
from tests.botapi import BotApiServer
from tests.botapi.chatting import BRIDGE, ask
from tests.botapi.process import BotProcess
from tests.qa.web.serving import ASKING_MUCH, Server

pytestmark = pytest.mark.slow

PUBLIC = "https://quotes.example"


def test_an_article_is_opened_on_the_page(
    folder: Path, fresh: Callable[..., tuple[BotApiServer, BotProcess]]
) -> None:
    server, _ = fresh(SERVE__PUBLIC_URL=PUBLIC)
    sent = ask(server, 401, "Who opened the Heron Bridge?")
    (button, *_), *_ = sent.keyboard
    assert button["text"].endswith(ENGLISH.open_article)
    assert button["url"].startswith(f"{PUBLIC}/articles/")
    with Server(folder, {**ASKING_MUCH, "SERVE__PUBLIC_URL": PUBLIC}) as page:
        opened = page.get(button["url"].removeprefix(PUBLIC))
        assert opened.status_code == 200
        assert 'id="quote"' in opened.text
        assert BRIDGE[:20] in opened.text
