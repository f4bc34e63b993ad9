"""The watches on record: questions that are asked again when the archive has changed."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bot.memory.chats import filters_as_json, filters_from_json
from bot.memory.state import State, remembered
from qa.types import Filters

_SELECT = (
    "SELECT id, chat_id, user_id, question, filters, language, generation, thread, daily, told "
    "FROM watches"
)


@dataclass(frozen=True, slots=True)
class Watch:
    """A question that is watched.

    :ivar generation: the index that it was last asked of.
    :ivar thread: of a forum, where its news go.
    :ivar daily: whether its news are gathered, and told once a day.
    :ivar told: day of the last time that they were.
    """

    id: int
    chat_id: int
    user_id: int
    question: str
    filters: Filters
    language: str
    generation: str
    thread: int | None = None
    daily: bool = False
    told: date | None = None


class Watches:
    """The watches on record."""

    def __init__(self, state: State) -> None:
        self.state = state

    @remembered
    def add(self, watch: Watch, seen: Collection[str]) -> None:
        """Put a watch on record; what is seen already is no news."""
        number = self.state.insert(
            "INSERT INTO watches (chat_id, user_id, question, filters, language, generation, "
            "thread, daily, told) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            watch.chat_id,
            watch.user_id,
            watch.question,
            json.dumps(filters_as_json(watch.filters), ensure_ascii=False),
            watch.language,
            watch.generation,
            watch.thread,
            int(watch.daily),
            _day(watch.told),
        )
        self._see(number, seen)

    @remembered
    def of(self, user_id: int) -> list[Watch]:
        """Return a user's watches, oldest first."""
        return self._some("user_id = ?", user_id)

    @remembered
    def in_chat(self, chat_id: int) -> list[Watch]:
        """Return the watches whose news go to a chat, oldest first."""
        return self._some("chat_id = ?", chat_id)

    @remembered
    def get(self, number: int) -> Watch | None:
        """Return a watch by its number."""
        return next(iter(self._some("id = ?", number)), None)

    @remembered
    def behind(self, generation: str) -> list[Watch]:
        """Return the watches to be told at once that were not yet asked of an index."""
        return self._some("NOT daily AND generation != ?", generation)

    @remembered
    def due(self, today: date) -> list[Watch]:
        """Return the watches of which nothing was told today yet, those of a chat together."""
        found = self._some("daily AND told != ?", _day(today))
        return sorted(found, key=lambda watch: (watch.chat_id, watch.thread or 0))

    @remembered
    def tell(self, number: int, *, daily: bool, today: date) -> None:
        """Let the news of a watch be told once a day, from tomorrow on, or at once."""
        sql = "UPDATE watches SET daily = ?, told = ? WHERE id = ?"
        self.state.change(sql, int(daily), _day(today), number)

    @remembered
    def unseen(self, watch: Watch, keys: Collection[str]) -> set[str]:
        """Return which quotes are news to a watch; none if it was removed meanwhile."""
        # In one statement: what a watch has seen goes with it, and then all would be news.
        sql = "SELECT quote FROM watches LEFT JOIN seen ON watch_id = id WHERE id = ?"
        rows = self.state.rows(sql, watch.id)
        return set(keys) - {key for (key,) in rows} if rows else set()

    @remembered
    def asked(
        self, watch: Watch, generation: str, seen: Collection[str], today: date | None = None
    ) -> None:
        """Note that a watch was asked of an index, and what was found there.

        :param today: the day, when it is one that is told once a day.
        """
        told = today or watch.told
        sql = "UPDATE watches SET generation = ?, told = ? WHERE id = ?"
        if self.state.change(sql, generation, _day(told), watch.id):  # it may be gone by now
            self._see(watch.id, seen)

    @remembered
    def remove(self, number: int) -> None:
        """Remove a watch."""
        self.state.change("DELETE FROM watches WHERE id = ?", number)

    def _see(self, number: int, keys: Collection[str]) -> None:
        for key in keys:
            self.state.change("INSERT OR IGNORE INTO seen VALUES (?, ?)", number, key)

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
                thread=thread,
                daily=bool(daily),
                told=date.fromisoformat(told) if told else None,
            )
            for (
                number,
                chat_id,
                user_id,
                question,
                filters,
                language,
                generation,
                thread,
                daily,
                told,
            ) in self.state.rows(f"{_SELECT} WHERE {where} ORDER BY id", value)
        ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
