"""A conversation: what was asked before, which filters are in force, in which language.

Nothing changes in place: each answer, each new filter gives the next conversation. So whoever keeps
one (a terminal's loop, the bot's database, a page's address) decides how.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from qa.service import Service
from qa.types import Answer, Filters, Turn, Window

TURNS = 5
"""Earlier questions that a follow-up may lean on."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a question leans on.

    :ivar turns: earlier questions as they were understood, oldest first, ``TURNS`` at most.
    :ivar filters: set beside the questions, in force for all of them.
    :ivar language: code of the language that is spoken with the one who asks; None = not known.
    """

    turns: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    language: str | None = None

    def ask(
        self,
        service: Service,
        question: str,
        *,
        quotes: int | None = None,
        near: bool = True,
        now: datetime | None = None,
    ) -> Answer:
        """Answer a question; "go on" brings the quotes after those that were shown.

        :param quotes: quotes at most; None takes the service's setting.
        :param near: whether to add near misses when nothing answers.
        :param now: what "yesterday" is relative to; None takes the clock.
        """
        return service.answer(
            question, turns=self.turns, filters=self.filters, quotes=quotes, near=near, now=now
        )

    def after(self, answer: Answer, shown: int | None = None) -> Self:
        """Return the conversation after an answer; small talk leaves it as it is.

        :param shown: quotes that were shown of it; None = all.
        """
        turn = turn_of(answer, shown)
        return self if turn is None else replace(self, turns=(*self.turns, turn)[-TURNS:])

    def anew(self) -> Self:
        """Return the conversation without its turns; the filters stay in force."""
        return replace(self, turns=())

    def narrowed(
        self,
        *,
        since: Window | None = None,
        until: Window | None = None,
        source: str | None = None,
    ) -> Self:
        """Return the conversation with one filter more; where two exclude each other, the newer wins.

        :param since: days of which the first is the first that is wanted.
        :param until: days of which the last is the last that is wanted.
        """
        window = self.filters.window or Window()
        first = since.since if since else window.since
        last = until.until if until else window.until
        if first and last and first > last:
            first, last = (first, None) if since else (None, last)
        ends = Window(first, last) if first or last else None
        return replace(
            self, filters=replace(self.filters, window=ends, source=source or self.filters.source)
        )


def turn_of(answer: Answer, shown: int | None = None) -> Turn | None:
    """Return what an answer adds to its conversation; None for small talk.

    :param shown: quotes that were shown of it; None = all.
    """
    query = answer.query
    if query.small_talk:
        return None
    count = len(answer.quotes) if shown is None else min(shown, len(answer.quotes))
    return Turn(
        query.text,
        query.filters,
        query.preferred,
        query.undated,
        query.phrases,
        query.compare,
        answer.skipped + count,
    )
