"""One process at a time writes an archive's index in Milvus.

A file system has locks that end with their process; Milvus has none. What it has is aliases: of
several who make one at the same time, one succeeds. So leases are numbered. Whoever wants to write
makes the alias of the next number, which nobody else can make then, and says in a property until
when it holds. The alias of the highest number always stays, so a number that was passed is never
won again. A process that dies leaves a lease that runs out.

Times are compared with the clocks of other machines, which must agree to a few seconds.
"""

import json
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from index.engines.milvus.client import Client
from index.engines.milvus.faults import Absent, Taken
from index.engines.milvus.schema import FIELDS, WORDS
from index.errors import ArchiveIndexError, IndexLocked

LEASE_S = 60.0
"""How long a lease holds if it is not renewed."""

RENEWED_S = 20.0
"""How often it is renewed: more than once may fail."""

_PROPERTY = "newsquote.lease"


@dataclass(frozen=True, slots=True)
class _Held:
    """A lease.

    :ivar until: when it runs out, seconds since 1970; 0 = it was given back.
    """

    number: int
    collection: str
    by: str
    until: float


class Lease:
    """The right to write, held.

    :param seconds: how long it holds if it is not renewed.
    """

    def __init__(self, client: Client, seconds: float) -> None:
        self._client = client
        self._seconds = seconds
        self._prefix = client.address.prefix
        self._own = f"{self._prefix}_lease_by_{uuid4().hex[:12]}"
        self._by = f"process {os.getpid()} on {socket.gethostname()}"
        self._number = 0
        self._until = 0.0
        self._given_back = threading.Event()

    def take(self) -> None:
        """Take it.

        :raises IndexLocked: if another process holds it.
        """
        before = self._highest()
        if before is not None and before.until > time.time():
            raise IndexLocked(
                f"{before.by} is writing the index in Milvus at {self._client.address.uri}; unless it "
                f"goes on, that ends in {max(before.until - time.time(), 1):.0f} s"
            )
        self._number = before.number + 1 if before else 1
        self._until = time.time() + self._seconds
        self._client.create(
            self._own, FIELDS[WORDS], loaded=False, properties={_PROPERTY: self._told()}
        )
        try:
            self._client.create_alias(self._alias(self._number), self._own)
        except Taken as error:
            self._client.drop(self._own)
            raise IndexLocked("another process has just begun to write the index") from error
        self.check()
        if before is not None:
            self._client.drop(before.collection)

    def check(self) -> None:
        """Make sure that it is still held.

        :raises IndexLocked: if it has run out, or another process has taken it.
        """
        now = self._highest()
        if now is None or now.number != self._number or time.time() > self._until:
            raise IndexLocked(
                "the right to write the index ran out before it was used: Milvus was away, or this "
                "process was held up, for too long"
            )

    def keep(self, every_s: float) -> None:
        """Renew it every so often, until it is given back."""
        while not self._given_back.wait(every_s):
            with suppress(ArchiveIndexError):  # it is tried again; ``check`` tells
                until = time.time() + self._seconds
                self._client.set_properties(self._own, {_PROPERTY: self._told(until)})
                self._until = until

    def give_back(self) -> None:
        """Let the next one write at once."""
        self._given_back.set()
        with suppress(ArchiveIndexError):  # it runs out
            self._client.set_properties(self._own, {_PROPERTY: self._told(0)})

    def _told(self, until: float | None = None) -> str:
        return json.dumps({"by": self._by, "until": self._until if until is None else until})

    def _alias(self, number: int) -> str:
        return f"{self._prefix}_lease_{number}"

    def _highest(self) -> _Held | None:
        """Return the lease of the highest number, held or not."""
        pattern = re.compile(rf"{re.escape(self._prefix)}_lease_(\d+)")
        numbers = sorted(
            int(match[1]) for match in map(pattern.fullmatch, self._client.aliases()) if match
        )
        while numbers:
            number = numbers.pop()
            with suppress(Absent):  # it went while one looked: there is a higher one then
                name = self._client.pointed_at(self._alias(number))
                told = _read(self._client.properties(name).get(_PROPERTY, ""))
                return _Held(number, name, str(told["by"]), float(told["until"]))
        return None


def _read(told: str) -> dict[str, Any]:
    try:
        return {"by": "a process", "until": 0.0, **json.loads(told)}
    except ValueError:
        return {"by": "a process", "until": 0.0}


@contextmanager
def lease(
    client: Client, seconds: float = LEASE_S, renewed_s: float = RENEWED_S
) -> Iterator[Lease]:
    """Hold the right to write while the block runs.

    :raises IndexLocked: if another process holds it.
    """
    held = Lease(client, seconds)
    held.take()
    # Killed with the process: who holds it and is gone must not renew it.
    renewing = threading.Thread(target=held.keep, args=(renewed_s,), name="lease", daemon=True)
    renewing.start()
    try:
        yield held
    finally:
        held.give_back()
        renewing.join()
