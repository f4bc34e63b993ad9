"""Milvus for tests: milvus-lite's server on a socket, as a thread or as a process that can be killed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from milvus_lite.adapter.grpc.server import start_server_in_thread

from index.engines.milvus.client import Address
from tests.patience import PATIENCE_S


@dataclass(frozen=True)
class Running:
    """A server in a thread.

    :ivar port: on which it listens, on 127.0.0.1.
    """

    port: int
    server: Any
    database: Any

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.server.stop(grace=None).wait()
        self.database.close()


def start(folder: Path, port: int = 0) -> Running:
    """Start a server in a thread, with what a folder holds."""
    server, database, bound = start_server_in_thread(str(folder), port=port)
    return Running(bound, server, database)


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[Running]:
    """Run a server in a thread."""
    running = start(folder, port)
    try:
        yield running
    finally:
        running.stop()


def address(
    uri: str, prefix: str = "test", *, token: str = "", timeout_s: float = PATIENCE_S
) -> Address:
    """Return how tests reach a server."""
    return Address(uri, token, prefix, timeout_s)
