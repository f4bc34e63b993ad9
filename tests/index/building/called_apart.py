"""What the tests of ``Apart`` call: in a module of its own, which is quick to import in a process."""

import os
import signal
import time

from index.building.events import Encoded, Listener, Note, Written
from index.types import FileReport

LONG_S = 600


def added(first: int, second: int, _say: Listener) -> tuple[int, int]:
    return first + second, os.getpid()


def talking(_say: Listener) -> None:
    for event in (Note("begin"), Encoded(1, 2, 3.5), FileReport("a.md", "empty file", sha256="0")):
        _say(event)
    for number in range(1000):
        _say(Written(number, 2 * number))
    _say(Note("end"))


def raising(error: BaseException, _say: Listener) -> None:
    raise error


def killed_by(number: int, say: Listener) -> None:
    say(Note("about to die"))
    os.kill(os.getpid(), number)


def lasting(say: Listener) -> None:
    say(Note("running"))
    time.sleep(LONG_S)


def told_of_interrupts(_say: Listener) -> bool:
    os.kill(os.getpid(), signal.SIGINT)
    return True


def printing(_say: Listener) -> None:
    print("running", flush=True)  # noqa: T201 - read by the test
    time.sleep(LONG_S)


def held_here(_say: Listener) -> list[str]:
    return HELD


HELD: list[str] = []
"""What a process has put there."""


def bytes_of(size: int, _say: Listener) -> bytes:
    return b"x" * size
