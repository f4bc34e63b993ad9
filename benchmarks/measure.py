"""Cost of a call or of a program, and memory of a process: Linux's own figures.

CPU time is what counts on a machine that does other things too; wall time is told beside it.
"""

import multiprocessing
import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeAlias, TypeVar

from qa.cli import ENVIRONMENT

P = ParamSpec("P")
T = TypeVar("T")

Command: TypeAlias = Sequence[str | Path]
"""A program and its arguments."""

_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took, in seconds.

    :ivar cpu: user and system time, of the program and of those that it started.
    """

    cpu: float
    wall: float


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of a process, in megabytes (10**6 bytes).

    :ivar rss: pages that are mapped, shared ones counted in full.
    :ivar pss: the same, each shared page divided by the number of processes that share it.
    :ivar private: pages that no file holds.
    """

    rss: float
    pss: float
    private: float


def cost_of_call(call: Callable[[], object]) -> Cost:
    """Return what a call costs in this process."""
    cpu, wall = time.process_time(), time.perf_counter()
    call()
    return Cost(time.process_time() - cpu, time.perf_counter() - wall)


def cost_of_program(command: Command) -> Cost:
    """Return what a program costs from its start to its end; what it prints is thrown away.

    :raises RuntimeError: if it fails with anything but 1, which says "nothing found".
    """
    began = time.perf_counter()
    process = _started(command)
    _, status, usage = os.wait4(process.pid, 0)
    return _ended(process, command, status, usage, began)


def cost_and_peak_of_program(command: Command) -> tuple[Cost, float]:
    """Return what a program costs, and the most memory that it and those it started used together.

    :return: cost, and sum of PSS in megabytes, looked at ten times a second.
    :raises RuntimeError: as ``cost_of_program``.
    """
    began = time.perf_counter()
    process = _started(command)
    peak = 0.0
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            return _ended(process, command, status, usage, began), peak
        peak = max(peak, sum(_pss(member) for member in _family(process.pid)))
        time.sleep(_POLL_S)


def medians(costs: Sequence[Cost]) -> Cost:
    """Return the medians of CPU and wall time."""
    return Cost(
        statistics.median(cost.cpu for cost in costs),
        statistics.median(cost.wall for cost in costs),
    )


def taking_turns(repeats: int, *measured: Callable[[], Cost]) -> tuple[Cost, ...]:
    """Measure several things in turn, so that all meet the same disturbances.

    :return: the medians of each.
    """
    costs = [[measure() for measure in measured] for _ in range(repeats)]
    return tuple(medians(column) for column in zip(*costs, strict=True))


def memory(process: int | str = "self") -> Memory:
    """Return the memory of a process.

    :raises OSError: if there is none of that number, or it is another user's.
    """
    values: dict[str, float] = {}
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
        name, _, size = line.partition(":")
        values[name] = int(size.split()[0]) * 1024 / 1e6
    return Memory(values["Rss"], values["Pss"], values["Pss_Anon"])


def in_new_process(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what a function returns in a process that has done nothing else."""
    with as_the_program(), multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, args, kwargs)


@contextmanager
def as_the_program() -> Iterator[None]:
    """Start processes meanwhile with what the program sets in its environment for itself.

    Programs that are measured as floors are started without it.
    """
    added = {name: value for name, value in ENVIRONMENT.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def _started(command: Command) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own programs
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _ended(
    process: subprocess.Popen[bytes],
    command: Command,
    status: int,
    usage: resource.struct_rusage,
    began: float,
) -> Cost:
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, wall)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:  # it has just ended
        return []
    return [pid, *(member for child in children for member in _family(int(child)))]


def _pss(pid: int) -> float:
    try:
        return memory(pid).pss
    except (OSError, KeyError):  # it has just ended
        return 0.0
