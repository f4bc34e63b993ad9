"""Work on many files in several processes, in order, without losing one."""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from index.articles.limits import be_expendable
from index.cores import cores
from index.errors import WorkersUnavailable
from index.types import FileReport

T = TypeVar("T")
Item = TypeVar("Item")

_BATCH = 32
"""Files a worker gets at once: a few dozen milliseconds of work."""

_ENOUGH = 8 * _BATCH
"""Fewer files than this are worked on faster than a process starts."""

_COLLECTED_AT = 10_000
"""Objects made until the rubbish is looked for: an article's tree is thousands of them, gone soon."""

_DIED = "the process that worked on it died, or took more time or memory than one file may"

_BATCHES_AHEAD = 4
"""Batches in flight for each worker; they bound the memory used, whatever the archive's size."""


def in_order(
    work: Callable[[list[Path]], list[T]],
    items: Iterator[Path | FileReport],
    *,
    workers: int,
    memory: int = 0,
    is_large: Callable[[Path], bool] | None = None,
) -> Iterator[T | FileReport]:
    """Yield the outcome of each item in the order of the items; what is skipped passes through.

    :param work: returns one outcome a file; it can be pickled, and so can they.
    :param workers: processes; 0 means one for each core, and 1 this process.
    :param memory: bytes that a process may take beside those that it has at its start; 0 = any.
    :param is_large: whether a file may need so much that this process had better not work on it.
    :raises WorkersUnavailable: if processes cannot be started.
    """
    workers = workers or cores()
    several = workers > 1 or is_large is not None
    first = list(islice(items, _ENOUGH)) if several else []
    batches = in_batches(chain(first, items), _BATCH)
    files = (item for item in first if isinstance(item, Path))
    is_much = workers > 1 and len(first) == _ENOUGH
    if is_much or (is_large is not None and any(map(is_large, files))):
        yield from _in_parallel(batches, work, workers if is_much else 1, memory)
    else:
        for batch in batches:
            yield from _work_through(batch, work)


def in_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield items so many at once; the last ones may be fewer."""
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch


def _work_through(
    batch: list[Path | FileReport], work: Callable[[list[Path]], list[T]]
) -> list[T | FileReport]:
    outcomes = iter(work([item for item in batch if not isinstance(item, FileReport)]))
    return [item if isinstance(item, FileReport) else next(outcomes) for item in batch]


def _in_parallel(
    batches: Iterator[list[Path | FileReport]],
    work: Callable[[list[Path]], list[T]],
    workers: int,
    memory: int = 0,
) -> Iterator[T | FileReport]:
    """Read batches in worker processes and yield their outcomes in order.

    When a worker dies, the batches it may have had are read again file by file, away from this
    process, so that the file that killed it is known and no other is lost.
    """
    broken = True
    while broken:
        broken = yield from _until_broken(batches, work, workers, memory)


def _until_broken(
    batches: Iterator[list[Path | FileReport]],
    work: Callable[[list[Path]], list[T]],
    workers: int,
    memory: int,
) -> Generator[T | FileReport, None, bool]:
    """Read batches, a bounded number ahead; return whether a worker died before the end."""
    pending: deque[tuple[list[Path | FileReport], Future[list[T | FileReport]]]] = deque()
    broken = False
    pool = _pool(workers, memory)
    try:
        while True:
            room = 0 if broken else workers * _BATCHES_AHEAD - len(pending)
            for batch in islice(batches, room):
                pending.append((batch, _submit(pool, batch, work)))
            if not pending:
                return broken
            batch, future = pending.popleft()
            try:
                outcomes = future.result()
            except BrokenProcessPool:
                broken = True
                yield from _alone(batch, work, memory)
            else:
                yield from outcomes
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(
    pool: ProcessPoolExecutor, batch: list[Path | FileReport], work: Callable[[list[Path]], list[T]]
) -> Future[list[T | FileReport]]:
    try:
        with _uninterrupted():
            return pool.submit(_work_through, batch, work)
    except BrokenProcessPool as error:
        lost: Future[list[T | FileReport]] = Future()
        lost.set_exception(error)
        return lost


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put Ctrl-C off while a process may be started: it inherits that, and never hears of it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _alone(
    batch: Iterable[Path | FileReport], work: Callable[[list[Path]], list[T]], memory: int
) -> Iterator[T | FileReport]:
    pool = _pool(1, memory)
    try:
        for item in batch:
            if isinstance(item, FileReport):
                yield item
                continue
            try:
                outcomes = pool.submit(work, [item]).result()
            except BrokenProcessPool:
                pool.shutdown()
                pool = _answering_pool(memory)  # else no file is to blame
                yield FileReport(str(item), "too complex", _DIED)
            else:
                yield from outcomes
    finally:
        pool.shutdown()


def _answering_pool(memory: int) -> ProcessPoolExecutor:
    """Return a pool of one process that has answered, so that no file is blamed for its death.

    :raises WorkersUnavailable: if it dies before it is given a file.
    """
    pool = _pool(1, memory)
    try:
        with _uninterrupted():
            answering = pool.submit(os.getpid)
        answering.result()
    except BrokenProcessPool as error:
        pool.shutdown()
        raise WorkersUnavailable(
            "the processes that read articles end as soon as they are started. In a script, what reads "
            "articles must stand under 'if __name__ == \"__main__\":', for each process imports the "
            "script; where memory is short, extract.workers = 1 needs fewer"
        ) from error
    return pool


def _pool(workers: int, memory: int = 0) -> ProcessPoolExecutor:
    # Not forked: the caller may have threads (faiss, tokenizers), and a fork copies their locks.
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, spawn, _start_worker, (memory,))


def _start_worker(memory: int) -> None:
    """Leave Ctrl-C to the main process, which then ends its workers; leave it the other cores."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    gc.set_threshold(_COLLECTED_AT)
    be_expendable(memory)
    end_with_parent()


def end_with_parent() -> None:
    """Let this process end when its parent has been killed: that could not tell it to."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
