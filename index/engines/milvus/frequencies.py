"""How many passages hold each word, for the whole of a generation.

A server that keeps an archive in segments knows only how often a word is in each; what a word weighs
must be the same everywhere. So the frequencies are counted here and kept with the generation, many
words a row: a *bucket*. An update reads and writes the buckets that its passages touch.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from index.engines.milvus.numbers import EVERYWHERE
from index.engines.milvus.packing import PIECE, frequencies_to_text
from index.errors import IndexOutdated

_WORDS_A_BUCKET = 256


def buckets_for(words: int) -> int:
    """Return among how many buckets so many words are spread, a power of two."""
    return 1 << max(words // _WORDS_A_BUCKET - 1, 0).bit_length()


def bucket_of(dimension: int, buckets: int) -> int:
    """Return the bucket in which a word's frequency stands."""
    return dimension % buckets


class Changes:
    """By how much the frequencies of words change."""

    def __init__(self) -> None:
        self._by: Counter[int] = Counter()

    def gain(self, words: Iterable[int] | NDArray[np.int64]) -> None:
        """Count a passage that is new."""
        self._by.update(_of(words))

    def lose(self, words: Iterable[int] | NDArray[np.int64]) -> None:
        """Count a passage that is given up."""
        self._by.subtract(_of(words))

    def gain_all(self, frequencies: Mapping[int, int]) -> None:
        """Count passages of which it is known how many hold each word."""
        self._by.update(frequencies)

    def __len__(self) -> int:
        return len(self._by)

    def applied(
        self, buckets: int, read: Callable[[list[int]], Mapping[int, Mapping[int, int]]]
    ) -> dict[int, str]:
        """Return the buckets that are touched as they become.

        :param read: gives the frequencies that some buckets hold now, by dimension.
        :raises IndexOutdated: if there are too many words for so few buckets.
        """
        changes: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for dimension, by in self._by.items():
            if by:
                changes[bucket_of(dimension, buckets)][dimension] = by
        made = {}
        for bucket, old in read(sorted(changes)).items():
            new = Counter(old)
            new.update(changes[bucket])
            made[bucket] = frequencies_to_text({word: n for word, n in new.items() if n > 0})
            if len(made[bucket]) > PIECE:
                raise IndexOutdated("the archive has many times the words that it was built with")
        return made


def _of(words: Iterable[int] | NDArray[np.int64]) -> list[int]:
    found = words.tolist() if isinstance(words, np.ndarray) else words
    return [word for word in found if word != EVERYWHERE]
