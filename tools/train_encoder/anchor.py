"""First vectors: an English model's vector of each word, or of the word's English translations.

Words of three languages begin where their meanings meet; training then starts from there.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.train_encoder.sources import CEDICT, Pair
from tools.train_encoder.vocabulary import RARE, stem

Floats = NDArray[np.float32]

_MOST_GLOSSES = 6
_MOST_CHARACTERS = 120
_NOISE = 0.3  # of a random vector beside the anchor's: tells synonyms apart
_FOREIGN_UNKNOWN = 3e-4  # probability of a Russian stem without a translation
_SMOOTHING = 1e-4  # of inverse word frequency: Arora et al. 2017, "a"
_FUNCTION_WORDS = (
    "в на и с по для что как из от за при к о у не же ли бы то это был было была были есть какой"
    " какая какие какое кто когда где сколько чем чего его ее их он она они"
)


def english_by_frequency(model: Any) -> list[str]:
    """Return the words of a model's tokenizer, which lists them by falling frequency."""
    vocabulary: dict[str, int] = model.tokenizer.get_vocab()
    return sorted(vocabulary, key=lambda word: vocabulary[word])


def glosses(
    pieces: Sequence[str], pairs: Sequence[Pair], fold: Callable[[str], str]
) -> dict[str, list[str]]:
    """Return the English of Chinese words and Russian stems, the dictionaries' and short ones first."""
    known = set(pieces)
    found: dict[str, set[tuple[int, int, str]]] = defaultdict(set)
    for pair in pairs:
        if pair.kind not in {"dict", CEDICT, "name"} or "en" not in pair.languages:
            continue
        gloss = pair.text("en").lower()
        rank = (1 if pair.kind == "name" else 0, len(gloss), gloss)
        other = next(language for language in pair.languages if language != "en")
        word = fold(pair.text(other))
        for piece in {word, stem(word)} if other == "ru" else {word}:
            if piece in known:
                found[piece].add(rank)
    return {piece: [gloss for _, _, gloss in sorted(ranks)] for piece, ranks in found.items()}


def probabilities(
    pieces: Sequence[str],
    chunk_share: NDArray[np.float64],
    english: dict[str, float],
    meanings: dict[str, list[str]],
) -> NDArray[np.float64]:
    """Return how probable each piece is in a text of its language, float64, shape (size,)."""
    found = np.where(chunk_share > 0, chunk_share / 60, 1e-6)  # a chunk has some 60 tokens
    function_words = set(_FUNCTION_WORDS.split())
    for n, piece in enumerate(pieces):
        if re.fullmatch("[a-z]+", piece):
            found[n] = english.get(piece, RARE)
        elif "а" <= piece[0] <= "я":
            words = re.findall("[a-z]+", " ".join(meanings.get(piece, [])))
            common = sorted(english.get(word, RARE) for word in words)[-3:]
            found[n] = np.mean(common) if common else _FOREIGN_UNKNOWN
            if len(piece) <= 2 or piece in function_words:  # noqa: PLR2004 - endings and prepositions
                found[n] = max(found[n], 1e-2)
    return found


def first_rows(
    pieces: Sequence[str], meanings: dict[str, list[str]], model: Any, dim: int, seed: int
) -> Floats:
    """Return first directions of the pieces, float32, shape (size, dim).

    :param model: a SentenceTransformer, or None for random directions.
    """
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((len(pieces), dim), np.float32) * np.float32(0.5 / dim**0.5)
    if model is None:
        return rows
    texts = {
        n: ", ".join(meanings[piece][:_MOST_GLOSSES])[:_MOST_CHARACTERS]
        if piece in meanings
        else piece
        for n, piece in enumerate(pieces)
        if piece in meanings or re.fullmatch("[a-z]{2,}|[0-9]+", piece)
    }
    places = np.array(sorted(texts, key=lambda n: (len(texts[n]), n)))
    vectors = model.encode([texts[n] for n in places], batch_size=256, show_progress_bar=True)
    anchors = _principal(np.asarray(vectors, np.float32), dim, rng)
    anchors /= np.maximum(np.linalg.norm(anchors, axis=1, keepdims=True), 1e-9)
    rows *= _NOISE
    rows[places] += anchors
    return rows


def first_weights(probability: NDArray[np.float64]) -> Floats:
    """Return logarithms of the pieces' first weights (smooth inverse frequency), float32."""
    return np.log(_SMOOTHING / (_SMOOTHING + probability)).astype(np.float32)


def _principal(vectors: Floats, dim: int, rng: np.random.Generator) -> Floats:
    """Return the first principal components of the vectors, (n, dim); zeros where there are fewer."""
    centred = vectors - vectors.mean(axis=0)
    sample = rng.choice(len(centred), min(len(centred), 20_000), replace=False)
    _, _, axes = np.linalg.svd(centred[sample], full_matrices=False)
    components = centred @ axes[:dim].T
    return np.pad(components, ((0, 0), (0, dim - components.shape[1])))
