"""Vectors kept between evaluations, by the content of the text they stand for.

Encoding 100,000 passages with a transformer takes an hour without a GPU; measuring a change of
ranking should not. One SQLite file an encoder, in the user's cache folder.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from index.encoder import Encoder, EncoderInfo
from index.types import Role, Vectors

_AT_ONCE = 500
"""Keys in one SQL statement; SQLite allows 32,766."""


def cache_folder() -> Path:
    """Return the folder for what can be made again: ``XDG_CACHE_HOME`` or ``~/.cache``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsquote"


class CachedEncoder:
    """An ``Encoder`` that asks another one only for texts it has not seen."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        folder.mkdir(parents=True, exist_ok=True)
        identity = json.dumps(encoder.info.to_dict(), sort_keys=True).encode()
        name = f"vectors-{hashlib.sha256(identity).hexdigest()[:16]}.sqlite"
        self._db = sqlite3.connect(folder / name, isolation_level=None, check_same_thread=False)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB NOT NULL) "
            "STRICT, WITHOUT ROWID"
        )

    @property
    def info(self) -> EncoderInfo:
        """What an index built with this encoder records."""
        return self._encoder.info

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        """Return unit rows, float32, shape (n, dim), in the order of the texts."""
        keys = [
            hashlib.sha256(f"{role}\0{text}".encode(errors="replace")).digest() for text in texts
        ]
        known = self._known(keys)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            vectors = self._encoder.encode(list(new.values()), role)
            fresh = dict(zip(new, vectors.astype(np.float32), strict=True))
            self._db.execute("BEGIN")
            self._db.executemany(
                "INSERT OR IGNORE INTO vectors VALUES (?, ?)",
                [(key, vector.tobytes()) for key, vector in fresh.items()],
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
        for batch in _batches(keys):
            marks = ", ".join("?" * len(batch))
            rows = self._db.execute(
                f"SELECT text, vector FROM vectors WHERE text IN ({marks})",  # noqa: S608 - only marks are put in
                batch,
            )
            found |= {key: np.frombuffer(vector, np.float32) for key, vector in rows}
        return found


def _batches(keys: Sequence[bytes]) -> Iterator[list[bytes]]:
    rest = iter(keys)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch
