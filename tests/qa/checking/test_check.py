"""Verdicts over a small archive of invented articles."""

from collections.abc import Iterator
from datetime import date

import pytest

from config.loading import load_settings
from qa.checking.check import LONGEST, NoQuotation
from qa.checking.verdicts import Check, Claim
from qa.opening import open_service
from qa.service import Service
from qa.types import Window
from tests.archive import ARTICLES, HARBOUR_LATE, build_index, models


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("index")
    build_index(folder, ARTICLES)
    settings = load_settings().with_flags(index={"dir": folder})
    with open_service(settings, models()) as service:
        yield service


def paths(check: Check) -> list[str]:
    return [place.article.path for place in check.places]


@pytest.mark.parametrize(
    "quotation",
    [
        "我说过防波堤会继续下沉，我错了，地基现在很稳固",
        "“我说过防波堤会继续下沉，我错了，地基现在很稳固。”",
        "我說過防波堤會繼續下沉,我錯了; 地基 現在很穩固",
        "我说过防波堤会继续下沉……地基现在很稳固",
        "……我说过防波堤会继续下沉，我错了[...]",
        "港务长达斯科星期五宣布 ... 地基现在很稳固",
    ],
)
def test_a_quotation_that_stands_is_verified(service: Service, quotation: str) -> None:
    check = service.check_quote(quotation)
    assert check.verdict == "verified"
    assert set(paths(check)) == {"harbour-late.md"}
    for place in check.places:
        assert HARBOUR_LATE.text[place.start : place.end] == place.text
        assert HARBOUR_LATE.paragraphs[place.paragraphs[0]].text.find(place.text) >= 0
        assert [change.edit for change in place.difference] == ["same"]


def test_a_quotation_is_found_across_paragraphs_and_passages(service: Service) -> None:
    check = service.check_quote("提前了三个星期。达斯科承认她去年的判断过于悲观")
    assert check.verdict == "verified"
    assert check.places[0].paragraphs == (0, 1)


def test_the_copies_are_named(service: Service) -> None:
    check = service.check_quote("two fishing boats ran aground on the reef")
    assert check.verdict == "verified"
    assert {check.places[0].article.path, *(card.path for card in check.also)} == {
        f"lighthouse-{n}.md" for n in range(3)
    }


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (Claim(source="奥尔姆晚报"), "verified"),
        (Claim(source="Coast Wire"), "misattributed"),
        (Claim(source="nobody's"), "misattributed"),
        (Claim(window=Window(date(2022, 5, 1), date(2022, 5, 31))), "verified"),
        (Claim(window=Window(date(2022, 6, 1), None)), "misattributed"),
        (Claim(window=Window(None, date(2022, 5, 5))), "misattributed"),
    ],
)
def test_a_quotation_must_be_from_where_it_is_said_to_be(
    service: Service, claim: Claim, verdict: str
) -> None:
    check = service.check_quote("我错了，地基现在很稳固", claim)
    assert (check.verdict, paths(check)) == (verdict, ["harbour-late.md"])
    assert check.claim == claim


def test_a_copy_of_the_source_that_is_named_is_taken(service: Service) -> None:
    check = service.check_quote("ran aground on the reef", Claim(source="Morning Tide"))
    assert (check.verdict, paths(check)) == ("verified", ["lighthouse-2.md"])


def test_what_stands_nowhere_is_not_found(service: Service) -> None:
    check = service.check_quote("the parliament dissolved itself without debate")
    assert check.verdict == "not_found"
    assert check.also == ()


@pytest.mark.parametrize("text", ["", "...", "桥", "好的", "word", "“”", "a" * LONGEST + " b"])
def test_what_is_no_quotation_is_refused(service: Service, text: str) -> None:
    with pytest.raises(NoQuotation, match="expected a quotation"):
        service.check_quote(text)


def test_every_quotation_of_a_text_is_checked(service: Service) -> None:
    text = "They ran “aground on the reef”, and she said “我从来没有说过这句话”."
    checks = service.check_quotes(text)
    assert [check.verdict for check in checks] == ["verified", "not_found"]
    assert [text[one.quotation.start : one.quotation.end] for one in checks] == [
        "aground on the reef",
        "我从来没有说过这句话",
    ]
