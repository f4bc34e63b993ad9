"""Quoted headlines: what stands in a title is found there when no text has it."""

from collections.abc import Iterator
from datetime import date

import pytest

from config.loading import load_settings
from qa.checking.verdicts import Check, Claim
from qa.opening import open_service
from qa.service import Service
from qa.types import Window
from tests.archive import ARTICLES, article, build_index, models

REEF = article("reef.md", title="The reef that ships avoid", day="2020-01-01", source="Coast Wire")
REEF_AGAIN = article("reef-2.md", title="The Reef That Ships Avoid", source="Olm Gazette")
WALL = article(
    "wall.md", title="防波堤百年史：从木桩到三千根钢桩", day="2021-05-01", source="海港社"
)
MIRROR = article(
    "mirror.md",
    "A barge was seen in the morning, and nobody knew what it carried.",
    title="Voss: the mirror will not be back before 2027",
    day="2024-01-01",
    source="Olm Gazette",
)
QUOTED = article(
    "quoted.md", "Coast Wire wrote of “the reef that ships avoid” again.", source="Morning Tide"
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("index")
    build_index(folder, [WALL, *ARTICLES, MIRROR, REEF])
    settings = load_settings().with_flags(index={"dir": folder})
    with open_service(settings, models()) as service:
        yield service


def edits(check: Check) -> list[tuple[str, str, str, str | None]]:
    """What differs from the archive."""
    return [(one.edit, one.archived, one.quoted, one.touches) for one in check.changes]


@pytest.mark.parametrize(
    ("quotation", "path", "text"),
    [
        # of an article without a text
        ("The reef that ships avoid", "reef.md", "The reef that ships avoid"),
        ("ships avoid", "reef.md", "ships avoid"),
        ("防波堤百年史 從木樁到三千根鋼樁", "wall.md", "防波堤百年史：从木桩到三千根钢桩"),
        # of one with a text
        ("奥尔姆新码头六月开放", "harbour-late.md", "奥尔姆新码头六月开放"),
        ("Пчёлы, которым не страшен мороз", "bees.md", "Пчёлы, которым не страшен мороз"),
        ("mirror will not be back", "mirror.md", "mirror will not be back"),
        ("Tele scope on Mount Tessel to go dark", "observatory.md",
         "Telescope on Mount Tessel to go dark"),
    ],
)  # fmt: skip
def test_a_headline_is_verified(service: Service, quotation: str, path: str, text: str) -> None:
    check = service.check_quote(quotation)
    assert check.verdict == "verified"
    (place,) = check.places
    assert (place.article.path, place.text) == (path, text)
    assert place.in_title
    assert place.article.title[place.start : place.end] == place.text
    assert place.paragraphs == ()
    assert [change.edit for change in place.difference] == ["same"]


def test_an_ellipsis_may_stand_in_one(service: Service) -> None:
    check = service.check_quote("防波堤百年史……三千根钢桩")
    assert check.verdict == "verified"
    assert [(place.in_title, place.text) for place in check.places] == [
        (True, "防波堤百年史"),
        (True, "三千根钢桩"),
    ]


@pytest.mark.parametrize(
    ("quotation", "expected"),
    [
        ("The reef that boats avoid", [("replaced", "ships", "boats", "words")]),
        ("防波堤百年史：从木桩到五千根钢桩", [("replaced", "三千", "五千", "number")]),
        ("防波堤百年史：从木桩到千根钢桩", [("replaced", "三千", "千", "number")]),
        ("奥尔姆新码头七月开放", [("replaced", "六", "七", "number")]),
        ("新码头会提前开放", [("left_out", "不", "", "negation")]),
        ("Telescope on Mount Gross to go dark", [("replaced", "Tessel", "Gross", "name")]),
        ("the mirror will be back before 2027", [("left_out", "not", "", "negation")]),
        ("be back before 2027", [("left_out", "not", "", "negation")]),
    ],
)  # fmt: skip
def test_a_change_is_never_forgiven(
    service: Service, quotation: str, expected: list[tuple[str, str, str, str | None]]
) -> None:
    check = service.check_quote(quotation)
    assert (check.verdict, edits(check)) == ("altered", expected)
    assert [place.in_title for place in check.places] == [True]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (Claim(source="Olm Gazette"), "verified"),
        (Claim(source="Coast Wire"), "misattributed"),
        (Claim(window=Window(date(2024, 1, 1), date(2024, 1, 31))), "verified"),
        (Claim(window=Window(None, date(2023, 12, 31))), "misattributed"),
        (Claim(author="Olm Gazette"), "verified"),
        (Claim(author="Amalia Voss"), "verified"),
        (Claim(author="Gross"), "misattributed"),
        (Claim(source="Coast Wire", author="Voss"), "misattributed"),
    ],
)
def test_it_must_be_from_where_it_is_said_to_be(
    service: Service, claim: Claim, verdict: str
) -> None:
    check = service.check_quote("the mirror will not be back before 2027", claim)
    assert check.verdict == verdict
    assert [(place.article.path, place.in_title) for place in check.places] == [("mirror.md", True)]


def test_a_headline_and_its_text_are_stitched(service: Service) -> None:
    check = service.check_quote("奥尔姆新码头六月开放，港务长达斯科星期五宣布")
    assert check.verdict == "stitched"
    assert [(place.in_title, place.text) for place in check.places] == [
        (True, "奥尔姆新码头六月开放"),
        (False, "港务长达斯科星期五宣布"),
    ]


def test_a_text_comes_before_a_headline(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("both")
    build_index(folder, [REEF, QUOTED, REEF_AGAIN])
    settings = load_settings().with_flags(index={"dir": folder})
    words = "the reef that ships avoid"
    with open_service(settings, models()) as service:

        def places(claim: Claim | None = None) -> tuple[str, list[tuple[str, bool]], list[str]]:
            check = service.check_quote(words, claim)
            found = [(place.article.path, place.in_title) for place in check.places]
            return check.verdict, found, [card.path for card in check.also]

        assert places() == ("verified", [("quoted.md", False)], [])
        # The text is not from there, the headlines are.
        assert places(Claim(source="Olm Gazette")) == ("verified", [("reef-2.md", True)], [])
        assert places(Claim(author="Olm Gazette")) == ("verified", [("reef-2.md", True)], [])
        until = Claim(window=Window(None, date(2020, 12, 31)))
        assert places(until) == ("verified", [("reef.md", True)], [])
        verdict, found, _ = places(Claim(source="nobody's"))
        assert (verdict, found) == ("misattributed", [("quoted.md", False)])
        # Its source is what the claim names, its author another: the text elsewhere is told.
        elsewhere = places(Claim(source="Coast Wire", author="Gross"))
        assert elsewhere == ("misattributed", [("quoted.md", False)], ["reef.md"])


def test_further_articles_with_the_headline_are_named(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("twice")
    build_index(folder, [REEF, *ARTICLES, REEF_AGAIN])
    settings = load_settings().with_flags(index={"dir": folder})
    with open_service(settings, models()) as service:
        check = service.check_quote("The reef that ships avoid")
    assert {check.places[0].article.path, *(card.path for card in check.also)} == {
        "reef.md",
        "reef-2.md",
    }
