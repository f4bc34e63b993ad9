"""What the table is trained for: the two ways in which it is used.

Both ask the same: among all passages of the batch, find the question's own (InfoNCE, which
sentence-transformers calls MultipleNegativesRankingLoss). They are written on rows of the table
instead of on texts' vectors: the library's losses see one vector a text, where late interaction
needs every token, and its trainer moves all rows of the table in each step, where a step touches a
quarter of them.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from tools.train_encoder.ragged import Ragged

DENSE_SCALE = 20.0
LATE_SCALE = 20.0
ENOUGH = 0.55
"""Cosine from which a token counts as met in full, as in ``qa/ranking.py``."""

_BEYOND = 0.1  # slope beyond ENOUGH: without any, what is too near is never pushed away


@dataclass(frozen=True, slots=True)
class Bags:
    """Texts as row numbers of a small table.

    :ivar flat: int64, all texts' rows.
    :ivar starts: int64, shape (texts,): where each text begins.
    """

    flat: Tensor
    starts: Tensor

    def __len__(self) -> int:
        return len(self.starts)

    @classmethod
    def of(cls, rows: Ragged, places: np.ndarray[tuple[int], np.dtype[np.int64]]) -> "Bags":
        """Bring token numbers into places of a small table."""
        return cls(torch.from_numpy(places[rows.flat]), torch.from_numpy(rows.bounds[:-1]))


def text_vectors(texts: Bags, table: Tensor) -> Tensor:
    """Return the texts' vectors: unit rows, shape (texts, dim).

    :param table: rows with their weights as lengths, shape (rows, dim).
    """
    sums = functional.embedding_bag(texts.flat, table, texts.starts, mode="sum")
    return functional.normalize(sums, dim=1, eps=1e-6)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Passages of no question of the batch, among which its own must be found as well.

    :ivar vectors: unit rows, shape (n, dim); nothing is learned about them.
    :ivar articles: int64, shape (n,): the article that each is of.
    """

    vectors: Tensor
    articles: Tensor


def dense_loss(
    questions: Tensor,
    passages: Tensor,
    crowd: Crowd | None = None,
    articles: Tensor | None = None,
) -> Tensor:
    """Return the loss of vectors of questions and their passages, both ways: a scalar.

    :param articles: the article of each passage: those of the crowd that share it do not count.
    """
    scores = DENSE_SCALE * questions @ passages.T
    own = torch.arange(len(scores))
    back = functional.cross_entropy(scores.T, own)
    if crowd is not None and articles is not None:
        others = DENSE_SCALE * questions @ crowd.vectors.T
        scores = torch.cat(
            [scores, others.masked_fill(articles[:, None] == crowd.articles, -torch.inf)], dim=1
        )
    return (functional.cross_entropy(scores, own) + back) / 2


def late_loss(questions: Bags, passages: Bags, table: Tensor) -> Tensor:
    """Return the loss of the late interaction of ``qa/ranking.py``: a scalar."""
    asked, places = torch.unique(questions.flat, return_inverse=True)
    found, held = torch.unique(passages.flat, return_inverse=True)
    asked_rows, found_rows = table.index_select(0, asked), table.index_select(0, found)
    lengths = asked_rows.norm(dim=1).clamp_min(1e-6)
    similarity = (
        functional.normalize(found_rows, dim=1, eps=1e-6) @ (asked_rows / lengths[:, None]).T
    )
    best = _best(similarity, held, passages.starts)
    met = torch.minimum(best / ENOUGH, 1 + _BEYOND * (best / ENOUGH - 1))
    owners = _owners(questions)
    contains = torch.zeros(len(questions.starts), len(asked))
    contains[owners, places] = 1.0  # a token counts once, however often it is asked
    weights = contains * lengths
    weights = weights / weights.sum(1, keepdim=True).clamp_min(1e-6)
    scores = LATE_SCALE * weights @ met.T
    return functional.cross_entropy(scores, torch.arange(len(scores)))


def _best(similarity: Tensor, held: Tensor, starts: Tensor) -> Tensor:
    """Return the highest similarity of each text's rows: (texts, asked)."""
    ends = torch.cat([starts[1:], torch.tensor([len(held)])])
    with torch.no_grad():
        order = similarity.numpy()
        rows = [held[start:end].numpy() for start, end in zip(starts, ends, strict=True)]
        nearest = np.stack(
            [
                row[order[row].argmax(0)] if len(row) else np.zeros(order.shape[1], np.int64)
                for row in rows
            ]
        )
    return similarity.gather(0, torch.from_numpy(nearest))


def _owners(bags: Bags) -> Tensor:
    ends = torch.cat([bags.starts[1:], torch.tensor([len(bags.flat)])])
    return torch.repeat_interleave(torch.arange(len(bags.starts)), ends - bags.starts)
