"""The generation of an archive that answers, and the change to the next one.

One generation is held, opened. When another process makes a new one current, whoever asks next gets it;
who is under way keeps the one they began with. When the new one cannot be opened, the one that is held
keeps answering.
"""

import logging
import threading
from collections.abc import Callable

from index.engines.protocol import Engine
from index.errors import ArchiveIndexError, EncoderError, EngineUnavailable
from qa.retrieval.retriever import Retriever

_log = logging.getLogger(__name__)


class Holding:
    """Holds the retriever of the generation that answers; safe to share between threads.

    :param engine: what keeps the archive's index.
    :param open_retriever: opens the generation that is current.
    :raises ArchiveIndexError: if there is none, or it cannot be used.
    """

    def __init__(self, engine: Engine, open_retriever: Callable[[Engine], Retriever]) -> None:
        self._engine = engine
        self._open = open_retriever
        self._swap = threading.Lock()
        self._retriever = open_retriever(engine)
        self._refused = ""
        self._complaint = ""

    def current(self) -> Retriever:
        """Return the retriever of the generation that is current, or of the last that could be opened."""
        with self._swap:
            name = ""
            held = self._retriever.searcher.generation
            try:
                name = self._engine.current()
                if name not in (held, self._refused):
                    # The old one is closed when the last question that uses it lets it go.
                    self._retriever = self._open(self._engine)
            except (ArchiveIndexError, EncoderError) as error:
                # It is not tried again: to find out what is wrong may take reading all of it. A server
                # that was away may be there the next time.
                self._refused = "" if isinstance(error, EngineUnavailable) else name
                self._complain(str(error))
            return self._retriever

    def close(self) -> None:
        """Let go of the index."""
        self._retriever.searcher.close()

    def _complain(self, error: str) -> None:
        """Log why the generation that is held goes on answering, once."""
        if error != self._complaint:
            _log.error(
                "%s; the generation %s goes on answering",
                error,
                self._retriever.searcher.generation,
            )
            self._complaint = error
