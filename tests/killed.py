"""The program, killed at an instant: ``python tests/killed.py INSTANT ARGUMENT...``.

An instant is a number *n*: before the *n*-th file is opened, made, renamed or removed in the folder
of the index; or ``EVENT:WORD``: before the first such event (one of Python's audit events) that has
the word in its first argument. What was about to happen is written to standard error; the number of
instants that there were, if the program ended before.
"""

import os
import signal
import sys

from qa.cli import program

INDEX = "index-data"
EVENTS = {
    "open",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "shutil.rmtree",
    "sqlite3.connect",
}
WITHOUT_FOLDER = {"os.remove", "os.rmdir"}
"""Events of which ``shutil.rmtree`` names no folder."""


class Killer:
    """An audit hook that kills this process."""

    def __init__(self, instant: str) -> None:
        self.number = int(instant) if instant.isdecimal() else 0
        self.event, _, self.word = instant.partition(":")
        self.seen = 0

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in EVENTS:
            return
        subject = str(arguments[0])
        if INDEX not in subject and event not in WITHOUT_FOLDER:
            return
        self.seen += 1
        if self.seen == self.number or (event == self.event and self.word in subject):
            os.write(2, f"{event} {subject}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    killer = Killer(sys.argv.pop(1))
    sys.addaudithook(killer)
    status = program()
    os.write(2, f"{killer.seen}\n".encode())
    sys.exit(status)
