"""``newsquote index build``, beside Beautiful Soup parsing the same bodies."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from bs4 import BeautifulSoup

from benchmarks.measure import Cost, cost_and_peak_of_program, taking_turns
from benchmarks.workplace import Archive, Bench, Row, say
from index.articles.front_matter import split_front_matter

MANY = 10_000
"""Articles from which a build is measured once: it is long enough to be steady."""


def measure(bench: Bench) -> Iterator[Row]:
    """Yield for each archive what its index costs to build, and how much memory that takes."""
    for archive in bench.archives:
        say(f"{archive.name}: build")
        files = archive.files()
        peaks: list[float] = []

        def build(archive: Archive = archive, peaks: list[float] = peaks) -> Cost:
            cost, peak = cost_and_peak_of_program(archive.build_command())
            peaks.append(peak)
            return cost

        repeats = 1 if len(files) > MANY else min(bench.repeats, 3)
        built, floor = taking_turns(repeats, build, partial(parse_alone, files))
        passages = archive.passages()
        yield {
            "archive": archive.name,
            "passages": passages,
            "articles": len(files),
            "passages_per_s_wall": passages / built.wall,
            "build_cpu_s": built.cpu,
            "build_wall_s": built.wall,
            "floor_cpu_s": floor.cpu,
            "floor_wall_s": floor.wall,
            "ratio_cpu": built.cpu / floor.cpu,
            "ratio_wall": built.wall / floor.wall,
            "index_mb": index_size(archive),
            "peak_mb": max(peaks),
        }


def index_size(archive: Archive) -> float:
    """Return the size of the current generation in megabytes."""
    files = (path for path in archive.generation.rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files) / 1e6


def parse_alone(files: list[Path]) -> Cost:
    """Return what Beautiful Soup takes for the bodies of articles, in a process for each core.

    The time for reading files and starting processes is not in it.

    :return: CPU time of all processes together; wall time of the one that took longest.
    """
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        costs = list(pool.map(_parse, [files[number::workers] for number in range(workers)]))
    return Cost(sum(cost.cpu for cost in costs), max(cost.wall for cost in costs))


def _parse(files: list[Path]) -> Cost:
    cpu = wall = 0.0
    for path in files:
        body = split_front_matter(path.read_text(encoding="utf-8", errors="replace")).body
        began = time.process_time(), time.perf_counter()
        BeautifulSoup(body, "lxml")
        cpu += time.process_time() - began[0]
        wall += time.perf_counter() - began[1]
    return Cost(cpu, wall)
