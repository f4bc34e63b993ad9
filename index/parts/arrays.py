"""Arrays: mapped from a file, and their distinct values.

``np.unique`` would find these too, but its first call imports masked arrays, which takes a tenth of the time
in which a question is answered in a new process.
"""

from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.types import Rows

_Integer = TypeVar("_Integer", bound=np.integer[Any])


def distinct(values: NDArray[_Integer]) -> NDArray[_Integer]:
    """Return each value once, ascending."""
    ordered = np.sort(values)
    return ordered[_changes(ordered)]


def first_places(values: NDArray[_Integer]) -> Rows:
    """Return where each value stands first, ascending, int64."""
    order = np.argsort(values, kind="stable")
    return np.sort(order[_changes(values[order])])


def _changes(ordered: NDArray[_Integer]) -> NDArray[np.bool_]:
    """Tell of each value whether it is another one than that before it."""
    changes = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=changes[1:])
    return changes


def load_array(path: Path) -> NDArray[Any]:
    """Map a saved array into memory.

    :raises IndexDamaged: if the file is missing or not a NumPy array.
    """
    try:
        # As a plain array: every piece that is cut from a memmap would pay for being one too.
        array: NDArray[Any] = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamaged(
            f"{path}: expected a NumPy array, found something else or nothing ({error})"
        ) from error
    return array
