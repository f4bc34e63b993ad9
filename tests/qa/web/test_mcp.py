"""The archive as tools of other programs' models, on the server's own port."""

import anyio
import httpx
import pytest
from mcp import Client

from tests.qa.web.serving import Server


def test_a_real_client_asks_over_http(server: Server) -> None:
    async def ask() -> tuple[list[str], bool]:
        async with Client(f"{server.url}/mcp") as client:
            tools = await client.list_tools()
            called = await client.call_tool(
                "ask", {"question": "塔罗2022年5月怎么评价自己去年的通胀判断？"}
            )
            assert called.structured_content
            return [tool.name for tool in tools.tools], "暂时" in str(called.structured_content)

    names, quoted = anyio.run(ask)
    assert {"search", "fetch", "ask", "verify_quote", "sources"} <= set(names)
    assert quoted


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"host": "evil.example"}])
def test_pages_of_other_sites_may_not_call_tools(server: Server, headers: dict[str, str]) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepting = {"accept": "application/json, text/event-stream"}
    asked = httpx.post(f"{server.url}/mcp", json=body, headers=headers | accepting)
    assert asked.status_code in (403, 421)
