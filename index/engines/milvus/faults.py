"""What Milvus says of what goes wrong, in the house's words.

Servers of different versions number their errors differently, so what they say is read.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from index.errors import ArchiveIndexError, EngineUnavailable, IndexNotWritten


class Absent(EngineUnavailable):
    """What was asked for is not in Milvus."""


class Taken(EngineUnavailable):
    """What was to be made is in Milvus already."""


class Unloaded(EngineUnavailable):
    """A collection is on the server's disk, and not in its memory."""


class _Fault(NamedTuple):
    """A kind of fault.

    :ivar said: what tells it from others.
    :ivar words: what is said of it, between the server's name and its own words.
    """

    said: re.Pattern[str]
    kind: type[ArchiveIndexError]
    words: str


def _said(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


_FAULTS: Sequence[_Fault] = (
    _Fault(
        _said(
            "unauthenticated", "hasn't authenticated", "permission.?denied", "auth check failure"
        ),
        EngineUnavailable,
        "refuses the token",
    ),
    _Fault(
        _said(
            "no space left",
            "file too large",
            "disk quota",
            "quota exceeded",
            "deny to write",
            "out of disk",
        ),
        IndexNotWritten,
        "has no room, and the generation that answered still does",
    ),
    _Fault(_said("not loaded", "is in state 'released'"), Unloaded, "has not loaded it"),
    _Fault(_said("already exist", "conflict"), Taken, "has it already"),
    _Fault(_said("not exist", "not found", "can't find"), Absent, "does not have it"),
    _Fault(
        _said("unavailable", "deadline", "retry timeout", "closed channel", "fail connecting"),
        EngineUnavailable,
        "cannot be reached, or does not answer in time",
    ),
    _Fault(_said(""), EngineUnavailable, "cannot do what was asked"),
)
"""The first that fits is meant."""


def meaning(place: str, said: str) -> ArchiveIndexError:
    """Return the error that is meant.

    :param place: the server's name.
    :param said: all that the server or the library says, on as many lines as it likes.
    """
    line = " ".join(said.split())
    fault = next(fault for fault in _FAULTS if fault.said.search(line))
    return fault.kind(f"{place} {fault.words}: {_short(line)}")


def _short(line: str, limit: int = 300) -> str:
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
