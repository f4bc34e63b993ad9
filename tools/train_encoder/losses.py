"""What tables are trained for: to tell passages apart, and to say what better tables say.

They are sentence-transformers' MultipleNegativesRankingLoss, with both directions, and
DistillKLDivLoss. They are written on rows of the table instead of on texts, because the library's
trainer moves all rows of a table in each step, where a step touches a quarter of them.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from tools.train_encoder.ragged import Ragged

SCALE = 20.0
"""Of cosines: what a difference of 1 between two of them is worth in logarithms of chances."""


@dataclass(frozen=True, slots=True)
class Bags:
    """Texts as row numbers of a small table.

    :ivar flat: int64, all texts' rows.
    :ivar starts: int64, shape (texts,): where each text begins.
    """

    flat: Tensor
    starts: Tensor

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


def ranking_loss(questions: Tensor, passages: Tensor) -> Tensor:
    """Return how far questions are from finding their passages, and these their questions: a scalar.

    Among all others of the batch (InfoNCE; https://arxiv.org/abs/1807.03748).
    """
    scores = SCALE * questions @ passages.T
    own = torch.arange(len(scores))
    return (functional.cross_entropy(scores, own) + functional.cross_entropy(scores.T, own)) / 2


def likeness_loss(scores: Tensor, teacher: Tensor) -> Tensor:
    """Return how far cosines are from a teacher's: a scalar, 0 where they rank alike.

    The divergence of the chances with which each question finds each passage, and each passage each
    question.

    :param scores: cosines of questions and passages, shape (questions, passages).
    :param teacher: likewise.
    """
    return (_divergence(scores, teacher) + _divergence(scores.T, teacher.T)) / 2


def _divergence(scores: Tensor, teacher: Tensor) -> Tensor:
    return functional.kl_div(
        functional.log_softmax(SCALE * scores, dim=1),
        functional.softmax(SCALE * teacher, dim=1),
        reduction="batchmean",
    )
