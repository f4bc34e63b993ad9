"""The two models that an index is built and searched with, always side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from index.encoders.bundled import BundledEncoder
from index.encoders.protocol import Encoder
from index.encoders.token_table import Ids, TokenTable
from index.types import Vectors


@dataclass(frozen=True, slots=True)
class Models:
    """An encoder, and the token table beside it.

    :ivar encoder: makes the vectors.
    :ivar table: the bundled model's: late interaction goes by it, whatever makes the vectors.
    """

    encoder: Encoder
    table: TokenTable

    @classmethod
    def bundled(cls) -> Self:
        """Open the bundled model for both.

        :raises EncoderUnavailable: if a file of it is missing or damaged.
        """
        table = TokenTable.open()
        return cls(BundledEncoder(table), table)

    def encode_passages(self, texts: Sequence[str], ids: Sequence[Ids]) -> Vectors:
        """Return the vectors of passages, float32, shape (n, dim), in their order.

        :param ids: the tokens of each in the table, which are known already where this is called.
        """
        if self.encoder.table is self.table:
            return self.table.vectors(ids)
        return self.encoder.encode(texts)

    def encode_question(self, text: str, ids: Ids) -> Vectors:
        """Return the vector of a question, float32, shape (dim,).

        :param ids: as for ``encode_passages``.
        """
        is_known = self.encoder.table is self.table
        vectors = self.table.vectors([ids]) if is_known else self.encoder.encode([text], "query")
        return np.asarray(vectors[0])
