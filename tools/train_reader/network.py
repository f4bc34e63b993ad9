"""The reader's network: the lower layers of e5, with a logit and a span."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import BertModel


class ReaderNetwork(nn.Module):  # type: ignore[misc]
    """Says of rows whether the passage answers, and where.

    :param folder: of the whole model.
    :param numbers: of the pieces that are kept, by their number in the whole vocabulary.
    """

    def __init__(self, folder: str, numbers: NDArray[np.int64], layers: int) -> None:
        super().__init__()
        self.body: Any = BertModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            # One pass over the data leaves nothing to be forgotten, and a quarter of the time.
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.body.encoder.layer = self.body.encoder.layer[:layers]
        words = self.body.embeddings.word_embeddings.weight.data[torch.from_numpy(numbers)]
        self.body.embeddings.word_embeddings = nn.Embedding.from_pretrained(words, freeze=True)
        width = words.shape[1]
        self.answers = nn.Linear(width, 1)
        self.span = nn.Linear(width, 2)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of answering, shape (n,), and of start and end, shape (n, length, 2)."""
        states = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.answers(states[:, 0]).squeeze(-1), self.span(states)
