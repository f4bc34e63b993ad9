"""The keys of programs that may ask: a file of their hashes.

A key is 256 bits of chance, so its plain SHA-256 cannot be turned round, and no slow hash is needed.
The key itself is shown once and kept nowhere.
"""

import hashlib
import os
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from index.errors import NewsquoteError

PREFIX = "nq_"
_BYTES = 32

_SCHEMA = """
CREATE TABLE IF NOT EXISTS keys (
    name TEXT PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, per_minute INTEGER, created TEXT NOT NULL
) STRICT
"""


class KeysUnusable(NewsquoteError):
    """The file of keys cannot be read or written, or does not hold what was asked of it."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key.

    :ivar per_minute: requests that it may make; None takes the setting, 0 = no limit.
    :ivar created: day and time, UTC, in ISO 8601.
    """

    name: str
    per_minute: int | None
    created: str


def add_key(path: Path, name: str, per_minute: int | None = None) -> str:
    """Make a key and return it; nobody can tell it later.

    :raises KeysUnusable: if the file cannot be written or there is a key of that name.
    """
    key = PREFIX + secrets.token_urlsafe(_BYTES)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(path)) as db, db:
            db.execute(_SCHEMA)
            db.execute(
                "INSERT INTO keys VALUES (?, ?, ?, ?)", (name, _hash(key), per_minute, created)
            )
    except sqlite3.IntegrityError:
        raise KeysUnusable(f"{path}: there is a key of the name {name!r} already") from None
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, error) from error
    return key


def revoke_key(path: Path, name: str) -> None:
    """Take a key back: from now on it opens nothing.

    :raises KeysUnusable: if the file cannot be written or has no key of that name.
    """
    names = [key.name for key in read_keys(path).values()]
    if name not in names:
        known = ", ".join(names) or "none"
        raise KeysUnusable(f"{path}: there is no key of the name {name!r}; there is: {known}")
    try:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("DELETE FROM keys WHERE name = ?", (name,))
    except sqlite3.Error as error:
        raise _unusable(path, error) from error


def read_keys(path: Path) -> dict[str, Key]:
    """Return the keys by their hashes, oldest first; none when there is no file.

    :raises KeysUnusable: if the file cannot be read.
    """
    if not path.exists():
        return {}
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            rows = db.execute(
                "SELECT sha256, name, per_minute, created FROM keys ORDER BY created, name"
            )
            return {sha256: Key(*known) for sha256, *known in rows}
    except sqlite3.Error as error:
        raise _unusable(path, error) from error


@dataclass(slots=True)
class Keyring:
    """The keys of a file, read again whenever it has changed."""

    path: Path
    _keys: dict[str, Key] = field(default_factory=dict)
    _seen: tuple[int, int, int] | None = None

    def find(self, key: str) -> Key | None:
        """Return what is known of a key, or None when it is none.

        :raises KeysUnusable: if the file cannot be read.
        """
        try:
            state = self.path.stat()
            seen = (state.st_ino, state.st_mtime_ns, state.st_size)
        except FileNotFoundError:
            self._keys, self._seen = {}, None
            return None
        except OSError as error:
            raise _unusable(self.path, error) from error
        if seen != self._seen:
            self._keys, self._seen = read_keys(self.path), seen
        return self._keys.get(_hash(key))


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def _unusable(path: Path, error: Exception) -> KeysUnusable:
    return KeysUnusable(f"{path}: expected the file of keys, but {error}")
