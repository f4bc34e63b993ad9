"""Which article files there are, and what they were when they were last read.

``INDEX/files.sqlite`` remembers size, modification time and SHA-256 of every file that was read, as
git's index does: a file whose size and time are the same is not read again. It holds nothing that
cannot be found out anew: without it every file is read once to be hashed.
"""

import hashlib
import logging
import os
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.articles.finding import SUFFIXES, find_files
from index.types import FileReport

INVENTORY = "files.sqlite"

_RACY_NS = 2_000_000_000
"""A file that was changed so short a time ago may change again without another time: some file
systems count in seconds. Its time is not trusted."""

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, size INTEGER NOT NULL, "
    "mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL) STRICT, WITHOUT ROWID"
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells without reading a file that it has changed."""

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Found:
    """An article file as it was found.

    :ivar stamp: taken before anything of the file is read; None = it cannot be trusted.
    """

    path: Path
    size: int
    stamp: Stamp | None

    def is_unchanged(self) -> bool:
        """Return whether the file still has the stamp with which it was found."""
        return self.stamp is not None and _stamped(self.path).stamp == self.stamp


def find(
    paths: Sequence[Path], suffixes: Collection[str] = SUFFIXES
) -> Iterator[Found | FileReport]:
    """Yield the article files among files and folders, in the order of ``find_files``."""
    for item in find_files(paths, suffixes):
        yield item if isinstance(item, FileReport) else _stamped(item)


def _stamped(path: Path) -> Found:
    now = time.time_ns()
    try:
        status = path.stat()
    except OSError:  # it has gone in the meantime; reading it says so
        return Found(path, 0, None)
    stamp = Stamp(status.st_size, status.st_mtime_ns)
    return Found(path, status.st_size, stamp if status.st_mtime_ns < now - _RACY_NS else None)


class Inventory:
    """What is remembered of the files that were read.

    :param trusted: a file whose size and time are as remembered is taken for the same; else every
        file is read, to find edits that keep both.
    """

    def __init__(self, index_dir: Path, *, trusted: bool = True) -> None:
        self._trusted = trusted
        self._path = index_dir / INVENTORY
        self._known = dict(self._load())

    def __len__(self) -> int:
        return len(self._known)

    def digest(self, file: Found, *, max_bytes: int) -> str | None:
        """Return the SHA-256 of a file's bytes, reading it only if it may have changed.

        :return: None when it cannot be read, is no regular file or is larger than ``max_bytes``.
        """
        if file.size > max_bytes:
            return None
        stamp, digest = self._known.get(os.fsencode(file.path), (None, None))
        known = self._trusted and stamp is not None and stamp == file.stamp
        return digest if known else _sha256(file.path)

    def save(self, files: Iterable[tuple[Found, str | None]]) -> None:
        """Remember these files and no others, with the SHA-256 of each that has one.

        It is no error if that fails: the files are then hashed once more.
        """
        known = {
            os.fsencode(file.path): (file.stamp, digest)
            for file, digest in files
            if file.stamp is not None and digest is not None
        }
        try:
            self._write(known)
        except sqlite3.DatabaseError as error:
            _log.warning("cannot write %s: %s; files will be hashed again", self._path, error)
            self._path.unlink(missing_ok=True)

    def _load(self) -> Iterator[tuple[bytes, tuple[Stamp, str]]]:
        if not self._path.exists():
            return
        try:
            db = sqlite3.connect(self._path, isolation_level=None)
            try:
                rows = db.execute("SELECT path, size, mtime_ns, sha256 FROM files").fetchall()
            finally:
                db.close()
        except sqlite3.DatabaseError as error:
            _log.warning("cannot read %s: %s; all files are hashed again", self._path, error)
            self._path.unlink(missing_ok=True)
            return
        for path, size, mtime_ns, digest in rows:
            yield path, (Stamp(size, mtime_ns), digest)

    def _write(self, known: Mapping[bytes, tuple[Stamp, str]]) -> None:
        changed = [
            (path, stamp.size, stamp.mtime_ns, digest)
            for path, (stamp, digest) in known.items()
            if self._known.get(path) != (stamp, digest)
        ]
        gone = [(path,) for path in self._known.keys() - known.keys()]
        db = sqlite3.connect(self._path, isolation_level=None)
        try:
            db.execute(_SCHEMA)
            db.execute("BEGIN")
            db.executemany("DELETE FROM files WHERE path = ?", gone)
            db.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", changed)
            db.execute("COMMIT")
        finally:
            db.close()
        self._known = dict(known)


def _sha256(path: Path) -> str | None:
    try:
        if not path.is_file():  # a named pipe that nobody writes to would hang the run
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
