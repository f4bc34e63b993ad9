"""uvicorn's HTTP connections, with limits for those that only seem to ask.

uvicorn waits for ever for the head of a request, takes one of any length, and waits for ever until
somebody who does not read has read. Here a connection has a time for its head and a size, and one
that takes nothing of what was written, or asks far ahead of it, is cut.
"""

import asyncio
import socket
import struct
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 65_536
"""Longest head of a request: its address and its headers."""

AHEAD = 100
"""Requests that may wait behind another one on their connection. uvicorn would keep all that have arrived
at once, thousands of them."""

_TOO_LONG = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 42\r\nconnection: close\r\n\r\nthe address or the headers are too long.\r\n"
)


class PatientProtocol(HttpToolsProtocol):
    """A connection that may take its time, but not for ever.

    :cvar head_s: seconds until all of a request's head has arrived; it is set where the server is made.
    :cvar stuck_s: who takes nothing of what was written for so many seconds is not listening any more.
    """

    head_s = 10.0
    stuck_s = 30.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience: asyncio.TimerHandle | None = None
        self._look_again: asyncio.TimerHandle | None = None
        self._in_head = False
        self._head_bytes = 0
        self._unread = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a head."""
        super().connection_made(transport)  # type: ignore[arg-type] # uvicorn narrows it
        self._patience = self.loop.call_later(self.head_s, self._give_up)
        self._look_again = self.loop.call_later(self.stuck_s, self._cut_if_stuck)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        for timer in (self._patience, self._look_again):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has arrived, as long as a head stays within its size and its time."""
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self._patience is None:
            self._patience = self.loop.call_later(self.head_s, self._give_up)
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
                self.transport.write(_TOO_LONG)
                self.transport.close()

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        self._in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Stop waiting for the head; cut who asks far ahead of what is answered."""
        if len(self.pipeline) >= AHEAD:
            self._cut()
            raise ConnectionAbortedError  # or the rest of what has arrived would be read
        self._in_head = False
        if self._patience:
            self._patience.cancel()
            self._patience = None
        super().on_headers_complete()

    def _give_up(self) -> None:
        self._patience = None
        if not self.transport.is_closing():
            self.transport.close()

    def _cut(self) -> None:
        # Without a wait: the system would keep what was written until the other side reads it.
        reset = struct.pack("ii", 1, 0)
        self.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, reset
        )
        self.transport.abort()

    def _cut_if_stuck(self) -> None:
        unread = self.transport.get_write_buffer_size()
        if unread and unread == self._unread:
            self._cut()
            return
        self._unread = unread
        self._look_again = self.loop.call_later(self.stuck_s, self._cut_if_stuck)
