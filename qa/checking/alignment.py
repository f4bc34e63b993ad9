"""How two sequences of words fit together: local and fitting alignment. Pure.

Both are dynamic programs over a table of scores, a word of the quotation a row, filled by whole rows: a gap
to the right costs one a word, so the best of all of them is a running maximum (Smith and Waterman 1981 with
linear gaps).
"""

from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.int64]
"""A number for each word, int64, shape (n,)."""

_Table: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a quotation and of an article that belong together.

    Both are empty nowhere but where nothing stands against the other side.

    :ivar same: they are the same words.
    :ivar quoted: first word of the quotation, and one past the last.
    :ivar archived: first word of the article, and one past the last.
    """

    same: bool
    quoted: tuple[int, int]
    archived: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Alignment:
    """A stretch of a quotation against a stretch of an article.

    :ivar score: the same words count 1, every other, left out or added one -1.
    """

    score: int
    runs: tuple[Run, ...]

    @property
    def quoted(self) -> tuple[int, int]:
        """The words of the quotation that it takes in."""
        return self.runs[0].quoted[0], self.runs[-1].quoted[1]

    @property
    def archived(self) -> tuple[int, int]:
        """The words of the article that it takes in."""
        return self.runs[0].archived[0], self.runs[-1].archived[1]

    @property
    def matched(self) -> int:
        """How many words are the same."""
        return sum(run.quoted[1] - run.quoted[0] for run in self.runs if run.same)


def local(quoted: Numbers, archived: Numbers) -> Alignment | None:
    """Return the stretches of both that are most alike, or None if they have no word in common."""
    table = _filled(quoted, archived, whole=False)
    row, column = divmod(int(table.argmax()), table.shape[1])
    score = int(table[row, column])
    if score <= 0:
        return None
    return Alignment(score, _runs(_path(table, quoted, archived, row, column)))


def fitting(quoted: Numbers, archived: Numbers) -> Alignment:
    """Return all of a quotation against the stretch of an article that is most like it.

    :param quoted: at least one word.
    :param archived: at least one word.
    """
    table = _filled(quoted, archived, whole=True)
    row = len(quoted)
    column = int(table[row].argmax())
    return Alignment(int(table[row, column]), _runs(_path(table, quoted, archived, row, column)))


def _filled(quoted: Numbers, archived: Numbers, *, whole: bool) -> _Table:
    """Return the best score of all alignments that end at each pair of places.

    :param whole: all of the quotation must be in it; otherwise it may begin anywhere in both.
    """
    table = np.zeros((len(quoted) + 1, len(archived) + 1), np.int32)
    columns = np.arange(len(archived) + 1, dtype=np.int32)
    if whole:
        table[:, 0] = -np.arange(len(quoted) + 1)
    for row, word in enumerate(quoted.tolist(), 1):
        before, here = table[row - 1], table[row]
        diagonal = before[:-1] + np.where(archived == word, 1, -1)
        np.maximum(diagonal, before[1:] - 1, out=here[1:])
        if not whole:
            np.maximum(here, 0, out=here)
        here += columns
        np.maximum.accumulate(here, out=here)
        here -= columns
    return table


def _path(
    table: _Table, quoted: Numbers, archived: Numbers, row: int, column: int
) -> list[tuple[bool, int, int]]:
    """Return the steps that lead to a place of the table.

    :return: first, where they begin; then of each step whether it takes the same word, and how many words of the quotation and of the
        article it takes.
    """
    whole = bool(table[-1, 0])  # 0 where an alignment may begin anywhere
    steps = []
    while row and (whole or table[row, column]):
        score = int(table[row, column])
        same = bool(column) and bool(quoted[row - 1] == archived[column - 1])
        if column and score == table[row - 1, column - 1] + (1 if same else -1):
            steps.append((same, 1, 1))
            row, column = row - 1, column - 1
        elif score == table[row - 1, column] - 1:
            steps.append((False, 1, 0))
            row -= 1
        else:
            steps.append((False, 0, 1))
            column -= 1
    return [(True, row, column), *reversed(steps)]


def _runs(steps: list[tuple[bool, int, int]]) -> tuple[Run, ...]:
    """Put steps of one kind together.

    :param steps: the first one says where they begin.
    """
    (_, quoted, archived), *others = steps
    runs = []
    for same, group in groupby(others, lambda step: step[0]):
        taken = list(group)
        ends = (quoted + sum(one[1] for one in taken), archived + sum(one[2] for one in taken))
        runs.append(Run(same, (quoted, ends[0]), (archived, ends[1])))
        quoted, archived = ends
    return tuple(runs)
