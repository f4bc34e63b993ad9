"""The inbox: the folder of the archive into which new articles are saved.

One way of naming and saving for all who put files there: a name that every file system takes, a
file that is whole or not there, and never another file overwritten by accident.
"""

import os
import re
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from index.disk import sync

_NAME_CHARS = 100
_NAME_BYTES = 200
"""File systems take 255 bytes; a number and a suffix are still to come."""

_HARMFUL = re.compile(r"[^\w .()\[\]-]+")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever follows the dot."""


def inbox_folder(archive: Sequence[Path], configured: str) -> Path:
    """Return the inbox: the configured folder, else ``inbox`` in the archive's first path."""
    return Path(configured).expanduser() if configured else archive[0] / "inbox"


def harmless_name(name: str) -> str:
    """Return a file name without folders and without what a file system minds."""
    path = PurePosixPath(name.replace("\\", "/"))
    return harmless_stem(path.stem) + path.suffix.lower()


def harmless_stem(text: str) -> str:
    """Return any text as a file name without suffix, never empty, hidden or too long."""
    name = _HARMFUL.sub("_", unicodedata.normalize("NFC", text)).strip(" .-")[:_NAME_CHARS]
    name = name.encode()[:_NAME_BYTES].decode(errors="ignore").rstrip(" .")
    return f"_{name}" if _DEVICES.match(name) else name or "article"


def save_new(folder: Path, name: str, content: bytes) -> str:
    """Save a file under a name that is free, durably, and return the name.

    A name that is taken gets a number; a file that has the same content already is left as it is.

    :raises OSError: if it cannot be written; nothing is left behind then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _written(folder, content) as temporary:
        for candidate in _candidates(name):
            path = folder / candidate
            try:
                _link(temporary, path)
            except FileExistsError:
                if not _holds(path, content):
                    continue
            sync(folder)
            return candidate
    raise AssertionError("candidates do not end")


def replace(path: Path, content: bytes) -> None:
    """Replace a file by a new version at once, durably.

    :raises OSError: if it cannot be written; the old version is there then.
    """
    with _written(path.parent, content) as temporary:
        temporary.replace(path)
        sync(path.parent)


def _candidates(name: str) -> Iterator[str]:
    path = PurePosixPath(name)
    yield name
    number = 2
    while True:
        yield f"{path.stem} {number}{path.suffix}"
        number += 1


@contextmanager
def _written(folder: Path, content: bytes) -> Iterator[Path]:
    """Write a temporary file, hidden from the index, and take it away in the end."""
    path = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield path
    finally:
        path.unlink(missing_ok=True)


def _link(temporary: Path, path: Path) -> None:
    """Give a file its name unless that is taken."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: hold the name by an empty file for an instant.
        path.open("xb").close()
        temporary.replace(path)


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
