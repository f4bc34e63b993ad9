"""Numbers made of content: of rows, of sources, and of words.

Nobody hands numbers out, so several machines that index parts of an archive give the same things the
same numbers, and a row that is written twice is the same row.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

_BITS_63 = 2**63 - 1
_DIMENSIONS = 2**32 - 2
"""Dimensions of a sparse vector are 0 to 2³² - 2; the first is every row's."""

EVERYWHERE = 0
"""The dimension that every row holds: Milvus stores no empty sparse vector."""


def number_of(*values: object) -> int:
    """Return a number of some values, from 0 to 2⁶³ - 1; other values get another one.

    Of 100 million rows two get the same number with a chance of 1 in 2,000.
    """
    text = "\0".join("" if value is None else str(value) for value in values)
    digest = blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") & _BITS_63


def source_number(name: str | None) -> int:
    """Return the number of a source; 0 is "no source"."""
    return number_of(name) if name else 0


@lru_cache(maxsize=1_000_000)
def dimension_of(word: str) -> int:
    """Return a word's dimension in sparse vectors, > 0.

    Of a million words each shares its dimension with another one with a chance of 1 in 4,000.
    """
    digest = blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest()
    return 1 + int.from_bytes(digest, "big") % _DIMENSIONS


def dimensions_of(words: Iterable[str]) -> NDArray[np.int64]:
    """Return the distinct dimensions of some words, ascending."""
    return np.array(sorted({dimension_of(word) for word in words}), np.int64)
