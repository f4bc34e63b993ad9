"""Encoders: text -> unit vectors, and the record that ties an index to the model that built it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from index.encoders.token_table import TokenTable
from index.errors import EncoderMismatch
from index.types import Role, Vectors

BUNDLED = "bundled"
"""The name of the model that comes with the package."""

E5 = "e5"
"""The name of multilingual-e5-small, whose weights an extra carries."""

Progress: TypeAlias = Callable[[int, int, float], None]
"""Called with texts done, texts in all, and the estimated seconds left."""


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """What must be the same when an index is built and when it is searched.

    :ivar name: ``"bundled"``, a folder, or a name on the model hub.
    :ivar revision: hub commit or digest of the model's files; two models with the same one are
        the same model, whatever folder they lie in.
    :ivar dim: length of a vector.
    :ivar query_prefix: what stands before a question.
    :ivar passage_prefix: what stands before a passage.
    :ivar max_tokens: longest input in tokens, what is beyond is not seen; None = no limit.
    """

    name: str
    revision: str
    dim: int
    query_prefix: str = ""
    passage_prefix: str = ""
    max_tokens: int | None = None

    def __str__(self) -> str:
        """Return one line for messages: every field that tells two models apart."""
        parts = [f"revision {self.revision or 'unknown'}", f"{self.dim} dimensions"]
        if self.query_prefix or self.passage_prefix:
            parts.append(f"prefixes {self.query_prefix!r} and {self.passage_prefix!r}")
        if self.max_tokens is not None:
            parts.append(f"{self.max_tokens} tokens")
        return f"{self.name} ({', '.join(parts)})"


@dataclass(frozen=True, slots=True)
class EncoderChoice:
    """Which model makes the vectors, and how it runs. None leaves it to the model or its library.

    The bundled model has no settings of its own: what follows its name is for the others.

    :ivar model: ``"bundled"``, a folder, or a name on the model hub.
    :ivar revision: branch, tag or commit of a hub model.
    :ivar query_prefix: what to put before a question; None = what its family is known to want.
    :ivar passage_prefix: the same for a passage.
    :ivar max_tokens: cut inputs to so many tokens, if that is less than the model's own limit.
    :ivar batch_size: texts encoded at once, >= 1.
    :ivar device: ``"cpu"``, ``"cuda"``...
    """

    model: str = BUNDLED
    revision: str | None = None
    query_prefix: str | None = None
    passage_prefix: str | None = None
    max_tokens: int | None = None
    batch_size: int = 32
    device: str | None = None


class Encoder(Protocol):
    """Turns text into vectors whose dot product is their similarity."""

    @property
    def info(self) -> EncoderInfo:
        """What an index built with this encoder records."""

    @property
    def table(self) -> TokenTable | None:
        """The token table whose rows its vectors are sums of; None for a network."""

    @property
    def lasting(self) -> bool:
        """Whether a vector comes again at once: kept in a file, or made as soon as it is read."""

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        """Return one vector a text, in order.

        :return: float32, shape (n, dim); unit rows, or a zero row for a text without a single
            token that the model knows.
        """


def check(index_info: EncoderInfo, model_info: EncoderInfo) -> None:
    """Make sure that an index can be searched with a model.

    :raises EncoderMismatch: if the model would give other vectors than those in the index.
    """
    same_name = index_info.name == model_info.name
    known = bool(index_info.revision and model_info.revision)
    if _settings(index_info) == _settings(model_info) and (known or same_name):
        return
    raise EncoderMismatch(
        f"the index was built with {index_info}, but the settings name {model_info}"
    )


def _settings(info: EncoderInfo) -> tuple[object, ...]:
    return info.revision, info.dim, info.query_prefix, info.passage_prefix, info.max_tokens
