"""Text in the pieces of the reader's vocabulary, with the place of each piece in the text.

The vocabulary is that of XLM-RoBERTa, less what no Chinese, English or Russian text needs. Folding
keeps the number of characters, so that a piece's place is one in the text as it was.
"""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.encoders.unigram import Unigram
from index.text.character_map import encodable
from index.text.tokens import variants

SPACE = "▁"
BEGIN, END, UNKNOWN = "<s>", "</s>", "<unk>"

Ids = NDArray[np.int64]


class _Fold(dict[int, str]):
    """What each character becomes: one character."""

    def __init__(self) -> None:
        super().__init__()
        self._variants = variants()

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code))[:1]
        folded = SPACE if not plain or plain.isspace() else plain.translate(self._variants)
        self[code] = folded
        return folded


_folding = cache(_Fold)


def fold(text: str) -> str:
    """Return the text in the form that is cut into pieces: as many characters as before.

    Compatible forms are as the usual ones, traditional Chinese characters as simplified ones, and
    spaces as ``SPACE``.
    """
    return text.translate(_folding())


class Vocabulary:
    """Pieces and their numbers; ``UNKNOWN`` is 0. Safe to share between threads."""

    def __init__(self, pieces: list[str], scores: list[str]) -> None:
        self._unigram = Unigram(
            [piece.encode() for piece in pieces], [score.encode() for score in scores]
        )
        self.begin, self.end = pieces.index(BEGIN), pieces.index(END)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read a file with a piece and its score in each line.

        :raises OSError: if it cannot be read.
        :raises ValueError: if it is something else.
        """
        parts = path.read_text(encoding="utf-8").rstrip("\n").replace("\n", "\t").split("\t")
        pieces, scores = parts[::2], parts[1::2]
        if len(pieces) != len(scores) or not {UNKNOWN, BEGIN, END} <= set(pieces):
            raise ValueError(f"{path}: expected a piece and its score in each line")
        return cls(pieces, scores)

    def __len__(self) -> int:
        return len(self._unigram)

    def cut(self, text: str) -> tuple[Ids, Ids]:
        """Return the numbers of a text's pieces, and the first character of each in the text.

        Characters that no piece holds are left out.
        """
        (safe,) = encodable([text])
        tokens = np.frombuffer(self._unigram.likeliest(SPACE + fold(safe))[0], np.int32)
        (places,) = tokens.nonzero()
        return tokens[places].astype(np.int64), np.maximum(places - 1, 0)
