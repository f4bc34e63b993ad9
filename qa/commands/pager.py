"""Long text goes through a pager, as git's does: ``PAGER``, else ``less``; only on a terminal."""

import os
import shlex
import shutil
import subprocess
import sys

_LESS = "FRX"
"""What ``less`` does unless LESS says: end when all fits, show colours and links, leave the text there."""


def page(text: str) -> None:
    """Write a text to standard output, through a pager where it is longer than the terminal."""
    command = os.environ.get("PAGER", "less").strip()
    if not command or command == "cat" or not _is_long(text):
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    environment = {"LESS": _LESS, **os.environ}
    try:
        # What is left unread is no error: whoever has seen enough presses q.
        subprocess.run(  # noqa: S603 - the user's own pager
            shlex.split(command), input=text, env=environment, text=True, check=False
        )
    except (OSError, ValueError):  # it is not there, or its quotation marks are not closed
        sys.stdout.write(text)


def _is_long(text: str) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        return False
    return text.count("\n") >= shutil.get_terminal_size().lines
