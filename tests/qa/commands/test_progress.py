"""How a build gets on: a line on a terminal that is kept up to date, and nothing of it in a pipe."""

import io
import json
import os
import pty
import re
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from pathlib import Path

import pytest

from index.articles.workers import _pool, _submit
from index.building.events import Encoded, Event, Finishing, Mended, Note, Planned, Written
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
READING = re.compile(r"\r\x1b\[Kreading +(\d+)% [^\r]* (\d+) of (\d+) files, [^\r]* left")
SUMMARY = re.compile(r"33 articles, 51 passages in \d+\.\d s \(\d+ articles/s\)")


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
    counts = [[int(number) for number in numbers] for numbers in READING.findall(text)]
    assert counts == [[round(100 * done / 33), done, 33] for done in range(1, 34)]
    assert text.count("\n") == 1  # it is one line all the time
    (line,) = screen(text)
    assert SUMMARY.fullmatch(line)


def test_a_pipe_gets_the_summary_and_no_line(folder: Path) -> None:
    (folder / "archive" / "empty.md").write_text("")
    (folder / "archive" / "blank.md").write_text(" ")
    (folder / "archive" / "when.md").write_text("---\ndate: soon\n---\nIt is.\n")
    done = newsquote("index", "build", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    summary, skipped, mended = done.stderr.splitlines()
    assert summary.startswith("34 articles, 52 passages in ")
    assert skipped == (
        "skipped 2 files: 2 empty file; -v names them, and so does 'newsquote index skipped'"
    )
    assert mended == "mended 1 file; -v says in what"
    assert not {"\r", "\x1b"} & set(done.stderr)
    listed = newsquote("index", "skipped", cwd=folder)
    names = [f"{folder}/archive/{name}.md: empty file" for name in ("blank", "empty")]
    assert listed.stdout.splitlines() == [*names, "skipped 2 files: 2 empty file"]


def test_each_file_is_named_when_that_is_wanted(folder: Path) -> None:
    (folder / "archive" / "empty.md").write_text("")
    (folder / "archive" / "when.md").write_text("---\ndate: soon\n---\nIt is.\n")
    done = newsquote("index", "build", "-v", cwd=folder)
    assert done.returncode == 0
    empty, when, _, skipped, mended = done.stderr.splitlines()
    assert empty == f"{folder}/archive/empty.md: empty file"
    assert when.startswith(f"{folder}/archive/when.md:")
    assert (skipped, mended) == ("skipped 1 file: 1 empty file", "mended 1 file")


def test_only_now_and_then_a_line_is_written() -> None:
    with terminal() as written:
        progress = Progress()
        progress(Planned(50))
        for number in range(50):
            progress(Written(number, number))
        seconds = progress.seconds
    assert 1 <= written[0].count("\r\x1b[K") <= 1 + seconds / 0.1


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        (
            Encoded(5_000, 20_000, 125.4),
            ["encoding  25%", "5,000 of 20,000 passages", "02:05 left"],
        ),
        (
            Encoded(19_999, 20_000, 1.2),
            ["encoding 100%", "19,999 of 20,000 passages", "00:01 left"],
        ),
        (Encoded(20_000, 20_000, 0.0), ["reading   0% ", " 0 of 9 files"]),
    ],
)
def test_a_slow_encoder_tells_how_long_it_takes(event: Encoded, shown: list[str]) -> None:
    with terminal() as written, Progress() as progress:
        progress(Planned(9))
        progress(event)
        progress(Note("done"))
    *_, line, _, _ = written[0].split("\r\x1b[K")
    assert [part for part in shown if part not in line] == []
    assert screen(written[0]) == ["done"]


def test_a_line_is_never_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in (20, 40, 60, 80, 120):
        monkeypatch.setenv("COLUMNS", str(columns))
        with terminal() as written, Progress() as progress:
            progress(Encoded(5_000, 20_000, 125.4))
        line = written[0].split("\r\x1b[K")[1]
        assert len(line) == columns - 1


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (FileReport("a.md", "unreadable date", "'soon'", 3), "a.md:3: unreadable date: 'soon'"),
        (
            Mended(FileReport("a.md", "unreadable date", "'soon'", 3)),
            "a.md:3: unreadable date: 'soon'",
        ),
        (Note("reading the articles again"), "reading the articles again"),
    ],
)
def test_what_is_to_be_said_is_a_line(event: Event, line: str) -> None:
    with terminal() as written, Progress(verbose=True) as progress:
        progress(Written(1, 1))
        progress(event)
    assert screen(written[0]) == [line]
    with redirect_stderr(io.StringIO()) as kept, Progress(verbose=True) as progress:
        for one in (Encoded(1, 9, 1.0), Written(1, 1), event, Encoded(9, 9, 0.0), Finishing()):
            progress(one)
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
    status, text = building(folder, "first", "last", "-v")
    assert status == 0
    report, summary, _ = screen(text)
    assert report == f"{folder}/last/empty.md: empty file"
    assert SUMMARY.match(summary)


def test_an_error_is_a_line_of_its_own(folder: Path) -> None:
    status, text = building(folder, "nowhere")
    assert status == 2
    report, skipped, error = screen(text)
    assert report == f"{folder}/nowhere: not found: No such file or directory"
    assert skipped.startswith("skipped 1 file: 1 not found; ")
    assert error.startswith("newsquote: found no article in ")


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (["verify"], "checking .* files"),
        (["eval", "two.jsonl"], "asking .* questions"),
    ],
)
def test_other_long_work_shows_how_far_it_is(demo_index: Path, args: list[str], what: str) -> None:
    asked = [{"id": n, "question": "Who?", "answerable": False} for n in (1, 2)]
    (demo_index / "two.jsonl").write_text("\n".join(map(json.dumps, asked)))
    command = [sys.executable, "-c", EVERY_EVENT, *args, "--index", "index-data"]
    done = on_a_terminal(command, cwd=demo_index, env={**os.environ, "PYTHONUTF8": "1"})
    assert done.status == 0
    verb, unit = what.split(" .* ")
    line = rf"{verb} +(\d+)% [^\r]* (\d+) of (\d+) {unit}, [^\r]* left"
    steps = [[int(number) for number in found] for found in re.findall(line, done.text)]
    _, first, count = steps[0]
    assert (first, steps[-1]) == (0, [100, count, count])
    assert not any(shown.startswith(verb) for shown in screen(done.text))


MANY = """
import signal
from qa.commands import progress
shown = progress.Progress._show
def interrupted(self):
    shown(self)
    if self._steps.done == 5:
        signal.raise_signal(signal.SIGINT)
progress.Progress._show = interrupted
from qa.cli import program
raise SystemExit(program())
"""


@pytest.mark.slow
@pytest.mark.parametrize("count", [40, 400])  # in one process, and in several
def test_an_interrupted_build_says_what_is_kept(folder: Path, count: int) -> None:
    before = newsquote("index", "build", cwd=folder)
    assert before.returncode == 0
    kept = newsquote("index", "status", "--json", cwd=folder).stdout
    for number in range(count):
        (folder / "archive" / f"{number}.md").write_text(f"# Ferry {number}\n\nIt sails.\n")
    command = [sys.executable, "-c", MANY, "index", "build"]
    env = {**os.environ, "NEWSQUOTE_EXTRACT__WORKERS": "2", "NEWSQUOTE_INDEX__DIR": "index-data"}
    done = on_a_terminal(command, cwd=folder, env=env)
    assert done.status == 130
    assert screen(done.text) == [
        "newsquote: stopped; the index is as it was, and what a slow encoder has encoded is kept"
    ]
    assert newsquote("index", "status", "--json", cwd=folder).stdout == kept


def test_a_worker_that_starts_hears_nothing_of_ctrl_c() -> None:
    pool = _pool(1)
    try:
        blocked = _submit(pool, [Path("a")], _blocked).result()
    finally:
        pool.shutdown()
    assert blocked == [True]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def _blocked(paths: list[Path]) -> list[bool]:
    return [signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()) for _ in paths]
