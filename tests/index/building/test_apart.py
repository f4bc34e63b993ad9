"""Calls in a process of their own. All of them are real ones."""

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from index.articles.files import Reading
from index.building.apart import Apart, ProcessDied
from index.building.archive import Archive, refreshed
from index.building.events import Encoded, Event, Finishing, Note, Planned, Written, silent
from index.building.options import Options
from index.building.update import Updated
from index.encoders.protocol import EncoderChoice
from index.errors import ArticleError, FeedError, IndexLocked, NewsquoteError
from index.generations.folders import current
from index.generations.manifest import read_manifest
from index.types import FileReport
from tests.index.building.called_apart import (
    HELD,
    added,
    bytes_of,
    held_here,
    killed_by,
    lasting,
    raising,
    talking,
    told_of_interrupts,
)

PATIENCE_S = 60
ROOT = Path(__file__).parents[3]


def test_nothing_of_the_callers_memory_is_taken_along() -> None:
    """Not its threads' locks either, which nobody would ever let go there."""
    HELD.append("a lock")
    try:
        assert Apart(held_here).result(silent) == []
    finally:
        HELD.clear()


def test_the_value_comes_back_from_another_process() -> None:
    value, process = Apart(partial(added, 2, 3)).result(silent)
    assert value == 5
    assert process != os.getpid()


def test_large_values_come_back_too() -> None:
    assert Apart(partial(bytes_of, 10_000_000)).result(silent) == b"x" * 10_000_000


def test_what_it_says_is_said_here_in_order_and_in_the_thread_that_waits() -> None:
    said: list[tuple[Event, int]] = []
    Apart(talking).result(lambda event: said.append((event, threading.get_ident())))
    assert {thread for _, thread in said} == {threading.get_ident()}
    events = [event for event, _ in said]
    report = FileReport("a.md", "empty file")
    assert events[:4] == [Note("begin"), Encoded(1, 2, 3.5), report, Written(0, 0)]
    assert events[-1] == Note("end")
    assert isinstance(events[2], FileReport)
    assert events[2].sha256 == "0"
    counts = [event for event in events if isinstance(event, Written)]
    assert len(counts) < 100  # how far it is, only now and then
    assert all(count.passages == 2 * count.articles for count in counts)


@pytest.mark.parametrize(
    "error",
    [
        IndexLocked("another process is writing the index in x"),
        ArticleError("broken front matter", "no mapping", 3),
        FeedError("it is gone", retry_at=7.5),
        FileNotFoundError(2, "No such file or directory", "x.md"),
        OSError("no number"),
    ],
)
def test_an_error_is_raised_here_as_it_was(error: NewsquoteError | OSError) -> None:
    with pytest.raises(type(error)) as caught:
        Apart(partial(raising, error)).result(silent)
    assert str(caught.value) == str(error)
    assert vars(caught.value) == vars(error)
    assert caught.value.args == error.args


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_process_that_dies_is_told_with_its_status(number: signal.Signals) -> None:
    said: list[Event] = []
    with pytest.raises(ProcessDied) as caught:
        Apart(partial(killed_by, number)).result(said.append)
    assert str(caught.value) == f"its process ended with status -{int(number)} before it was done"
    assert said == [Note("about to die")]
    assert isinstance(caught.value, NewsquoteError)


def test_a_fault_of_the_program_ends_the_process(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ProcessDied, match="ended with status 1 before it was done"):
        Apart(partial(raising, ZeroDivisionError("a fault"))).result(silent)
    assert "ZeroDivisionError: a fault" in capfd.readouterr().err


def test_it_can_be_killed() -> None:
    apart = Apart(lasting)

    def kill(event: Event) -> None:
        assert event == Note("running")
        apart.kill()

    began = time.monotonic()
    with pytest.raises(ProcessDied, match="ended with status -9 before it was done"):
        apart.result(kill)
    assert time.monotonic() - began < PATIENCE_S


def test_a_listener_that_fails_ends_it(capfd: pytest.CaptureFixture[str]) -> None:
    """It has nobody to tell anything any more, and complains of that to nobody either."""

    def fail(event: Event) -> None:
        raise ZeroDivisionError(event)

    apart = Apart(lasting)
    with pytest.raises(ZeroDivisionError, match="running"):
        apart.result(fail)
    assert apart._process.exitcode == -signal.SIGKILL
    assert capfd.readouterr().err == ""


def test_an_interrupt_is_left_to_the_caller() -> None:
    assert Apart(told_of_interrupts).result(silent) is True


def test_the_process_ends_when_its_parent_is_killed() -> None:
    program = (
        "from index.building.apart import Apart\n"
        "from index.building.events import silent\n"
        "from tests.index.building.called_apart import printing\n"
        "if __name__ == '__main__':\n"
        "    Apart(printing).result(silent)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "running\n"
        parent.kill()
        # Whoever is left holds the other end: nothing more comes when all have ended.
        assert parent.communicate(timeout=PATIENCE_S)[0] == ""
    assert parent.returncode == -signal.SIGKILL


def test_an_archive_is_refreshed_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "alma.md").write_text("# Alma\n\nThe ferry Alma carries goats.\n")
    (tmp_path / "files" / "empty.md").write_text("")
    options = Options(Reading(10_000, workers=1), target_chars=100, keep=2, dead_share=0.2)
    archive = Archive(tmp_path / "index", EncoderChoice(), options, [tmp_path / "files"])
    said: list[Event] = []
    updated = Apart(partial(refreshed, archive)).result(said.append)
    assert updated == Updated(read_manifest(current(tmp_path / "index")), None, anew=True)
    assert updated.manifest.articles == 1
    skipped = FileReport(str(tmp_path / "files/empty.md"), "empty file")
    assert said == [Planned(2), Written(1, 1), skipped, Finishing()]
    assert archive.refresh().changes is None
