"""Groups that become supergroups: they have another number then, and all about them moves along."""

from bot.memory.state import State, remembered

EARLIER = 1 << 32
"""Taken from the numbers of messages that move: a supergroup counts its own from 1, and the questions
from before are the earlier ones."""

STAY = frozenset({"answers"})
"""Tables whose rows stay where they were: their messages do, and a number may be another's there."""


def place_now(state: State, chat_id: int, message_id: int = 0) -> tuple[int, int]:
    """Return where a message of a group is now, and its number there: as it was, if it has not moved."""
    moved = state.rows("SELECT new_id FROM moves WHERE old_id = ?", chat_id)
    return (moved[0][0], message_id - EARLIER) if moved else (chat_id, message_id)


class Moves:
    """Where groups have moved to."""

    def __init__(self, state: State) -> None:
        self.state = state

    @remembered
    def move(self, old_id: int, new_id: int) -> None:
        """Let all that is kept about a group be about another one; what is there already stays."""
        self.state.change("INSERT OR IGNORE INTO moves VALUES (?, ?)", old_id, new_id)
        sql = "UPDATE turns SET message_id = message_id - ? WHERE chat_id = ?"
        self.state.change(sql, EARLIER, old_id)
        for table in self.state.tables_with("chat_id"):
            if table not in STAY:
                sql = f"UPDATE OR IGNORE {table} SET chat_id = ? WHERE chat_id = ?"  # noqa: S608 - a table's name
                self.state.change(sql, new_id, old_id)
