"""Memory of processes that answer questions, one alone and two together."""

from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

from benchmarks.measure import Memory, as_the_program, memory
from benchmarks.workplace import Archive, Bench, Row
from config.loading import load_settings
from qa.opening import open_service

QUESTIONS = 200
_LONGEST_S = 600


def measure(bench: Bench) -> Iterator[Row]:
    """Yield for each archive the memory of a process that has answered many questions."""
    for archive in bench.archives:
        archive.ensure_index()
        asked = archive.questions(QUESTIONS)
        alone = serve(archive, asked, 1)
        together = serve(archive, asked, 2)
        yield {
            "archive": archive.name,
            "passages": archive.passages(),
            "rss_mb": alone.rss,
            "pss_mb": alone.pss,
            "private_mb": alone.private,
            "pss_of_two_mb": together.pss,
        }


def serve(archive: Archive, asked: list[str], processes: int) -> Memory:
    """Let processes answer all questions at the same time; return the memory of one of them."""
    context = get_context("spawn")
    barrier = context.Barrier(processes)
    with as_the_program(), context.Pool(processes, _keep, (barrier,)) as pool:
        waiting = [pool.apply_async(_answer, (archive.index, asked)) for _ in range(processes)]
        return waiting[0].get(_LONGEST_S)


_barriers: list[Barrier] = []
"""A pool's barrier reaches its processes through their initialiser alone."""


def _keep(barrier: Barrier) -> None:
    _barriers.append(barrier)


def _answer(index: Path, asked: list[str]) -> Memory:
    with open_service(load_settings().with_flags(index={"dir": index})) as service:
        for question in asked:
            service.answer(question)
        _barriers[0].wait(_LONGEST_S)  # all have answered, none has let go
        found = memory()
        _barriers[0].wait(_LONGEST_S)
    return found
