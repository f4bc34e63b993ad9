"""Updates that were taken from Telegram: each is handled once, across crashes and restarts."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.memory.state import State, remembered

KEPT_S = 7 * 24 * 3600
"""Numbers of handled updates are kept this long; Telegram delivers none later than 24 hours. So is
the content of those that could not be handled."""

MOST_ATTEMPTS = 3
"""An update that was under way at so many crashes is left alone: it may be their cause. So is one
that could not be read at so many starts."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An update as it came.

    :ivar user_id: whose it is; 0 where that is not known.
    :ivar payload: the update as JSON; erased when it has been handled.
    """

    update_id: int
    user_id: int
    payload: str


class Ledger:
    """What was taken, and what of it is still to be answered."""

    def __init__(self, state: State) -> None:
        self.state = state

    @remembered
    def take(self, updates: Sequence[Taken]) -> list[int]:
        """Note updates before anything is done about them; return the numbers of the new ones."""
        sql = "INSERT OR IGNORE INTO updates (update_id, user_id, at, payload) VALUES (?, ?, ?, ?)"
        return [
            each.update_id
            for each in updates
            if self.state.change(sql, each.update_id, each.user_id, time.time(), each.payload)
        ]

    @remembered
    def begin(self, update_id: int) -> None:
        """Note that an update is being handled."""
        sql = "UPDATE updates SET attempts = attempts + 1 WHERE update_id = ?"
        self.state.change(sql, update_id)

    @remembered
    def done(self, update_id: int) -> None:
        """Note that an update was handled; of its content nothing stays."""
        self.state.change("UPDATE updates SET payload = NULL WHERE update_id = ?", update_id)

    @remembered
    def pending(self) -> list[str]:
        """Return what was taken before the last stop and not handled, oldest first."""
        sql = (
            "SELECT payload FROM updates WHERE payload IS NOT NULL AND attempts < ? "
            "ORDER BY update_id"
        )
        return [payload for (payload,) in self.state.rows(sql, MOST_ATTEMPTS)]

    @remembered
    def tidy(self) -> None:
        """Erase what has been kept for long enough."""
        sql = "DELETE FROM updates WHERE (payload IS NULL OR attempts >= ?) AND at < ?"
        self.state.change(sql, MOST_ATTEMPTS, time.time() - KEPT_S)
