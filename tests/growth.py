"""How work grows with its size, which tells slow code on a fast machine from fast code on a slow one."""

from collections.abc import Callable
from time import thread_time

TIMES = 4
"""The larger work is so many times as large as the smaller one."""

SQUARE = 10
"""Work in linear time takes about 4 times as long for 4 times the size, in quadratic time 16."""

_TRIALS = 5


def growth(work: Callable[[int], object], size: int) -> float:
    """Return how many times as long a work takes when its size is ``TIMES`` as large.

    What this thread spends counts, and of several trials the least: all else that a machine does
    can only add to it.

    :param work: called with a size.
    :param size: the smaller one; its work must take long enough to be measured, 0.1 ms and more.
    """
    work(size)  # what is made at the first call is not counted
    trials = [(_seconds(work, size), _seconds(work, TIMES * size)) for _ in range(_TRIALS)]
    return min(large for _, large in trials) / min(small for small, _ in trials)


def _seconds(work: Callable[[int], object], size: int) -> float:
    began = thread_time()
    work(size)
    return thread_time() - began
