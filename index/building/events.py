"""What a build or an update says while it runs: plain objects, which can cross to another process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from index.types import FileReport


@dataclass(frozen=True, slots=True)
class Planned:
    """So many files are to be gone through; ``Written`` follows once for each."""

    files: int


@dataclass(frozen=True, slots=True)
class Written:
    """So many articles and passages have been written so far; said after each file."""

    articles: int
    passages: int


@dataclass(frozen=True, slots=True)
class Finishing:
    """All files have been gone through; what was made of them is being written."""


@dataclass(frozen=True, slots=True)
class Mended:
    """Something was mended in a file, or left out, that became an article all the same."""

    report: FileReport

    def __str__(self) -> str:
        return str(self.report)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A slow encoder has encoded so many texts of a batch; the seconds left are an estimate."""

    done: int
    total: int
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Published:
    """So many of what is new have gone to the server that keeps the index, or to files for it.

    :ivar how: "publishing" passages, "writing" passages to files, or "importing" rows of them.
    """

    done: int
    total: int
    how: str = "publishing"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was found or is being done, in a few words."""

    text: str

    def __str__(self) -> str:
        return self.text


Event: TypeAlias = FileReport | Mended | Planned | Written | Finishing | Encoded | Published | Note
"""A ``FileReport`` says why a file was skipped."""
Listener: TypeAlias = Callable[[Event], None]


def silent(_event: Event) -> None:
    """Say nothing to anybody. A ``Listener``."""
