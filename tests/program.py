"""The program called inside the process of the tests, which is faster than a process of its own."""

import io
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from qa.cli import main


class Called(NamedTuple):
    """What a call left behind."""

    status: int
    out: str
    err: str


def call(*args: str, cwd: Path) -> Called:
    """Call the program in a folder."""
    with chdir(cwd), redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        try:
            status = main(args)
        except SystemExit as stopped:  # argparse's way
            status = int(stopped.code or 0)
    return Called(status, out.getvalue(), err.getvalue())
