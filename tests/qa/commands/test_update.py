"""``newsquote index update``, ``prune`` and ``dedupe``, as a user calls them."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.generations.folders import current, generation_names
from tests.patience import PATIENCE_S
from tests.program import call

REPORT = (
    "The lighthouse on Cape Brell went dark at midnight after a lightning strike destroyed its "
    "lamp, and two fishing boats ran aground on the reef before the keeper could start the "
    "emergency generator, the coast guard of Olmland said on Saturday."
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to call the program in, with a small archive and its index."""
    (tmp_path / "archive").mkdir()
    for name in ("Coast Wire", "Morning Tide"):
        text = f"---\ntitle: Light fails\ndate: 2021-11-14\nsource: {name}\n---\n{REPORT}\n"
        (tmp_path / "archive" / f"{name}.md").write_text(text)
    (tmp_path / "archive" / "ferry.md").write_text("# Ferry\n\nThe ferry sails on Monday.\n")
    (tmp_path / "index-data").mkdir()
    assert call("index", "build", cwd=tmp_path).status == 0
    return tmp_path


def status(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(call("index", "status", "--json", cwd=folder).out)
    return found


def test_an_update_says_what_it_did(folder: Path) -> None:
    (folder / "archive" / "bridge.md").write_text("# Bridge\n\nThe bridge opens in June.\n")
    (folder / "archive" / "ferry.md").unlink()
    done = call("index", "update", cwd=folder)
    assert (done.status, done.out) == (0, "")
    assert done.err.startswith("1 added, 1 removed; 3 articles, 3 passages in ")
    assert "June" in call("ask", "When does the bridge open?", cwd=folder).out
    again = call("index", "update", cwd=folder)
    assert (again.status, again.err) == (0, "nothing has changed; the index is up to date\n")
    told = status(folder)
    assert (told["articles"], told["dead"]) == (3, 0)
    assert len(told["generations"]) == 2  # type: ignore[arg-type]  # a list of names


def test_the_first_update_is_a_build(folder: Path) -> None:
    shutil.rmtree(folder / "index-data")
    (folder / "index-data").mkdir()
    for path in (folder / "archive").iterdir():
        os.utime(path, (1_600_000_000, 1_600_000_000))
    done = call("index", "update", cwd=folder)
    assert done.status == 0
    assert done.err.startswith("3 articles, 3 passages in ")
    assert status(folder)["remembered_files"] == 3


def test_another_setting_needs_another_build(folder: Path) -> None:
    (folder / "newsquote.toml").write_text("[passages]\ntarget_chars = 500\n")
    before = current(folder / "index-data")
    done = call("index", "update", cwd=folder)
    assert (done.status, done.out) == (1, "")
    assert "passages.target_chars is 500, it was 300" in done.err
    assert "newsquote index build" in done.err
    assert current(folder / "index-data") == before


def test_near_copies_are_listed(folder: Path) -> None:
    done = call("index", "dedupe", cwd=folder)
    assert done.status == 0
    first, one, other, last = done.out.splitlines()
    assert first.startswith("2 articles: The lighthouse on Cape Brell")
    path = folder / "archive" / "Coast Wire.md"
    assert one == f"  Light fails · Coast Wire · 2021-11-14 · {path}"
    assert "Morning Tide" in other
    assert last == "1 group of near-copies, 2 articles"
    (group,) = map(json.loads, call("index", "dedupe", "--json", cwd=folder).out.splitlines())
    assert [card["source"] for card in group] == ["Coast Wire", "Morning Tide"]
    assert group[0] == {
        "title": "Light fails",
        "source": "Coast Wire",
        "date": "2021-11-14",
        "path": str(path),
    }


def test_old_generations_are_pruned(folder: Path) -> None:
    index_dir = folder / "index-data"
    for n in range(3):
        (folder / "archive" / "ferry.md").write_text(f"# Ferry\n\nThe ferry has {n} masts.\n")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NEWSQUOTE_INDEX__KEEP_GENERATIONS", "9")
            assert call("index", "update", cwd=folder).status == 0
    names = generation_names(index_dir)
    assert len(names) == 4
    (index_dir / "generations" / "20200101T000000.partial").mkdir()
    done = call("index", "prune", "--keep", "2", cwd=folder)
    assert done.status == 0
    removed = [line.split()[1].rstrip(":") for line in done.out.splitlines()[:-1]]
    assert removed == ["20200101T000000.partial", *names[:2]]
    assert "MB freed, generations left: 2" in done.out
    assert generation_names(index_dir) == names[2:]
    # An older one that was made current again stays, and is one of those that are kept.
    (index_dir / "CURRENT").write_text(names[2] + "\n")
    call("index", "prune", "--keep", "1", cwd=folder)
    assert generation_names(index_dir) == names[2:3]
    assert call("ask", "How many masts has the ferry?", cwd=folder).status == 0
    assert call("index", "prune", "--keep", "0", cwd=folder).status == 2


@pytest.fixture
def watching(folder: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "NEWSQUOTE_INDEX__SETTLE_S": "0.1"}
    # A shell starts what it runs in the background with SIGINT ignored, and children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "qa.cli", "index", "update", "--watch"],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def said(process: subprocess.Popen[str], words: str) -> str:
    """Return the next line that holds some words."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"ended without saying {words!r}")


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_watched_archive_is_updated_until_it_is_stopped(
    folder: Path, watching: subprocess.Popen[str], ending: signal.Signals
) -> None:
    said(watching, "watching")
    said(watching, "nothing has changed")
    archive = folder / "archive"
    # All at once: it may look at any moment.
    (folder / "new.md").write_text("# Bridge\n\nThe bridge opens in June.\n")
    (folder / "new.md").rename(archive / "bridge.md")
    assert said(watching, "4 articles").startswith("1 added")
    archive.rename(folder / "away")  # what cannot be done is said, and tried again
    said(watching, "not mounted")
    (folder / "away" / "ferry.md").unlink()
    (folder / "away").rename(archive)
    assert said(watching, "3 articles").startswith("1 removed")
    (folder / "new.md").write_text("# Ferry\n\nThe ferry sails on Tuesday.\n")
    (folder / "new.md").rename(archive / "ferry.md")
    assert said(watching, "4 articles").startswith("1 added")
    watching.send_signal(ending)
    said(watching, "stopped")
    assert watching.wait(PATIENCE_S) == 0


def test_days_are_told_in_the_zone_of_the_settings(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "---\ntitle: Tide\ndate: 2016-02-18T16:55:35.000Z\n---\nThe tide gauge was read by two men.\n"
    (folder / "archive" / "tide.md").write_text(text)
    monkeypatch.setenv("NEWSQUOTE_EXTRACT__TIMEZONE", "Asia/Shanghai")
    refused = call("index", "update", cwd=folder)
    assert refused.status == 1
    assert "extract.timezone is Asia/Shanghai, it was none" in refused.err
    assert call("index", "build", cwd=folder).status == 0
    day = ("--since", "2016-02-19", "--until", "2016-02-19")
    told = call("ask", "Who read the tide gauge?", *day, cwd=folder)
    assert (told.status, "2016-02-19, paragraph 1" in told.out) == (0, True)
