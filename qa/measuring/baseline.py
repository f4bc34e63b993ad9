"""BM25, the usual ranking by words, as what every other ranking has to beat.

Robertson and Zaragoza, The Probabilistic Relevance Framework, https://doi.org/10.1561/1500000019;
the IDF is Lucene's, which is never negative. The words are those of ``index.text.tokens``.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.text.tokens import token_lines, tokens
from index.types import Scores
from qa.service import Contents

K1 = 1.2
"""How soon a further occurrence of a word counts for less."""

B = 0.75
"""How much a long text is held to its length, 0 to 1."""

_BATCH = 512  # texts cut at once

Ranking: TypeAlias = Callable[[str], list[str]]
"""A question to the paths of the articles that suit it, best first."""


@dataclass(frozen=True, slots=True)
class Bm25:
    """What some words weigh in some texts.

    :ivar weights: for each word, the numbers of the texts that hold it, int32, and its weight in
        each, float32, > 0.
    :ivar texts: how many texts there are.
    """

    weights: Mapping[str, tuple[NDArray[np.int32], Scores]]
    texts: int

    @classmethod
    def of(cls, texts: Sequence[str], words: Collection[str]) -> Self:
        """Weigh words in texts; other words count for the length of a text alone."""
        places, counts = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
        lengths: list[int] = []
        for start in range(0, len(texts), _BATCH):
            for line in token_lines(texts[start : start + _BATCH]):
                found = line.split()
                for word, count in Counter(filter(words.__contains__, found)).items():
                    places[word].append(len(lengths))
                    counts[word].append(count)
                lengths.append(len(found))
        mean = sum(lengths) / max(len(lengths), 1) or 1.0
        norm = K1 * (1 - B + B * np.array(lengths, np.float32) / mean)
        weights = {}
        for word, held in places.items():
            rows, often = np.array(held, np.int32), np.array(counts[word], np.float32)
            idf = np.log1p((len(texts) - len(held) + 0.5) / (len(held) + 0.5))
            weight = idf * often * (K1 + 1) / (often + norm[rows])
            weights[word] = (rows, weight.astype(np.float32))
        return cls(weights, len(texts))

    def scores(self, question: str) -> Scores:
        """Return how well each text suits a question, float32, shape (texts,), >= 0."""
        scores = np.zeros(self.texts, np.float32)
        for word in tokens(question):
            if word in self.weights:
                rows, weights = self.weights[word]
                scores[rows] += weights
        return scores


def bm25_rankings(
    contents: Iterable[Contents], questions: Iterable[str], k: int
) -> Mapping[str, Ranking]:
    """Return rankings of an archive's articles by BM25, by the name of each.

    ``bm25_articles`` sees a whole article with its title as one text, ``bm25_passages`` gives an
    article the score of its best passage. Both rank for these questions only, k articles at most.
    """
    archive = [article for article in contents if article.passages]
    words = {word for question in questions for word in tokens(question)}
    paths = [article.card.path for article in archive]
    whole = Bm25.of([f"{article.card.title}\n{article.text}" for article in archive], words)
    parts = Bm25.of([text for article in archive for text in article.passages], words)
    counts = [len(article.passages) for article in archive]
    starts = np.cumsum([0, *counts[:-1]])

    def by_articles(question: str) -> list[str]:
        return _best(whole.scores(question), paths, k)

    def by_passages(question: str) -> list[str]:
        if not archive:
            return []
        return _best(np.maximum.reduceat(parts.scores(question), starts), paths, k)

    return {"bm25_articles": by_articles, "bm25_passages": by_passages}


def _best(scores: Scores, paths: Sequence[str], k: int) -> list[str]:
    order = np.argsort(-scores, kind="stable")[:k]
    return [paths[row] for row in order.tolist() if scores[row] > 0]
