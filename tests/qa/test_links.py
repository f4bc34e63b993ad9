from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.links import address_at, address_of, address_of_sentence, article_path, path_of, web_address
from qa.types import Quote
from tests.archive import BEES

CARD = replace(BEES.card, url="https://example.org/bees")
QUOTE = Quote(1, "Один. Два три.", ((6, 14),), 0.9, 0, (0,), 100, 114, CARD)


def test_the_page_shows_the_quote_and_marks_the_sentence() -> None:
    path = f"/articles/{CARD.sha256}"
    assert article_path(CARD.sha256) == path
    assert path_of(QUOTE) == f"{path}?from=100&to=114&mark=106-114#quote"
    assert path_of(replace(QUOTE, highlights=())) == f"{path}?from=100&to=114#quote"
    assert address_of(QUOTE, "") == address_at("", CARD.sha256) == ""
    assert address_of(QUOTE, "https://q.example") == f"https://q.example{path_of(QUOTE)}"


@pytest.mark.parametrize(
    ("sentence", "fragment"),
    [
        ("Два три.", "Два три."),
        ("well-known, so far", "well%2Dknown%2C so far"),
        (
            "The observatory on Mount Tessel will close its largest telescope for two years",
            "The observatory on,telescope for two years",
        ),
        ("x" * 50, "x" * 50 + "," + "x" * 50),
        (
            "港务长达斯科星期五宣布，奥尔姆港的新码头将于6月1日开放，比修订后的计划提前了三个星期。",
            "港务长达斯科星期五宣布，奥尔姆港,，比修订后的计划提前了三个星期。",
        ),
        ("", ""),
    ],
)
def test_a_fragment_shows_the_sentence_where_it_was_published(sentence: str, fragment: str) -> None:
    address = address_of_sentence(CARD, sentence)
    assert address
    base, _, text = address.partition("#:~:text=")
    assert base == CARD.url
    expected = fragment.replace("%2D", "-").replace("%2C", ",")
    assert unquote(text) == expected
    assert text.count(",") == (1 if len(sentence) > 40 else 0)
    assert "-" not in text


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://example.org/a b",
        'https://example.org/"x',
        "//example.org",
        "https://" + "x" * 3000,
        None,
        "",
    ],
)
def test_what_is_no_address_of_the_web_is_no_link(url: str | None) -> None:
    card = replace(CARD, url=url)
    assert web_address(card) is None
    assert address_of_sentence(card, "x") is None


def test_a_fragment_joins_one_that_is_there() -> None:
    card = replace(CARD, url="https://example.org/bees#part")
    assert address_of_sentence(card, "bees") == "https://example.org/bees#part:~:text=bees"


@given(st.text(max_size=200))
def test_any_sentence_makes_an_address(sentence: str) -> None:
    address = address_of_sentence(CARD, sentence)
    assert address
    assert address.isascii()
    assert address.startswith("https://example.org/bees")
