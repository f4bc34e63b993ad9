"""Words moved towards their translations: what training leaves apart for want of sentences.

English words move towards their Chinese translations, Russian ones towards the Chinese and English;
Chinese, the language of most archives, stays where it is. After Faruqui et al. 2015, "Retrofitting".
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tools.train_encoder.material import PARTICLES, Material

Floats = NDArray[np.float32]

_SCRIPTS = {"zh": "[㐀-鿿]+", "en": "[a-zß-ɏ]+", "ru": "[а-яё]+"}
_TARGETS = (("en", {"zh"}), ("ru", {"zh", "en"}))
_MOST_TOKENS = 2  # of a translation of one token


def towards_translations(
    rows: Floats, pieces: Sequence[str], material: Material, share: float
) -> Floats:
    """Return rows with those of two languages moved, float32, shape (size, dim); lengths stay.

    :param share: length of the translations' mean that is added to a word's unit row.
    """
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    old = rows / np.maximum(lengths, 1e-9)
    script = [_script(piece) for piece in pieces]
    # How much a translation counts for grows with how usual it is.
    archive = np.bincount(material.archive.sentences.flat, minlength=material.size)
    usual = 1 + np.sqrt(archive)
    means = old.copy()
    found = _translations(pieces, material)
    for language, targets in _TARGETS:
        before = means.copy()
        for token, options in found.items():
            others = [other for other in options if script[other] in targets]
            if script[token] == language and others:
                weights = np.array([options[other] * usual[other] for other in others], np.float32)
                means[token] = _unit(weights @ before[others])
    moves = np.array([name in {"en", "ru"} for name in script])
    new = old.copy()
    new[moves] += share * means[moves]
    new /= np.maximum(np.linalg.norm(new, axis=1, keepdims=True), 1e-9)
    return np.asarray(new * lengths, np.float32)


def _translations(pieces: Sequence[str], material: Material) -> dict[int, Counter[int]]:
    """Return what each token is in other languages, and how often an entry says so."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    particles = {n for n, piece in enumerate(pieces) if piece in PARTICLES}
    for sort, (left, right) in material.pairs.items():
        if not sort.startswith("entry"):
            continue
        for n in range(len(left)):
            one, other = (
                [
                    token
                    for token in side.flat[slice(*side.bounds[n : n + 2])]
                    if token not in particles
                ]
                for side in (left, right)
            )
            if min(len(one), len(other)) == 1 and max(len(one), len(other)) <= _MOST_TOKENS:
                _add(found, one, other)
                _add(found, other, one)
    return found


def _add(found: dict[int, Counter[int]], tokens: Sequence[int], translation: Sequence[int]) -> None:
    for token in tokens:
        for other in translation:
            found[int(token)][int(other)] += 1


def _script(piece: str) -> str:
    return next((name for name, letters in _SCRIPTS.items() if re.fullmatch(letters, piece)), "")


def _unit(row: Floats) -> Floats:
    return row / max(float(np.linalg.norm(row)), 1e-9)
