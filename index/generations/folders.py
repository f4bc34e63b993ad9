"""Generations: each build of the index is a folder of its own, and one of them is current.

    INDEX/
        CURRENT                     name of the generation that answers
        lock                        held by the process that writes
        files.sqlite                size, time and SHA-256 of every file that was read
        generations/NAME/
            manifest.json           what it was built from and with; SHA-256 of every file
            archive.sqlite          articles and passages
            dense.f16.npy …         vectors
            lexical/                words
            tokens.npy …            token lists, columns, near-copies

A generation is written under a name of its own and becomes current by one atomic rename of the
file ``CURRENT``, after everything it holds is on the disk. Readers keep the one they opened.
"""

import fcntl
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.disk import sync
from index.encoders.protocol import EncoderInfo
from index.errors import (
    MEND,
    ArchiveIndexError,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexOutdated,
)

SCHEMA_VERSION = 3
"""Raised when a generation's files change shape: older ones are then built again."""

EXTRACTION_VERSION = 1
"""Raised when the same file gives other paragraphs, metadata or passages than before."""

MANIFEST = "manifest.json"
STORE, DENSE, LEXICAL = "archive.sqlite", "dense.faiss", "lexical"
"""The parts; the NumPy files are named by the modules that write them."""

_CURRENT = "CURRENT"
_GENERATIONS = "generations"
_PARTIAL = ".partial"
_BUILD_COMMAND = "newsquote index build"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from and with.

    :ivar paths: the files and folders that were read, absolute.
    :ivar table: revision of the token table behind the token lists.
    :ivar skipped: number of files left out, by reason.
    :ivar extraction_version: version of the rules that make paragraphs and passages of a file.
    :ivar dead: passages that have been given up and still lie in the lexical index.
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
    extraction_version: int = EXTRACTION_VERSION
    dead: int = 0
    schema_version: int = SCHEMA_VERSION

    def to_json(self) -> str:
        """Return the manifest as JSON, with a digest of itself."""
        values = asdict(self)
        return (
            json.dumps({**values, "sha256": _digest(values)}, ensure_ascii=False, indent=2) + "\n"
        )

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read what ``to_json`` wrote.

        :raises IndexOutdated: if another version of the program wrote it.
        :raises ValueError: if the text is something else; KeyError and TypeError likewise.
        """
        values: dict[str, Any] = json.loads(text)
        if values["schema_version"] != SCHEMA_VERSION:
            raise IndexOutdated(f"schema version {values['schema_version']}, not {SCHEMA_VERSION}")
        if values.pop("sha256") != _digest(values):
            raise ValueError("its SHA-256 is not the one it gives")
        values["paths"] = tuple(values["paths"])
        values["encoder"] = EncoderInfo(**values["encoder"])
        return cls(**values)


def _digest(values: dict[str, Any]) -> str:
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def current(index_dir: Path) -> Path:
    """Return the folder of the generation that answers.

    :raises IndexMissing: if nothing has been built yet.
    :raises IndexDamaged: if no generation of that name is there.
    """
    file = index_dir / _CURRENT
    try:
        name = file.read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError as error:
        if generation_names(index_dir):
            raise IndexMissing(
                f"{file} is missing, and nothing else tells which of the generations beside it "
                f"answers; {MEND}"
            ) from error
        raise IndexMissing(
            f"there is no index in {index_dir} yet; make one with '{_BUILD_COMMAND} PATH...'"
        ) from error
    except OSError as error:
        raise ArchiveIndexError(f"cannot read {file}: {error.strerror}") from error
    folder = index_dir / _GENERATIONS / name
    if name in ("", ".", "..") or "/" in name or not folder.is_dir():
        raise IndexDamaged(f"{file} names the generation {name!r}, which does not exist; {MEND}")
    return folder


def read_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest and check that its files are there.

    :raises IndexDamaged: if the manifest cannot be read or a file is missing.
    """
    manifest = load_manifest(folder)
    for name in manifest.files:
        if not (folder / name).is_file():
            raise IndexDamaged(f"{folder / name} is missing; {MEND}")
    return manifest


def load_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest, whatever has become of its files.

    :raises IndexDamaged: if it cannot be read.
    """
    path = folder / MANIFEST
    try:
        return Manifest.from_json(path.read_text(encoding="utf-8"))
    except IndexOutdated as error:
        raise IndexOutdated(
            f"{path}: another version of the program built this index ({error}); "
            f"build it again with '{_BUILD_COMMAND}'"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            f"{path}: expected the manifest of an index, but {error}; {MEND}"
        ) from error


@contextmanager
def write_lock(index_dir: Path) -> Iterator[None]:
    """Be the only process that writes; the system drops the lock when the process ends.

    :raises IndexLocked: if another process writes at the moment.
    """
    with explained(index_dir):
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
    index_dir: Path,
    fill: Callable[[Path], Callable[[dict[str, str]], Manifest]],
    *,
    keep: int,
    previous: Path | None = None,
) -> Manifest:
    """Write a new generation and make it current. The caller holds the ``write_lock``.

    :param fill: writes all files into the folder it is given, and returns a function that makes
        the manifest once the files' digests are known.
    :param keep: generations to keep, this one included; older ones are removed.
    :param previous: a generation that may share files with this one; their digests are known.
    :raises ArchiveIndexError: if the disk is full or the folder cannot be written.
    """
    with explained(index_dir):
        generations = index_dir / _GENERATIONS
        _remove_partial(generations)
        name = _new_name(generations)
        partial = generations / f"{name}{_PARTIAL}"
        partial.mkdir(parents=True)
        try:
            make_manifest = fill(partial)
            files = sorted(path for path in partial.rglob("*") if path.is_file())
            digests = _digests(partial, files, previous)
            manifest = make_manifest(digests)
            _write(partial / MANIFEST, manifest.to_json())
            for path in (*files, *(path for path in partial.rglob("*") if path.is_dir()), partial):
                sync(path)
            partial.rename(generations / name)
        except BaseException:  # an interrupt too must leave nothing half-written
            shutil.rmtree(partial, ignore_errors=True)
            raise
        sync(generations)
        make_current(index_dir, name)
        _remove_old(generations, name, keep=keep)
    return manifest


def make_current(index_dir: Path, name: str) -> None:
    """Let a generation answer from now on. The caller holds the ``write_lock``."""
    _write(index_dir / f"{_CURRENT}.new", name + "\n")
    (index_dir / f"{_CURRENT}.new").replace(index_dir / _CURRENT)
    sync(index_dir)


def prune(index_dir: Path, *, keep: int) -> dict[str, int]:
    """Remove old generations and what a killed build left, but never the current generation.

    :param keep: generations to keep, the current one included, >= 1.
    :return: bytes freed, by the name of the folder.
    :raises IndexLocked: if another process writes at the moment.
    :raises IndexMissing: if nothing has been built yet.
    """
    current(index_dir)  # where there is no index, no folder is made for its lock
    with write_lock(index_dir), explained(index_dir):
        return tidy(index_dir, keep=keep)


def tidy(index_dir: Path, *, keep: int) -> dict[str, int]:
    """Do what ``prune`` does for a caller who holds the ``write_lock``."""
    generations = index_dir / _GENERATIONS
    answering = current(index_dir).name
    return _remove_partial(generations) | _remove_old(generations, answering, keep=keep)


def generation_names(index_dir: Path) -> list[str]:
    """Return the names of the complete generations, oldest first."""
    return [path.name for path in generation_folders(index_dir)]


def generation_folders(index_dir: Path) -> list[Path]:
    """Return the folders of the complete generations, oldest first."""
    return sorted(_complete(index_dir / _GENERATIONS))


def _new_name(generations: Path) -> str:
    """Return a name that sorts after all others: the time, or what follows the newest name."""
    now = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"
    newest = max((path.name for path in generations.glob("*")), default="")
    return now if now > newest else f"{newest}+"


def _digests(folder: Path, files: list[Path], previous: Path | None) -> dict[str, str]:
    known = read_manifest(previous).files if previous else {}
    digests = {}
    for path in files:
        name = path.relative_to(folder).as_posix()
        shared = previous is not None and name in known and path.samefile(previous / name)
        digests[name] = known[name] if shared else sha256_of(path)
    return digests


def _complete(generations: Path) -> list[Path]:
    return [path for path in generations.glob("*") if path.suffix != _PARTIAL and path.is_dir()]


def _remove_partial(generations: Path) -> dict[str, int]:
    return {path.name: _remove(path) for path in generations.glob(f"*{_PARTIAL}")}


def _remove_old(generations: Path, answering: str, *, keep: int) -> dict[str, int]:
    others = sorted(path for path in _complete(generations) if path.name != answering)
    return {path.name: _remove(path) for path in others[: max(len(others) - keep + 1, 0)]}


def _remove(folder: Path) -> int:
    """Remove a folder; return the bytes freed: files that another folder shares free nothing."""
    if folder.suffix != _PARTIAL:  # half of it must not be taken for a generation
        folder = folder.rename(folder.with_name(f"{folder.name}{_PARTIAL}"))
    statuses = [path.lstat() for path in folder.rglob("*") if path.is_file()]
    shutil.rmtree(folder, ignore_errors=True)
    return sum(status.st_size for status in statuses if status.st_nlink == 1)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    sync(path)


def sha256_of(path: Path) -> str:
    """Return the hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def explained(index_dir: Path) -> Iterator[None]:
    """Say of a disk that is full or may not be written what that means for the index.

    :raises ArchiveIndexError: instead of ``OSError`` and ``sqlite3.Error``.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = (
            error.strerror if isinstance(error, OSError) else None
        ) or f"not all was written ({error})"
        raise ArchiveIndexError(
            f"cannot write the index in {index_dir}: {reason}; the previous one, "
            "if there was one, still answers. Make room or choose another folder with --index"
        ) from error
