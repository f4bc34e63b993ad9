"""What the bot remembers across restarts, in one SQLite file.

Every table that says something about a user has a column ``user_id``: so all about one user can be
shown or erased, whatever tables there will be.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from index.errors import NewsquoteError

MIGRATIONS = (
    """
    CREATE TABLE updates (  -- taken from Telegram; handled when payload is NULL
        update_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, at REAL NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, payload TEXT
    ) STRICT;
    CREATE TABLE turns (
        n INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, user_id INTEGER NOT NULL,
        message_id INTEGER NOT NULL, turn TEXT NOT NULL, UNIQUE (chat_id, user_id, message_id)
    ) STRICT;
    CREATE TABLE filters (
        chat_id INTEGER NOT NULL, user_id INTEGER NOT NULL, filters TEXT NOT NULL,
        PRIMARY KEY (chat_id, user_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE preferences (user_id INTEGER PRIMARY KEY, language TEXT NOT NULL) STRICT;
    CREATE TABLE answers (
        id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, user_id INTEGER NOT NULL,
        question_id INTEGER NOT NULL, message_id INTEGER, asked TEXT NOT NULL,
        places TEXT NOT NULL, at REAL NOT NULL, UNIQUE (chat_id, question_id)
    ) STRICT;
    CREATE TABLE feedback (
        answer_id INTEGER NOT NULL, user_id INTEGER NOT NULL, good INTEGER NOT NULL,
        question TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (answer_id, user_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE members (user_id INTEGER PRIMARY KEY, at REAL NOT NULL) STRICT;
    CREATE TABLE invitations (
        code TEXT PRIMARY KEY, user_id INTEGER NOT NULL, at REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE watches (
        id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, user_id INTEGER NOT NULL,
        question TEXT NOT NULL, filters TEXT NOT NULL, language TEXT NOT NULL,
        generation TEXT NOT NULL
    ) STRICT;
    CREATE TABLE seen (
        watch_id INTEGER NOT NULL REFERENCES watches ON DELETE CASCADE, quote TEXT NOT NULL,
        PRIMARY KEY (watch_id, quote)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    ALTER TABLE watches ADD COLUMN thread INTEGER;  -- of a forum, where its news go
    ALTER TABLE watches ADD COLUMN daily INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE watches ADD COLUMN told TEXT NOT NULL DEFAULT '';  -- day of the last digest
    """,
)
"""In order; ``PRAGMA user_version`` says how many a file has had. Never change one, add one."""


class StateUnusable(NewsquoteError):
    """The file of the bot's state cannot be opened or is a newer version's."""


class State:
    """The open file. Safe to use from several threads.

    Statements take microseconds: in write-ahead mode without waiting for the disk, nothing is lost
    when the process is killed (a power cut may take the last moments).
    """

    def __init__(self, path: Path) -> None:
        """Open the file; make it, or bring it up to date.

        :raises StateUnusable: if that cannot be done.
        """
        self._lock = threading.RLock()
        try:
            path.touch(mode=0o600)  # it holds people's questions
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA foreign_keys=ON")
            self._migrate(path)
        except (OSError, sqlite3.Error) as error:
            raise StateUnusable(
                f"bot.state: expected a file of the bot or a place for one at {path}, but {error}; "
                "move it away, or name another with bot.state"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def change(self, sql: str, *values: object) -> int:
        """Run a statement and return how many rows it changed."""
        with self._lock:
            return self._db.execute(sql, values).rowcount

    def insert(self, sql: str, *values: object) -> int:
        """Run an INSERT and return the new row's number."""
        with self._lock:
            return self._db.execute(sql, values).lastrowid or 0

    @contextmanager
    def together(self) -> Iterator[None]:
        """Do all that the block does, or nothing of it."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:  # an interrupt too must not leave the transaction open
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def export(self, user_id: int) -> dict[str, list[dict[str, Any]]]:
        """Return all that is kept about a user, by table."""
        found = {}
        for table in self._personal():
            with self._lock:
                cursor = self._db.execute(f"SELECT * FROM {table} WHERE user_id = ?", (user_id,))  # noqa: S608 - a table's name
                names = [column[0] for column in cursor.description]
                found[table] = [dict(zip(names, row, strict=True)) for row in cursor]
        return found

    def forget(self, user_id: int) -> int:
        """Erase all that is kept about a user; return the number of rows.

        Of updates taken, the bare number stays, so that none is answered again.
        """
        count = self.change(
            "UPDATE updates SET user_id = 0, payload = NULL WHERE user_id = ?", user_id
        )
        for table in self._personal():
            count += self.change(f"DELETE FROM {table} WHERE user_id = ?", user_id)  # noqa: S608 - a table's name
        return count

    def _personal(self) -> Sequence[str]:
        return [
            name
            for (name,) in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if any(row[1] == "user_id" for row in self.rows(f"PRAGMA table_info({name})"))
        ]

    def _migrate(self, path: Path) -> None:
        ((version,),) = self.rows("PRAGMA user_version")
        if version > len(MIGRATIONS):
            raise StateUnusable(
                f"{path} was written by a newer newsquote (version {version} of its tables, this "
                f"program knows {len(MIGRATIONS)}); update the program"
            )
        for number, statements in enumerate(MIGRATIONS[version:], version + 1):
            self._db.executescript(
                f"BEGIN IMMEDIATE; {statements}; PRAGMA user_version = {number}; COMMIT"
            )
