"""Documents that an administrator sends: checked, then put into the archive's inbox folder.

Nothing is believed of a document but its bytes: names are made harmless, an archive's members are
counted and measured while they are unpacked, and each file must be one that can be read. All of that
happens in one process of its own, for all the files of a document.
"""

import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from index.articles.files import Reading, indexable, read_article
from index.building.events import Listener, Note
from index.errors import NewsquoteError
from index.inbox import harmless_name, save_new
from index.types import FileReport

SUFFIXES = (".md", ".html")
ARCHIVE = ".zip"
MOST_BYTES = 20_000_000
"""https://core.telegram.org/bots/api#getfile: "files of up to 20MB in size"."""

MOST_MEMBERS = 10_000
"""Entries of an archive, whatever they are."""

MOST_FILES = 1000
MOST_UNPACKED = 200_000_000
_SYMLINK, _KIND = 0o120000, 0o170000
_PIECE = 1 << 20


class DocumentRefused(NewsquoteError):
    """A document cannot be added to the archive; the message says why."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was downloaded.

    :ivar path: where its bytes lie for the moment.
    :ivar name: as its sender calls it.
    :ivar inbox: folder for its files.
    """

    path: Path
    name: str
    inbox: Path
    reading: Reading


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a document.

    :ivar names: of the files that are in the inbox now.
    :ivar left_out: why others are not, one reason a file.
    """

    names: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def added(document: Document, say: Listener) -> Added:
    """Add a document's files to the inbox; those that are no articles are left out.

    :param say: told how far the reading is: ``3/17``.
    :raises DocumentRefused: if there is none to add; the inbox is as it was then.
    :raises OSError: if the disk is full or the inbox cannot be written.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = list(unpacked(document, Path(folder)))
        good, left_out = [], []
        for number, file in enumerate(files, 1):
            found = indexable(read_article(file, max_bytes=document.reading.max_bytes))
            if isinstance(found, FileReport):
                left_out.append(str(replace(found, path=file.name)))
            else:
                good.append(file)
            say(Note(f"{number}/{len(files)}"))
        if not good:
            raise DocumentRefused("; ".join(left_out))
        names = tuple(save_new(document.inbox, file.name, file.read_bytes()) for file in good)
    return Added(names, tuple(left_out))


def unpacked(document: Document, folder: Path) -> Iterator[Path]:
    """Put the files that a document holds into a folder, by harmless names, and yield them.

    :raises DocumentRefused: if it is of another kind, damaged, too large or empty.
    """
    suffix = PurePosixPath(document.name.lower()).suffix
    if suffix in SUFFIXES:
        path = folder / harmless_name(document.name)
        path.write_bytes(document.path.read_bytes())
        yield path
        return
    if suffix != ARCHIVE:
        raise DocumentRefused(f"expected {', '.join((*SUFFIXES, ARCHIVE))}, found {suffix!r}")
    try:
        with zipfile.ZipFile(document.path) as archive:
            yield from _members(archive, folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise DocumentRefused(f"the archive cannot be unpacked: {error}") from error


def _members(archive: zipfile.ZipFile, folder: Path) -> Iterator[Path]:
    """Write an archive's articles into a folder; what a member claims to be is not believed."""
    entries = archive.infolist()
    if len(entries) > MOST_MEMBERS:
        raise DocumentRefused(f"the archive has {len(entries)} entries, more than {MOST_MEMBERS}")
    members = [
        member
        for member in entries
        if PurePosixPath(member.filename.lower()).suffix in SUFFIXES
        and (member.external_attr >> 16) & _KIND != _SYMLINK
    ]
    if not members:
        raise DocumentRefused(f"the archive holds no {' or '.join(SUFFIXES)} file")
    if len(members) > MOST_FILES:
        raise DocumentRefused(f"the archive holds {len(members)} files, more than {MOST_FILES}")
    left = MOST_UNPACKED
    for number, member in enumerate(members):
        name = harmless_name(member.filename)
        path = folder / name
        if path.exists():
            path = folder / f"{path.stem}-{number}{path.suffix}"
        with archive.open(member) as packed, path.open("xb") as file:
            while piece := packed.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise DocumentRefused(
                        f"unpacked, the archive is larger than {MOST_UNPACKED} bytes"
                    )
                file.write(piece)
        yield path
