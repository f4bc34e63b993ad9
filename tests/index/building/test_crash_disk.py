"""A full disk, a folder that may not be written, files that may not be read."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.generations.folders import current, generation_names
from tests.crash import QUESTION, Workplace, environment
from tests.full_disk import files_of_at_most
from tests.program import Called, call

pytestmark = pytest.mark.slow

_POWERS = "-dac_override,-dac_read_search"


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    """An index that is one version behind its archive."""
    place = Workplace(tmp_path)
    place.finish("index", "build")
    place.advance()
    return place


def call_bound(place: Workplace, *arguments: str) -> Called:
    """Call the program as someone whom the permissions of files bind: root is not, as a rule."""
    bound = []
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root may read and write all, and setpriv is not there to change that")
        bound = ["setpriv", f"--bounding-set={_POWERS}", f"--inh-caps={_POWERS}"]
    done = subprocess.run(
        [*bound, sys.executable, "-m", "qa.cli", *arguments],
        cwd=place.folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return Called(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("action", ["build", "update"])
@pytest.mark.parametrize("size", [0, 100, 1_000, 3_000, 10_000, 30_000])
def test_a_full_disk_leaves_the_index_as_it_was(place: Workplace, action: str, size: int) -> None:
    with files_of_at_most(size):
        done = call("index", action, cwd=place.folder)
    assert done.status == 2, done.err
    assert "the previous one, if there was one, still answers; make room" in done.err
    assert "index-data" in done.err
    assert generation_names(place.index_dir) == [current(place.index_dir).name]
    place.check_after_kill()
    assert place.answering == place.version - 1
    place.finish("index", action)


def test_a_folder_that_may_not_be_written_still_answers(place: Workplace) -> None:
    folders = [place.index_dir, *(path for path in place.index_dir.rglob("*") if path.is_dir())]
    for path in folders:
        path.chmod(0o555)
    try:
        asked = call_bound(place, "ask", QUESTION)
        assert (asked.status, asked.err) == (0, "")
        assert "now 100 goats" in asked.out
        for action in ("build", "update"):
            refused = call_bound(place, "index", action)
            assert refused.status == 2
            assert "cannot write the index in index-data: Permission denied" in refused.err
    finally:
        for path in folders:
            path.chmod(0o755)
    place.finish("index", "update")


@pytest.mark.parametrize(
    "kind", ["CURRENT", "generations/*", "generations/*/archive.sqlite", "generations/*/days.npy"]
)
def test_what_may_not_be_read_is_named(place: Workplace, kind: str) -> None:
    (path,) = place.index_dir.glob(kind)
    path.chmod(0)
    try:
        asked = call_bound(place, "ask", QUESTION)
    finally:
        path.chmod(0o755)
    assert (asked.status, asked.out) == (2, "")
    assert str(path.relative_to(place.folder)) in asked.err
    assert "Traceback" not in asked.err
    place.finish("index", "update")
