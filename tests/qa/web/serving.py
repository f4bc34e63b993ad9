"""The real ``newsquote serve``, started as an operator starts it."""

import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.botapi.process import clean_environment
from tests.patience import PATIENCE_S

PROGRAM = (sys.executable, "-W", "error", "-m", "qa.cli")
ASKING_MUCH = {"SERVE__ADDRESS_PER_MINUTE": "0", "ANSWER__READER": "off"}
"""Settings for tests that ask often: no limit for an address, and answers by matching alone."""


class Server:
    """A running server; a context manager that ends it."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        """Start it in a folder that has an index; ``settings`` by environment name."""
        names = {f"NEWSQUOTE_{name}": value for name, value in (settings or {}).items()}
        self.log = folder / f"serve-{id(self)}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*PROGRAM, "serve", "--port", "0"],
                cwd=folder,
                env=clean_environment(PYTHONUTF8="1", **names),
                stdout=log,
                stderr=subprocess.PIPE,
            )
        assert self.process.stderr
        self.said = ""
        for line in self.process.stderr:
            self.said += line.decode()
            if found := re.match(r"(http://\S+:(\d+)) answers", line.decode()):
                self.url, self.port = found[1], int(found[2])
                break
        else:
            raise AssertionError(self.said)
        self.client = httpx.Client(base_url=self.url, timeout=PATIENCE_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        assert self.process.stderr
        self.process.stderr.close()

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask for a path."""
        return self.client.get(path, **options)

    def stop(self) -> tuple[int, str]:
        """End it by SIGTERM; return its exit status and what it has logged since it was up."""
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        _, log = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, log.decode()

    def answers(self) -> bool:
        """Tell whether it is alive and well."""
        return self.process.poll() is None and self.get("/health").json() == {"status": "ok"}
