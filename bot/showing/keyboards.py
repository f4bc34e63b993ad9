"""Pure: the buttons below an answer, and what pressing them means.

A button says which answer it belongs to, which page was shown and which quote is meant: short
numbers, so that its data never reaches Telegram's 64 bytes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.showing.render import Page
from bot.showing.texts import TEXTS, Texts

BUTTONS_A_ROW = 8
"""https://core.telegram.org/bots/api#inlinekeyboardmarkup; more would be too narrow to read."""

Verb = Literal["page", "context", "card", "good", "bad", "none"]
_LETTERS: dict[Verb, str] = {
    "page": "p",
    "context": "s",
    "card": "c",
    "good": "g",
    "bad": "b",
    "none": "o",
}
_VERBS = {letter: verb for verb, letter in _LETTERS.items()}
_DATA = re.compile(r"([pscgbo]):(\d{1,18}):([an])(\d{1,3}):(\d{1,3})", re.ASCII)

ANSWER_BUTTONS = r"^[pscgbo]:"
LANGUAGE_BUTTONS = r"^l:"
AUTOMATIC = "auto"

LAST_PAGE = 999
"""A button's page where the number of pages is not known yet: the last one."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button of an answer.

    :ivar answer: number of the answer.
    :ivar near: whether near misses are shown, not the answer.
    :ivar page: from 0.
    :ivar quote: number of a quote; 0 = none.
    """

    verb: Verb
    answer: int
    near: bool = False
    page: int = 0
    quote: int = 0

    def __str__(self) -> str:
        """Return the button's data."""
        view = f"{'n' if self.near else 'a'}{self.page}"
        return f"{_LETTERS[self.verb]}:{self.answer}:{view}:{self.quote}"

    @classmethod
    def of(cls, data: str) -> "Press | None":
        """Read a button's data; None if it is not one of an answer."""
        found = _DATA.fullmatch(data)
        if not found:
            return None
        letter, answer, view, page, quote = found.groups()
        return cls(_VERBS[letter], int(answer), view == "n", int(page), int(quote))


def page_keyboard(
    at: Press, pages: Sequence[Page], texts: Texts, *, has_near: bool, has_all: bool = True
) -> InlineKeyboardMarkup:
    """Return the buttons below a page.

    :param at: the press that shows this page.
    :param has_near: whether near misses can be offered instead of an answer.
    :param has_all: whether ``pages`` are all there are; else only those that can be told already.
    """
    quotes = pages[at.page].quotes
    labels = [texts.surroundings] if len(quotes) == 1 else [f"¶ {n}" for n in quotes]
    context = [
        _button(label, replace(at, verb="context", quote=n))
        for label, n in zip(labels, quotes, strict=True)
    ]
    rows = [context[i : i + BUTTONS_A_ROW] for i in range(0, len(context), BUTTONS_A_ROW)]
    if len(pages) > 1:
        last = len(pages) - 1 if has_all else LAST_PAGE
        count = str(len(pages)) if has_all else "…"
        rows.append(
            [
                _button("‹", replace(at, page=at.page - 1 if at.page else last)),
                _button(f"{at.page + 1}/{count}", replace(at, verb="none")),
                _button("›", replace(at, page=at.page + 1 if at.page < last else 0)),
            ]
        )
    if at.near:
        rows.append([_button(f"↩ {texts.back}", Press("page", at.answer))])
    elif has_near:
        rows.append([_button(texts.show_near, Press("page", at.answer, near=True))])
    rows.append([_button("👍", replace(at, verb="good")), _button("👎", replace(at, verb="bad"))])
    return InlineKeyboardMarkup(rows)


def quote_keyboard(at: Press, texts: Texts) -> InlineKeyboardMarkup:
    """Return the buttons below a quote's surroundings or its article's card."""
    other: Verb = "card" if at.verb == "context" else "context"
    label = texts.card if other == "card" else texts.surroundings
    back = replace(at, verb="page", quote=0)
    row = [_button(label, replace(at, verb=other)), _button(f"↩ {texts.back}", back)]
    return InlineKeyboardMarkup([row])


def language_keyboard(texts: Texts) -> InlineKeyboardMarkup:
    """Return a button for each language, and one for going by the user's app."""
    rows = [
        [InlineKeyboardButton(each.name, callback_data=f"l:{language}")]
        for language, each in TEXTS.items()
    ]
    automatic = InlineKeyboardButton(texts.language_automatic, callback_data=f"l:{AUTOMATIC}")
    return InlineKeyboardMarkup([*rows, [automatic]])


def _button(label: str, press: Press) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=str(press))
