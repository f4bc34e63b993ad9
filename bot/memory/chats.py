"""Conversations and preferences: what was asked before, which filters and language are in force."""

import json
from collections import OrderedDict
from datetime import date
from typing import Any

from telegram import Update, User

from bot.memory.moves import place_now
from bot.memory.state import State, remembered
from bot.showing.texts import TEXTS, Texts, texts_for
from qa.conversation import TURNS, Conversation
from qa.types import Filters, Turn, Window

MOST_LANGUAGES = 10_000
"""Users whose language is at hand: those whose updates came last."""


class Chats:
    """The conversation of each user in each chat, and each user's language."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._languages: OrderedDict[int, str] = OrderedDict()

    @remembered
    def conversation(
        self, chat_id: int, user_id: int, language: str | None = None, before: int | None = None
    ) -> Conversation:
        """Return what a user's next question leans on.

        :param language: that is spoken with the user.
        :param before: id of a message: only what was asked before it; None takes all.
        """
        chat_id, _ = place_now(self.state, chat_id)
        turns = self._turns(chat_id, user_id, before)
        return Conversation(turns, self._filters(chat_id, user_id), language)

    def _turns(self, chat_id: int, user_id: int, before: int | None) -> tuple[Turn, ...]:
        sql = (
            "SELECT turn FROM turns WHERE chat_id = ? AND user_id = ? AND message_id < ? "
            "ORDER BY message_id DESC LIMIT ?"
        )
        most = before if before is not None else 2**62
        found = self.state.rows(sql, chat_id, user_id, most, TURNS)
        return tuple(turn_from_json(json.loads(text)) for (text,) in reversed(found))

    @remembered
    def add(self, chat_id: int, user_id: int, message_id: int, turn: Turn) -> None:
        """Add a question that was understood, or replace it if its message was edited."""
        chat_id, message_id = place_now(self.state, chat_id, message_id)
        text = json.dumps(turn_as_json(turn), ensure_ascii=False)
        sql = (
            "INSERT OR REPLACE INTO turns (chat_id, user_id, message_id, turn) VALUES (?, ?, ?, ?)"
        )
        self.state.change(sql, chat_id, user_id, message_id, text)
        sql = (
            "DELETE FROM turns WHERE chat_id = ?1 AND user_id = ?2 AND message_id NOT IN (SELECT "
            "message_id FROM turns WHERE chat_id = ?1 AND user_id = ?2 "
            "ORDER BY message_id DESC LIMIT ?3)"
        )
        self.state.change(sql, chat_id, user_id, TURNS)

    @remembered
    def forget(self, chat_id: int, user_id: int) -> None:
        """Begin the conversation afresh; filters stay in force."""
        sql = "DELETE FROM turns WHERE chat_id = ? AND user_id = ?"
        self.state.change(sql, chat_id, user_id)

    @remembered
    def filters(self, chat_id: int, user_id: int) -> Filters:
        """Return the filters in force."""
        return self._filters(chat_id, user_id)

    def _filters(self, chat_id: int, user_id: int) -> Filters:
        sql = "SELECT filters FROM filters WHERE chat_id = ? AND user_id = ?"
        found = self.state.rows(sql, chat_id, user_id)
        return filters_from_json(json.loads(found[0][0])) if found else Filters()

    @remembered
    def set_filters(self, chat_id: int, user_id: int, filters: Filters) -> None:
        """Put filters in force for what is asked from now on."""
        sql = "INSERT OR REPLACE INTO filters VALUES (?, ?, ?)"
        text = json.dumps(filters_as_json(filters), ensure_ascii=False)
        self.state.change(sql, chat_id, user_id, text)

    @remembered
    def recall(self, user_id: int) -> None:
        """Look up which language a user has chosen, for ``language`` and ``texts``."""
        sql = "SELECT language FROM preferences WHERE user_id = ?"
        self._keep(user_id, next((code for (code,) in self.state.rows(sql, user_id)), None))

    def language(self, user: User | None) -> str | None:
        """Return the language that a user has chosen, as recalled, or else the one of their app."""
        return None if user is None else self._languages.get(user.id) or user.language_code

    @remembered
    def set_language(self, user_id: int, language: str | None) -> None:
        """Choose one of the languages of ``TEXTS``; None goes by the user's app again."""
        self.state.change("DELETE FROM preferences WHERE user_id = ?", user_id)
        if language is not None:
            self.state.change("INSERT INTO preferences VALUES (?, ?)", user_id, language)
        self._keep(user_id, language)

    def texts(self, update: Update) -> Texts:
        """Return the sentences in the language of the user whose update it is."""
        return texts_in(self.language(update.effective_user))

    def _keep(self, user_id: int, language: str | None) -> None:
        self._languages.pop(user_id, None)
        if language is not None:
            self._languages[user_id] = language
        if len(self._languages) > MOST_LANGUAGES:
            self._languages.popitem(last=False)


def texts_in(language: str | None) -> Texts:
    """Return the sentences in a language of ``TEXTS``, or else by an app's language code."""
    return TEXTS[language] if language and language in TEXTS else texts_for(language)


def filters_as_json(filters: Filters) -> dict[str, Any]:
    """Return filters as an object for JSON."""
    return {"window": _window_as_json(filters.window), "source": filters.source}


def filters_from_json(values: dict[str, Any]) -> Filters:
    """Return what ``filters_as_json`` was given."""
    return Filters(_window_from_json(values["window"]), values["source"])


def turn_as_json(turn: Turn) -> dict[str, Any]:
    """Return a turn as an object for JSON."""
    return {
        "question": turn.question,
        "filters": filters_as_json(turn.filters),
        "preferred": _window_as_json(turn.preferred),
        "undated": turn.undated,
        "phrases": turn.phrases,
        "compare": turn.compare,
        "shown": turn.shown,
    }


def turn_from_json(values: dict[str, Any]) -> Turn:
    """Return what ``turn_as_json`` was given; version 0.1 noted question and filters alone."""
    return Turn(
        values["question"],
        filters_from_json(values["filters"]),
        _window_from_json(values.get("preferred")),
        values.get("undated", ""),
        tuple(values.get("phrases", ())),
        values.get("compare", False),
        values.get("shown", 0),
    )


def _window_as_json(window: Window | None) -> list[str | None] | None:
    if window is None:
        return None
    return [end.isoformat() if end else None for end in (window.since, window.until)]


def _window_from_json(ends: list[str | None] | None) -> Window | None:
    return Window(*(date.fromisoformat(end) if end else None for end in ends)) if ends else None
