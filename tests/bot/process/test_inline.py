"""The real bot process in inline mode: many quotes, page by page."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.botapi import BotApiServer
from tests.botapi.process import BotProcess, newsquote

pytestmark = pytest.mark.slow

TOWNS = [
    "Aldermere",
    "Brackwell",
    "Corley",
    "Dunmoor",
    "Eastvale",
    "Fernhill",
    "Glaston",
    "Harrow",
    "Inkwell",
    "Jarrow",
    "Kelby",
    "Lorne",
    "Marwick",
    "Nesting",
    "Oakham",
    "Pelham",
    "Quarrel",
    "Rowan",
    "Selby",
    "Thorne",
    "Upton",
    "Vesper",
    "Wexcombe",
    "Yarrow",
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[BotApiServer]:
    """A server with a bot that has an archive of 24 articles, all about a lighthouse."""
    (tmp_path / "index-data").mkdir()
    (tmp_path / "archive").mkdir()
    for number, town in enumerate(TOWNS, 1):
        text = f"The lighthouse of {town} was painted by {number} people from {town} in a week."
        head = f"title: Lighthouse of {town}\ndate: 2021-05-{number:02}T08:00:00Z"
        (tmp_path / "archive" / f"{town}.md").write_text(f"---\n{head}\n---\n\n{text}\n")
    assert newsquote(tmp_path, "index", "build").returncode == 0
    settings = {"ANSWER__THRESHOLD": "0"}
    with BotApiServer() as server, BotProcess(tmp_path, server, settings) as bot:
        bot.wait_until_it_polls()
        yield server


def page(server: BotApiServer, question: str, offset: str) -> tuple[list[dict[str, Any]], str]:
    query = server.world.ask_inline(question, 7, offset=offset)
    server.wait_for(lambda: query in server.world.answered)
    answer = server.world.answered[query]
    return json.loads(answer["results"]), answer.get("next_offset", "")


@pytest.mark.parametrize(
    ("question", "by_date"),
    [("who painted the lighthouse", False), ("how has painting the lighthouse changed", True)],
)
def test_pages_follow_each_other_without_gap_or_repetition(
    server: BotApiServer,
    question: str,
    by_date: bool,  # noqa: FBT001 - a table's column
) -> None:
    shown, offset = page(server, question, "")
    sizes = [len(shown)]
    while offset:
        results, offset = page(server, question, offset)
        sizes.append(len(results))
        shown += results
    assert sizes == [10, 10, 4]
    assert {each["title"] for each in shown} == {f"Lighthouse of {town}" for town in TOWNS}
    assert len({each["id"] for each in shown}) == 24
    days = [each["description"].partition(" ")[0] for each in shown]
    assert (days == sorted(days)) is by_date
