"""Which tokens of the bundled model's table each passage holds: what late interaction scores.

Two NumPy files in a generation: the distinct token numbers of all passages end to end, and where
each passage's run begins.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoders.token_table import Ids
from index.errors import IndexDamaged
from index.parts.arrays import load_array
from index.types import Rows

_IDS, _STARTS = "tokens.npy", "token_starts.npy"


class TokenLists:
    """The distinct tokens of every passage, mapped into memory.

    :param ids: token numbers of all passages, end to end.
    :param starts: where each passage's run begins, and where the last one ends.
    """

    def __init__(self, ids: Ids, starts: NDArray[np.int64]) -> None:
        self._ids = ids
        self._starts = starts

    @classmethod
    def joined(cls, tokens: Ids, lengths: NDArray[np.int32]) -> "TokenLists":
        """Return the lists of passages whose distinct tokens are known.

        :param tokens: the distinct tokens of all passages, end to end.
        :param lengths: number of distinct tokens of each passage.
        """
        return cls(tokens, _bounds(lengths))

    def run(self, rows: range) -> tuple[Ids, NDArray[np.int32]]:
        """Return consecutive passages as ``joined`` takes them: their tokens and lengths."""
        starts = self._starts[rows.start : rows.stop + 1]
        return self._ids[starts[0] : starts[-1]], np.diff(starts).astype(np.int32)

    @classmethod
    def open(cls, folder: Path) -> "TokenLists":
        """Open the lists saved in a folder.

        :raises IndexDamaged: if a file is missing or not a NumPy array.
        """
        return cls(*(load_array(folder / name) for name in (_IDS, _STARTS)))

    def save(self, folder: Path) -> None:
        """Write both files into a folder."""
        np.save(folder / _IDS, self._ids)
        np.save(folder / _STARTS, self._starts)

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
        begins, lengths = self._places(np.asarray(rows, np.int64))
        starts = np.cumsum(lengths) - lengths
        positions = np.arange(lengths.sum()) + np.repeat(begins - starts, lengths)
        return self._ids[positions], starts

    def in_pieces(self, rows: Rows, size: int) -> tuple[Ids, NDArray[np.int64]]:
        """Return the lists of several passages cut into pieces of one size, a piece a column.

        What is missing in a list's last piece is made up by repeating its last token.

        :return: token numbers, shape (size, pieces), and the bounds of each passage's pieces:
            passage *i* has the columns from ``bounds[i]`` to ``bounds[i + 1]``, or none.
        """
        begins, lengths = self._places(rows)
        counts = -(-lengths // size)
        bounds = _bounds(counts)
        firsts = size * np.arange(bounds[-1]) + np.repeat(begins - size * bounds[:-1], counts)
        lasts = np.repeat(begins + lengths - 1, counts)
        positions = np.minimum(firsts + np.arange(size)[:, None], lasts)
        return self._ids.take(positions), bounds

    def _places(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the lists of passages begin, and their lengths."""
        begins = self._starts.take(rows)
        lengths = self._starts.take(rows + 1) - begins
        if not 0 <= lengths.sum() <= len(self._ids):  # memory could not hold what that asks for
            raise IndexDamaged(f"{_STARTS}: it names tokens that are not there")
        return begins, lengths


def distinct_tokens(passages: Sequence[Ids]) -> tuple[Ids, NDArray[np.int32]]:
    """Return the distinct tokens of passages as ``TokenLists.joined`` takes them.

    :return: token numbers, ascending in each passage, and how many each passage has.
    """
    bounds = _bounds([len(ids) for ids in passages])
    tokens = np.concatenate([np.empty(0, np.int32), *map(np.sort, passages)])
    first = np.ones(len(tokens) + 1, np.bool_)  # of its kind in its passage
    first[1:-1] = tokens[1:] != tokens[:-1]
    first[bounds] = True
    before: NDArray[np.int64] = np.cumsum(first) - first
    return tokens[first[:-1]], np.diff(before[bounds]).astype(np.int32)


def _bounds(lengths: Sequence[int] | NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return where each of several runs begins, and where the last one ends."""
    bounds = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=bounds[1:])
    return bounds
