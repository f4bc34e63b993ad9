"""The tools and the articles by the Model Context Protocol, for any of the ``transports``."""

import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Protocol, TypeVar

import anyio.to_thread
import mcp_types as types
from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel, ValidationError

from index.errors import NewsquoteError
from index.types import Card
from qa.checking.check import NoQuotation
from qa.mcp.shapes import Fetch
from qa.mcp.tools import PAGE, RESOURCE, TOOLS, Archive, Refused, Tool, address_of, fetch
from qa.service import Service

_log = logging.getLogger(__name__)

_T = TypeVar("_T")
_Context = ServerRequestContext[Any]

INSTRUCTIONS = """\
An archive of news articles, quoted word for word. Use ask for a question, search and fetch to read articles, and
verify_quote before you show a quotation. Put no words into a quotation that verify_quote has not verified.
"""

_TEXT = "text/plain"
_READ_ONLY = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_BY_NAME = {tool.name: tool for tool in TOOLS}
_FAILED = "The archive could not be read; its log says why."


class Run(Protocol):
    """How a call that takes time is made."""

    async def __call__(self, call: Callable[[], _T], /) -> _T:
        """Return what the call returns."""


async def in_thread(call: Callable[[], _T], /) -> _T:
    """Make a call in a thread."""
    return await anyio.to_thread.run_sync(call)


def server(
    service: Service, run: Run = in_thread, address: Callable[[Card], str] = address_of
) -> Server[Any]:
    """Return a server of an archive; transports connect it.

    :param run: how the service is called; a web server may have a queue for that.
    :param address: where a reader finds an article.
    """
    archive = Archive(service, address)

    async def list_tools(
        _: _Context, __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS])

    async def call_tool(_: _Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
        tool = _BY_NAME.get(asked.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"there is no tool {asked.name!r}")
        return await run(lambda: _called(tool, archive, asked.arguments or {}))

    async def list_resources(
        _: _Context, asked: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        start = _start(asked.cursor if asked else None)
        cards = await run(lambda: service.articles(start, PAGE + 1))
        return types.ListResourcesResult(
            resources=[_resource(card) for card in cards[:PAGE]],
            next_cursor=str(start + PAGE) if len(cards) > PAGE else None,
        )

    async def list_templates(
        _: _Context, __: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            name="article",
            title="An article of the archive",
            uri_template=f"{RESOURCE}{{id}}",
            description="The whole text of an article, by an id that search, ask or verify_quote gives.",
            mime_type=_TEXT,
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(
        _: _Context, asked: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        try:
            found = await run(lambda: fetch(archive, Fetch(id=asked.uri[:200])))
        except Refused as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from error
        contents = types.TextResourceContents(uri=asked.uri, mime_type=_TEXT, text=found.text)
        return types.ReadResourceResult(contents=[contents])

    return Server(
        "newsquote",
        version=version("newsquote"),
        title="newsquote",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


def _described(tool: Tool[Any]) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes.model_json_schema(),
        output_schema=tool.gives.model_json_schema(mode="serialization"),
        annotations=_READ_ONLY.model_copy(update={"title": tool.title}),
    )


def _called(tool: Tool[Any], archive: Archive, given: dict[str, Any]) -> types.CallToolResult:
    """Call a tool; what the model can mend is told to it, what it cannot is logged."""
    try:
        return _result(tool.call(archive, tool.takes.model_validate(given)))
    except ValidationError as error:
        faults = (
            f"{'.'.join(map(str, one['loc'])) or tool.name}: {one['msg']}" for one in error.errors()
        )
        return _failed("; ".join(faults))
    except NewsquoteError as error:
        if isinstance(error, Refused | NoQuotation):
            return _failed(str(error))
        _log.exception("%s failed", tool.name)
        return _failed(_FAILED)


def _result(found: BaseModel) -> types.CallToolResult:
    """Return a result as deep-research clients require it: its JSON as one text, and structured."""
    return types.CallToolResult(
        content=[types.TextContent(text=found.model_dump_json())],
        structured_content=found.model_dump(mode="json"),
    )


def _failed(message: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=message)], is_error=True)


def _resource(card: Card) -> types.Resource:
    told = (card.source, card.date.date().isoformat() if card.date else None)
    return types.Resource(
        name=card.title or card.sha256,
        uri=f"{RESOURCE}{card.sha256}",
        description=", ".join(filter(None, told)) or None,
        mime_type=_TEXT,
    )


def _start(cursor: str | None) -> int:
    """Return where a page of articles begins."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal()) or len(cursor) > 9:  # noqa: PLR2004 - more than any archive
        raise MCPError(
            types.INVALID_PARAMS, f"expected a cursor that was given, found {cursor[:100]!r}"
        )
    return int(cursor)
