"""Chinese words that mean what a word in another script means, as the table of token vectors sees it.

The table has learned from sentences in three languages, and its tokens of several Han characters are
words: the nearest of them translate рынок as 市场 and землетрясение as 地震, in whichever form
they stand. Names that it has not learned are near nothing.
"""

import re
from functools import cached_property

import numpy as np

from index.encoders.token_table import Ids, TokenTable
from index.text.tokens import HAN, fold

LEAST = 0.6
"""Cosine from which a Chinese word is taken to mean the same."""

MOST = 4
"""Chinese words for one word."""

MOST_WORDS = 64
"""Different words of a text that are looked for, the first ones; of a pasted article all would take seconds."""

_CHINESE = re.compile(f"[{HAN}]{{2,}}")
"""A single character is no word here: it stands in too many others."""

_WORD = re.compile(r"[^\W\d_]{2,}")


class NearestWords:
    """Chinese words by the words of other languages. Safe to share between threads.

    :param table: whose tokens are the words.
    """

    def __init__(self, table: TokenTable) -> None:
        self._table = table

    def translations(self, text: str) -> list[tuple[str, ...]]:
        """Return Chinese words for what the words of a text say, in the order of the text.

        :return: a tuple for each different word that has some, the nearest first, as ``fold`` gives them.
        """
        ids, chinese = self._chinese
        words = list(dict.fromkeys(_WORD.findall(fold(text))))[:MOST_WORDS]
        if not words:
            return []
        vectors = self._table.vectors(self._table.ids(words))
        cosines = self._table.cosines_with(ids, vectors).T
        found = []
        for row in cosines:
            (near,) = (row >= LEAST).nonzero()
            best = near[np.argsort(-row[near], kind="stable")][:MOST]
            found.append(tuple(dict.fromkeys(chinese[place] for place in best.tolist())))
        return [one for one in found if one]

    @cached_property
    def _chinese(self) -> tuple[Ids, list[str]]:
        """The tokens that are Chinese words, and these words."""
        pieces = enumerate(self._table.pieces())
        words = [(number, piece) for number, piece in pieces if _CHINESE.fullmatch(piece)]
        ids = np.array([number for number, _ in words], np.int32)
        return ids, [fold(piece) for _, piece in words]
