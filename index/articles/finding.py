"""Which files of folders are articles: found by their names, in the order of these."""

import errno
import os
import stat
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from index.types import FileReport

SUFFIXES = (".md", ".markdown", ".mdx", ".txt", ".html", ".htm")
"""Ends of the names of article files, where the settings name no others."""

_Identity = tuple[int, int]


def article_name(path: Path) -> str:
    """Return what a file is called: Hugo and others call each ``index.md``, in a folder with the name."""
    return (
        f"{path.parent.name}/{path.name}" if path.stem.lower() in {"index", "_index"} else path.name
    )


def find_files(
    paths: Sequence[Path], suffixes: Collection[str] = SUFFIXES
) -> Iterator[Path | FileReport]:
    """Yield the article files among files and folders, each folder in the order of its names.

    Hidden entries of a folder and files of other kinds are passed over; one that was named is reported.
    What is named twice, or lies in a folder that is named as well, is found once. A folder is read
    once: symbolic links that lead back are reported.

    :param suffixes: in lower case, with their dots.
    """
    finder = _Finder(frozenset(suffixes))
    for path in dict.fromkeys(paths):
        yield from finder.find(path)


class _Finder:
    def __init__(self, suffixes: frozenset[str]) -> None:
        self._suffixes = suffixes
        self._folders: set[_Identity] = set()
        self._named: set[str] = set()

    def find(self, start: Path) -> Iterator[Path | FileReport]:
        waiting = [start]
        while waiting:
            path = waiting.pop()
            try:
                status = path.stat()
                if not stat.S_ISDIR(status.st_mode):
                    yield from self._file(path, named=path is start)
                    continue
                identity = status.st_dev, status.st_ino
                if identity in self._folders:
                    if path is not start:
                        yield FileReport(
                            str(path), "directory loop", "this folder was read under another name"
                        )
                    continue
                self._folders.add(identity)
                entries = sorted(os.scandir(path), key=lambda entry: entry.name, reverse=True)
            except OSError as error:
                yield unreadable(path, error)
                continue
            waiting += [path / entry.name for entry in entries if self._is_wanted(entry)]

    def _file(self, path: Path, *, named: bool) -> Iterator[Path | FileReport]:
        if named:
            if self._was_found(path):
                return
            self._named.add(os.path.realpath(path))
            if path.suffix.lower() not in self._suffixes:
                kinds = ", ".join(sorted(self._suffixes))
                found = repr(path.suffix) if path.suffix else "none"
                yield FileReport(
                    str(path),
                    "not an article",
                    f"expected a name that ends in {kinds}, found {found}; extract.suffixes names others",
                )
                return
        elif self._named and os.path.realpath(path) in self._named:
            return
        yield path

    def _was_found(self, path: Path) -> bool:
        """Whether a file was named before, or lies in a folder that was read."""
        if os.path.realpath(path) in self._named:
            return True
        try:
            status = path.parent.stat()
        except OSError:
            return False
        is_wanted = path.suffix.lower() in self._suffixes and not path.name.startswith(".")
        return is_wanted and (status.st_dev, status.st_ino) in self._folders

    def _is_wanted(self, entry: os.DirEntry[str]) -> bool:
        if entry.name.startswith("."):
            return False
        return os.path.splitext(entry.name)[1].lower() in self._suffixes or _is_folder(entry)  # noqa: PTH122 - of every file: a Path takes three times as long


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return True  # a link that leads nowhere or to itself; reading it says which


def unreadable(path: Path, error: OSError) -> FileReport:
    """Return the report of a file or folder that the operating system does not give."""
    if error.errno == errno.ELOOP:
        return FileReport(str(path), "directory loop", "a symbolic link leads to itself")
    missing = isinstance(error, FileNotFoundError)
    return FileReport(
        str(path), "not found" if missing else "unreadable", error.strerror or str(error)
    )
