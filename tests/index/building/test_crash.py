"""The program is killed while it writes; the index never notices."""

import random
import sqlite3
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from index.generations.folders import current, generation_names, make_current
from index.generations.lock import write_lock
from index.parts.vectors import open_vectors
from tests.crash import QUESTION, Workplace, articles, environment
from tests.models import DIM, save_tiny_bert
from tests.patience import PATIENCE_S
from tests.program import call

pytestmark = pytest.mark.slow

INSTANTS = (
    ("sqlite3.connect:files.sqlite", "build"),
    ("os.mkdir:.partial", "build"),
    ("sqlite3.connect:archive.sqlite", "update"),
    ("os.link:.term", "update"),
    ("open:tokens.npy", "build"),
    ("open:manifest.json", "build"),
    ("os.rename:.partial", "update"),
    ("open:CURRENT.new", "build"),
    ("os.rename:CURRENT", "update"),
    ("shutil.rmtree:generations", "update"),
    ("os.rmdir:words", "build"),
)


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    """An index of two generations, so that the next one lets the first be pruned."""
    place = Workplace(tmp_path)
    place.finish("index", "build")
    place.advance()
    place.finish("index", "update")
    place.advance()
    return place


@pytest.mark.parametrize(("instant", "action"), INSTANTS)
def test_killed_at_an_instant(workplace: Workplace, instant: str, action: str) -> None:
    assert workplace.killed(instant, "index", action) != ""
    workplace.check_after_kill()
    workplace.finish("index", "update" if action == "build" else "build")


@pytest.mark.parametrize("instant", ["os.rename:.partial", "os.rename:CURRENT"])
def test_the_first_build_is_killed(tmp_path: Path, instant: str) -> None:
    place = Workplace(tmp_path)
    place.killed(instant, "index", "build")
    place.check_after_kill()
    assert place.answering is None
    place.finish("index", "update")


def test_a_rollback_is_killed_at_any_instant(workplace: Workplace) -> None:
    """Either generation answers, whole; the next rollback or update goes on from there."""
    first, second = generation_names(workplace.index_dir)
    instants = workplace.instants("index", "rollback", first)
    assert instants > 5
    assert workplace.held() == 1
    for instant in range(1, instants + 1):
        make_current(workplace.index_dir, second)
        assert workplace.killed(str(instant), "index", "rollback") != ""
        assert generation_names(workplace.index_dir) == [first, second]
        held = workplace.held()
        assert held in (1, 2)
        asked = call("ask", QUESTION, "--json", cwd=workplace.folder)
        assert f"now {held}00 goats" in asked.out
    make_current(workplace.index_dir, second)
    workplace.killed("os.rename:CURRENT", "index", "rollback")
    assert workplace.held() == 2
    assert call("index", "rollback", cwd=workplace.folder).status == 0
    assert workplace.held() == 1
    workplace.finish("index", "update")


def test_killed_again_and_again(workplace: Workplace) -> None:
    for action in ("update", "build", "update"):
        workplace.killed_after(random.uniform(0, 0.3), "index", action)
        workplace.check_after_kill()
    workplace.finish("index", "update")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_workers_end_with_a_process_that_is_killed(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    for number in range(3000):
        (place.archive / f"{number}.md").write_text(f"# Ferry {number}\n\nIt has a funnel.\n")
    with subprocess.Popen(
        [sys.executable, "-m", "qa.cli", "index", "build"],
        cwd=tmp_path,
        env=environment(NEWSQUOTE_EXTRACT__WORKERS="2"),
        stderr=subprocess.PIPE,
    ) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while len(children.read_text().split()) < 3:  # with Python's resource tracker
            assert process.poll() is None
        process.kill()
        # Whoever is left holds the other end: nothing more comes when all have ended.
        process.communicate(timeout=PATIENCE_S)
    with write_lock(place.index_dir):
        pass


def test_what_was_encoded_is_not_encoded_again(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    save_tiny_bert(tmp_path / "model", "BertModel")
    with (tmp_path / "newsquote.toml").open("a") as settings:
        settings.write('[encoder]\nmodel = "model"\n')
    assert place.killed("open:manifest.json", "index", "build") != ""
    (path,) = place.index_dir.glob("vectors-*.sqlite")
    with sqlite3.connect(path) as db:
        stored = dict(db.execute("SELECT text, vector FROM vectors").fetchall())
        assert len(stored) == len(articles(1))
        # One that is known again in the index, with its checksum behind it.
        known = np.zeros(DIM, np.float32)
        known[7] = 1
        marked = known.tobytes() + zlib.crc32(known.tobytes()).to_bytes(4)
        db.execute("UPDATE vectors SET vector = ?", [marked])
    db.close()
    place.check_after_kill()
    assert place.answering is None
    assert call("index", "build", cwd=tmp_path).status == 0
    assert place.held() == 1
    vectors = open_vectors(current(place.index_dir))
    assert vectors.tolist() == [known.tolist()] * len(stored)
    assert not list(place.index_dir.glob("vectors-*"))
