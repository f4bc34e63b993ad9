"""``newsquote mcp``: the archive for a program that speaks the Model Context Protocol over stdio."""

import argparse

from config.settings import Settings
from index.errors import NewsquoteError
from qa.opening import open_service


class McpMissing(NewsquoteError):
    """The libraries of the protocol are not installed."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Serve one client until it closes standard input."""
    try:
        import anyio  # noqa: PLC0415 - the extra may not be installed

        from qa.mcp.server import server  # noqa: PLC0415 - the same
        from qa.mcp.transports import over_stdio  # noqa: PLC0415 - the same
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("mcp", "mcp_types", "anyio", "starlette"):
            raise McpMissing(
                f"expected the Model Context Protocol's library, found no module {error.name!r}; "
                "pip install 'newsquote[mcp]'"
            ) from error
        raise
    with open_service(settings.with_flags(index={"dir": args.index})) as service:
        anyio.run(over_stdio, server(service))
    return 0
