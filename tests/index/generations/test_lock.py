import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import IndexLocked, IndexNotWritten
from index.generations.lock import write_lock


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with (
        write_lock(tmp_path),
        pytest.raises(IndexLocked, match=f"another process is writing the index in {tmp_path}"),
        write_lock(tmp_path),
    ):
        pass
    with write_lock(tmp_path):
        pass


def test_the_lock_makes_the_folder(tmp_path: Path) -> None:
    with write_lock(tmp_path / "a" / "index"):
        assert (tmp_path / "a" / "index").is_dir()


def test_a_writer_that_fails_keeps_no_lock(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="stop"), write_lock(tmp_path):
        raise ValueError("stop")
    with write_lock(tmp_path):
        pass


def test_a_dead_process_keeps_no_lock(tmp_path: Path) -> None:
    code = (
        "import os, sys, pathlib; from index.generations.lock import write_lock\n"
        "with write_lock(pathlib.Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == -9
    with write_lock(tmp_path):
        pass


def test_a_place_where_no_folder_can_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(IndexNotWritten, match=f"cannot write the index in {tmp_path}/file"),
        write_lock(tmp_path / "file"),
    ):
        pass
