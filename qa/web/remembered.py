"""Answers that were given lately: a page, its ``.json``, its feed and its reader's next look ask the same."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeAlias

from qa.types import Answer
from qa.web.asking import Asked

MOST = 2000
"""Answers that are kept, about 23 kB each; what was not asked for longest goes first."""

Key: TypeAlias = tuple[str, date, Asked, bool, bool]


@dataclass(frozen=True, slots=True)
class Remembered:
    """Answers by what was asked, of one generation on one day: either may change what is answered.

    Safe to use from several threads.
    """

    _answers: OrderedDict[Key, Answer] = field(default_factory=OrderedDict)
    _changing: threading.Lock = field(default_factory=threading.Lock)

    def find(self, key: Key) -> Answer | None:
        """Return what was answered, if it is still kept."""
        with self._changing:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def keep(self, key: Key, answer: Answer) -> None:
        """Keep an answer."""
        with self._changing:
            self._answers[key] = answer
            if len(self._answers) > MOST:
                self._answers.popitem(last=False)


def key_of(generation: str, asked: Asked, *, near: bool, consider: bool) -> Key:
    """Return by what an answer is kept: "yesterday" means another day tomorrow."""
    return generation, datetime.now(UTC).astimezone().date(), asked, near, consider
