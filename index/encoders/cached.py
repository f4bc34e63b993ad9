"""Vectors kept by the content of the text they stand for, until they are no longer needed.

Encoding 100,000 passages with a transformer takes an hour without a GPU. A build that was killed
goes on where it was, and measuring a change of ranking takes no encoding at all. One SQLite file an
encoder, written in transactions: one that was cut off is as if it had not begun.
"""

import hashlib
import json
import logging
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import numpy as np

from index.encoders.protocol import Encoder, EncoderInfo
from index.encoders.token_table import TokenTable
from index.types import Role, Vectors

_AT_ONCE = 500
"""Keys in one SQL statement; SQLite allows 32,766."""

_ENCODED_AT_ONCE = 512
"""Texts encoded between two transactions: what is lost when the process is killed."""

_CHECK_BYTES = 4

_log = logging.getLogger(__name__)


def cache_folder() -> Path:
    """Return the folder for what can be made again: ``XDG_CACHE_HOME`` or ``~/.cache``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsquote"


class CachedEncoder:
    """An ``Encoder`` that asks another one only for texts it has not seen."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        folder.mkdir(parents=True, exist_ok=True)
        identity = json.dumps(asdict(encoder.info), sort_keys=True).encode()
        self._path = folder / f"vectors-{hashlib.sha256(identity).hexdigest()[:16]}.sqlite"
        try:
            self._db = _open(self._path)
        except sqlite3.DatabaseError as error:
            _log.warning("%s: %s; encoding begins anew", self._path, error)
            self._path.unlink()
            self._db = _open(self._path)

    @property
    def info(self) -> EncoderInfo:
        """What an index built with this encoder records."""
        return self._encoder.info

    @property
    def table(self) -> TokenTable | None:
        """That of the encoder it asks."""
        return self._encoder.table

    @property
    def lasting(self) -> bool:
        """True: that is what it is for."""
        return True

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        """Return unit rows, float32, shape (n, dim), in the order of the texts."""
        keys = [
            hashlib.sha256(f"{role}\0{text}".encode(errors="replace")).digest() for text in texts
        ]
        known = self._known(keys)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        for batch in _batches(new, _ENCODED_AT_ONCE):
            vectors = self._encoder.encode([new[key] for key in batch], role).astype(np.float32)
            fresh = dict(zip(batch, vectors, strict=True))
            self._db.execute("BEGIN")
            self._db.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                [(key, _checked(vector.tobytes())) for key, vector in fresh.items()],
            )
            self._db.execute("COMMIT")
            known |= fresh
        if not texts:
            return np.empty((0, self.info.dim), np.float32)
        return np.stack([known[key] for key in keys])

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        found: dict[bytes, Vectors] = {}
        for batch in _batches(keys, _AT_ONCE):
            marks = ", ".join("?" * len(batch))
            rows = self._db.execute(
                f"SELECT text, vector FROM vectors WHERE text IN ({marks})",  # noqa: S608 - only marks are put in
                batch,
            )
            found |= {
                key: np.frombuffer(stored[:-_CHECK_BYTES], np.float32)
                for key, stored in rows
                if _checked(stored[:-_CHECK_BYTES]) == stored
            }
        return found


def forget_vectors(folder: Path) -> None:
    """Remove what ``CachedEncoder`` has kept in a folder, for all encoders."""
    for path in folder.glob("vectors-*.sqlite*"):
        path.unlink(missing_ok=True)


def _checked(vector: bytes) -> bytes:
    """Return a vector with its checksum behind it."""
    return vector + zlib.crc32(vector).to_bytes(_CHECK_BYTES)


def _open(path: Path) -> sqlite3.Connection:
    known = path.exists()
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute(
        "CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB NOT NULL) "
        "STRICT, WITHOUT ROWID"
    )
    if known and db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        db.close()
        raise sqlite3.DatabaseError("the file is damaged")
    return db


def _batches(keys: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    rest = iter(keys)
    while batch := list(islice(rest, size)):
        yield batch
