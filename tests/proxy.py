"""A way to a server that can be closed, held up and cut: between a client and what it asks."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal, TypeAlias

Mood: TypeAlias = Literal["pass", "refuse", "hold", "cut"]

_CHUNK = 65_536


class Proxy:
    """Hands on what comes to a port of its own, as its mood is.

    ``pass`` hands everything on. ``refuse`` takes no new connection and ends those there are. ``hold``
    takes everything and hands nothing on. ``cut`` ends each connection after so many bytes.

    :ivar passed: bytes that have been handed on to the server.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._mood: Mood = "pass"
        self._left = 0
        self.passed = 0
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = threading.Lock()
        self._open = threading.Event()
        self._open.set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def uri(self) -> str:
        port: int = self._listening.getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def set(self, mood: Mood, after: int = 0) -> None:
        """Change its mood.

        :param after: bytes to the server, over all connections, before it cuts.
        """
        with self._lock:
            self._mood, self._left = mood, after
        if mood == "hold":
            self._open.clear()
        else:
            self._open.set()
        if mood == "refuse":
            self._end_all()

    def close(self) -> None:
        self.set("refuse")
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                if self._mood == "refuse":
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._port))
                with self._lock:
                    self._pairs.append((client, server))
                for one, other in ((client, server), (server, client)):
                    threading.Thread(target=self._hand_on, args=(one, other), daemon=True).start()

    def _hand_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            to_server = other.getpeername()[1] == self._port
            while data := one.recv(_CHUNK):
                self._open.wait()
                if to_server and self._is_cut(len(data)):
                    break
                other.sendall(data)
                self.passed += len(data) if to_server else 0
        for end in (one, other):
            _end(end)

    def _is_cut(self, size: int) -> bool:
        with self._lock:
            if self._mood != "cut":
                return False
            self._left -= size
            return self._left < 0

    def _end_all(self) -> None:
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for one in pair:
                _end(one)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def proxied(port: int) -> Iterator[Proxy]:
    """Stand between a client and the server at a port."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
