"""The pieces that Chinese, English and Russian texts need, of those that e5 knows."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.articles.workers import in_batches
from qa.reading.vocabulary import BEGIN, END, SPACE, UNKNOWN, fold

_FEWEST = 6
"""Times that a piece must have been seen."""

_BATCH = 1000
_SCRIPTS = ("CJK", "CYRILLIC", "LATIN", "DIGIT", "GREEK", "HIRAGANA", "KATAKANA")


@dataclass(frozen=True, slots=True)
class Kept:
    """Pieces that are kept.

    :ivar numbers: of each in the whole vocabulary, int64, shape (n,).
    """

    pieces: list[str]
    scores: list[float]
    numbers: NDArray[np.int64]

    def write(self, path: Path) -> None:
        """Write the file that ``Vocabulary.open`` reads."""
        lines = (
            f"{piece}\t{score:.6g}\n" for piece, score in zip(self.pieces, self.scores, strict=True)
        )
        path.write_text("".join(lines), encoding="utf-8")


def kept(tokenizer: Tokenizer, scores: Sequence[float], texts: Iterable[str], most: int) -> Kept:
    """Return the pieces that texts have most often, with all single characters of their scripts.

    :param scores: of all pieces, by number.
    :param most: pieces at most, single characters not counted.
    """
    counts = _counts(tokenizer, texts)
    known = tokenizer.get_vocab()
    special = [known[piece] for piece in (UNKNOWN, BEGIN, END)]
    often = [number for number, seen in counts.most_common(most) if seen >= _FEWEST]
    alone = [
        number
        for piece, number in known.items()
        if len(piece) == 1 and fold(piece) == piece and _written(piece)
    ]
    others = sorted({*often, *alone} - set(special))
    numbers = [*special, *(number for number in others if _clean(tokenizer, number))]
    return Kept(
        [str(tokenizer.id_to_token(number)) for number in numbers],
        [float(scores[number]) for number in numbers],
        np.asarray(numbers, np.int64),
    )


def _counts(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[int]:
    counts = Counter[int]()
    for batch in in_batches(texts, _BATCH):
        folded = [fold(text).replace(SPACE, " ") for text in batch]
        for encoding in tokenizer.encode_batch_fast(folded, add_special_tokens=False):
            counts.update(encoding.ids)
    return counts


def _clean(tokenizer: Tokenizer, number: int) -> bool:
    piece = str(tokenizer.id_to_token(number))
    return "\t" not in piece and "\n" not in piece and fold(piece) == piece


def _written(piece: str) -> bool:
    name = unicodedata.name(piece, "")
    return piece == SPACE or piece.isascii() or name.startswith(_SCRIPTS)
