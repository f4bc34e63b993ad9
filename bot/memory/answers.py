"""Answers that were shown: so that their buttons work after a restart, and for whom they may."""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.memory.chats import (
    filters_as_json,
    filters_from_json,
    turn_as_json,
    turn_from_json,
)
from bot.memory.state import State, remembered
from qa.conversation import TURNS, Conversation
from qa.service import Place
from qa.types import Turn

_SELECT = "SELECT id, chat_id, user_id, question_id, message_id, asked, places, turn FROM answers"

KEPT_S = 90 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Asked:
    """All that an answer depends on besides the archive.

    :ivar conversation: what it leans on.
    :ivar at: when it was asked: "yesterday" stays the same day on later pages.
    :ivar told: whether the answer tells the question: it was a button, and no message.
    """

    question: str
    conversation: Conversation
    at: datetime
    told: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer in a chat.

    :ivar user_id: who asked, and may press the buttons.
    :ivar question_id: the question's message.
    :ivar message_id: the answer's message; None until it was sent.
    :ivar places: where the quotes that were shown stand, by their numbers.
    :ivar turn: what the answer adds to its conversation; None where that is not known.
    """

    id: int
    chat_id: int
    user_id: int
    question_id: int
    message_id: int | None
    asked: Asked
    places: dict[int, Place]
    turn: Turn | None = None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The questions that a reply to this answer leans on, oldest first."""
        before = self.asked.conversation
        turn = self.turn or Turn(self.asked.question, before.filters)
        return (*before.turns, turn)[-TURNS:]


class Answers:
    """The answers that were shown."""

    def __init__(self, state: State) -> None:
        self.state = state

    @remembered
    def note(self, chat_id: int, user_id: int, question_id: int, asked: Asked) -> int:
        """Note an answer before it is sent, or the new question of one; return its number."""
        sql = (
            "INSERT INTO answers (chat_id, user_id, question_id, asked, places, at) "
            "VALUES (?, ?, ?, ?, '{}', ?) ON CONFLICT (chat_id, question_id) "
            "DO UPDATE SET asked = excluded.asked, places = '{}', turn = NULL RETURNING id"
        )
        values = json.dumps(_asked_as_json(asked), ensure_ascii=False)
        ((number,),) = self.state.rows(sql, chat_id, user_id, question_id, values, time.time())
        return int(number)

    @remembered
    def sent(self, number: int, message_id: int) -> None:
        """Note which message shows an answer."""
        self.state.change("UPDATE answers SET message_id = ? WHERE id = ?", message_id, number)

    @remembered
    def show(self, number: int, places: dict[int, Place], turn: Turn | None = None) -> None:
        """Note where the quotes of the page that is shown stand.

        :param turn: what the answer adds to its conversation; None leaves it as it was noted.
        """
        found = {n: [p.passage_id, p.sha256, p.start, p.end] for n, p in places.items()}
        said = json.dumps(turn_as_json(turn), ensure_ascii=False) if turn else None
        sql = (
            "UPDATE answers SET places = json_patch(places, ?), turn = coalesce(?, turn) "
            "WHERE id = ?"
        )
        self.state.change(sql, json.dumps(found), said, number)

    @remembered
    def get(self, number: int) -> Shown | None:
        """Return an answer by its number."""
        return self._one("id = ?", number)

    @remembered
    def to(self, chat_id: int, question_id: int) -> Shown | None:
        """Return the answer to a message."""
        return self._one("chat_id = ? AND question_id = ?", chat_id, question_id)

    @remembered
    def shown_by(self, chat_id: int, message_id: int) -> Shown | None:
        """Return the answer that a message of the bot shows."""
        return self._one("chat_id = ? AND message_id = ?", chat_id, message_id)

    @remembered
    def rate(self, shown: Shown, *, good: bool) -> None:
        """Note what the user thinks of an answer; a later opinion replaces an earlier one."""
        sql = "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?)"
        question = shown.asked.question
        self.state.change(sql, shown.id, shown.user_id, int(good), question, time.time())

    @remembered
    def tidy(self) -> None:
        """Erase what has been kept for long enough."""
        self.state.change("DELETE FROM answers WHERE at < ?", time.time() - KEPT_S)

    @remembered
    def rating(self, shown: Shown) -> bool | None:
        """Return whether the user found an answer to this very question good, if they said so."""
        sql = "SELECT good FROM feedback WHERE answer_id = ? AND user_id = ? AND question = ?"
        found = self.state.rows(sql, shown.id, shown.user_id, shown.asked.question)
        return bool(found[0][0]) if found else None

    def _one(self, where: str, *values: int) -> Shown | None:
        sql = f"{_SELECT} WHERE {where}"
        found = self.state.rows(sql, *values)
        if not found:
            return None
        number, chat_id, user_id, question_id, message_id, asked, places, turn = found[0]
        return Shown(
            id=number,
            chat_id=chat_id,
            user_id=user_id,
            question_id=question_id,
            message_id=message_id,
            asked=_asked_from_json(json.loads(asked)),
            places={int(n): Place(*place) for n, place in json.loads(places).items()},
            turn=turn_from_json(json.loads(turn)) if turn else None,
        )


def _asked_as_json(asked: Asked) -> dict[str, Any]:
    return {
        "question": asked.question,
        "turns": [turn_as_json(turn) for turn in asked.conversation.turns],
        "filters": filters_as_json(asked.conversation.filters),
        "at": asked.at.isoformat(),
        "told": asked.told,
    }


def _asked_from_json(values: dict[str, Any]) -> Asked:
    return Asked(
        question=values["question"],
        conversation=Conversation(
            tuple(map(_turn, values["turns"])), filters_from_json(values["filters"])
        ),
        at=datetime.fromisoformat(values["at"]),
        told=values.get("told", False),
    )


def _turn(values: dict[str, Any] | tuple[str, dict[str, Any]]) -> Turn:
    """Read a turn, as it is written now or as version 0.1 wrote it: its question and filters."""
    if isinstance(values, dict):
        return turn_from_json(values)
    question, filters = values
    return Turn(question, filters_from_json(filters))
