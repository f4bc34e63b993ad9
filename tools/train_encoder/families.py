"""Forms of one word share a row: "cities" points where "city" does, with a weight of its own."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import Stemmer
from numpy.typing import NDArray

from tools.train_encoder.material import Material
from tools.train_encoder.ragged import Ids

Floats = NDArray[np.float32]

_SHORTEST_FORM = 4  # characters of a word that may be a form of another

_ENDINGS = (
    ("ies", ("y",)),
    ("es", ("", "e")),
    ("s", ("",)),
    ("ied", ("y",)),
    ("ed", ("", "e")),
    ("ing", ("", "e")),
    ("ly", ("",)),
)


def forms(pieces: Sequence[str]) -> Ids:
    """Return for each piece the number of the one whose row it shares, often its own, int32."""
    english = Stemmer.Stemmer("english").stemWord
    russian = Stemmer.Stemmer("russian").stemWord
    numbers = {piece: n for n, piece in enumerate(pieces)}
    shared = np.arange(len(pieces), dtype=np.int32)
    families = defaultdict(list)
    for n, piece in enumerate(pieces):
        if re.fullmatch("[а-яё]+", piece) and len(piece) >= _SHORTEST_FORM:
            families[russian(piece)].append(n)
        elif re.fullmatch("[a-z]+", piece) and len(piece) >= _SHORTEST_FORM:
            base = next((word for word in _bases(piece, english) if word in numbers), piece)
            shared[n] = numbers[base]
    for family in families.values():
        shared[family] = min(family, key=lambda n: (len(pieces[n]), n))
    while not np.array_equal(shared[shared], shared):  # "closings", "closing", "close"
        shared = shared[shared]
    return shared


def family_rows(rows: Floats, shared: Ids, material: Material) -> Floats:
    """Return rows in which the forms of a word share a direction: their mean, by how often each is met.

    Lengths stay as they are; float32, shape (size, dim).
    """
    texts = [
        material.archive.sentences,
        *(side for sides in material.pairs.values() for side in sides),
    ]
    counts = sum(np.bincount(side.flat, minlength=material.size) for side in texts)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    directions = rows / np.maximum(lengths, 1e-9)
    means = np.zeros_like(rows)
    np.add.at(means, shared, directions * np.sqrt(1 + counts)[:, None].astype(np.float32))
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    return np.asarray(means[shared] * lengths, np.float32)


def _bases(word: str, stem: Callable[[str], str]) -> Iterator[str]:
    """Yield the words of which a word may be a regular form, and which the stemmer agrees on."""
    for ending, replacements in _ENDINGS:
        if not word.endswith(ending):
            continue
        rest = word.removesuffix(ending)
        candidates = [rest + replacement for replacement in replacements]
        if ending in {"ed", "ing"} and rest[-1:] == rest[-2:-1]:
            candidates.append(rest[:-1])
        yield from (base for base in candidates if len(base) > 2 and stem(base) == stem(word))  # noqa: PLR2004 - function words have no forms
