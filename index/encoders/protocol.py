"""Encoders: text -> unit vectors, and the record that ties an index to the model that built it."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol, TypeAlias

import numpy as np

from index.errors import EncoderMismatch
from index.types import Role, Vectors

BUNDLED = "bundled"
"""The name of the model that comes with the package."""

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

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "EncoderInfo":
        """Return what ``to_dict`` was given.

        :raises ValueError: if a field is missing, unknown or of a wrong type.
        """
        expected = {field.name for field in fields(cls)}
        if set(values) != expected:
            raise ValueError(f"expected the fields {sorted(expected)}, found {sorted(values)}")
        strings = ("name", "revision", "query_prefix", "passage_prefix")
        limit = values["max_tokens"]
        if not (
            all(isinstance(values[key], str) for key in strings)
            and isinstance(values["dim"], int)
            and (limit is None or isinstance(limit, int))
        ):
            raise ValueError(f"a field of the encoder's record has a wrong type: {dict(values)}")
        return cls(**values)

    def __str__(self) -> str:
        """Return one line for messages: every field that tells two models apart."""
        parts = [f"revision {self.revision or 'unknown'}", f"{self.dim} dimensions"]
        if self.query_prefix or self.passage_prefix:
            parts.append(f"prefixes {self.query_prefix!r} and {self.passage_prefix!r}")
        if self.max_tokens is not None:
            parts.append(f"{self.max_tokens} tokens")
        return f"{self.name} ({', '.join(parts)})"


class Encoder(Protocol):
    """Turns text into vectors whose dot product is their similarity."""

    @property
    def info(self) -> EncoderInfo:
        """What an index built with this encoder records."""

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
        f"The index was built with {index_info}, but the settings name {model_info}. "
        "Rebuild the index with `newsquote index build`, or set encoder.model (and its prefixes, "
        f"revision and max_tokens) back to {index_info.name!r}."
    )


def _settings(info: EncoderInfo) -> tuple[object, ...]:
    return info.revision, info.dim, info.query_prefix, info.passage_prefix, info.max_tokens


def open_encoder(
    model: str = BUNDLED,
    *,
    revision: str | None = None,
    query_prefix: str | None = None,
    passage_prefix: str | None = None,
    max_tokens: int | None = None,
    batch_size: int = 32,
    device: str | None = None,
    progress: Progress | None = None,
) -> Encoder:
    """Open a model. None leaves a choice to the model or its library.

    The bundled model has no settings of its own: the arguments after the first are for the others.

    :param model: ``"bundled"``, a folder, or a name on the model hub.
    :param revision: branch, tag or commit of a hub model.
    :param query_prefix: what to put before a question; None = what its family is known to want.
    :param passage_prefix: the same for a passage.
    :param max_tokens: cut inputs to so many tokens, if that is less than the model's own limit.
    :param batch_size: texts encoded at once, >= 1.
    :param device: ``"cpu"``, ``"cuda"``...
    :param progress: told how a long call of ``encode`` gets on.
    :raises EncoderUnavailable: if the model cannot be loaded.
    """
    # Imported when wanted: sentence-transformers brings torch, which takes seconds to import.
    if model == BUNDLED:
        from index.encoders.token_table import BundledEncoder, TokenTable  # noqa: PLC0415 - see above

        return BundledEncoder(TokenTable.open())
    from index.encoders.transformer import TransformerEncoder  # noqa: PLC0415 - see above

    return TransformerEncoder.open(
        model,
        revision=revision,
        query_prefix=query_prefix,
        passage_prefix=passage_prefix,
        max_tokens=max_tokens,
        batch_size=batch_size,
        device=device,
        progress=progress,
    )


def show_progress(done: int, total: int, seconds_left: float) -> None:
    """Keep one line on the terminal up to date; write nothing into a pipe. A ``Progress``."""
    if not sys.stderr.isatty():
        return
    minutes, seconds = divmod(round(seconds_left), 60)
    line = f"encoding {done:,} of {total:,} passages, {minutes}:{seconds:02} left"
    sys.stderr.write(f"\r\x1b[K{line if done < total else ''}")
    sys.stderr.flush()


def unit_rows(rows: Vectors) -> Vectors:
    """Scale rows to length 1 in place and return them; zero rows stay.

    :param rows: float32, shape (n, dim).
    """
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    np.divide(rows, lengths, out=rows, where=lengths > 0)
    return rows


def encodable(texts: Sequence[str]) -> list[str]:
    """Replace lone surrogates, which tokenizers refuse, by "?"; every offset stays."""
    return [text.encode("utf-8", "replace").decode() for text in texts]
