"""How often one client may ask: a token bucket each, counted by all workers of a server together."""

import fcntl
import hashlib
import ipaddress
import mmap
import os
import secrets
import struct
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

CLIENTS = 65_536
"""Clients remembered at most; of those that share a row, whoever has not asked for longest is forgotten."""

_ROW = 8
"""Clients that may stand in one row of the table; a client has its row by its hash."""

_MINUTE = 60.0
_DIGEST_BYTES = 16
_BUCKET = struct.Struct(f"={_DIGEST_BYTES}sdd")
_KEY_BYTES = 32


class Buckets:
    """A minute's requests at once, then one whenever a share of the minute has passed.

    The buckets are a table in a file that is mapped into memory: for each client a keyed hash, so that
    nobody can choose who shares a row, the requests that it has left, and when that was so. A lock on
    the file, which ends with its process, keeps workers apart.

    :param path: of the file, for others that open it too; None is a file that nobody else has.
    :param now: seconds on a clock that only goes forward, the same for all processes.
    """

    def __init__(self, path: Path | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600) if path else _nobody_elses()
        weakref.finalize(self, os.close, self._file)
        with self._locked():
            if not os.fstat(self._file).st_size:
                os.write(self._file, secrets.token_bytes(_KEY_BYTES))
                os.truncate(self._file, _KEY_BYTES + CLIENTS * _BUCKET.size)
        self._table = mmap.mmap(self._file, 0)
        self._key = self._table[:_KEY_BYTES]

    def take(self, client: str, per_minute: int) -> float:
        """Let a client make a request, if it may.

        :param per_minute: requests; 0 = no limit.
        :return: seconds until it may; 0 = it may now.
        """
        if not per_minute:
            return 0.0
        name = hashlib.blake2b(client.encode(), digest_size=_DIGEST_BYTES, key=self._key).digest()
        with self._locked():
            now = self._now()
            place, left, at = self._find(name)
            left = float(per_minute) if left is None else left + (now - at) * per_minute / _MINUTE
            left = min(float(per_minute), left)
            wait = 0.0 if left >= 1 else (1 - left) * _MINUTE / per_minute
            _BUCKET.pack_into(self._table, place, name, left if wait else left - 1, now)
        return wait

    def _find(self, name: bytes) -> tuple[int, float | None, float]:
        """Return where a client's bucket stands, or may, what is left in it, and since when.

        :return: nothing left is None for a client that is not remembered.
        """
        row = int.from_bytes(name[:4], "little") % (CLIENTS // _ROW)
        start = _KEY_BYTES + row * _ROW * _BUCKET.size
        places = range(start, start + _ROW * _BUCKET.size, _BUCKET.size)
        oldest, since = start, float("inf")
        for place in places:
            held, left, at = _BUCKET.unpack_from(self._table, place)
            if held == name:
                return place, left, at
            if not any(held):
                at = float("-inf")
            if at < since:
                oldest, since = place, at
        return oldest, None, 0.0

    @contextmanager
    def _locked(self) -> Iterator[None]:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)


def _nobody_elses() -> int:
    with TemporaryFile() as file:
        return os.dup(file.fileno())


def client_of(address: str) -> str:
    """Return what is counted as one client: an IPv4 address, or the 64 bits of an IPv6 network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def is_private(address: str) -> bool:
    """Tell whether an address is of this machine or of a private network."""
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False
