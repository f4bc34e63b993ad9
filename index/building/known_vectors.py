"""Vectors that an index has already, for one that is made of it."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.encoders.protocol import Encoder, EncoderInfo
from index.encoders.token_table import TokenTable
from index.parts.database import Store
from index.types import Role, Vectors


class KnownVectors:
    """An ``Encoder`` that takes vectors from indexes that have them; only others are encoded.

    :param encoder: the one that has built them.
    :param known: the database and the vectors of each.
    """

    def __init__(
        self, encoder: Encoder, known: Sequence[tuple[Store, NDArray[np.float16]]]
    ) -> None:
        self._encoder = encoder
        self._vectors = [vectors for _, vectors in known]
        self._places = {
            _key(stored.passage.text): (number, stored.row)
            for number, (store, _) in enumerate(known)
            for article in store.articles()
            for stored in store.passages_of(article.id)
        }

    @property
    def info(self) -> EncoderInfo:
        """That of the encoder."""
        return self._encoder.info

    @property
    def table(self) -> TokenTable | None:
        """That of the encoder."""
        return self._encoder.table

    @property
    def lasting(self) -> bool:
        """Whether the encoder's vectors come again at once."""
        return self._encoder.lasting

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        """Return one vector a text, in order."""
        places = [self._places.get(_key(text)) for text in texts]
        vectors = np.empty((len(texts), self.info.dim), np.float32)
        new = []
        for n, place in enumerate(places):
            if place is None:
                new.append(n)
            else:
                number, row = place
                vectors[n] = self._vectors[number][row]
        if new:
            vectors[new] = self._encoder.encode([texts[n] for n in new], role)
        return vectors


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()
