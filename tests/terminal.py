"""A command on a pseudo-terminal: what it writes there, and what one then sees."""

import os
import pty
import re
import select
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

PATIENCE_S = 60


class Written(NamedTuple):
    """What a command left behind."""

    status: int
    text: str


def on_a_terminal(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    typed: Sequence[tuple[str, str]] = (),
) -> Written:
    """Run a command with a pseudo-terminal for all its streams; return all that it writes.

    :param typed: what is typed, each as soon as some text has come since the last was typed.
    """
    master, slave = pty.openpty()
    waiting = list(typed)
    if typed:  # Ctrl-C reaches the command only where the terminal is its own
        command = ["setsid", "--ctty", "--wait", *command]
    with subprocess.Popen(
        command, cwd=cwd, env=env, stdin=slave, stdout=slave, stderr=slave
    ) as process:
        os.close(slave)
        written, seen = b"", 0
        while select.select([master], [], [], PATIENCE_S)[0]:
            try:
                written += os.read(master, 65536)
            except OSError:  # Linux's way of saying that the other end is closed
                break
            if waiting and waiting[0][0] in written[seen:].decode(errors="ignore"):
                seen = len(written)
                os.write(master, waiting.pop(0)[1].encode())
        else:
            process.kill()  # it has been silent for so long that it would be waited for in vain
    os.close(master)
    return Written(process.returncode, written.decode())


def screen(written: str) -> list[str]:
    """Return the lines that are seen in the end: what a return goes over, and erases, is gone.

    :param written: text with line breaks, returns and the code that erases the rest of a line.
    """
    lines = []
    for line in written.replace("\r\n", "\n").split("\n"):
        seen, place = "", 0
        for piece in re.split("(\r|\x1b\\[K)", line):
            if piece == "\r":
                place = 0
            elif piece == "\x1b[K":
                seen = seen[:place]
            else:
                seen = seen[:place] + piece + seen[place + len(piece) :]
                place += len(piece)
        lines.append(seen)
    return lines[:-1] if lines[-1] == "" else lines
