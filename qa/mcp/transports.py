"""The ways in which a client reaches the server: standard input and output, or HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import Receive, Scope, Send


async def over_stdio(served: Server[Any]) -> None:
    """Serve one client by standard input and output, until it closes them."""
    async with stdio_server() as (incoming, outgoing):
        await served.run(incoming, outgoing, served.create_initialization_options())


@dataclass(frozen=True, slots=True)
class Mounted:
    """A server as an ASGI application, to be mounted at ``/mcp``: streamable HTTP without sessions.

    Each request is answered by itself, so nothing is held for clients that have gone.
    """

    manager: StreamableHTTPSessionManager

    @classmethod
    def of(cls, served: Server[Any], max_bytes: int, hosts: list[str] | None = None) -> "Mounted":
        """Return a server as an application.

        :param max_bytes: of a request's body.
        :param hosts: values of the Host header that are let in, against DNS rebinding; None leaves that to the
            application around it.
        """
        security = TransportSecuritySettings(
            enable_dns_rebinding_protection=hosts is not None,
            allowed_hosts=hosts or [],
            allowed_origins=[
                f"{scheme}://{host}" for host in hosts or [] for scheme in ("http", "https")
            ],
        )
        manager = StreamableHTTPSessionManager(
            served,
            json_response=True,
            stateless=True,
            security_settings=security,
            max_request_body_size=max_bytes,
        )
        return cls(manager)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Be ready for requests as long as the block runs: the lifespan of the application around it."""
        async with self.manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self.manager.handle_request(scope, receive, send)
