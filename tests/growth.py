"""How work grows with its size, which tells slow code on a fast machine from fast code on a slow one."""

from collections.abc import Callable
from math import inf
from time import thread_time

TIMES = 4
"""The larger work is so many times as large as the smaller one."""

SQUARE = 10
"""Work in linear time takes about 4 times as long for 4 times the size, in quadratic time 16."""

_TRIALS = 5


def growth(work: Callable[[int], object], size: int, enough: float = SQUARE) -> float:
    """Return how many times as long a work takes when its size is ``TIMES`` as large.

    What this thread spends counts, and of several trials the least: all else that a machine does
    can only add to it.

    :param work: called with a size.
    :param size: the smaller one; its work must take long enough to be measured, 0.1 ms and more.
    :param enough: no more trials are made when it is less than this.
    """
    work(size)  # what is made at the first call is not counted
    small = large = ratio = inf
    for _ in range(_TRIALS):
        small = min(small, _seconds(work, size))
        large = min(large, _seconds(work, TIMES * size))
        ratio = large / small
        if ratio < enough:
            break
    return ratio


def _seconds(work: Callable[[int], object], size: int) -> float:
    began = thread_time()
    work(size)
    return thread_time() - began
