"""Updates that were taken from Telegram: each is handled once, across crashes and restarts."""

import time

from bot.memory.state import State

KEPT_S = 7 * 24 * 3600
"""Numbers of handled updates are kept this long; Telegram delivers none later than 24 hours."""

MOST_ATTEMPTS = 3
"""An update that was under way at so many crashes is left alone: it may be their cause."""


class Ledger:
    """What was taken, and what of it is still to be answered."""

    def __init__(self, state: State) -> None:
        self._state = state
        state.change("DELETE FROM updates WHERE payload IS NULL AND at < ?", time.time() - KEPT_S)

    def take(self, update_id: int, user_id: int, payload: str) -> bool:
        """Note an update before anything is done about it; False if it was taken before.

        :param payload: the update as JSON; erased when it has been handled.
        """
        sql = "INSERT OR IGNORE INTO updates (update_id, user_id, at, payload) VALUES (?, ?, ?, ?)"
        return self._state.change(sql, update_id, user_id, time.time(), payload) == 1

    def begin(self, update_id: int) -> None:
        """Note that an update is being handled."""
        sql = "UPDATE updates SET attempts = attempts + 1 WHERE update_id = ?"
        self._state.change(sql, update_id)

    def done(self, update_id: int) -> None:
        """Note that an update was handled; of its content nothing stays."""
        self._state.change("UPDATE updates SET payload = NULL WHERE update_id = ?", update_id)

    def pending(self) -> list[str]:
        """Return what was taken before the last stop and not handled, oldest first."""
        sql = (
            "SELECT payload FROM updates WHERE payload IS NOT NULL AND attempts < ? "
            "ORDER BY update_id"
        )
        return [payload for (payload,) in self._state.rows(sql, MOST_ATTEMPTS)]
