"""The watches on record: questions that are asked again when the archive has changed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from bot.memory.chats import filters_as_json, filters_from_json
from bot.memory.state import State
from qa.types import Filters

_SELECT = "SELECT id, chat_id, user_id, question, filters, language, generation FROM watches"


@dataclass(frozen=True, slots=True)
class Watch:
    """A question that is watched.

    :ivar generation: the index that it was last asked of.
    """

    id: int
    chat_id: int
    user_id: int
    question: str
    filters: Filters
    language: str
    generation: str


class Watches:
    """The watches on record."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, watch: Watch, seen: Iterable[str]) -> None:
        """Put a watch on record; what is seen already is no news."""
        with self._state.together():
            number = self._state.insert(
                "INSERT INTO watches (chat_id, user_id, question, filters, language, generation) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                watch.chat_id,
                watch.user_id,
                watch.question,
                json.dumps(filters_as_json(watch.filters), ensure_ascii=False),
                watch.language,
                watch.generation,
            )
            self._see(number, seen)

    def of(self, user_id: int) -> list[Watch]:
        """Return a user's watches, oldest first."""
        return self._some("user_id = ?", user_id)

    def behind(self, generation: str) -> list[Watch]:
        """Return the watches that were not yet asked of an index."""
        return self._some("generation != ?", generation)

    def unseen(self, watch: Watch, keys: Iterable[str]) -> set[str]:
        """Return which quotes are news to a watch; none if it was removed meanwhile."""
        # In one statement: what a watch has seen goes with it, and then all would be news.
        sql = "SELECT quote FROM watches LEFT JOIN seen ON watch_id = id WHERE id = ?"
        rows = self._state.rows(sql, watch.id)
        return set(keys) - {key for (key,) in rows} if rows else set()

    def asked(self, watch: Watch, generation: str, seen: Iterable[str]) -> None:
        """Note that a watch was asked of an index, and what was found there."""
        with self._state.together():
            sql = "UPDATE watches SET generation = ? WHERE id = ?"
            if self._state.change(sql, generation, watch.id):  # it may be gone by now
                self._see(watch.id, seen)

    def remove(self, number: int, user_id: int) -> None:
        """Remove a watch, if it is that user's."""
        self._state.change("DELETE FROM watches WHERE id = ? AND user_id = ?", number, user_id)

    def _see(self, number: int, keys: Iterable[str]) -> None:
        for key in keys:
            self._state.change("INSERT OR IGNORE INTO seen VALUES (?, ?)", number, key)

    def _some(self, where: str, value: object) -> list[Watch]:
        return [
            Watch(
                id=number,
                chat_id=chat_id,
                user_id=user_id,
                question=question,
                filters=filters_from_json(json.loads(filters)),
                language=language,
                generation=generation,
            )
            for number, chat_id, user_id, question, filters, language, generation in (
                self._state.rows(f"{_SELECT} WHERE {where} ORDER BY id", value)
            )
        ]
