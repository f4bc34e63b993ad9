"""A folder of files that a Milvus server imports by itself, and what tells of them.

To send rows one call after the other takes a large archive hours. A server reads files of its object
store with all its nodes at once. One folder holds

    passages-0001.parquet ...   rows as ``rows`` makes them, with a column for each field
    articles-0001.parquet ...
    words.npy                   how many passages hold each word; who imports writes them
    bulk.json                   what the folder holds, with the SHA-256 of each file; written last

A generation of a share of the files is written alike, and several such folders become one generation.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from index.errors import FilesDamaged, IndexOutdated
from index.generations.manifest import Manifest, sha256_of

MANIFEST = "bulk.json"
UNFINISHED = f"{MANIFEST}.part"
WORDS_FILE = "words.npy"

_FORMAT = 1
"""Raised when the files change shape: older ones are then written again."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file.

    :ivar data: the collection that its rows belong to; empty for what no server reads.
    """

    name: str
    data: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BulkFiles:
    """What a folder of files holds.

    :ivar number: of the generation that the rows begin with; no other folder has the same one.
    :ivar exact: compare every vector; else make a graph of them.
    :ivar days: of the first and last article that has a date; None without any.
    :ivar sources: number of each source, by its name.
    :ivar made_of: name of the generation in the index folder.
    """

    folder: Path
    number: int
    exact: bool
    days: tuple[int, int] | None
    sources: Mapping[str, int]
    made_of: str
    manifest: Manifest
    files: Sequence[DataFile]

    def of(self, data: str) -> list[DataFile]:
        """Return the files of a collection."""
        return [one for one in self.files if one.data == data]

    def rows(self, data: str) -> int:
        """Return how many rows of a collection there are."""
        return sum(one.rows for one in self.of(data))

    def frequencies(self) -> Counter[int]:
        """Return how many passages hold each word, by dimension."""
        words, counts = np.load(self.folder / WORDS_FILE).tolist()
        return Counter(dict(zip(words, counts, strict=True)))

    def check(self) -> None:
        """Make sure that the files are what was written; those that are only on the server are not read.

        :raises FilesDamaged: if one is not.
        """
        for one in self.files:
            path = self.folder / one.name
            if path.exists() or not one.data:
                self._check(path, one.sha256)

    @staticmethod
    def _check(path: Path, sha256: str) -> None:
        try:
            found = sha256_of(path)
        except OSError as error:
            raise FilesDamaged(f"{path}: expected a file, but {error.strerror}") from error
        if found != sha256:
            raise FilesDamaged(f"{path} is damaged: its SHA-256 is not the one in {MANIFEST}")


def read_files(folder: Path) -> BulkFiles:
    """Return what a folder of files holds.

    :raises FilesDamaged: if there are none, or what tells of them cannot be read.
    :raises IndexOutdated: if another version of the program wrote it.
    """
    path = folder / MANIFEST
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["format"] != _FORMAT:
            raise IndexOutdated(f"{path} has the format {values['format']}, not {_FORMAT}")
        return BulkFiles(
            folder=folder,
            number=int(values["number"]),
            exact=bool(values["exact"]),
            days=tuple(values["days"]) if values["days"] else None,
            sources=values["sources"],
            made_of=values["made_of"],
            manifest=Manifest.from_json(values["manifest"]),
            files=[DataFile(**one) for one in values["files"]],
        )
    except FileNotFoundError as error:
        raise FilesDamaged(
            f"{folder} holds no files for a server: expected {MANIFEST}, which is written when all of "
            "them are"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FilesDamaged(
            f"{path}: expected what is told of files for a server, but {error!r}"
        ) from error


def save(made: BulkFiles) -> None:
    """Write what tells of the files, once all of them are written."""
    values = {
        "format": _FORMAT,
        "number": made.number,
        "exact": made.exact,
        "days": made.days,
        "sources": dict(made.sources),
        "made_of": made.made_of,
        "manifest": made.manifest.to_json(),
        "files": [asdict(one) for one in made.files],
    }
    unfinished = made.folder / UNFINISHED
    unfinished.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
    unfinished.replace(made.folder / MANIFEST)
