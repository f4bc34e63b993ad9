"""multilingual-e5-small in ONNX Runtime, without torch: ready in a quarter of a second.

Texts are encoded one at a time: beside others a text would be filled up to their length, and its
numbers be brought into 8 bits by their scale, so that its vector would depend on them. Several threads
each have a text of their own.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import numpy as np

from index.cores import cores
from index.encoders.batches import longest_first
from index.encoders.e5 import LONGEST, ROLES, packed
from index.encoders.e5_network import WORDS, network_file, revision
from index.encoders.e5_pieces import E5Pieces
from index.encoders.onnx_file import open_network
from index.encoders.packed_e5 import Tensor
from index.encoders.protocol import BUNDLED, EncoderChoice, EncoderInfo, Progress
from index.encoders.unit import unit_rows
from index.errors import EncoderUnavailable
from index.types import Role, Vectors


class E5Encoder:
    """The model as an ``Encoder``. ``E5Encoder.open`` makes one.

    :param pieces: cuts texts.
    :param words: the vectors of the pieces.
    :param network: makes a text's vector of those of its pieces.
    :param batch_size: texts between two calls of ``progress``, >= 1.
    :param progress: called so in a call of ``encode`` with more texts than that.
    """

    def __init__(
        self,
        pieces: E5Pieces,
        words: Tensor,
        network: Any,
        info: EncoderInfo,
        *,
        batch_size: int = 32,
        progress: Progress | None = None,
    ) -> None:
        self._pieces = pieces
        self._words = words
        self._network = network
        self._info = info
        self._batch_size = batch_size
        self._progress = progress

    @classmethod
    def open(cls, choice: EncoderChoice, progress: Progress | None = None) -> Self:
        """Open the model; its network is written when that has not been done.

        :raises EncoderUnavailable: if the extra is not installed, or a file is damaged.
        """
        content = packed()
        longest = min(LONGEST, choice.max_tokens or LONGEST)
        info = EncoderInfo(
            name=choice.model,
            revision=revision(content),
            dim=content.sizes.hidden,
            query_prefix=_either(choice.query_prefix, ROLES["query"]),
            passage_prefix=_either(choice.passage_prefix, ROLES["passage"]),
            max_tokens=longest,
        )
        path = network_file(content)
        try:
            network = open_network(path)
        except Exception as error:  # the library's errors have no common kind
            raise EncoderUnavailable(
                f"{path} cannot be opened: {error}. Either remove it, and it is written again, or "
                f"set encoder.model to {BUNDLED!r}, the model that comes with newsquote."
            ) from error
        return cls(
            E5Pieces(content, longest),
            content.tensors["emb.word"],
            network,
            info,
            batch_size=choice.batch_size,
            progress=progress,
        )

    @property
    def table(self) -> None:
        """None: it is a network."""

    @property
    def lasting(self) -> bool:
        """False: to encode a passage again takes as long as the first time."""
        return False

    @property
    def info(self) -> EncoderInfo:
        """What an index built with this encoder records."""
        return self._info

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        """Return unit rows, float32, shape (n, dim), in the order of the texts."""
        prefix = self._info.query_prefix if role == "query" else self._info.passage_prefix
        prefixed = [prefix + text for text in texts]
        rows = np.zeros((len(texts), self._info.dim), np.float32)
        if len(texts) == 1:
            rows[0] = self._vector(prefixed[0])
        elif texts:
            with ThreadPoolExecutor(cores()) as threads:
                for batch in longest_first(texts, self._batch_size, self._progress):
                    rows[batch] = list(threads.map(self._vector, [prefixed[i] for i in batch]))
        return unit_rows(rows)

    def _vector(self, text: str) -> Vectors:
        words = self._words.rows(self._pieces.ids(text), self._info.dim)
        (means,) = self._network.run(None, {WORDS: words[None]})
        return np.asarray(means[0])


def _either(wanted: str | None, usual: str) -> str:
    return usual if wanted is None else wanted
