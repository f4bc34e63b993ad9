"""Rows of different lengths in one flat array, and what training does with thousands at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of token numbers.

    :ivar flat: int32, all rows one after the other.
    :ivar bounds: int64, shape (rows + 1,): row *i* is ``flat[bounds[i]:bounds[i + 1]]``.
    """

    flat: Ids
    bounds: Ints

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def lengths(self) -> Ints:
        """Length of each row, int64, shape (rows,)."""
        return np.diff(self.bounds)

    @property
    def owners(self) -> Ints:
        """The row each element belongs to, int64, shape (elements,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def take(self, rows: Ints) -> "Ragged":
        """Return some of the rows, repeated as asked."""
        return cut(self.flat, self.bounds[rows], self.lengths[rows])

    def keep(self, kept: NDArray[np.bool_]) -> "Ragged":
        """Return the rows without the elements that are not kept."""
        before = np.concatenate([[0], np.cumsum(kept)])
        return Ragged(self.flat[kept], before[self.bounds])


def ragged(rows: Sequence[Ids]) -> Ragged:
    """Return rows as one array."""
    bounds = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
    flat = np.concatenate(rows) if rows else np.zeros(0, np.int32)
    return Ragged(flat.astype(np.int32), bounds.astype(np.int64))


def cut(flat: Ids, starts: Ints, lengths: Ints) -> Ragged:
    """Return the runs of an array that start where said and are as long as said."""
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    places = np.repeat(starts - bounds[:-1], lengths) + np.arange(bounds[-1])
    return Ragged(flat[places], bounds)


def stack(parts: Sequence[Ragged]) -> Ragged:
    """Return the rows of all parts, one part after the other."""
    offsets = np.cumsum([0, *(part.bounds[-1] for part in parts)])
    bounds = [part.bounds[:-1] + offset for part, offset in zip(parts, offsets, strict=False)]
    return Ragged(
        np.concatenate([part.flat for part in parts]),
        np.append(np.concatenate(bounds), offsets[-1]),
    )


def join(left: Ragged, right: Ragged) -> Ragged:
    """Return each row of ``left`` followed by the same row of ``right``."""
    both = stack([left, right])
    order = np.arange(len(both)).reshape(2, -1).T.ravel()
    joined = both.take(order)
    return Ragged(joined.flat, joined.bounds[::2])


def choose(condition: NDArray[np.bool_], yes: Ragged, no: Ragged) -> Ragged:
    """Return row *i* of ``yes`` where the condition holds, of ``no`` elsewhere."""
    rows = np.arange(len(condition))
    return stack([yes, no]).take(np.where(condition, rows, rows + len(yes)))


def thin(
    rows: Ragged, share: Floats | float, rng: np.random.Generator, most: int | None = None
) -> Ragged:
    """Drop each element with the probability given for its row; long rows come down to ``most``."""
    dropped = np.broadcast_to(np.asarray(share, np.float64), (len(rows),))
    if most is not None:
        dropped = np.maximum(dropped, 1 - most / np.maximum(rows.lengths, 1))
    return rows.keep(rng.random(len(rows.flat)) >= np.repeat(dropped, rows.lengths))


def window(rows: Ragged, lengths: Ints, rng: np.random.Generator) -> Ragged:
    """Return a run of each row at a random place, at most as long as said."""
    taken = np.minimum(lengths, rows.lengths)
    starts = rng.integers(0, rows.lengths - taken + 1)
    return cut(rows.flat, rows.bounds[:-1] + starts, taken)


@dataclass(frozen=True, slots=True)
class Replacements:
    """What each token may be replaced by.

    :ivar options: rows of tokens.
    :ivar first: int64, shape (size + 1,): token *t* has options ``first[t]`` to ``first[t + 1]``.
    """

    options: Ragged
    first: Ints

    @classmethod
    def of(cls, size: int, entries: Sequence[tuple[int, Ids]]) -> "Replacements":
        """Collect replacements for a vocabulary of some size from pairs of token and tokens."""
        ordered = sorted(range(len(entries)), key=lambda n: entries[n][0])
        counts = np.bincount(np.array([entry[0] for entry in entries], np.int64), minlength=size)
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        nothing = np.zeros(0, np.int32)  # what tokens without an option point at
        return cls(ragged([*(entries[n][1] for n in ordered), nothing]), first)

    def more(self, entries: Sequence[tuple[int, Ids]]) -> "Replacements":
        """Return these replacements and some more; one given several times is drawn as often."""
        owners = np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))
        rows = np.split(self.options.flat, self.options.bounds[1:-1])
        known = [*zip(owners.tolist(), rows, strict=False)]  # the last row is the empty one
        return Replacements.of(len(self.first) - 1, [*known, *entries])

    def apply(
        self, rows: Ragged, rng: np.random.Generator, *, kept: float, replaced: float = 1.0
    ) -> Ragged:
        """Replace tokens by one of their options, drawn anew each time.

        :param kept: share of the tokens without an option that stay.
        :param replaced: share of the tokens with an option that are replaced.
        """
        tokens = rows.flat
        counts = self.first[tokens + 1] - self.first[tokens]
        drawn = self.first[tokens] + (rng.random(len(tokens)) * counts).astype(np.int64)
        swapped = (counts > 0) & (rng.random(len(tokens)) < replaced)
        stays = np.where(counts > 0, 1.0, kept) > rng.random(len(tokens))
        bounds = self.options.bounds
        safe = np.where(swapped, drawn, 0)
        starts = np.where(swapped, bounds[safe], len(self.options.flat) + np.arange(len(tokens)))
        lengths = np.where(swapped, bounds[safe + 1] - bounds[safe], stays.astype(np.int64))
        changed = cut(np.concatenate([self.options.flat, tokens]), starts, lengths)
        return Ragged(changed.flat, changed.bounds[rows.bounds])
