"""Verdicts over a small archive of invented articles."""

from collections.abc import Iterator
from datetime import date

import pytest

from config.loading import load_settings
from qa.checking.check import NoQuotation
from qa.checking.marks import LONGEST
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
        (Claim(author="达斯科"), "verified"),
        (Claim(author="奥尔姆晚报"), "verified"),
        (Claim(author="克鲁格"), "misattributed"),
        (Claim(source="奥尔姆晚报", author="克鲁格"), "misattributed"),
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


SAID = "我说过防波堤会继续下沉，我错了，地基现在很稳固。"


def edits(check: Check) -> list[tuple[str, str, str, str | None]]:
    """What differs from the archive."""
    return [(one.edit, one.archived, one.quoted, one.touches) for one in check.changes]


@pytest.mark.parametrize(
    ("quotation", "expected"),
    [
        # numbers
        ("新码头将于7月1日开放", [("replaced", "6", "7", "number")]),
        ("一百三十根钢桩打入海底", [("replaced", "一百二十", "一百三十", "number")]),
        ("二十根钢桩打入海底，但是检测显示", [("replaced", "一百二十", "二十", "number")]),
        ("绝不会在2021年之前开放", [("replaced", "2022", "2021", "number")]),
        ("переносит морозы до сорока градусов", [("left_out", "минус", "", "words")]),
        # negations
        ("我说过防波堤不会继续下沉", [("added", "", "不", "negation")]),
        ("新码头会在2022年之前开放", [("left_out", "绝不", "", "negation")]),
        ("A mirror that somebody looks after is a window",
         [("replaced", "nobody", "somebody", "negation")]),
        # names
        ("Director Amalia Gross said the mirror would travel by barge",
         [("replaced", "Voss", "Gross", "name")]),
        ("Пчеловод Гордей Зимин из посёлка Сосновый Яр",
         [("replaced", "Лунин", "Зимин", "name")]),
        # other words
        ("达斯科承认她去年的判断有些悲观", [("replaced", "过于", "有些", "words")]),
        ("because the mirror has lost a quarter of its silver coating",
         [("replaced", "third", "quarter", "words")]),
        ("the mirror has lost third of its silver coating", [("left_out", "a", "", "words")]),
    ],
)  # fmt: skip
def test_a_changed_word_is_never_forgiven(
    service: Service, quotation: str, expected: list[tuple[str, str, str, str | None]]
) -> None:
    check = service.check_quote(quotation)
    if check.verdict == "stitched":  # the same words stand there twice
        pytest.fail(str(check))
    assert (check.verdict, edits(check)) == ("altered", expected)


@pytest.mark.parametrize(
    ("quotation", "lost"),
    [
        ("会在2022年之前开放，因为防波堤的地基仍在下沉", "绝不"),
        ("在2022年之前开放，因为防波堤的地基仍在下沉", "绝不会"),
        ("looks after is a window", "nobody"),
        ("新码头……在2022年之前开放", "绝不会"),
    ],
)
def test_a_not_is_not_lost_at_an_edge(service: Service, quotation: str, lost: str) -> None:
    check = service.check_quote(quotation)
    assert (check.verdict, edits(check)) == ("altered", [("left_out", lost, "", "negation")])


def test_a_not_may_stand_before_the_marks(service: Service) -> None:
    (honest,) = service.check_quotes(
        "她说新码头绝不会「在2022年之前开放，因为防波堤的地基仍在下沉」。"
    )
    (twisted,) = service.check_quotes(
        "她说新码头会「在2022年之前开放，因为防波堤的地基仍在下沉」。"
    )
    assert (honest.verdict, twisted.verdict) == ("verified", "altered")


@pytest.mark.parametrize(
    ("quotation", "texts"),
    [
        # of one article, out of order or with something left out between
        ("地基现在很稳固，港务长达斯科星期五宣布", ["地基现在很稳固", "港务长达斯科星期五宣布"]),
        ("奥尔姆港的新码头将于6月1日开放，我错了，地基现在很稳固",
         ["奥尔姆港的新码头将于6月1日开放", "我错了，地基现在很稳固"]),
        # of two articles
        ("更换钢桩需要四个月，地基现在很稳固", ["更换钢桩需要四个月", "地基现在很稳固"]),
        ("更换钢桩需要四个月……地基现在很稳固", ["更换钢桩需要四个月", "地基现在很稳固"]),
        ("the mirror has lost a third of two fishing boats ran aground on the reef",
         ["the mirror has lost a third of", "two fishing boats ran aground on the reef"]),
    ],
)  # fmt: skip
def test_parts_that_stand_apart_are_stitched(
    service: Service, quotation: str, texts: list[str]
) -> None:
    check = service.check_quote(quotation)
    assert (check.verdict, [place.text for place in check.places]) == ("stitched", texts)
    assert [quotation[slice(*place.quoted)] for place in check.places] == texts


def test_an_ellipsis_lets_parts_stand_apart_in_their_order_alone(service: Service) -> None:
    first, second = "港务长达斯科星期五宣布", "地基现在很稳固"
    assert service.check_quote(f"{first}……{second}").verdict == "verified"
    assert service.check_quote(f"{second}……{first}").verdict == "stitched"


def test_an_altered_one_is_no_quotation_of_another_source_either(service: Service) -> None:
    check = service.check_quote("新码头将于7月1日开放", Claim(source="Coast Wire"))
    assert check.verdict == "altered"


def test_spaces_alone_change_nothing(service: Service) -> None:
    assert service.check_quote("two fishing\nboats ran a ground on the reef").verdict == "verified"
    assert service.check_quote("Director Amaliavoss said the mirror").verdict == "verified"


@pytest.mark.parametrize(
    ("quotation", "claim", "verdict", "path"),
    [
        ("ran a ground on the reef", Claim(source="Morning Tide"), "verified", "lighthouse-2.md"),
        (
            "ran a ground on the reef",
            Claim(source="奥尔姆晚报"),
            "misattributed",
            "lighthouse-0.md",
        ),
        ("coat it a gain with aluminium", Claim(author="Voss"), "verified", "observatory.md"),
        ("coat it a gain with aluminium", Claim(author="Gross"), "misattributed", "observatory.md"),
    ],
)
def test_with_other_spaces_it_must_be_from_there_too(
    service: Service, quotation: str, claim: Claim, verdict: str, path: str
) -> None:
    check = service.check_quote(quotation, claim)
    assert (check.verdict, paths(check)) == (verdict, [path])


def test_other_spaces_hide_no_lost_not(service: Service) -> None:
    check = service.check_quote("looks af ter is a window")
    assert (check.verdict, edits(check)) == ("altered", [("left_out", "nobody", "", "negation")])


def test_the_nearest_passage_is_shown_beside_what_was_not_found(service: Service) -> None:
    check = service.check_quote("新码头将于六月开放市场并且举行盛大的庆祝活动欢迎各国来宾")
    assert check.verdict == "not_found"
    assert [place.article.path for place in check.places] in ([], ["harbour-late.md"])


@pytest.mark.parametrize(
    "quotation", ["。" * 50 + "我 说 她", "a b " * 4000, "不" * 5000, "…" * 9000 + "ab cd"]
)
def test_odd_quotations_get_a_verdict(service: Service, quotation: str) -> None:
    assert service.check_quote(quotation).verdict in ("not_found", "altered")
