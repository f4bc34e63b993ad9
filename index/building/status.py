"""What an index holds, and which generations of it are kept."""

from dataclasses import dataclass
from pathlib import Path

from index.errors import ArchiveIndexError
from index.generations.manifest import Manifest, load_manifest, read_manifest


@dataclass(frozen=True, slots=True)
class Status:
    """What an index holds.

    :ivar name: of the generation that answers.
    :ivar folder: it, or what it was published from; None when that is not on this machine.
    :ivar generations: names of all that are kept, oldest first.
    :ivar remembered_files: files that an update need not read to know them.
    :ivar bytes: what the folder takes up on the disk, shared files included.
    """

    name: str
    folder: Path | None
    manifest: Manifest
    generations: tuple[str, ...]
    remembered_files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Known:
    """One generation among those that are kept.

    :ivar answers: whether it is the one that answers.
    :ivar manifest: None when it cannot be read.
    :ivar fault: why it cannot answer, as far as that is seen without reading all of it; else empty.
    :ivar bytes: what it takes up on the disk, files shared with others included.
    """

    name: str
    answers: bool
    manifest: Manifest | None
    fault: str
    bytes: int


def known(folder: Path, answering: str) -> Known:
    """Return what is seen of a generation in a folder.

    :param answering: name of the one that answers.
    """
    manifest, fault = None, ""
    try:
        manifest = load_manifest(folder)
        read_manifest(folder)
    except ArchiveIndexError as error:
        fault = str(error)
    return Known(folder.name, folder.name == answering, manifest, fault, bytes_of(folder))


def bytes_of(folder: Path) -> int:
    """Return what a folder takes up on the disk."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
