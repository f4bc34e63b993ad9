"""An archive indexed by several machines: each reads its share of the files, and one joins the parts.

A share goes by a hash of each file's path below what was named, so that machines which have the same
files, wherever they are mounted, agree about it without talking to one another.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.building.inventory import Found
from index.types import FileReport


@dataclass(frozen=True, slots=True)
class Share:
    """One of several shares of an archive's files.

    :ivar number: which one, from 1.
    :ivar of: how many there are, >= ``number``.
    """

    number: int
    of: int

    def __str__(self) -> str:
        """``2/4``, as the command line takes it."""
        return f"{self.number}/{self.of}"

    def among(
        self, found: Iterable[Found | FileReport], paths: Sequence[Path]
    ) -> list[Found | FileReport]:
        """Return the files that are in it.

        :param paths: the files and folders among which they were found.
        """
        return [item for item in found if self._holds(Path(item.path), paths)]

    def _holds(self, path: Path, paths: Sequence[Path]) -> bool:
        root = next((root for root in paths if path.is_relative_to(root)), path)
        name = str(path.relative_to(root)) if path != root else path.name
        digest = hashlib.sha256(name.encode(errors="surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.of == self.number - 1
