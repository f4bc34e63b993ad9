"""Generations: each build of the index is a folder of its own, and one of them is current.

    INDEX/
        CURRENT                     name of the generation that answers
        lock                        held by the process that writes
        files.sqlite                size, time and SHA-256 of every file that was read
        generations/NAME/
            manifest.json           what it was built from and with; SHA-256 of every file
            …                       the parts: each names its own files (``index.parts``)

A generation is written under a name of its own and becomes current by one atomic rename of the
file ``CURRENT``, after everything it holds is on the disk. Readers keep the one they opened.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.disk import sync
from index.errors import (
    ArchiveIndexError,
    IndexDamaged,
    IndexMissing,
    IndexNotWritten,
    IndexUnfinished,
)
from index.generations.manifest import MANIFEST, Manifest, read_manifest, sha256_of

_CURRENT = "CURRENT"
_GENERATIONS = "generations"
_LOCK_OF_LIBRARY = ".lock"
_PARTIAL = ".partial"


def current(index_dir: Path) -> Path:
    """Return the folder of the generation that answers.

    :raises IndexMissing: if nothing has been built yet, or not to its end.
    :raises IndexDamaged: if no generation of that name is there.
    """
    file = index_dir / _CURRENT
    try:
        name = file.read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError as error:
        if generation_names(index_dir):
            raise IndexUnfinished(
                f"{file} is missing, and nothing else tells which of the generations beside it "
                "answers"
            ) from error
        raise IndexMissing(f"there is no index in {index_dir} yet") from error
    except OSError as error:
        raise ArchiveIndexError(f"cannot read {file}: {error.strerror}") from error
    folder = index_dir / _GENERATIONS / name
    if name in ("", ".", "..") or "/" in name or not folder.is_dir():
        raise IndexDamaged(f"{file} names the generation {name!r}, which does not exist")
    return folder


@dataclass(slots=True)
class Draft:
    """A generation while it is written.

    :ivar folder: where its files go.
    :ivar manifest: what it was made from and with; set before the draft ends. The digests of its
        files are added then.
    """

    folder: Path
    manifest: Manifest | None = None


@contextmanager
def new_generation(index_dir: Path, *, keep: int, previous: Path | None = None) -> Iterator[Draft]:
    """Write a new generation in the block; when it ends, it is current.

    The caller holds the ``write_lock``. When the block fails, nothing of it stays.

    :param keep: generations to keep, this one included; older ones are removed.
    :param previous: a generation that may share files with this one; their digests are known.
    :raises IndexNotWritten: if the disk is full or the folder cannot be written.
    """
    with explained(index_dir):
        generations = index_dir / _GENERATIONS
        _remove_partial(generations)
        name = _new_name(generations)
        draft = Draft(generations / f"{name}{_PARTIAL}")
        draft.folder.mkdir(parents=True)
        try:
            yield draft
            _seal(draft, previous)
            draft.folder.rename(generations / name)
        except BaseException:  # an interrupt too must leave nothing half-written
            shutil.rmtree(draft.folder, ignore_errors=True)
            raise
        sync(generations)
        before = _answering(index_dir)
        make_current(index_dir, name)
        _remove_old(generations, name, keep=keep, before=before)


def _seal(draft: Draft, previous: Path | None) -> None:
    """Write the manifest with the digests of all files, and wait until everything is on the disk."""
    if draft.manifest is None:
        raise ValueError("the draft of a generation ended without a manifest")
    folder = draft.folder
    # A library's thread may make its lock again at any moment; nobody needs it to answer.
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix != _LOCK_OF_LIBRARY
    )
    draft.manifest = replace(draft.manifest, files=_digests(folder, files, previous))
    _write(folder / MANIFEST, draft.manifest.to_json())
    for path in (*files, *(path for path in folder.rglob("*") if path.is_dir()), folder):
        sync(path)


def make_current(index_dir: Path, name: str) -> None:
    """Let a generation answer from now on. The caller holds the ``write_lock``."""
    _write(index_dir / f"{_CURRENT}.new", name + "\n")
    (index_dir / f"{_CURRENT}.new").replace(index_dir / _CURRENT)
    sync(index_dir)


def tidy(index_dir: Path, *, keep: int) -> dict[str, int]:
    """Remove old generations and what a killed build left, but never the current generation.

    The caller holds the ``write_lock``.

    :param keep: generations to keep, the current one included, >= 1.
    :return: bytes freed, by the name of the folder.
    :raises IndexMissing: if nothing has been built yet.
    """
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


def _answering(index_dir: Path) -> str:
    """Return the name of the generation that answers; nothing when none does."""
    try:
        return current(index_dir).name
    except ArchiveIndexError:
        return ""


def _remove_old(
    generations: Path, answering: str, *, keep: int, before: str = ""
) -> dict[str, int]:
    """Remove the oldest generations beyond those to be kept.

    :param before: the one that answered until now, which is the last to go: after a rollback it is
        known to be good, and is not the newest.
    """
    others = sorted(
        (path for path in _complete(generations) if path.name != answering),
        key=lambda path: (path.name == before, path.name),
    )
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


@contextmanager
def explained(index_dir: Path) -> Iterator[None]:
    """Say of a disk that is full or may not be written what that means for the index.

    :raises IndexNotWritten: instead of ``OSError`` and ``sqlite3.Error``.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = (
            error.strerror if isinstance(error, OSError) else None
        ) or f"not all was written ({error})"
        raise IndexNotWritten(
            f"cannot write the index in {index_dir}: {reason}; the previous one, "
            "if there was one, still answers"
        ) from error
