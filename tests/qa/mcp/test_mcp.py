"""A real client of the Model Context Protocol over both transports, on the example archive."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from config.loading import load_settings
from qa.opening import open_service
from tests.archive import models
from tests.conftest import newsquote

pytest.importorskip("mcp")

import httpx
import uvicorn
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from starlette.applications import Starlette
from starlette.routing import Mount

from qa.mcp.server import server
from qa.mcp.transports import Mounted

SAID = "我在去年12月说通胀是暂时的，那个判断是错的，责任在我。"
QUESTION = "Who admitted the inflation forecast was wrong?"
NAMES = {"search", "fetch", "ask", "verify_quote", "sources"}
MAX_BYTES = 100_000


@pytest.fixture(scope="module")
def address(demo_index: Path) -> Iterator[str]:
    """The archive served by streamable HTTP, mounted as a web server mounts it."""
    settings = load_settings().with_flags(
        index={"dir": demo_index / "index-data"}, answer={"reader": "off", "threshold": 0}
    )
    with socket.socket() as listening, open_service(settings, models()) as service:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # a client that comes before the server has started waits
        port = listening.getsockname()[1]
        mounted = Mounted.of(server(service), MAX_BYTES, hosts=[f"127.0.0.1:{port}"])

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            async with mounted.running():
                yield

        app = Starlette(routes=[Mount("/mcp", app=mounted)], lifespan=lifespan)
        serving = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
        thread = threading.Thread(target=serving.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}/mcp/"
        finally:
            serving.should_exit = True
            thread.join()


@pytest.fixture(params=["http", "stdio"])
def connection(request: pytest.FixtureRequest, demo_index: Path) -> Any:
    """What a client connects to, by either transport."""
    if request.param == "http":
        return request.getfixturevalue("address")
    return stdio_client(
        StdioServerParameters(
            command=sys.executable,
            args=["-m", "qa.cli", "mcp"],
            cwd=demo_index,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(Path(__file__).parents[3]),
                "NEWSQUOTE_ANSWER__READER": "off",
                "NEWSQUOTE_ANSWER__THRESHOLD": "0",
            },
        )
    )


async def called(client: Client, name: str, **arguments: Any) -> dict[str, Any]:
    """What a tool gives: the same as one JSON text and as structured content."""
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result.content
    (content,) = result.content
    assert content.type == "text"
    told: dict[str, Any] = json.loads(content.text)
    assert told == result.structured_content
    return told


async def refused(client: Client, name: str, **arguments: Any) -> str:
    result = await client.call_tool(name, arguments)
    assert result.is_error
    (content,) = result.content
    assert content.type == "text"
    return content.text


def test_every_tool_can_be_listed_and_called(connection: Any) -> None:
    async def talk() -> None:
        async with Client(connection) as client:
            assert client.server_info is not None
            assert client.server_info.name == "newsquote"
            assert "verify_quote" in (client.instructions or "")
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert tools.keys() == NAMES
            for tool in tools.values():
                assert tool.annotations is not None
                assert tool.annotations.read_only_hint is True
                assert tool.annotations.destructive_hint is False
                assert tool.title
                assert tool.description
                assert tool.output_schema
            # Deep-research clients: one string each, and these fields.
            for name, argument in (("search", "query"), ("fetch", "id")):
                schema = tools[name].input_schema
                assert schema["required"] == [argument]
                assert list(schema["properties"]) == [argument]
                assert schema["properties"][argument]["type"] == "string"

            found = await called(client, "search", query=QUESTION)
            assert found.keys() == {"results"}
            assert 1 < len(found["results"]) <= 10
            assert all(one.keys() == {"id", "title", "url"} for one in found["results"])
            assert len({one["id"] for one in found["results"]}) == len(found["results"])
            first = found["results"][0]

            document = await called(client, "fetch", id=first["id"])
            assert document.keys() == {"id", "title", "text", "url", "metadata"}
            assert {name: document[name] for name in first} == first
            assert document["metadata"]["sha256"] == first["id"]

            answer = await called(client, "ask", question=QUESTION, k=1)
            (quote,) = answer["quotes"]
            article = await called(client, "fetch", id=quote["article"]["id"])
            assert article["text"][quote["start"] : quote["end"]] == quote["text"]
            assert "path" not in quote["article"]
            assert answer["next_offset"] == 1
            other = await called(client, "ask", question=QUESTION, k=1, offset=1)
            assert other["quotes"][0]["text"] != quote["text"]

            told = await called(client, "sources")
            counts = [source["articles"] for source in told["sources"]]
            assert counts == sorted(counts, reverse=True)
            assert (told["total"], told["next_offset"]) == (len(told["sources"]), None)
            (one,) = (source for source in told["sources"] if source["name"] == "北岸网")
            assert one["articles"] == 6
            assert (one["first"], one["last"]) == ("2021-07-21", "2023-09-21")

            check = await called(client, "verify_quote", text=SAID, source="维社中文网")
            assert check["verdict"] == "verified"
            (place,) = check["places"]
            assert place["article"]["id"] in {one["id"] for one in found["results"]}
            assert "path" not in json.dumps(check)
            check = await called(client, "verify_quote", text=SAID.replace("12", "11"))
            assert check["verdict"] == "altered"

    anyio.run(talk)


def test_questions_are_narrowed(connection: Any) -> None:
    async def talk() -> None:
        async with Client(connection) as client:
            narrowed = {
                "since": "2022-05",
                "until": "2022-05",
                "source": "维社中文网",
                "language": "zh",
            }
            answer = await called(client, "ask", question=QUESTION, **narrowed)
            articles = [quote["article"] for quote in answer["quotes"]]
            assert articles
            assert {(one["source"], one["date"][:7]) for one in articles} == {
                ("维社中文网", "2022-05")
            }
            assert answer["interpreted"]["window"] == {"since": "2022-05-01", "until": "2022-05-31"}

    anyio.run(talk)


def test_articles_are_resources(connection: Any) -> None:
    async def talk() -> None:
        async with Client(connection) as client:
            (template,) = (await client.list_resource_templates()).resource_templates
            assert template.uri_template == "article://{id}"
            listed = (await client.list_resources()).resources
            assert len({one.uri for one in listed}) == len(listed) > 10
            (content,) = (await client.read_resource(listed[0].uri)).contents
            document = await called(client, "fetch", id=listed[0].uri)
            assert getattr(content, "text", None) == document["text"]
            assert document["title"] == listed[0].name
            with pytest.raises(MCPError, match="expected the id of an article"):
                await client.read_resource("article://" + "0" * 64)
            with pytest.raises(MCPError, match="expected a cursor"):
                await client.list_resources(cursor="no cursor")
            assert (await client.list_resources(cursor="100000")).resources == []

    anyio.run(talk)


def test_articles_are_listed_page_by_page(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def talk() -> None:
        async with Client(address) as client:
            whole = (await client.list_resources()).resources
            monkeypatch.setattr("qa.mcp.server.PAGE", 10)
            pages = [await client.list_resources()]
            while pages[-1].next_cursor:
                pages.append(await client.list_resources(cursor=pages[-1].next_cursor))
            assert [len(page.resources) for page in pages[:-1]] == [10] * (len(pages) - 1)
            assert 1 <= len(pages[-1].resources) <= 10
            assert [one for page in pages for one in page.resources] == whole

    anyio.run(talk)


def test_what_cannot_be_done_is_told_to_the_model(connection: Any) -> None:
    async def talk() -> None:
        async with Client(connection) as client:
            assert "expected the id of an article" in await refused(
                client, "fetch", id="../etc/passwd"
            )
            message = await refused(client, "ask", question="?", since="someday")
            assert message.startswith("since: expected a past date")
            message = await refused(client, "ask", question="?", source="维社")
            assert "the nearest are: 维社中文网" in message
            assert "question: Field required" in await refused(client, "ask")
            message = await refused(client, "ask", question="?", limit=3)
            assert "limit: Extra inputs are not permitted" in message
            assert "k: Input should be less" in await refused(client, "ask", question="?", k=1000)
            assert "expected a quotation" in await refused(client, "verify_quote", text="word")
            with pytest.raises(MCPError, match="there is no tool"):
                await client.call_tool("delete", {})

    anyio.run(talk)


def test_requests_of_other_names_and_too_large_ones_are_refused(address: str) -> None:
    headers = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert httpx.post(address, json=listing, headers=headers).status_code == 200
    rebound = headers | {"Host": "evil.example.com"}
    assert httpx.post(address, json=listing, headers=rebound).status_code == 421
    elsewhere = headers | {"Origin": "https://evil.example.com"}
    assert httpx.post(address, json=listing, headers=elsewhere).status_code == 403
    large = b" " * (MAX_BYTES + 1)
    assert httpx.post(address, content=large, headers=headers).status_code == 413


def test_the_program_needs_the_extra_and_nothing_else_imports_it(demo_index: Path) -> None:
    without = "import sys; sys.modules.update(dict.fromkeys(['mcp', 'mcp_types', 'starlette']))\n"
    program = without + "from qa.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", program, "mcp"],
        cwd=demo_index,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'newsquote[mcp]'" in done.stderr
    show = "import sys, qa.cli; qa.cli.main(['check-quote', 'a b']); print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", show],
        cwd=demo_index,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = done.stdout.splitlines()[-1]
    assert "'qa.checking.check'" in imported
    for library in ("mcp", "mcp_types", "starlette", "uvicorn", "onnxruntime", "qa.mcp"):
        assert f"'{library}'" not in imported


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("mcp-inspector"), reason="the npm inspector is not installed")
def test_the_inspector_lists_and_calls_the_tools(demo_index: Path, address: str) -> None:
    def inspected(*args: str) -> dict[str, Any]:
        done = subprocess.run(
            ["mcp-inspector", "--cli", *args],
            cwd=demo_index,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
            capture_output=True,
            text=True,
            check=True,
        )
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    stdio = [sys.executable, "-m", "qa.cli", "mcp"]
    http = [address, "--transport", "http"]
    for place in (stdio, http):
        tools = inspected(*place, "--method", "tools/list")["tools"]
        assert {tool["name"] for tool in tools} == NAMES
        check = inspected(
            *place, "--method", "tools/call", "--tool-name", "verify_quote",
            "--tool-arg", f"text={SAID}",
        )  # fmt: skip
        assert check["structuredContent"]["verdict"] == "verified"


def test_standard_output_carries_nothing_but_the_protocol(demo_index: Path) -> None:
    done = newsquote("mcp", cwd=demo_index, stdin="this is no message\n")
    assert done.returncode == 0
    for line in done.stdout.splitlines():
        assert json.loads(line)["jsonrpc"] == "2.0"
