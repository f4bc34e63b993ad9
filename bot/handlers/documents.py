"""Documents that an administrator sends: checked, then put into the archive's inbox folder.

Nothing is believed of a document but its bytes: names are made harmless, an archive's members are
counted and measured before they are unpacked, and each file must be one that can be read.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from index.articles.files import Reading, indexable, read_articles
from index.building.events import Listener
from index.errors import NewsquoteError
from index.inbox import harmless_name, save_new
from index.types import FileReport

SUFFIXES = (".md", ".html")
ARCHIVE = ".zip"
MOST_BYTES = 20_000_000
"""https://core.telegram.org/bots/api#getfile: "files of up to 20MB in size"."""

MOST_FILES = 1000
MOST_UNPACKED = 200_000_000
_SYMLINK, _KIND = 0o120000, 0o170000


class DocumentRefused(NewsquoteError):
    """A document cannot be added to the archive; the message says why."""


def unpack(name: str, content: bytes) -> dict[str, bytes]:
    """Return the article files that a document holds, by harmless names.

    :raises DocumentRefused: if it is of another kind, damaged, too large or empty.
    """
    suffix = PurePosixPath(name.lower()).suffix
    if suffix in SUFFIXES:
        return {harmless_name(name): content}
    if suffix != ARCHIVE:
        raise DocumentRefused(f"expected {', '.join((*SUFFIXES, ARCHIVE))}, found {suffix!r}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = dict(_members(archive))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise DocumentRefused(f"the archive cannot be unpacked: {error}") from error
    if not files:
        raise DocumentRefused(f"the archive holds no {' or '.join(SUFFIXES)} file")
    return files


def store(inbox: Path, files: dict[str, bytes]) -> list[str]:
    """Write files into the inbox; a name that is taken gets a number. Return the names."""
    return [save_new(inbox, name, content) for name, content in files.items()]


def check_readable(folder: Path, reading: Reading, _say: Listener) -> None:
    """Make sure that every file in a folder is an article that can be indexed.

    :raises DocumentRefused: for the first that is not, with its name.
    """
    for outcome in read_articles([folder], reading):
        found = indexable(outcome)
        if isinstance(found, FileReport):
            raise DocumentRefused(str(replace(found, path=Path(found.path).name)))


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    members = [
        member
        for member in archive.infolist()
        if PurePosixPath(member.filename.lower()).suffix in SUFFIXES
        and (member.external_attr >> 16) & _KIND != _SYMLINK
    ]
    if len(members) > MOST_FILES:
        raise DocumentRefused(f"the archive holds {len(members)} files, more than {MOST_FILES}")
    left = MOST_UNPACKED
    taken: set[str] = set()
    for number, member in enumerate(members):
        with archive.open(member) as file:
            content = file.read(left + 1)  # what a member claims to be is not believed
        left -= len(content)
        if left < 0:
            raise DocumentRefused(f"unpacked, the archive is larger than {MOST_UNPACKED} bytes")
        name = harmless_name(member.filename)
        if name in taken:
            name = f"{Path(name).stem}-{number}{Path(name).suffix}"
        taken.add(name)
        yield name, content
