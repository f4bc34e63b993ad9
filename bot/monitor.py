"""For those who run the bot: a small HTTP server with its health and, for Prometheus, its counts.

It also tells systemd that the bot is ready and alive (sd_notify(3)), where systemd asks for that.
"""

import asyncio
import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from bot.metrics import Metrics

ALIVE_S = 120.0
"""The bot is well when Telegram was reached within this time; a long poll takes 30 s."""

NOTIFY_EVERY_S = 10.0
READ_S = 5.0
MOST_REQUEST_BYTES = 8192


@dataclass(slots=True)
class Pulse:
    """When Telegram was last reached."""

    at: float = field(default_factory=time.monotonic)

    def beat(self) -> None:
        """Note that Telegram has just been reached."""
        self.at = time.monotonic()

    @property
    def is_alive(self) -> bool:
        """Whether that was lately."""
        return time.monotonic() - self.at < ALIVE_S


@dataclass(frozen=True, slots=True)
class Monitor:
    """Answers ``/health`` and ``/metrics``.

    :ivar gauges: values of the moment, by name.
    :ivar trouble: what keeps the state from being used; empty when nothing does.
    """

    metrics: Metrics
    pulse: Pulse
    gauges: Callable[[], Mapping[str, float]]
    trouble: Callable[[], str] = str

    async def serve(self, host: str, port: int) -> asyncio.Server:
        """Listen.

        :raises OSError: if the port is taken.
        """
        return await asyncio.start_server(self._answer, host, port, limit=MOST_REQUEST_BYTES)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError, TimeoutError, asyncio.LimitOverrunError):
            line = await asyncio.wait_for(reader.readline(), READ_S)
            status, kind, body = self._page(line.decode("latin-1").split(" "))
            head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\n"
            length = f"Content-Length: {len(body.encode())}\r\nConnection: close\r\n\r\n"
            writer.write((head + length + body).encode())
            await writer.drain()
        writer.close()

    def _page(self, request: list[str]) -> tuple[str, str, str]:
        method, path, *_ = [*request, "", ""]
        if method == "GET" and path == "/health":
            found = "" if self.pulse.is_alive else "Telegram is not reached\n"
            if trouble := self.trouble():
                found = f"the state cannot be used: {trouble}\n"
            status = "503 Service Unavailable" if found else "200 OK"
            return status, "text/plain", found or "ok\n"
        if method == "GET" and path == "/metrics":
            gauges = dict(self.gauges()) | {"alive": float(self.pulse.is_alive)}
            return "200 OK", "text/plain; version=0.0.4", self.metrics.exposition(**gauges)
        return "404 Not Found", "text/plain", "only /health and /metrics\n"


async def notify_systemd(is_alive: Callable[[], bool]) -> None:
    """Tell systemd for ever that the bot is alive, while it is; return where nobody asks."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        state = b"READY=1\nWATCHDOG=1"
        while True:
            if is_alive():
                with suppress(OSError):
                    notified.sendto(state, address)
                state = b"WATCHDOG=1"
            await asyncio.sleep(NOTIFY_EVERY_S)
