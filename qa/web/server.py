"""uvicorn, set up for strangers: limits for connections, a port that is told, a quiet end."""

import asyncio
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from config.settings import ServeSettings
from index.errors import NewsquoteError
from qa.web.protocol import PatientProtocol

GRACE_S = 30
"""How long requests under way may take once the server is told to stop."""

KEEP_ALIVE_S = 15
BACKLOG = 2048
SPARE_FILES = 512
"""Files beside the connections: the index, logs, what libraries open."""

logger = logging.getLogger(__name__)


class CannotListen(NewsquoteError):
    """The address cannot be listened at."""


def serve(
    app: ASGIApp,
    settings: ServeSettings,
    listening: socket.socket,
    ready: Callable[[], None],
    watched: int | None = None,
) -> None:
    """Answer until SIGTERM or SIGINT.

    :param ready: called when questions are answered from now on.
    :param watched: end of a pipe; when the pipe ends, so does this.
    """
    allowed = raise_file_limit(settings.connections + SPARE_FILES)
    connections = min(settings.connections, max(1, allowed - SPARE_FILES))
    if connections < settings.connections:
        logger.warning(
            "this system allows %d connections, not %d", connections, settings.connections
        )
    server = uvicorn.Server(_config(app, settings, connections))

    def stop(*_: object) -> None:
        server.should_exit = True

    async def run() -> None:
        if watched is not None:
            asyncio.get_running_loop().add_reader(watched, stop)
        await server.serve([listening])

    # uvicorn takes the signal itself later on, and raises it again once it has ended.
    signal.signal(signal.SIGTERM, stop)
    ready()
    with suppress(KeyboardInterrupt):
        asyncio.run(run())


def announce(listening: socket.socket) -> None:
    """Tell the operator, and systemd, that questions are answered."""
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"http://{shown}:{port} answers; Ctrl-C stops it\n")
    _notify_systemd()


def _config(app: ASGIApp, settings: ServeSettings, connections: int) -> uvicorn.Config:
    # A class of its own, for uvicorn makes the objects.
    limits = {"head_s": settings.head_timeout, "stuck_s": settings.send_timeout}
    protocol: Any = type("Protocol", (PatientProtocol,), limits)
    return uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        log_config=None,
        access_log=False,  # it would write down what was asked
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=list(settings.proxies),
        limit_concurrency=connections,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        backlog=BACKLOG,
    )


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    :param port: 0 = any that is free.
    :raises CannotListen: if that is not possible.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(address)
            made.listen(BACKLOG)
        except OSError:
            made.close()
            raise
    except OSError as error:
        raise CannotListen(
            f"cannot listen at {host}, port {port}: {error.strerror}; see serve.host and serve.port"
        ) from error
    return made


def raise_file_limit(wanted: int) -> int:
    """Let this process hold so many files and sockets, as far as the system allows; return how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return wanted if soft == resource.RLIM_INFINITY else soft


def _notify_systemd() -> None:
    """Tell systemd that the server listens, where systemd asks for that (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
            notified.sendto(b"READY=1", "\0" + address[1:] if address.startswith("@") else address)
