"""A bot process and the server that it talks to, for the modules that test it as a whole."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.botapi import BotApiServer
from tests.botapi.chatting import ARTICLES, write_article
from tests.botapi.process import BotProcess, newsquote


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with articles and their index, as ``newsquote index build`` makes it."""
    folder = tmp_path_factory.mktemp("bot")
    archive = folder / "archive"
    archive.mkdir()
    for name in ARTICLES:
        write_article(archive, name)
    (folder / "index-data").mkdir()
    built = newsquote(folder, "index", "build")
    assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[BotApiServer]:
    with BotApiServer() as running:
        yield running


@pytest.fixture(scope="module")
def bot(folder: Path, server: BotApiServer) -> Iterator[BotProcess]:
    """A bot that logs all it can log, for all tests that leave it running."""
    with BotProcess(folder, server, {"LOG__LEVEL": "debug"}) as running:
        running.wait_until_it_polls()
        yield running


@pytest.fixture
def fresh(folder: Path) -> Iterator[Callable[..., tuple[BotApiServer, BotProcess]]]:
    """Start further bots, each with a server of its own."""
    running: list[BotProcess] = []

    with BotApiServer() as server:

        def start(**settings: str) -> tuple[BotApiServer, BotProcess]:
            running.append(BotProcess(folder, server, settings))
            running[-1].wait_until_it_polls()
            return server, running[-1]

        yield start
        for each in running:
            each.__exit__(None, None, None)
