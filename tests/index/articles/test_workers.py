"""Work in several processes: in order, and without losing a file to one that kills its worker."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

from index.articles import workers
from index.types import FileReport


def _sizes_or_death(paths: list[Path], doomed: str) -> list[int | FileReport]:
    if doomed in [path.name for path in paths]:
        os.kill(os.getpid(), signal.SIGKILL)
    return [path.stat().st_size for path in paths]


def _written(folder: Path, count: int) -> list[Path | FileReport]:
    """Write files, each as long as its number."""
    paths: list[Path | FileReport] = []
    for number in range(count):
        path = folder / f"{number}.md"
        path.write_text("x" * number)
        paths.append(path)
    return paths


def test_a_worker_that_dies_loses_only_the_file_that_killed_it(tmp_path: Path) -> None:
    paths = _written(tmp_path, 12)
    batches = iter([paths[:4], paths[4:8], paths[8:]])
    outcomes = list(workers._in_parallel(batches, partial(_sizes_or_death, doomed="5.md"), 2))
    died = FileReport(f"{tmp_path}/5.md", "too complex", workers._DIED)
    assert outcomes == [0, 1, 2, 3, 4, died, 6, 7, 8, 9, 10, 11]


def test_what_is_skipped_passes_through_in_its_place(tmp_path: Path) -> None:
    skipped = FileReport("gone.md", "not found")
    items = [*_written(tmp_path, 300), skipped]
    items[7:7] = [skipped, skipped]
    expected = [len(path.read_text()) if isinstance(path, Path) else path for path in items]
    work = partial(_sizes_or_death, doomed="")
    for count in (1, 2):
        assert list(workers.in_order(work, iter(items), workers=count)) == expected


def test_items_come_in_batches() -> None:
    assert list(workers.in_batches(range(7), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(workers.in_batches([], 3)) == []


SCRIPT = """
from pathlib import Path
from index.articles.workers import in_order
files = iter([Path(f"{number}.md") for number in range(300)])
print(list(in_order(list, files, workers=2))[:3])
"""


def test_no_file_is_blamed_where_no_process_can_start(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stdout == ""
    said = "index.errors.WorkersUnavailable: the processes that read articles end"
    # Not the last line: the interpreter may add some.
    assert any(line.startswith(said) for line in run.stderr.splitlines())
