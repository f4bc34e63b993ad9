"""One process writes an index at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import IndexLocked
from index.generations.folders import explained


@contextmanager
def write_lock(index_dir: Path) -> Iterator[None]:
    """Be the only process that writes; the system drops the lock when the process ends.

    :raises IndexLocked: if another process writes at the moment.
    """
    with explained(index_dir):
        index_dir.mkdir(parents=True, exist_ok=True)
        file = (index_dir / "lock").open("w")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexLocked(f"another process is writing the index in {index_dir}") from error
        yield
