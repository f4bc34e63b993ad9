"""A cross-encoder that reads question and passage together and reorders the best candidates.

Off unless ``rerank.model`` names a model: it is slower than all else by orders of magnitude, and
needs sentence-transformers. It changes the order, not the answer score, which stays calibrated.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from index.errors import EncoderUnavailable

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class Reranker(Protocol):
    """Judges how well texts answer a question."""

    @property
    def depth(self) -> int:
        """Candidates that are judged, the best ones."""

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """Return the places of the texts, best first."""


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder as a ``Reranker``."""

    def __init__(self, model: "CrossEncoder", depth: int) -> None:
        self._model = model
        self._depth = depth

    @property
    def depth(self) -> int:
        """Candidates that are judged, the best ones."""
        return self._depth

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """Return the places of the texts, best first; equals keep their order."""
        scores = self._model.predict(
            [(question, text) for text in texts], show_progress_bar=False
        ).tolist()
        return sorted(range(len(texts)), key=lambda place: -scores[place])


def open_reranker(model: str, depth: int, device: str | None = None) -> CrossEncoderReranker:
    """Load a cross-encoder from a folder or the model hub.

    :raises EncoderUnavailable: if it cannot be loaded; the message says what to do.
    """
    try:
        # Imported when wanted: it brings torch, which takes seconds to import.
        from sentence_transformers import CrossEncoder  # noqa: PLC0415 - see above
    except ImportError as error:
        raise EncoderUnavailable(
            "rerank.model needs sentence-transformers; "
            "install it with: pip install 'newsquote[transformers]'"
        ) from error
    try:
        return CrossEncoderReranker(CrossEncoder(model, num_labels=1, device=device), depth)
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        raise EncoderUnavailable(
            f"the reranker {model!r} cannot be loaded: {reason}. "
            "Set rerank.model to a local folder or a hub name, or to '' to do without"
        ) from error
