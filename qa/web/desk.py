"""Where the archive is asked: so many questions at once, so many waiting, no more."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ParamSpec, TypeVar

from index.cores import cores
from qa.web.problems import Problem

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(slots=True)
class Desk:
    """Runs what takes time in threads, so that the page goes on answering.

    :ivar threads: that work at once; 0 = one for each core: more would only make each slower.
    :ivar queue: calls that wait at most.
    :ivar tell: told how many calls run or wait, whenever that changes.
    :ivar under_way: calls that run or wait.
    """

    threads: int
    queue: int
    tell: Callable[[int], None]
    under_way: int = 0
    _executor: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.threads = self.threads or cores()
        self._executor = ThreadPoolExecutor(self.threads, thread_name_prefix="answer")

    async def run(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Make a call when its turn has come.

        :raises Problem: when too many wait already.
        """
        if self.under_way >= self.threads + self.queue:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "too many questions are waiting; ask again in a moment",
                {"Retry-After": "1"},
            )
        self._count(1)
        # Not the awaiting but the call itself is counted: one that nobody waits for still runs.
        done = self._executor.submit(call, *args, **kwargs)
        done.add_done_callback(self._note_done(asyncio.get_running_loop()))
        return await asyncio.wrap_future(done)

    def close(self) -> None:
        """Let go of the threads; what runs is waited for, what waits is not begun."""
        self._executor.shutdown(cancel_futures=True)

    def _note_done(self, loop: asyncio.AbstractEventLoop) -> Callable[[object], None]:
        def note(_: object) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._count, -1)

        return note

    def _count(self, more: int) -> None:
        self.under_way += more
        self.tell(self.under_way)
