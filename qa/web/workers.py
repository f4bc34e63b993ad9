"""Several processes at one socket: Python computes on one core a process.

The first process opens nothing. It forks the workers, puts another in the place of one that has died, and
hands on the signal to stop. The workers share the socket, and a folder: of figures, as
``prometheus_client`` keeps them for several processes, and of what is left to each client.
"""

import atexit
import logging
import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from config.settings import ServeSettings
from index.cores import cores

FIGURES = "PROMETHEUS_MULTIPROC_DIR"
"""Where ``prometheus_client`` looks for the folder, when it is imported."""

_READY = b"."
_STOPS = (signal.SIGTERM, signal.SIGINT)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Worker:
    """What a worker has of the process that started it.

    :ivar shared: the folder that all workers share.
    :ivar watched: end of a pipe that ends when the first process has ended.
    """

    shared: Path
    watched: int
    _ready: int

    def tell_ready(self) -> None:
        """Tell the first process that questions are answered here."""
        os.write(self._ready, _READY)
        os.close(self._ready)


def share_of(settings: ServeSettings) -> ServeSettings:
    """Return the settings of one worker: what is allowed to all of them, divided."""
    return settings.model_copy(
        update={
            name: -(-number // settings.workers)
            for name, number in {
                "connections": settings.connections,
                "threads": settings.threads or cores(),
                "queue": settings.queue,
            }.items()
        }
    )


def shared_folder() -> Path:
    """Make the folder that workers share, which goes when the first process ends.

    To be called before ``prometheus_client`` is imported.
    """
    shared = Path(tempfile.mkdtemp(prefix="newsquote-serve-"))
    os.environ[FIGURES] = str(shared)
    own = os.getpid()

    @atexit.register
    def remove() -> None:
        if os.getpid() == own:  # workers end sooner
            shutil.rmtree(shared, ignore_errors=True)

    return shared


def split(count: int, shared: Path, announce: Callable[[], None]) -> Worker | int:
    """Go on as one of several workers; as the first process, watch over them until they have ended.

    :param shared: from ``shared_folder``.
    :param announce: called in the first process when all of them answer.
    :return: in the first process, the exit status: that of a worker that could not begin.
    """
    crew = _Crew(shared)
    for one in _STOPS:
        signal.signal(one, crew.stop)
    # One alone at first: what keeps it from beginning is told once.
    for more in (1, count - 1):
        if worker := crew.start(more):
            return worker
        crew.wait_until_ready()
    if not crew.stopping:
        announce()
    while crew.pids:
        ended, status = os.wait()
        crew.forget(ended)
        if crew.stopping:
            continue
        logger.error("worker %d ended (%s); another takes its place", ended, _told(status))
        if worker := crew.start(1):
            return worker
        crew.wait_until_ready()
    return crew.status


@dataclass(slots=True)
class _Crew:
    """The workers of the first process.

    :ivar pids: of those that live.
    :ivar status: exit status of the first one that could not begin.
    """

    shared: Path
    pids: set[int] = field(default_factory=set)
    stopping: bool = False
    status: int = 0
    _beginning: list[tuple[int, int]] = field(default_factory=list)
    _pipe: tuple[int, int] = field(default_factory=os.pipe)

    def start(self, count: int) -> Worker | None:
        """Fork workers.

        :return: in a worker, what it is given.
        """
        for _ in range(count):
            if self.stopping:
                break
            told, tells = os.pipe()
            # A signal to stop waits until both know which of them they are.
            signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
            pid = os.fork()
            if not pid:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                signal.signal(signal.SIGINT, signal.default_int_handler)
                os.close(told)
                os.close(self._pipe[1])
            else:
                os.close(tells)
                self.pids.add(pid)
                self._beginning.append((pid, told))
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
            if not pid:
                return Worker(self.shared, self._pipe[0], tells)
        return None

    def wait_until_ready(self) -> None:
        """Wait until all that were started answer; when one has died instead, stop all."""
        while self._beginning:
            pid, told = self._beginning.pop()
            is_ready = os.read(told, 1) == _READY
            os.close(told)
            if not is_ready and not self.stopping:
                self.stop()
                self.status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) or 1
                self.forget(pid)

    def stop(self, *_: object) -> None:
        """Tell all to stop."""
        self.stopping = True
        for pid in self.pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def forget(self, pid: int) -> None:
        """Strike off one that has ended, and what it alone has counted just now."""
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - see shared_folder

        self.pids.discard(pid)
        mark_process_dead(pid, str(self.shared))  # type: ignore[no-untyped-call]


def _told(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"status {code}" if code >= 0 else f"signal {-code}"
