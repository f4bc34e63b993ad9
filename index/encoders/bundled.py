"""The bundled model as an ``Encoder``."""

from collections.abc import Sequence

from index.encoders.protocol import BUNDLED, EncoderInfo
from index.encoders.token_table import TokenTable
from index.types import Role, Vectors


class BundledEncoder:
    """The bundled model as an ``Encoder``; questions and passages are encoded alike."""

    def __init__(self, table: TokenTable) -> None:
        self.table = table

    @property
    def info(self) -> EncoderInfo:
        """What an index built with this encoder records."""
        return EncoderInfo(name=BUNDLED, revision=self.table.revision, dim=self.table.dim)

    @property
    def lasting(self) -> bool:
        """True: a sum of rows is made sooner than a vector is read from a file."""
        return True

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:  # noqa: ARG002 - the protocol's
        """Return unit rows, float32, shape (n, dim); zero rows for texts without a known token."""
        return self.table.vectors(self.table.ids(texts))
