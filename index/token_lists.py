"""Which tokens of the bundled model's table each passage holds: what late interaction scores.

Three NumPy files in a generation: the distinct token numbers of all passages end to end, where
each passage's run begins, and in how many passages each token occurs.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.bundled import Ids
from index.errors import MEND, IndexDamaged

_IDS, _STARTS, _FREQUENCIES = "tokens.npy", "token_starts.npy", "token_frequencies.npy"


class TokenLists:
    """The distinct tokens of every passage, mapped into memory.

    :ivar frequencies: passages that hold each token, int64, shape (vocabulary,).
    """

    def __init__(self, ids: Ids, starts: NDArray[np.int64], frequencies: NDArray[np.int64]) -> None:
        self._ids = ids
        self._starts = starts
        self.frequencies = frequencies

    @classmethod
    def build(cls, passages: Iterable[Ids], vocabulary: int) -> "TokenLists":
        """Collect the distinct tokens of each passage, in the passages' order."""
        distinct = [distinct_tokens(ids) for ids in passages]
        return cls.joined(distinct, [len(ids) for ids in distinct], vocabulary)

    @classmethod
    def joined(
        cls, runs: Sequence[Ids], lengths: Sequence[int] | NDArray[np.int32], vocabulary: int
    ) -> "TokenLists":
        """Put runs of passages one after another.

        :param runs: distinct tokens, of one passage or of several end to end.
        :param lengths: number of distinct tokens of each passage of all runs.
        """
        starts = np.zeros(len(lengths) + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        flat = np.concatenate([np.empty(0, np.int32), *runs])
        return cls(flat, starts, np.bincount(flat, minlength=vocabulary))

    def run(self, rows: range) -> tuple[Ids, NDArray[np.int64]]:
        """Return consecutive passages as ``joined`` takes them: their tokens and lengths."""
        starts = self._starts[rows.start : rows.stop + 1]
        return self._ids[starts[0] : starts[-1]], np.diff(starts)

    @classmethod
    def open(cls, folder: Path) -> "TokenLists":
        """Open the lists saved in a folder.

        :raises IndexDamaged: if a file is missing or not a NumPy array.
        """
        return cls(*(load_array(folder / name) for name in (_IDS, _STARTS, _FREQUENCIES)))

    def save(self, folder: Path) -> None:
        """Write the three files into a folder."""
        np.save(folder / _IDS, self._ids)
        np.save(folder / _STARTS, self._starts)
        np.save(folder / _FREQUENCIES, self.frequencies)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, row: int) -> Ids:
        return self._ids[self._starts[row] : self._starts[row + 1]]

    def lengths(self) -> NDArray[np.int64]:
        """Return the number of distinct tokens of every passage."""
        return np.diff(self._starts)

    def gather(self, rows: Sequence[int] | NDArray[np.int64]) -> tuple[Ids, NDArray[np.int64]]:
        """Return the lists of several passages end to end.

        :return: token numbers, and for each passage where its run begins; runs may be empty.
        """
        rows = np.asarray(rows, np.int64)
        lengths = self._starts[rows + 1] - self._starts[rows]
        if not 0 <= lengths.sum() <= len(self._ids):  # memory could not hold what that asks for
            raise IndexDamaged(f"{_STARTS}: it names tokens that are not there; {MEND}")
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1])) if len(rows) else lengths
        positions = np.arange(lengths.sum()) + np.repeat(self._starts[rows] - starts, lengths)
        return self._ids[positions], starts


def distinct_tokens(ids: Ids) -> Ids:
    """Return the distinct tokens of a passage, ascending."""
    return np.unique(ids).astype(np.int32)


def load_array(path: Path) -> NDArray[Any]:
    """Map a saved array into memory.

    :raises IndexDamaged: if the file is missing or not a NumPy array.
    """
    try:
        # As a plain array: every piece that is cut from a memmap would pay for being one too.
        array: NDArray[Any] = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamaged(
            f"{path}: expected a NumPy array, found something else or nothing ({error}); {MEND}"
        ) from error
    return array
