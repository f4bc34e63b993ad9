"""A large vocabulary made smaller: rare pieces leave it, and forms of one word share a row.

What leaves is still read, as the shorter pieces it is made of. A form such as "cities" keeps a
piece and a weight of its own but points where "city" does.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import snowballstemmer
from numpy.typing import NDArray
from tokenizers import Tokenizer

from tools.train_encoder.material import Material
from tools.train_encoder.ragged import Ids, Ints

Floats = NDArray[np.float32]

_NEVER = 1e12  # score of a piece that stays whatever it counts
_LONGEST_PART = 12  # characters
_ENGLISH, _RUSSIAN, _CHINESE = "[a-zß-ɏ]{2,}", "[а-яё]{2,}", "[㐀-鿿]{2,}"
_SHORTEST_FORM = 4  # characters of a word that may be a form of another

# How much of its count a piece keeps: one that is as good as its parts is missed less, and what the
# archive cannot count (it is Chinese) is counted in the pairs alone.
_OF_WORDS, _OF_WORD_AND_REST = 0.3, 0.6
_ENGLISH_FACTOR, _RUSSIAN_FACTOR = 3.0, 8.0
_PAIRS_FACTOR = 3.0

_ENDINGS = (
    ("ies", ("y",)),
    ("es", ("", "e")),
    ("s", ("",)),
    ("ied", ("y",)),
    ("ed", ("", "e")),
    ("ing", ("", "e")),
    ("ly", ("",)),
)


def slim(tokenizer: Tokenizer, material: Material, size: int) -> tuple[Tokenizer, Ids]:
    """Return a tokenizer of ``size`` pieces and the number each of them had before, int32.

    :param material: read with ``tokenizer``; tells how often each piece is met.
    """
    description = json.loads(tokenizer.to_str())
    vocabulary: list[tuple[str, float]] = description["model"]["vocab"]
    scores = _scores(dict(vocabulary), *_counts(material))
    kept = np.sort(np.argsort(-scores, kind="stable")[:size])
    description["model"]["vocab"] = [vocabulary[n] for n in kept.tolist()]
    return Tokenizer.from_str(json.dumps(description)), kept.astype(np.int32)


def forms(pieces: Sequence[str]) -> Ids:
    """Return for each piece the number of the one whose row it shares, often its own, int32."""
    english = snowballstemmer.stemmer("english").stemWord
    russian = snowballstemmer.stemmer("russian").stemWord
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
    counts = sum(_counts(material))
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


def _counts(material: Material) -> tuple[Ints, Ints]:
    """Return how often each piece occurs in the archive and in the pairs."""
    in_pairs = np.zeros(material.size, np.int64)
    for sides in material.pairs.values():
        in_pairs += sum(np.bincount(side.flat, minlength=material.size) for side in sides)
    return np.bincount(material.archive.sentences.flat, minlength=material.size), in_pairs


def _scores(vocabulary: dict[str, float], in_archive: Ints, in_pairs: Ints) -> NDArray[np.float64]:
    """Return what each piece is worth keeping for: a count, weighed by what would stand for it."""
    scores = in_archive + _PAIRS_FACTOR * in_pairs
    shared = forms([*vocabulary])
    for n, piece in enumerate(vocabulary):
        parts = _parts(piece, vocabulary)
        if n == 0 or (len(piece) == 1 and scores[n]) or piece.isdigit() or not parts:
            scores[n] = _NEVER
        elif shared[n] != n:
            scores[n] = _NEVER * (scores[n] > 0)  # it costs no row
        elif re.fullmatch(_CHINESE, piece):
            words = sum(len(part) > 1 for part in parts)
            scores[n] *= _OF_WORDS if words == len(parts) else _OF_WORD_AND_REST if words else 1
        elif re.fullmatch(_ENGLISH, piece):
            scores[n] *= _ENGLISH_FACTOR
        elif re.fullmatch(_RUSSIAN, piece):
            scores[n] = _RUSSIAN_FACTOR * in_pairs[n]
    return scores


def _parts(piece: str, vocabulary: dict[str, float]) -> list[str]:
    """Return the most probable other pieces that make up a piece; none if there are none."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(piece) + 1):
        ways = [
            (best[start][0] + vocabulary[piece[start:end]], start)
            for start in range(max(0, end - _LONGEST_PART), end)
            if piece[start:end] in vocabulary and end - start < len(piece)
        ]
        best.append(max(ways, default=(-np.inf, 0)))
    if np.isinf(best[-1][0]):
        return []
    parts: list[str] = []
    end = len(piece)
    while end:
        start = best[end][1]
        parts.append(piece[start:end])
        end = start
    return parts[::-1]
