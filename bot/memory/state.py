"""What the bot remembers across restarts, in one SQLite file.

Every table that says something about a user has a column ``user_id``: so all about one user can be
shown or erased, whatever tables there will be. One about a chat has ``chat_id``.
"""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial, wraps
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar, overload

from bot.memory.tables import MIGRATIONS
from index.errors import NewsquoteError

BUSY_S = 1.0
"""How long a statement waits by itself for another program's lock."""

PAUSE_S = 1.0
"""Before what could not be done because the disk was full, or the file locked, is tried again."""

PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
"""Errors of the disk or of another program, which pass. https://www.sqlite.org/rescode.html"""

PRIMARY = 0xFF
"""Of an extended result code, the bits of the primary one."""

P = ParamSpec("P")
T = TypeVar("T")
U = TypeVar("U")
logger = logging.getLogger(__name__)


class StateUnusable(NewsquoteError):
    """The file of the bot's state cannot be opened or is a newer version's."""


class State:
    """The open file. Safe to use from several threads.

    Statements take microseconds: in write-ahead mode without waiting for the disk, nothing is lost
    when the process is killed (a power cut may take the last moments). But a full disk or another
    program's lock may last: so a running bot leaves them to ``run``, which waits in a thread of its
    own.
    """

    def __init__(self, path: Path) -> None:
        """Open the file; make it, or bring it up to date.

        :raises StateUnusable: if that cannot be done.
        """
        self.path = path
        self.trouble = ""
        self._lock = threading.RLock()
        self._closing = threading.Event()
        try:
            path.touch(mode=0o600)  # it holds people's questions
            self._db = sqlite3.connect(
                path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA foreign_keys=ON")
            self._db.execute("PRAGMA secure_delete=ON")  # what is erased is gone from the file too
            self._migrate(path)
        except (OSError, sqlite3.Error) as error:
            raise StateUnusable(
                f"bot.state: expected a file of the bot or a place for one at {path}, but {error}; "
                "move it away, or name another with bot.state"
            ) from error
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="state")

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
        """Close the file; what still waits for it is given up."""
        self._closing.set()
        self._thread.shutdown(cancel_futures=True)
        self._db.close()

    async def run(self, call: Callable[[], T]) -> T:
        """Make a call in the file's own thread, as one transaction.

        While the disk is full or the file locked, the call waits and is made again: so it must do
        nothing but read and change the file.

        :raises StateUnusable: if the file is closed before the call could be made, or is damaged.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._patient, call)

    async def erase(self, user_id: int) -> None:
        """Erase all that is kept about a user, from the write-ahead log too."""
        await self.run(partial(self.forget, user_id))
        await self.shrink()

    async def shrink(self) -> None:
        """Empty the write-ahead log, as ``empty_log`` does; where that fails, another time."""
        with suppress(sqlite3.OperationalError):
            await asyncio.get_running_loop().run_in_executor(self._thread, self.empty_log)

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
            self._db.execute("BEGIN")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:  # an interrupt too must not leave the transaction open
                if self._db.in_transaction:  # a full disk ends it by itself
                    self._db.execute("ROLLBACK")
                raise

    def export(self, user_id: int) -> dict[str, list[dict[str, Any]]]:
        """Return all that is kept about a user, by table."""
        found = {}
        for table in self.tables_with("user_id"):
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
        for table in self.tables_with("user_id"):
            count += self.change(f"DELETE FROM {table} WHERE user_id = ?", user_id)  # noqa: S608 - a table's name
        return count

    def empty_log(self) -> None:
        """Bring the write-ahead log into the file and empty it: it holds what was erased since.

        Outside a transaction. What another program still reads stays until the next time.
        """
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def tables_with(self, column: str) -> Sequence[str]:
        """Return the tables that have a column."""
        return [
            name
            for (name,) in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if any(row[1] == column for row in self.rows(f"PRAGMA table_info({name})"))
        ]

    def _patient(self, call: Callable[[], T]) -> T:
        while True:
            try:
                with self.together():
                    found = call()
            except sqlite3.OperationalError as error:
                code = error.sqlite_errorcode
                if code == sqlite3.SQLITE_BUSY_SNAPSHOT:  # another program has just written
                    continue
                if code & PRIMARY not in PASSING:
                    raise self._failed(error) from error
                self._wait(error)
            except sqlite3.Error as error:
                raise self._failed(error) from error
            else:
                self._go_on()
                return found

    def _wait(self, error: sqlite3.OperationalError) -> None:
        if not self.trouble:
            self.trouble = str(error)
            logger.error(
                "bot.state: %s cannot be used: %s. Until it can, no update is taken or answered, "
                "and none is lost",
                self.path,
                error,
            )
        if self._closing.wait(PAUSE_S):
            raise self._failed(error) from error

    def _failed(self, error: sqlite3.Error) -> StateUnusable:
        return StateUnusable(
            f"bot.state: {self.path} failed: {error}; move it away, or name another with bot.state"
        )

    def _go_on(self) -> None:
        if self.trouble:
            self.trouble = ""
            logger.warning("bot.state: %s can be used again; the bot carries on", self.path)

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


class Remembers(Protocol):
    """Whatever keeps something in the state."""

    @property
    def state(self) -> State:
        """The file."""


class Step(Awaitable[T]):
    """A call that reads and changes the state: awaited alone, or ``joined`` to others."""

    def __init__(self, state: State, call: Callable[[], T]) -> None:
        self.state = state
        self.call = call

    def __await__(self) -> Generator[Any, None, T]:
        return self.state.run(self.call).__await__()


@overload
async def joined(one: Step[T], two: Step[U], /) -> tuple[T, U]: ...
@overload
async def joined(*steps: Step[Any]) -> tuple[Any, ...]: ...
async def joined(*steps: Step[Any]) -> tuple[Any, ...]:
    """Take steps one after the other, as one transaction; return what each returns.

    One way to the state's thread and back, and one commit: alone, each would pay for its own.
    """
    return await steps[0].state.run(lambda: tuple(step.call() for step in steps))


R = TypeVar("R", bound=Remembers)


def remembered(method: Callable[Concatenate[R, P], T]) -> Callable[Concatenate[R, P], Step[T]]:
    """Let a method that reads and changes the state be awaited: a ``Step``."""

    @wraps(method)
    def step(self: R, /, *args: P.args, **kwargs: P.kwargs) -> Step[T]:
        return Step(self.state, partial(method, self, *args, **kwargs))

    return step
