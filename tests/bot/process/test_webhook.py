"""The real bot process behind a webhook: with a proxy before it, and with a certificate of its own."""

import json
import shutil
import ssl
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.showing.texts import ENGLISH
from tests.botapi import TOKEN, BotApiServer
from tests.botapi.chatting import BRIDGE, ask
from tests.botapi.process import BotProcess, free_port, newsquote
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.slow

QUESTION = "Who opened the Heron Bridge?"


@dataclass(frozen=True)
class Certificate:
    """A certificate of its own for localhost, and a folder with an index to serve."""

    folder: Path
    certificate: Path
    key: Path


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Certificate:
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    made = Certificate(folder, tmp_path / "own.pem", tmp_path / "own.key")
    options = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    extension = "subjectAltName=DNS:localhost"
    files = ["-out", str(made.certificate), "-keyout", str(made.key)]
    subprocess.run(
        ["openssl", *options.split(), "-addext", extension, *files],
        check=True,
        capture_output=True,
    )
    return made


def test_updates_are_pushed_to_it_and_strangers_refused(folder: Path) -> None:
    port = free_port()
    settings = {
        "BOT__MODE": "webhook",
        "BOT__WEBHOOK_URL": "https://bot.example/hook",
        "BOT__WEBHOOK_PORT": str(port),
        "BOT__WEBHOOK_TOKEN": "sesame-0",
        "LOG__LEVEL": "debug",
    }
    with BotApiServer() as server, BotProcess(folder, server, settings) as bot:
        server.proxy = f"http://127.0.0.1:{port}"
        bot.wait_until_it_listens()
        (call,) = server.called("setWebhook")
        assert (call.params["url"], call.params["secret_token"]) == (
            "https://bot.example/hook",
            "sesame-0",
        )
        assert BRIDGE in ask(server, 7, QUESTION).text
        forged = json.dumps({"update_id": 5, "message": server.world.said[0]}).encode()
        for secret in ("wrong", ""):
            request = urllib.request.Request(  # noqa: S310 - local
                f"{server.proxy}/hook",
                forged,
                {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret},
            )
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(request, timeout=PATIENCE_S)  # noqa: S310 - local
        assert ask(server, 7, "/new").text == ENGLISH.forgotten
        assert len(server.sent(7)) == 2
        with server.hold(7) as has_arrived:
            server.world.say("/new")
            server.wait_for(has_arrived)
            bot.begin_to_stop()
        assert bot.exit_status() == 0
        assert len(server.sent(7)) == 3
        assert "sesame-0" not in bot.output()


def test_an_own_certificate_is_uploaded_and_trusted(own: Certificate) -> None:
    port = free_port()
    settings = {
        "BOT__MODE": "webhook",
        "BOT__WEBHOOK_URL": "https://localhost/hook",
        "BOT__WEBHOOK_PORT": str(port),
        "BOT__WEBHOOK_TOKEN": "sesame-0",
        "BOT__WEBHOOK_CERTIFICATE": str(own.certificate),
        "BOT__WEBHOOK_KEY": str(own.key),
    }
    with BotApiServer() as server, BotProcess(own.folder, server, settings) as bot:
        server.proxy = f"https://localhost:{port}"
        bot.wait_until_it_listens()
        assert server.world.certificate == own.certificate.read_text()
        assert BRIDGE in ask(server, 7, QUESTION).text
        forged = urllib.request.Request(  # noqa: S310 - local
            f"{server.proxy}/hook",
            json.dumps({"update_id": 5, "message": server.world.said[0]}).encode(),
            {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": "wrong"},
        )
        trusting = ssl.create_default_context(cafile=own.certificate)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(forged, timeout=PATIENCE_S, context=trusting)  # noqa: S310 - local
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(forged, timeout=PATIENCE_S)  # noqa: S310 - local
        assert ask(server, 7, "/new").text == ENGLISH.forgotten
        assert len(server.sent(7)) == 2
        assert bot.stop() == 0


@pytest.mark.parametrize("url", ["", "http://bot.example/", "https://bot.example:8080/x"])
def test_an_address_that_telegram_cannot_push_to(folder: Path, url: str) -> None:
    done = newsquote(
        folder,
        "bot",
        NEWSQUOTE_BOT__TOKEN=TOKEN,
        NEWSQUOTE_BOT__MODE="webhook",
        NEWSQUOTE_BOT__WEBHOOK_URL=url,
    )
    assert done.returncode == 2
    assert "bot.webhook_url" in done.stderr
