"""Generations: each build of the index is a folder of its own, and one of them is current.

    INDEX/
        CURRENT                     name of the generation that answers
        lock                        held by the process that writes
        generations/NAME/
            manifest.json           what it was built from and with; SHA-256 of every file
            archive.sqlite          articles and passages
            dense.faiss             vectors
            lexical/                words
            tokens.npy …            token lists, columns, near-copies

A generation is written under a name of its own and becomes current by one atomic rename of the
file ``CURRENT``, after everything it holds is on the disk. Readers keep the one they opened.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.encoder import EncoderInfo
from index.errors import ArchiveIndexError, IndexDamaged, IndexLocked, IndexMissing

SCHEMA_VERSION = 1
"""Raised when a generation's files change shape: older ones are then built again."""

MANIFEST = "manifest.json"
STORE, DENSE, LEXICAL = "archive.sqlite", "dense.faiss", "lexical"
"""The parts; the NumPy files are named by the modules that write them."""

_CURRENT = "CURRENT"
_GENERATIONS = "generations"
_BUILD_COMMAND = "newsquote index build"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from and with.

    :ivar paths: the files and folders that were read, absolute.
    :ivar table: revision of the token table behind the token lists.
    :ivar skipped: number of files left out, by reason.
    :ivar files: SHA-256 of every file, by its path inside the generation.
    """

    created: str
    paths: tuple[str, ...]
    articles: int
    passages: int
    skipped: dict[str, int]
    encoder: EncoderInfo
    table: str
    tokenizer_version: int
    target_chars: int
    files: dict[str, str]
    schema_version: int = SCHEMA_VERSION

    def to_json(self) -> str:
        """Return the manifest as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read what ``to_json`` wrote.

        :raises ValueError: if the text is something else; KeyError and TypeError likewise.
        """
        values: dict[str, Any] = json.loads(text)
        if values["schema_version"] != SCHEMA_VERSION:
            raise ValueError(f"schema version {values['schema_version']}, not {SCHEMA_VERSION}")
        values["paths"] = tuple(values["paths"])
        values["encoder"] = EncoderInfo(**values["encoder"])
        return cls(**values)


def current(index_dir: Path) -> Path:
    """Return the folder of the generation that answers.

    :raises IndexMissing: if nothing has been built yet.
    """
    try:
        name = (index_dir / _CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise IndexMissing(
            f"there is no index in {index_dir} yet; make one with '{_BUILD_COMMAND} PATH...'"
        ) from error
    except OSError as error:
        raise ArchiveIndexError(f"cannot read {index_dir / _CURRENT}: {error.strerror}") from error
    folder = index_dir / _GENERATIONS / name
    if not name or not folder.is_dir():
        raise IndexDamaged(
            f"{index_dir / _CURRENT} names the generation {name!r}, which does not exist; "
            f"build it again with '{_BUILD_COMMAND}'"
        )
    return folder


def read_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest and check that its files are there.

    :raises IndexDamaged: if the manifest cannot be read or a file is missing.
    """
    path = folder / MANIFEST
    try:
        manifest = Manifest.from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            f"{path}: expected the manifest of an index, but {error}; "
            f"build it again with '{_BUILD_COMMAND}'"
        ) from error
    for name in manifest.files:
        if not (folder / name).is_file():
            raise IndexDamaged(
                f"{folder / name} is missing; build the index again with '{_BUILD_COMMAND}'"
            )
    return manifest


def damaged_files(folder: Path) -> list[str]:
    """Return the generation's files whose content is not what its manifest says."""
    manifest = read_manifest(folder)
    return [name for name, digest in manifest.files.items() if _sha256(folder / name) != digest]


@contextmanager
def write_lock(index_dir: Path) -> Iterator[None]:
    """Be the only process that writes; the system drops the lock when the process ends.

    :raises IndexLocked: if another process writes at the moment.
    """
    with _explained(index_dir):
        index_dir.mkdir(parents=True, exist_ok=True)
        file = (index_dir / "lock").open("w")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexLocked(
                f"another process is writing the index in {index_dir}; "
                "wait until it has finished, or stop it"
            ) from error
        yield


def write_generation(
    index_dir: Path, fill: Callable[[Path], Callable[[dict[str, str]], Manifest]], *, keep: int
) -> Manifest:
    """Write a new generation and make it current.

    :param fill: writes all files into the folder it is given, and returns a function that makes
        the manifest once the files' digests are known.
    :param keep: generations to keep, this one included; older ones are removed.
    :raises IndexLocked: if another process writes at the moment.
    :raises ArchiveIndexError: if the disk is full or the folder cannot be written.
    """
    with write_lock(index_dir), _explained(index_dir):
        generations = index_dir / _GENERATIONS
        for leftover in generations.glob("*.partial"):
            shutil.rmtree(leftover)
        name = _new_name(generations)
        partial = generations / f"{name}.partial"
        partial.mkdir(parents=True)
        try:
            make_manifest = fill(partial)
            files = sorted(path for path in partial.rglob("*") if path.is_file())
            digests = {path.relative_to(partial).as_posix(): _sha256(path) for path in files}
            manifest = make_manifest(digests)
            _write(partial / MANIFEST, manifest.to_json())
            for path in (*files, *(path for path in partial.rglob("*") if path.is_dir()), partial):
                _sync(path)
            partial.rename(generations / name)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        _sync(generations)
        _write(index_dir / f"{_CURRENT}.new", name + "\n")
        (index_dir / f"{_CURRENT}.new").replace(index_dir / _CURRENT)
        _sync(index_dir)
        _prune(generations, keep=keep)
    return manifest


def _new_name(generations: Path) -> str:
    """Return a name that sorts after all others: the time, or what follows the newest name."""
    now = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"
    newest = max((path.name for path in generations.glob("*")), default="")
    return now if now > newest else f"{newest}+"


def _prune(generations: Path, *, keep: int) -> None:
    complete = sorted(path for path in generations.iterdir() if path.is_dir())
    for old in complete[:-keep]:
        shutil.rmtree(old, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _explained(index_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveIndexError(
            f"cannot write the index in {index_dir}: {error.strerror or error}; the previous one, "
            "if there was one, still answers. Make room or choose another folder with --index"
        ) from error
