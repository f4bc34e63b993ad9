"""A call in a process of its own: what it says on the way and what it returns come back as objects.

A build takes all cores and much memory, and a hostile file may take the process that reads it along.
Whoever answers questions meanwhile must suffer neither.
"""

import multiprocessing
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from index.articles.workers import end_with_parent
from index.building.events import Event, Listener, Written
from index.errors import NewsquoteError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_EVERY_S = 0.5
"""Seconds between two reports of how far a call is."""

T = TypeVar("T")


class ProcessDied(NewsquoteError):
    """The process of a call ended before it could answer."""


@dataclass(frozen=True, slots=True)
class _Returned:
    value: Any


@dataclass(frozen=True, slots=True)
class _Raised:
    error: NewsquoteError | OSError


class Apart(Generic[T]):
    """A call that runs in a process of its own.

    :param call: takes a listener; it can be pickled, and so can what it says and returns.
    """

    def __init__(self, call: Callable[[Listener], T]) -> None:
        # Not forked: the caller may have threads, and a fork copies their locks.
        context = multiprocessing.get_context("spawn")
        self._receiver, sender = context.Pipe(duplex=False)
        self._process = context.Process(target=_run, args=(sender, call))
        self._process.start()
        sender.close()

    def result(self, say: Listener) -> T:
        """Wait for the call to end; return its value.

        :param say: told what the call says, in the thread that waits; what it raises ends the
            process.
        :raises ProcessDied: if the process was killed.
        :raises NewsquoteError: what the call raised; OSError likewise.
        """
        try:
            while not isinstance(message := self._received(), _Returned | _Raised):
                say(message)
        except BaseException:  # nobody waits for the call any more, so let nobody hear of it
            self.kill()
            raise
        finally:
            self._receiver.close()
            self._process.join()
        if isinstance(message, _Raised):
            raise message.error
        value: T = message.value
        return value

    def _received(self) -> Any:
        try:
            return self._receiver.recv()
        except (EOFError, OSError) as error:  # OSError: it died in the middle of a message
            self._process.join()
            raise ProcessDied(
                f"its process ended with status {self._process.exitcode} before it was done"
            ) from error

    def kill(self) -> None:
        """End the process at once; ``result`` then raises ``ProcessDied``."""
        self._process.kill()


def _run(
    sender: "Connection[Event | _Returned | _Raised, None]", call: Callable[[Listener], object]
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the caller, who ends this one
    end_with_parent()
    try:
        sender.send(_Returned(call(_Sometimes(sender.send))))
    except (NewsquoteError, OSError) as error:
        sender.send(_Raised(error))


class _Sometimes:
    """Passes on how far a call is only now and then: there is an event for each article."""

    def __init__(self, say: Listener) -> None:
        self._say = say
        self._said = 0.0

    def __call__(self, event: Event) -> None:
        if isinstance(event, Written):
            if time.monotonic() - self._said < _EVERY_S:
                return
            self._said = time.monotonic()
        self._say(event)
