"""Training pairs, drawn anew for each step: the texts that a question and its passage stand for.

archive   title, next sentence, a sentence taken out of its chunk, or words of one; and a chunk
switched  the same in a mixture of languages, word by word from the dictionaries
sentence  sentences and their translations
entry     words and names and their translations
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.train_encoder.material import Material, Sides
from tools.train_encoder.ragged import Ids, Ints, Ragged, choose, cut, join, stack, thin, window

MOST_TOKENS = 100
"""Tokens of a text in a batch; longer ones lose some at random."""

_MOST_OF_QUESTION = 60
_SENTENCES = {"zh-en": 0.7, "ru-en": 0.18, "zh-ru": 0.12}
_ENTRIES = {"zh-en": 0.6, "ru-en": 0.28, "zh-ru": 0.12}


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pairs of each sort in a step."""

    archive: int = 768
    switched: int = 1024
    sentence: int = 768
    entry: int = 1024


def draw(material: Material, sizes: Sizes, rng: np.random.Generator) -> list[Sides]:
    """Return one step's pairs in the order of ``Sizes``: questions and passages, row by row."""
    return [
        _archive(material, sizes.archive, rng),
        _switched(material, sizes.switched, rng),
        _translated(material, "sentence", _SENTENCES, sizes.sentence, rng),
        _translated(material, "entry", _ENTRIES, sizes.entry, rng),
    ]


def _archive(material: Material, size: int, rng: np.random.Generator) -> Sides:
    archive = material.archive
    chunks = rng.integers(0, len(archive.articles), size)
    chance = rng.random(size)
    sentence = _random_sentence(material, chunks, rng)
    title = chance < 0.2  # noqa: PLR2004 - shares of the sorts, as in the conditions below
    following = (chance >= 0.2) & (chance < 0.35) & _has_next(material, chunks)  # noqa: PLR2004 - shares
    cloze = (chance >= 0.35) & (chance < 0.65)  # noqa: PLR2004 - shares
    after = _random_sentence(
        material, np.minimum(chunks + following, len(archive.articles) - 1), rng
    )
    words = window(archive.sentences.take(sentence), rng.integers(5, 15, size), rng)
    words = thin(words, rng.choice((0.2, 0.4, 0.5), size), rng)
    whole = thin(archive.sentences.take(sentence), 0.15, rng, _MOST_OF_QUESTION)
    question = choose(cloze, whole, words)
    question = choose(following, archive.sentences.take(after), question)
    question = choose(title, archive.titles.take(archive.articles[chunks]), question)
    question = _ask(thin(question, 0, rng, _MOST_OF_QUESTION), material, "zh", rng)
    several = archive.chunks[chunks + 1] - archive.chunks[chunks] > 1
    hidden = cloze & several & (rng.random(size) < 0.8)  # noqa: PLR2004 - a share
    passage = _chunk(material, chunks, np.where(hidden, sentence, -1))
    return question, thin(passage, np.where(title | following | cloze, 0.0, 0.15), rng, MOST_TOKENS)


def _switched(material: Material, size: int, rng: np.random.Generator) -> Sides:
    archive = material.archive
    chunks = rng.integers(0, len(archive.articles), size)
    question = archive.sentences.take(_random_sentence(material, chunks, rng))
    titles = archive.titles.take(archive.articles[chunks])
    question = choose(rng.random(size) < 0.2, titles, question)  # noqa: PLR2004 - a share
    question = thin(window(question, rng.integers(6, 17, size), rng), 0.2, rng)
    passage = _chunk(material, chunks, np.full(size, -1))
    short = thin(passage, 0, rng, _MOST_OF_QUESTION)
    chance = rng.random(size)
    russian = rng.random(size) < 0.35  # noqa: PLR2004 - a share
    foreign = choose(
        russian,
        _ask(_to_russian(question, material, rng), material, "ru", rng),
        _ask(_to_english(question, material, rng), material, "en", rng),
    )
    foreign_passage = choose(
        russian & (chance < 0.85),  # noqa: PLR2004 - as below
        _to_russian(short, material, rng),
        _to_english(short, material, rng),
    )
    # A foreign question, a foreign passage, or both.
    asked = choose((chance < 0.7) | (chance >= 0.85), foreign, _ask(question, material, "zh", rng))  # noqa: PLR2004 - shares
    found = choose(chance < 0.7, thin(passage, 0, rng, MOST_TOKENS), foreign_passage)  # noqa: PLR2004 - shares
    return asked, found


def _translated(
    material: Material, sort: str, shares: dict[str, float], size: int, rng: np.random.Generator
) -> Sides:
    present = {name: share for name, share in shares.items() if f"{sort} {name}" in material.pairs}
    weights = np.array([*present.values()]) / sum(present.values())
    counts = rng.multinomial(size, weights)
    drawn = []
    for name, count in zip(present, counts.tolist(), strict=True):
        left, right = material.pairs[f"{sort} {name}"]
        rows = rng.integers(0, len(left), count)
        drawn.append((left.take(rows), right.take(rows)))
        if name == "zh-en":
            # Part of the English becomes Russian, of which there are few pairs.
            mixed = material.to_russian.apply(drawn[-1][1], rng, kept=1.0)
            drawn[-1] = drawn[-1][0], choose(rng.random(count) < 0.15, mixed, drawn[-1][1])  # noqa: PLR2004 - a share
    left = thin(stack([pair[0] for pair in drawn]), 0, rng, MOST_TOKENS)
    right = thin(stack([pair[1] for pair in drawn]), 0, rng, MOST_TOKENS)
    turned = rng.random(size) < 0.5  # noqa: PLR2004 - half
    return choose(turned, left, right), choose(turned, right, left)


def _to_english(rows: Ragged, material: Material, rng: np.random.Generator) -> Ragged:
    english = material.to_english.apply(rows, rng, kept=0.5)
    return material.inflected.apply(english, rng, kept=1.0, replaced=0.3)


def _to_russian(rows: Ragged, material: Material, rng: np.random.Generator) -> Ragged:
    return material.to_russian.apply(rows, rng, kept=0.5)


def _ask(rows: Ragged, material: Material, language: str, rng: np.random.Generator) -> Ragged:
    """Put up to five words of questions behind two thirds of the rows."""
    fillers: Ids = material.fillers[language]
    counts = rng.integers(1, 6, len(rows)) * (rng.random(len(rows)) >= 0.35)  # noqa: PLR2004 - a share
    words = fillers[rng.integers(0, len(fillers), int(counts.sum()))]
    return join(rows, cut(words, np.cumsum(counts) - counts, counts))


def _has_next(material: Material, chunks: Ints) -> NDArray[np.bool_]:
    articles = material.archive.articles
    following = np.minimum(chunks + 1, len(articles) - 1)
    return np.asarray((following > chunks) & (articles[following] == articles[chunks]))


def _random_sentence(material: Material, chunks: Ints, rng: np.random.Generator) -> Ints:
    bounds = material.archive.chunks
    return rng.integers(bounds[chunks], bounds[chunks + 1])


def _chunk(material: Material, chunks: Ints, hidden: Ints) -> Ragged:
    """Return the chunks' tokens without those of the hidden sentence, where one is given."""
    archive = material.archive
    bounds = archive.sentences.bounds
    starts = bounds[archive.chunks[chunks]]
    lengths = bounds[archive.chunks[chunks + 1]] - starts
    rows = cut(archive.sentences.flat, starts, lengths)
    places = starts[rows.owners] + np.arange(len(rows.flat)) - rows.bounds[:-1][rows.owners]
    left, right = bounds[np.maximum(hidden, 0)], bounds[np.maximum(hidden, 0) + 1]
    inside = (places >= left[rows.owners]) & (places < right[rows.owners])
    return rows.keep(~(inside & (hidden >= 0)[rows.owners]))
