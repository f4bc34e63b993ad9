"""Where generations that are built in the index folder answer, when that is not the folder itself."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from index.generations.manifest import Manifest
from index.generations.opened import Generation

Told: TypeAlias = Callable[[int, int], None]
"""Told how many passages have been written, and of how many."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A generation in a home.

    :ivar answers: whether it is the one that answers.
    :ivar manifest: None when it cannot be read.
    :ivar fault: why it cannot answer, as far as that is seen without reading all of it; else empty.
    """

    name: str
    answers: bool
    manifest: Manifest | None
    fault: str


class Writing(Protocol):
    """A home, to whoever alone may write to it."""

    def publish(self, generation: Generation, told: Told, *, anew: bool, exact: bool) -> str:
        """Write a generation of the folder and let it answer.

        :param anew: write all of it, whatever is there; else what has changed.
        :param exact: where it is written anew, compare every vector when it is searched.
        :return: its name there.
        :raises IndexNotWritten: if not all of it could be written; what answered still does.
        :raises IndexLocked: if it took so long that another process may write.
        """

    def make_current(self, name: str) -> None:
        """Let a generation answer from now on.

        :raises ArchiveIndexError: if there is no such generation, or it is not whole.
        """

    def prune(self, keep: int, before: str = "") -> Sequence[str]:
        """Remove old generations, but never the one that answers; return their names.

        :param keep: generations to keep, the one that answers included, >= 1.
        :param before: the one that answered until now, which is the last to go.
        :raises IndexMissing: if none answers.
        """


class Home(Protocol):
    """Keeps generations elsewhere than in the folder where they are built.

    Every method raises ``EngineUnavailable`` if it cannot be reached.
    """

    def writing(self) -> AbstractContextManager[Writing]:
        """Be the only process that writes while the block runs.

        :raises IndexLocked: if another process writes.
        """

    def write_files(self, generation: Generation, folder: Path, told: Told, *, exact: bool) -> None:
        """Write a generation of the folder as files that it can take in; nothing is asked of it.

        :param folder: a new one, an empty one, or one that such files were written to before.
        :param exact: compare every vector when it is searched.
        :raises IndexNotWritten: if they cannot be written, or something else lies in the folder.
        """

    def import_files(self, folders: Sequence[Path], at: str, told: Told, *, keep: int) -> str:
        """Take in what ``write_files`` wrote, as one generation, and let it answer.

        What an interrupted import has taken in is not taken in again.

        :param folders: one that holds all, or one for each share.
        :param at: where the server finds the folders, in its object store; empty = at its root.
        :param keep: generations to keep then, as ``Writing.prune`` takes it.
        :return: its name there.
        :raises ArchiveIndexError: if they are not all shares of one archive, each of them once.
        :raises FilesDamaged: if one of them holds no such files, or others than were written.
        :raises IndexOutdated: if they were built in different ways, or not by this program.
        :raises ImportFailed: if not all of it could be taken in; what answered still does.
        :raises IndexLocked: if another process writes.
        """

    def current(self) -> str:
        """Return the name of the generation that answers.

        :raises IndexMissing: if none does.
        """

    def made_of(self) -> str:
        """Return the name of the folder's generation that answers there; empty when none does."""

    def kept(self) -> Sequence[Kept]:
        """Return the generations that are there, oldest first.

        :raises IndexMissing: if none answers.
        """

    def missing(self) -> Sequence[str]:
        """Return what is missing in the generation that answers, one line each."""

    def faults(self) -> Iterator[str]:
        """Yield what is missing or damaged in the generation that answers; all of it is read."""
