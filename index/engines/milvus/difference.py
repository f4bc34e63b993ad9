"""What is to be written so that a new generation holds just what it should."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.engines.milvus.schema import FOREVER
from index.types import Rows


@dataclass(frozen=True, slots=True)
class There:
    """Rows that are in a collection, one value each, int64.

    :ivar contents: numbers of what they say; the pieces of one thing have the same one.
    :ivar pieces: 0 for the first piece, which is written last: without it a thing is not there.
    """

    ids: Rows
    contents: Rows
    since: Rows
    until: Rows
    pieces: Rows


@dataclass(frozen=True, slots=True)
class Difference:
    """What tells the rows that are there from those of a new generation.

    :ivar known: ids of the first pieces that are wanted and there, by their contents' order.
    :ivar contents: their contents, ascending.
    :ivar reopened: ids of rows that were given up by a generation that never came to be.
    :ivar given_up: ids of rows that older generations hold and the new one does not.
    :ivar left_over: ids of rows that no generation holds: what was interrupted has left them.
    :ivar lost: ids of first pieces among those given up now, or earlier by what was interrupted.
    :ivar gained: ids of first pieces that are wanted, and that the newest generation lacks.
    """

    known: Rows
    contents: Rows
    reopened: Rows
    given_up: Rows
    left_over: Rows
    lost: Rows
    gained: Rows

    def ids_of(self, contents: Rows) -> Rows:
        """Return the id of each content, -1 where it is not there yet."""
        ids = np.full(len(contents), -1, np.int64)
        if len(self.contents):
            places = np.searchsorted(self.contents, contents)
            there = self.contents.take(places, mode="clip") == contents
            ids[there] = self.known[places[there]]
        return ids


def difference(wanted: Rows, there: There, newest: int) -> Difference:
    """Compare what a new generation is to hold with what is there.

    :param wanted: contents of the new generation.
    :param there: the rows that the newest generation holds, and those that began after it.
    :param newest: number of the newest generation that was finished; -1 = none was.
    """
    heads = there.pieces == 0
    whole = np.isin(there.contents, there.contents[heads])
    kept = whole & np.isin(there.contents, wanted) & _first_of_each(there, newest)
    later = there.since > newest
    order = np.argsort(there.contents[kept & heads], kind="stable")
    return Difference(
        known=there.ids[kept & heads][order],
        contents=there.contents[kept & heads][order],
        reopened=there.ids[kept & (there.until != FOREVER)],
        given_up=there.ids[~kept & ~later],
        left_over=there.ids[~kept & later],
        lost=there.ids[heads & ~kept & ~later],
        gained=there.ids[heads & kept & later],
    )


def _first_of_each(there: There, newest: int) -> NDArray[np.bool_]:
    """Tell of each row whether no other one, older or of a lower id, says the same."""
    order = np.lexsort((there.ids, there.since > newest, there.pieces, there.contents))
    contents, pieces = there.contents[order], there.pieces[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (contents[1:] != contents[:-1]) | (pieces[1:] != pieces[:-1])
    found = np.empty(len(order), np.bool_)
    found[order] = first
    return found
