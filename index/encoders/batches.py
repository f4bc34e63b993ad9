"""Batches of texts of similar length, with word of how far they are."""

import time
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.encoders.protocol import Progress

Numbers: TypeAlias = NDArray[np.int64]


def longest_first(texts: Sequence[str], size: int, progress: Progress | None) -> Iterator[Numbers]:
    """Yield the numbers of the texts of each batch, the longest texts first.

    :param size: of a batch, >= 1.
    :param progress: called when the next batch is asked for, if there is more than one.
    """
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    order = np.argsort(-lengths, kind="stable")
    started, left = time.monotonic(), int(lengths.sum())
    total = max(left, 1)
    for start in range(0, len(texts), size):
        batch = order[start : start + size]
        yield batch
        left -= int(lengths[batch].sum())
        if progress is not None and len(texts) > size:
            seconds = (time.monotonic() - started) * left / max(total - left, 1)
            progress(start + len(batch), len(texts), seconds)
