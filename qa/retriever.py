"""From a query to ranked passages: candidates from both engines, scored by ``qa.ranking``."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.bundled import TokenTable
from index.columns import day_number, script_number
from index.encoder import Encoder
from index.reader import Generation
from index.text import fold
from index.types import Rows
from qa.ranking import Probe, probe, score
from qa.types import Query, Window

FOREIGN_SHARE = 3
"""Candidates in other scripts than the question's, in multiples of those in its own: nothing but
their vectors proposes them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question.

    :ivar score: how well it answers, 0 to 1.
    """

    row: int
    score: float


@dataclass(frozen=True, slots=True)
class Retriever:
    """Searches one generation of the index."""

    generation: Generation
    encoder: Encoder
    table: TokenTable
    candidates: int

    def search(self, query: Query, window: Window | None = None) -> list[Hit]:
        """Return the candidates, best first.

        :param window: only articles published in it, besides what the query's filters ask for.
        """
        allowed, days, source = self._conditions(query, window)
        if allowed is not None and not allowed.any():
            return []
        asked = probe(query.text, self.encoder.encode([query.text], "query")[0], self.table)
        worded, _ = self.generation.lexical.search(
            asked.terms, self.candidates, days=days, source=source
        )
        rows = np.union1d(worded, self._near(asked, allowed))
        rows = self._with_phrases(query, rows)
        scores = score(asked, rows, self.generation, self.table)
        order = np.argsort(-scores, kind="stable")
        return [Hit(int(rows[i]), float(scores[i])) for i in order]

    def _near(self, asked: Probe, allowed: NDArray[np.bool_] | None) -> Rows:
        """Return the nearest passages in the question's script, and in the others.

        Each group gets its share: those in the question's own script are nearer as a rule, and
        would leave no room for the right passage in another language.
        """
        same = self.generation.columns.scripts == script_number(asked.script)
        groups = ((same, self.candidates), (~same, FOREIGN_SHARE * self.candidates))
        found = [
            self.generation.dense.search(
                asked.vector, k, group if allowed is None else group & allowed
            )[0]
            for group, k in groups
        ]
        return np.concatenate(found)

    def _conditions(
        self, query: Query, window: Window | None
    ) -> tuple[NDArray[np.bool_] | None, tuple[int | None, int | None] | None, int | None]:
        """Return the filters as each engine takes them."""
        days = _days(query.filters.window, window)
        source = None
        if query.filters.source is not None:
            # -1 is no source's number: a name that is not in the archive lets nothing through.
            source = self.generation.store.sources.get(query.filters.source, -1)
        return self.generation.columns.allowed(days, source), days, source

    def _with_phrases(self, query: Query, rows: Rows) -> Rows:
        """Keep the passages that hold every quoted phrase, compared after folding."""
        if not query.phrases or not len(rows):
            return rows
        phrases = [fold(phrase) for phrase in query.phrases]
        texts = [stored.passage.text for stored in self.generation.store.passages(rows.tolist())]
        kept = np.array([all(phrase in fold(text) for phrase in phrases) for text in texts])
        return np.asarray(rows[kept])


def _days(*windows: Window | None) -> tuple[int | None, int | None] | None:
    """Return the first and last day that all windows share, as day numbers."""
    given = [window for window in windows if window is not None]
    if not given:
        return None
    firsts = [_number(window.since) for window in given if window.since]
    lasts = [_number(window.until) for window in given if window.until]
    return max(firsts, default=None), min(lasts, default=None)


def _number(day: date) -> int:
    return day_number(day)
