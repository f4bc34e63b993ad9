"""Word for word translations: what dictionaries list, and what sentences and their translations show.

Dictionaries leave out most names and inflected words, and list rare meanings beside the usual ones.
Thousands of translated sentences tell which word stands where another one does, and how often.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tools.train_encoder.material import PARTICLES, Material
from tools.train_encoder.ragged import Ids, Ints, Ragged, stack

_LETTERS = {"zh": "[㐀-鿿]+", "en": "[a-zß-ɏ]{2,}", "ru": "[а-яё]{3,}"}
"""What pieces look like that are words of a language: shorter ones are endings."""

_ROUNDS = 6  # of expectation and maximisation; more change little
_LEAST_CHANCE = 0.1
_LEAST_SENTENCES = 2  # that hold both words
_MOST_WORDS = 60  # of a sentence: longer ones are cut

_LEAST_BY_WAY = 0.06  # of a chance by way of a third language
_TIMES = 10  # that a certain link is drawn more often than an unlikely one

_MOST_TOKENS = 2  # of a listed translation of one token

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Links:
    """Tokens, and what each is in another language.

    :ivar sources: int64, shape (links,).
    :ivar targets: likewise.
    :ivar chances: how likely the target stands for the source, in 0..1, float32, shape (links,).
    """

    sources: Ints
    targets: Ints
    chances: Floats

    def through(self, others: "Links", size: int) -> "Links":
        """Return what the targets are by way of other links: chances are multiplied."""
        order = np.argsort(others.sources, kind="stable")
        starts = np.searchsorted(others.sources[order], np.arange(size + 1))
        counts = np.diff(starts)[self.targets]
        first = np.repeat(starts[self.targets] - (np.cumsum(counts) - counts), counts)
        second = order[first + np.arange(counts.sum())]
        chances = np.repeat(self.chances, counts) * others.chances[second]
        return Links(np.repeat(self.sources, counts), others.targets[second], chances)

    def likely(self, least: float) -> "Links":
        """Return the links of more than some chance."""
        kept = self.chances > least
        return Links(self.sources[kept], self.targets[kept], self.chances[kept])

    def turned(self) -> "Links":
        """Return the same links from the other side."""
        return Links(self.targets, self.sources, self.chances)

    def repeated(self) -> "Links":
        """Return each link from once to eleven times, the likelier the more often."""
        times = 1 + np.rint(_TIMES * self.chances).astype(np.int64)
        return Links(
            np.repeat(self.sources, times),
            np.repeat(self.targets, times),
            np.repeat(self.chances, times),
        )

    def means(self, rows: Floats) -> Floats:
        """Return the sum of what each token is linked with by its chance, shape (size, dim)."""
        summed = np.zeros_like(rows)
        np.add.at(summed, self.sources, self.chances[:, None] * rows[self.targets])
        return summed


Lexicon = Mapping[tuple[str, str], Links]
"""Links by the languages of their sources and targets."""


def languages(pieces: Sequence[str]) -> NDArray[np.str_]:
    """Return the language that each piece is a word of, or an empty text, shape (size,)."""
    return np.array(
        [
            next((name for name, word in _LETTERS.items() if re.fullmatch(word, piece)), "")
            for piece in pieces
        ]
    )


def shown_by_sentences(pieces: Sequence[str], material: Material, shared: Ids) -> Lexicon:
    """Return the words of sentences that translate each other.

    A link's chance is the geometric mean of both directions' translation probabilities in IBM's
    model 1 (Brown et al. 1993, "The Mathematics of Statistical Machine Translation"), so that both
    must point at each other.

    :param shared: for each token the one whose row it has: forms of a word count as one, and
        that one alone has links.
    """
    of = languages(pieces)
    found: dict[tuple[str, str], Links] = {}
    for sort, sides in material.pairs.items():
        kind, _, names = sort.partition(" ")
        if kind == "sentence":
            left, right = names.split("-")
            words = [
                _words(side, shared, of == name)
                for side, name in zip(sides, (left, right), strict=True)
            ]
            links = _aligned(words[0], words[1], material.size)
            found[left, right] = links
            found[right, left] = links.turned()
    return found


def enriched(material: Material, lexicon: Lexicon) -> Material:
    """Return the material with a lexicon's links among the entries and the replacements.

    The likelier, the more often they are drawn.
    """
    pairs = dict(material.pairs)
    for names, links in lexicon.items():
        sort = "entry " + "-".join(names)
        if sort in pairs:
            left, right = pairs[sort]
            many = links.repeated()
            pairs[sort] = (
                stack([left, _singles(many.sources)]),
                stack([right, _singles(many.targets)]),
            )
    english = _replacing(lexicon, ("zh", "en"))
    russian = [*_replacing(lexicon, ("zh", "ru")), *_replacing(lexicon, ("en", "ru"))]
    if {("zh", "en"), ("en", "ru")} <= lexicon.keys():
        by_way = lexicon["zh", "en"].through(lexicon["en", "ru"], material.size)
        russian += _options(by_way.likely(_LEAST_BY_WAY))
    return replace(
        material,
        pairs=pairs,
        to_english=material.to_english.more(english),
        to_russian=material.to_russian.more(russian),
    )


def _replacing(lexicon: Lexicon, names: tuple[str, str]) -> list[tuple[int, Ids]]:
    return _options(lexicon[names]) if names in lexicon else []


def _options(links: Links) -> list[tuple[int, Ids]]:
    many = links.repeated()
    return [*zip(many.sources.tolist(), many.targets.astype(np.int32)[:, None], strict=True)]


def _singles(tokens: Ints) -> Ragged:
    return Ragged(tokens.astype(np.int32), np.arange(len(tokens) + 1))


def listed(pieces: Sequence[str], material: Material, shared: Ids) -> Lexicon:
    """Return the entries of dictionaries and lists of names; a token's chances sum up to 1.

    :param shared: as in ``shown_by_sentences``.
    """
    of = languages(pieces)
    # How likely a translation is grows with how usual it is.
    archive = np.bincount(shared[material.archive.sentences.flat], minlength=material.size)
    usual = 1 + np.sqrt(archive)
    found: dict[tuple[str, str], dict[tuple[int, int], float]] = defaultdict(
        lambda: defaultdict(float)
    )
    particles = {n for n, piece in enumerate(pieces) if piece in PARTICLES}
    for sort, (left, right) in material.pairs.items():
        if not sort.startswith("entry"):
            continue
        for n in range(len(left)):
            one, other = (
                [
                    int(shared[token])
                    for token in side.flat[slice(*side.bounds[n : n + 2])]
                    if token not in particles
                ]
                for side in (left, right)
            )
            if min(len(one), len(other)) == 1 and max(len(one), len(other)) <= _MOST_TOKENS:
                for source in one:
                    for target in other:
                        found[of[source], of[target]][source, target] += usual[target]
                        found[of[target], of[source]][target, source] += usual[source]
    return {names: _links(chances) for names, chances in found.items() if all(names)}


def _links(chances: Mapping[tuple[int, int], float]) -> Links:
    sources, targets = np.array([*chances], np.int64).T
    weights = np.array([*chances.values()], np.float32)
    weights /= np.bincount(sources, weights)[sources]
    return Links(sources, targets, weights)


def _words(side: Ragged, shared: Ids, fit: NDArray[np.bool_]) -> list[Ids]:
    """Return the distinct words of each sentence that are in the language expected."""
    return [
        np.unique(shared[row[fit[row]]])[:_MOST_WORDS]
        for row in np.split(side.flat, side.bounds[1:-1])
    ]


def _aligned(left: Sequence[Ids], right: Sequence[Ids], size: int) -> Links:
    """Return the links between the words of sentences that say the same, row by row."""
    counts = [len(one) * len(other) for one, other in zip(left, right, strict=True)]
    sentence = np.repeat(np.arange(len(left)), counts)
    sources, targets = (
        np.concatenate([*parts, np.zeros(0, np.int32)]).astype(np.int64)
        for parts in (
            [np.repeat(one, len(other)) for one, other in zip(left, right, strict=True)],
            [np.tile(other, len(one)) for one, other in zip(left, right, strict=True)],
        )
    )
    couples, couple = np.unique(sources * size + targets, return_inverse=True)
    source, target = couples // size, couples % size
    there = _probabilities(couple, source, sentence * size + targets)
    back = _probabilities(couple, target, sentence * size + sources)
    chances = np.sqrt(there * back)
    met = np.bincount(couple, minlength=len(couples))
    kept = (chances > _LEAST_CHANCE) & (met >= _LEAST_SENTENCES)
    return Links(source[kept], target[kept], chances[kept].astype(np.float32))


def _probabilities(couple: Ints, given: Ints, explained: Ints) -> NDArray[np.float64]:
    """Return the probability of each couple of words given one of them, shape (couples,).

    :param couple: the couple of each place where two words meet.
    :param given: the word of each couple that is given.
    :param explained: the word in its sentence that each place competes to explain.
    """
    _, rivals = np.unique(explained, return_inverse=True)
    found = np.ones(len(given))
    for _ in range(_ROUNDS):
        share = found[couple]
        share /= np.bincount(rivals, share)[rivals]
        expected = np.bincount(couple, share, minlength=len(given))
        found = expected / np.bincount(given, expected)[given]
    return found
