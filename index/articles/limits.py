"""How much time and memory the reading of one file may take.

A file may be made to be dear: tags nested or repeated a million times, patterns that backtrack. Where
Python runs, an exception ends the reading; what does not come back from C, or takes more memory than it
may, is ended with the worker process that it runs in (``index.articles.workers``).
"""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_AGAIN_S = 1.0
"""Processor time after which an exception comes again that a library has swallowed."""
_GRACE = 1.5
"""A worker ends when so many times the time is over: then no Python runs any more."""


class TooSlow(Exception):
    """The time for one file is over."""


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise ``TooSlow`` in the block when it has taken so much processor time of this process.

    An expendable process ends when the exception is not heard. Nothing happens outside the main thread,
    and where the system has no such timers.

    :param seconds: None = no limit.
    """
    can_limit = hasattr(signal, "ITIMER_PROF")
    if not seconds or not can_limit or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _raise)
    signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN_S)
    if _Process.is_expendable:
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds * _GRACE + _AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        if _Process.is_expendable:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGPROF, before)


def _raise(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise TooSlow


class _Process:
    """What this process is."""

    is_expendable = False


def be_expendable(memory: int) -> None:
    """Say that this process may be ended by a file, and has others to go on for it.

    :param memory: bytes that it may take beside those that it has now, where the system can limit
        that (Linux); 0 = any.
    """
    _Process.is_expendable = True
    if not memory or sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 - not on every system

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    limit = pages * resource.getpagesize() + memory
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
