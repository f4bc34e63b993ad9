"""The real ``newsquote bot``, started as an operator starts it, against the local server."""

import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.botapi.server import BotApiServer
from tests.patience import PATIENCE_S

STOPPING = "stopping"
"""What the bot writes when it has been told to stop."""

# Warnings are errors, but for one that python-telegram-bot gives of its own RetryAfter.
WARNINGS = ("-W", "error", "-W", "ignore:Deprecated since version v22.2")
PROGRAM = (sys.executable, *WARNINGS, "-m", "qa.cli")


def clean_environment(**changes: str) -> dict[str, str]:
    """Return this process's environment without settings of the bot and without proxies."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith("NEWSQUOTE_") and not name.lower().endswith("_proxy")
    }
    return kept | changes


def free_port() -> int:
    """Return a port that nobody uses.

    It is none of those that the system gives to connections: one of them could have it before the
    bot does.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as taken, suppress(OSError):
            taken.bind(("127.0.0.1", port))
            return port


def newsquote(
    folder: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the program in a folder to its end; warnings are errors."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=folder,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@contextmanager
def stuck(index: Path) -> Iterator[None]:
    """Let a look at the index, which comes before each answer, wait until the block is left."""
    current, kept = index / "CURRENT", index / "KEPT"
    generation = current.read_text()
    current.rename(kept)
    os.mkfifo(current)
    yield
    with current.open("w") as awaited:  # by now somebody reads from it
        kept.replace(current)
        awaited.write(generation)


class BotProcess:
    """A running bot; a context manager that kills what is still running at its end."""

    def __init__(
        self, folder: Path, server: BotApiServer, settings: Mapping[str, str] | None = None
    ) -> None:
        """Start the bot in a folder that has an index; ``settings`` by environment name."""
        names = {
            "BOT__TOKEN": server.token,
            "BOT__API_URL": server.url,
            "BOT__STATE": str(folder / f"{server.name}.sqlite"),
            "BOT__USER_PER_MINUTE": "1000",
            "BOT__CHAT_PER_MINUTE": "1000",
            **(settings or {}),
        }
        self._log = folder / f"bot-{server.world.next_message}-{id(self)}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*PROGRAM, "bot"],
                cwd=folder,
                env=clean_environment(**{f"NEWSQUOTE_{name}": v for name, v in names.items()}),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._server = server

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if error is not None:
            sys.stderr.write(self.output())

    def wait_until_it_polls(self) -> None:
        """Return when the bot fetches updates.

        :raises TimeoutError: with its output when it does not.
        """
        before = self._server.world.poller
        self._wait(lambda: self._server.world.poller > before)

    def wait_until_it_listens(self) -> None:
        """Return when the bot has set its webhook.

        :raises TimeoutError: with its output when it does not.
        """
        self._wait(lambda: bool(self._server.world.webhook))

    def _wait(self, is_up: Callable[[], bool]) -> None:
        try:
            self._server.wait_for(lambda: self._process.poll() is not None or is_up())
        except TimeoutError:
            raise TimeoutError(self.output()) from None
        if self._process.poll() is not None:
            raise TimeoutError(self.output())

    def kill(self) -> None:
        """End the bot as a crash does."""
        self._process.kill()
        self._process.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask the bot to stop and return its exit status."""
        self.begin_to_stop(number)
        return self.exit_status()

    def begin_to_stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ask the bot to stop; return when it has heard that, or has ended."""
        self._process.send_signal(number)
        self._server.wait_for(lambda: self._process.poll() is not None or STOPPING in self.output())

    def exit_status(self) -> int:
        """Wait for the bot to end and return its exit status."""
        return self._process.wait(PATIENCE_S)

    def cpu_s(self) -> float:
        """Return the seconds of processor time that the running bot has taken so far (Linux)."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def output(self) -> str:
        """Return all that the bot has written so far."""
        return self._log.read_text()
