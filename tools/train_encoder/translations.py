"""Words moved towards their translations: what training leaves apart for want of sentences.

A batch has a few thousand sentences, so that training meets most words a few times. Their
translations are known without it. After Faruqui et al. 2015, "Retrofitting".
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tools.train_encoder.lexicon import Lexicon
from tools.train_encoder.ragged import Ids

Floats = NDArray[np.float32]

Order = Sequence[tuple[str, Sequence[str]]]
"""Languages to move, and those to move them towards; what has moved counts for the next."""

TOWARDS_CHINESE: Order = (("en", ("zh",)), ("ru", ("zh", "en")))
"""For a trained table: Chinese, the language of most archives, stays where it is."""

TOWARDS_ENGLISH: Order = (("zh", ("en",)), ("ru", ("en", "zh")))
"""For an anchored one: what the English model says stays where it is."""


def towards_translations(
    rows: Floats,
    shared: Ids,
    lexica: Sequence[tuple[float, Lexicon]],
    order: Order,
    share: float,
) -> Floats:
    """Return rows with those of some languages moved, float32, shape (size, dim); lengths stay.

    :param shared: for each token the one whose direction it has.
    :param lexica: with what a chance in each of them counts for.
    :param share: length of the translations' mean that is added to a word's unit row.
    """
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    moved = unit(rows)
    for language, others in order:
        means = np.zeros_like(rows)
        for weight, lexicon in lexica:
            for other in others:
                if (language, other) in lexicon:
                    means += weight * lexicon[language, other].means(moved)
        moved = unit(moved + share * unit(means))[shared]
    return np.asarray(moved * lengths, np.float32)


def unit(rows: Floats) -> Floats:
    """Return rows scaled to length 1; zero rows stay."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))
