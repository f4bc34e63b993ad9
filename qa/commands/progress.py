"""How a build or an update gets on, for people at a terminal. A ``Listener``."""

import sys
import time
from types import TracebackType
from typing import Self

from index.building.events import Encoded, Event, Written

_EVERY_S = 0.5
"""Seconds between two lines of progress."""


class Progress:
    """Keeps one line on the terminal up to date, until the block ends.

    What is to be said of a file is a line of its own.

    Into a pipe or a file goes only what is to be said.
    """

    def __init__(self) -> None:
        self._began = self._shown = time.perf_counter()
        self._terminal = sys.stderr.isatty()
        self._stands = self._terminal  # the line that the command began with

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def restart(self) -> None:
        """Count the seconds from now."""
        self._began = self._shown = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.perf_counter() - self._began

    def __call__(self, event: Event) -> None:
        """Show an event, or now and then how far it is."""
        if isinstance(event, Written):
            self._written(event)
        elif isinstance(event, Encoded):
            self._encoded(event)
        else:
            self.end()
            print(event, file=sys.stderr)

    def _written(self, event: Written) -> None:
        now = time.perf_counter()
        if self._terminal and now - self._shown > _EVERY_S:
            self._shown = now
            rate = event.articles / (now - self._began)
            self._line(
                f"{event.articles} articles, {event.passages} passages, {rate:.0f} articles/s"
            )

    def _encoded(self, event: Encoded) -> None:
        if self._terminal:
            minutes, seconds = divmod(round(event.seconds_left), 60)
            left = f"{minutes}:{seconds:02} left"
            done = event.done >= event.total
            self._line(
                "" if done else f"encoding {event.done:,} of {event.total:,} passages, {left}"
            )

    def end(self) -> None:
        """Clear the line, if one stands."""
        if self._stands:
            self._line("")

    def _line(self, text: str) -> None:
        self._stands = bool(text)
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
