"""Buttons fit Telegram's limits and mean what they meant when they were made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.showing.keyboards import (
    LAST_PAGE,
    Press,
    Verb,
    language_keyboard,
    page_keyboard,
    quote_keyboard,
)
from bot.showing.render import Page
from bot.showing.texts import ENGLISH, TEXTS

VERBS: tuple[Verb, ...] = ("page", "context", "card", "good", "bad", "none")
PAGES = (Page("a", (1, 2, 3)), Page("b", (4,)))


def rows(keyboard: object) -> list[list[tuple[str, Press | None]]]:
    return [
        [(button.text, Press.of(button.callback_data)) for button in row]
        for row in keyboard.inline_keyboard  # type: ignore[attr-defined] # of any keyboard
    ]


@given(
    st.sampled_from(VERBS),
    st.integers(0, 2**53),
    st.booleans(),
    st.integers(0, 999),
    st.integers(0, 999),
)
def test_what_a_button_says_is_read_back(
    verb: Verb,
    answer: int,
    near: bool,  # noqa: FBT001 - drawn, not passed by a caller
    page: int,
    quote: int,
) -> None:
    press = Press(verb, answer, near, page, quote)
    assert Press.of(str(press)) == press
    assert len(str(press).encode()) <= 64


@pytest.mark.parametrize(
    "data", ["", "p", "p:1:a0", "q:1:a0:0", "p:-1:a0:0", "p:1:a0:0 ", "p:1:a٣:0"]
)
def test_other_data_is_no_button_of_an_answer(data: str) -> None:
    assert Press.of(data) is None


def test_the_buttons_of_a_first_page() -> None:
    assert rows(page_keyboard(Press("page", 9), PAGES, ENGLISH, has_near=False)) == [
        [(f"¶ {n}", Press("context", 9, quote=n)) for n in (1, 2, 3)],
        [
            ("‹", Press("page", 9, page=1)),
            ("1/2", Press("none", 9)),
            ("›", Press("page", 9, page=1)),
        ],
        [("👍", Press("good", 9)), ("👎", Press("bad", 9))],
    ]


def test_a_first_page_that_knows_only_that_there_is_a_second() -> None:
    shown = rows(page_keyboard(Press("page", 9), PAGES, ENGLISH, has_near=False, has_all=False))
    assert shown[1] == [
        ("‹", Press("page", 9, page=LAST_PAGE)),
        ("1/…", Press("none", 9)),
        ("›", Press("page", 9, page=1)),
    ]


def test_the_buttons_of_a_last_page_with_one_quote() -> None:
    shown = rows(page_keyboard(Press("page", 9, page=1), PAGES, ENGLISH, has_near=False))
    assert shown[0] == [("In context", Press("context", 9, page=1, quote=4))]
    assert [press for _, press in shown[1]] == [
        Press("page", 9),
        Press("none", 9, page=1),
        Press("page", 9),
    ]


def test_near_misses_are_behind_a_button_and_lead_back() -> None:
    none = (Page("nothing"),)
    shown = rows(page_keyboard(Press("page", 9), none, ENGLISH, has_near=True))
    assert shown[0] == [("Show the nearest quotes", Press("page", 9, near=True))]
    shown = rows(page_keyboard(Press("page", 9, near=True), PAGES, ENGLISH, has_near=True))
    assert shown[1][2] == ("›", Press("page", 9, near=True, page=1))
    assert shown[2] == [("↩ Back", Press("page", 9))]


def test_ten_quotes_take_two_rows() -> None:
    ten = (Page("a", tuple(range(1, 11))),)
    shown = rows(page_keyboard(Press("page", 9), ten, ENGLISH, has_near=False))
    assert [len(row) for row in shown] == [8, 2, 2]


def test_context_and_card_lead_to_each_other_and_back() -> None:
    at = Press("context", 9, near=True, page=2, quote=5)
    back = ("↩ Back", Press("page", 9, near=True, page=2))
    card = Press("card", 9, near=True, page=2, quote=5)
    assert rows(quote_keyboard(at, ENGLISH)) == [[("The article", card), back]]
    assert rows(quote_keyboard(card, ENGLISH)) == [[("In context", at), back]]


def test_every_language_can_be_chosen() -> None:
    data = [row[0].callback_data for row in language_keyboard(ENGLISH).inline_keyboard]
    assert data == [*(f"l:{language}" for language in TEXTS), "l:auto"]
