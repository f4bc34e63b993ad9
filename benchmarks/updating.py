"""``newsquote index update`` when one file in a hundred has changed, beside the build."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Cost, cost_of_program, medians
from benchmarks.workplace import NEWSQUOTE, Archive, Bench, Row, say

SHARE = 0.01
"""Of all articles, that change before each update."""

ROUNDS = 3
_ADDED = "\n<p>This paragraph was added to the report afterwards.</p>\n"


def measure(bench: Bench) -> Iterator[Row]:
    """Yield for each archive what an update of its index costs, and one that finds no change.

    A copy of the archive is changed, in a folder that is removed afterwards.
    """
    for archive in bench.archives:
        say(f"{archive.name}: update")
        folder = bench.folder / "changed"
        shutil.rmtree(folder, ignore_errors=True)
        copy = Archive(archive.name, (_copied(archive, folder / "articles"),), folder / "index")
        built = cost_of_program(copy.build_command())
        files = copy.files()
        random.Random(0).shuffle(files)  # noqa: S311 - not for secrets
        changed = max(round(SHARE * len(files)), 1)
        costs = [_updated(copy, files[n * changed : (n + 1) * changed]) for n in range(ROUNDS)]
        updated, unchanged = medians(costs), _updated(copy, [])
        yield {
            "archive": archive.name,
            "passages": archive.passages(),
            "articles": len(files),
            "changed": changed,
            "build_cpu_s": built.cpu,
            "update_cpu_s": updated.cpu,
            "ratio_cpu": updated.cpu / built.cpu,
            "ratio_wall": updated.wall / built.wall,
            "unchanged_cpu_s": unchanged.cpu,
        }
        shutil.rmtree(folder)


def _copied(archive: Archive, folder: Path) -> Path:
    for number, path in enumerate(archive.paths):
        shutil.copytree(path, folder / str(number))
    return folder


def _updated(archive: Archive, files: list[Path]) -> Cost:
    for path in files:
        with path.open("a", encoding="utf-8") as file:
            file.write(_ADDED)
    return cost_of_program([NEWSQUOTE, "index", "update", "--index", archive.index])
