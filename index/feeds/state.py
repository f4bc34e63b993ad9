"""What is remembered of feeds between two fetches: a small SQLite file, hidden in the inbox."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from index.feeds.download import Validators

FILE = ".feeds.sqlite"
_VERSION = 2
_SCHEMA = """
CREATE TABLE IF NOT EXISTS feed (
    url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, retry_at REAL
);
CREATE TABLE IF NOT EXISTS entry (
    feed TEXT NOT NULL, key TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, page TEXT,
    PRIMARY KEY (feed, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entry_file ON entry (file);
CREATE INDEX IF NOT EXISTS entry_page ON entry (feed, page);
"""
_FROM_1 = "ALTER TABLE entry ADD COLUMN page TEXT"
_AFTER_BREAK = chr(ord("\n") + 1)
"""What sorts after all that begins with a line break."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved of an entry.

    :ivar file: name of its file in the inbox.
    :ivar sha256: hex digest of that file as it was written.
    :ivar page: what of its link names its page (``index.feeds.identity``), or None.
    """

    file: str
    sha256: str
    page: str | None = None


class FeedState:
    """The file, open. Each change is on the disk when the call returns.

    :raises sqlite3.Error: from every method, if the file cannot be used.
    """

    def __init__(self, inbox: Path) -> None:
        inbox.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(inbox / FILE, timeout=30, isolation_level=None)
        try:
            self._set_up()
        except BaseException:  # an interrupt too must not leave the file open
            self._base.close()
            raise

    def _set_up(self) -> None:
        (version,) = self._base.execute("PRAGMA user_version").fetchone()
        if version not in (0, 1, _VERSION):
            raise sqlite3.DatabaseError(f"it has version {version}, expected {_VERSION}")
        if version == _VERSION:
            return
        with self._base:  # all of it or nothing
            self._base.execute("BEGIN IMMEDIATE")
            (version,) = self._base.execute("PRAGMA user_version").fetchone()
            if version == 1:  # and no other process has done it meanwhile
                self._base.execute(_FROM_1)
            for statement in filter(str.strip, _SCHEMA.split(";")):
                self._base.execute(statement)
            self._base.execute(f"PRAGMA user_version = {_VERSION}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._base.close()

    def validators(self, feed: str) -> Validators:
        """Return what the feed's server gave when its entries were saved last."""
        row = self._base.execute(
            "SELECT etag, last_modified FROM feed WHERE url = ?", (feed,)
        ).fetchone()
        return Validators(*row) if row else Validators()

    def retry_at(self, feed: str) -> float:
        """Return before when the feed is not to be asked, in seconds since the epoch; 0 = now."""
        row = self._base.execute("SELECT retry_at FROM feed WHERE url = ?", (feed,)).fetchone()
        return float(row[0] or 0) if row else 0.0

    def fetched(self, feed: str, validators: Validators) -> None:
        """Remember the validators; all entries have been saved."""
        self._base.execute(
            "INSERT INTO feed (url, etag, last_modified) VALUES (?, ?, ?) ON CONFLICT (url) DO "
            "UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified, "
            "retry_at = NULL",
            (feed, validators.etag, validators.last_modified),
        )

    def postpone(self, feed: str, retry_at: float) -> None:
        """Remember not to ask before a time."""
        self._base.execute(
            "INSERT INTO feed (url, retry_at) VALUES (?, ?) "
            "ON CONFLICT (url) DO UPDATE SET retry_at = excluded.retry_at",
            (feed, retry_at),
        )

    def saved(self, feed: str, key: str) -> Saved | None:
        """Return what was saved of an entry, if anything."""
        row = self._base.execute(
            "SELECT file, sha256, page FROM entry WHERE feed = ? AND key = ?", (feed, key)
        ).fetchone()
        return Saved(*row) if row else None

    def save(self, feed: str, key: str, saved: Saved) -> None:
        """Remember that an entry lies in a file."""
        self._base.execute(
            "INSERT OR REPLACE INTO entry (feed, key, file, sha256, page) VALUES (?, ?, ?, ?, ?)",
            (feed, key, saved.file, saved.sha256, saved.page),
        )

    def rename(self, feed: str, key: str, new: str) -> None:
        """Know an entry by another key from now on."""
        self._base.execute("UPDATE entry SET key = ? WHERE feed = ? AND key = ?", (new, feed, key))

    def of_page(self, feed: str, page: str) -> list[str]:
        """Return the keys of the entries that have been saved of a page."""
        rows = self._base.execute("SELECT key FROM entry WHERE feed = ? AND page = ?", (feed, page))
        return [key for (key,) in rows]

    def is_narrowed(self, feed: str, key: str) -> bool:
        """Tell whether entries that share a key have been told apart by narrower ones."""
        return bool(
            self._base.execute(
                "SELECT EXISTS (SELECT 1 FROM entry WHERE feed = ? AND key > ? AND key < ?)",
                (feed, f"{key}\n", f"{key}{_AFTER_BREAK}"),
            ).fetchone()[0]
        )

    def is_shared(self, feed: str, file: str) -> bool:
        """Tell whether another feed's entry lies in the same file."""
        return bool(
            self._base.execute(
                "SELECT EXISTS (SELECT 1 FROM entry WHERE file = ? AND feed != ?)", (file, feed)
            ).fetchone()[0]
        )
