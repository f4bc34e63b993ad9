"""How a build gets on: a line on a terminal that is kept up to date, and nothing of it in a pipe."""

import io
import os
import pty
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from pathlib import Path

import pytest

from index.building.events import Encoded, Event, Note, Written
from index.types import FileReport
from qa.commands.progress import Progress
from tests.conftest import EXAMPLES, newsquote
from tests.terminal import on_a_terminal, screen

EVERY_EVENT = """
import sys
import qa.commands.progress
qa.commands.progress._EVERY_S = 0  # every event is shown, however fast they come
from qa.cli import program
sys.exit(program())
"""
COUNTED = re.compile(r"\r\x1b\[K(\d+) articles, (\d+) passages, (\d+) articles/s")
SUMMARY = re.compile(r"31 articles, 49 passages in \d+\.\d s \(\d+ articles/s\)")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLES / "articles", tmp_path / "archive")
    (tmp_path / "index-data").mkdir()
    return tmp_path


@contextmanager
def terminal() -> Iterator[list[str]]:
    """Let a pseudo-terminal be standard error; afterwards the list holds what it got."""
    master, slave = pty.openpty()
    written: list[str] = []
    with os.fdopen(slave, "w", encoding="utf-8") as stream, redirect_stderr(stream):
        yield written
    got = b""
    with suppress(OSError):  # Linux's way of saying that the other end is closed
        while True:
            got += os.read(master, 65536)
    os.close(master)
    written.append(got.decode())


def building(folder: Path, *paths: str) -> tuple[int, str]:
    command = [sys.executable, "-c", EVERY_EVENT, "index", "build", *paths]
    return on_a_terminal(command, cwd=folder, env={**os.environ, "PYTHONUTF8": "1"})


def test_a_line_counts_on_a_terminal_and_is_cleared(folder: Path) -> None:
    status, text = building(folder)
    assert status == 0
    counts = [(int(articles), int(passages)) for articles, passages, _ in COUNTED.findall(text)]
    assert counts == sorted(counts)
    assert [articles for articles, _ in counts] == list(range(1, 32))
    assert counts[-1] == (31, 49)
    assert text.count("\n") == 1  # it is one line all the time
    (line,) = screen(text)
    assert SUMMARY.fullmatch(line)


def test_a_pipe_gets_the_reports_and_the_summary(folder: Path) -> None:
    (folder / "archive" / "empty.md").write_text("")
    done = newsquote("index", "build", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    report, summary = done.stderr.splitlines()
    assert report == f"{folder}/archive/empty.md: empty file"
    assert SUMMARY.sub("counted", summary) == "counted; skipped 1: 1 empty file"
    assert "\r" not in done.stderr
    assert "\x1b" not in done.stderr


def test_only_now_and_then_a_line_is_written() -> None:
    with terminal() as written:
        progress = Progress()
        for number in range(50):
            progress(Written(number, number))
        progress(Note("done"))
    lines = progress.seconds / 0.5
    assert written[0].count("\r\x1b[K") <= 1 + 2 * lines  # each is written, and may be cleared


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        (Encoded(1024, 20_000, 125.4), ["encoding 1,024 of 20,000 passages, 2:05 left"]),
        (Encoded(19_999, 20_000, 0.6), ["encoding 19,999 of 20,000 passages, 0:01 left"]),
        (Encoded(20_000, 20_000, 0.0), []),  # the line has gone
    ],
)
def test_a_slow_encoder_tells_how_long_it_takes(event: Encoded, shown: list[str]) -> None:
    for ended in (False, True):
        with terminal() as written:
            progress = Progress()
            progress(Encoded(1, 20_000, 3600))
            progress(event)
            if ended:
                progress.end()
        assert "encoding 1 of 20,000 passages, 60:00 left" in written[0]
        assert screen(written[0]) == ([] if ended else shown)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (FileReport("a.md", "unreadable date", "'soon'", 3), "a.md:3: unreadable date: 'soon'"),
        (Note("reading the articles again"), "reading the articles again"),
    ],
)
def test_what_is_to_be_said_is_a_line(
    event: Event, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.commands.progress._EVERY_S", -1)  # all that is shown is shown at once
    with terminal() as written:
        Progress()(event)
    assert screen(written[0]) == [line]
    with redirect_stderr(io.StringIO()) as kept:
        progress = Progress()
        for one in (Encoded(1, 9, 1.0), Written(1, 1), event, Encoded(9, 9, 0.0)):
            progress(one)
        progress.end()
    assert kept.getvalue() == f"{line}\n"


def test_the_seconds_count_from_the_last_start() -> None:
    progress = Progress()
    time.sleep(0.05)
    assert progress.seconds >= 0.05
    before = progress.seconds
    progress.restart()
    assert progress.seconds < before


def test_what_is_said_while_it_counts_is_a_line_of_its_own(folder: Path) -> None:
    shutil.move(folder / "archive", folder / "first")
    (folder / "last").mkdir()
    (folder / "last" / "empty.md").write_text("")
    status, text = building(folder, "first", "last")
    assert status == 0
    report, summary = screen(text)
    assert report == f"{folder}/last/empty.md: empty file"
    assert SUMMARY.match(summary)


def test_an_error_is_a_line_of_its_own(folder: Path) -> None:
    status, text = building(folder, "nowhere")
    assert status == 2
    report, error = screen(text)
    assert report == f"{folder}/nowhere: not found: No such file or directory"
    assert error.startswith("newsquote: found no article in ")
