"""The answer score is fitted on what comes first when questions are read."""

from dataclasses import replace
from random import Random

import pytest

from qa.reading.reader import BundledReader
from tools.train_reader.fit import Best, Candidate, Case, best, fitted

RIGHT = Candidate(
    relevance=1.0,
    margin=0.3,
    cross_script=False,
    copies=1,
    title="石桥泵站完工",
    text="石桥泵站的总工程师是何静宜。",
    date="2023-05-12T00:00:00+00:00",
    known=True,
    holds=True,
)
OTHER = replace(RIGHT, copies=2, text="石桥镇的集市每逢周六开放。", known=False, holds=False)
CASE = Case("asked", "set zh-zh", "石桥泵站2023年的总工程师是谁？", (OTHER, RIGHT))


def test_what_answers_comes_first_when_it_is_read() -> None:
    found = best(CASE, BundledReader())
    assert found is not None
    assert found.candidate is RIGHT
    assert (found.part, found.lacks) == ("own", 0)


def test_of_near_copies_one_is_read() -> None:
    copied = replace(CASE, candidates=(OTHER, replace(RIGHT, copies=OTHER.copies)))
    found = best(copied, BundledReader())
    assert found is not None
    assert found.candidate is OTHER


def test_without_its_answer_a_case_has_what_is_left() -> None:
    chance = replace(OTHER, holds=True)
    assert replace(CASE, candidates=(RIGHT, chance, OTHER)).without_answer().candidates == (OTHER,)


def test_passages_in_another_script_have_a_part_of_their_own() -> None:
    crossing = replace(RIGHT, cross_script=True)
    assert Best(replace(CASE, question="Кто строил?"), crossing, 0.0, 0.0).part == "cyrillic"


def test_a_share_of_the_right_passages_is_answered_and_numbers_count() -> None:
    random = Random(1)
    found = []
    for place in range(400):
        right = place % 2 == 0
        case = CASE if right else replace(CASE, kind="left out")
        candidate = RIGHT if right else OTHER
        margin = random.gauss(0.4 if right else 0.2, 0.2)
        logit, lacks = random.gauss(1 if right else -1, 1), float(not right and place % 4 == 1)
        found.append(Best(case, replace(candidate, margin=margin), logit, lacks))
    one = fitted(found, answered=0.9)
    assert one.margin > 0
    assert one.logit > 0
    assert one.lacks < 0
    answered = [
        one.score(it.candidate.margin, it.logit, it.lacks) >= 0.5
        for it in found
        if it.candidate.right
    ]
    assert sum(answered) == 180


def test_news_from_abroad_decides_alone_how_much_is_answered() -> None:
    crossing = replace(RIGHT, cross_script=True)
    news = replace(CASE, source="crud en-zh", question="Who built the pumping station?")
    other = replace(news, source="xquad-a en-zh")
    found = []
    for place in range(40):
        wrong = replace(OTHER, cross_script=True, margin=0.1)
        found += [Best(other, crossing, 2.0 + place / 40, 0.0), Best(other, wrong, -4.0, 0.0)]
        found.append(Best(news, crossing, place / 40 - 1.0, 0.0))
    one = fitted(found, answered=0.9, abroad=0.75)

    def share(case: Case) -> float:
        scores = [
            one.score(it.candidate.margin, it.logit, it.lacks)
            for it in found
            if it.case is case and it.candidate.right
        ]
        return sum(score >= 0.5 for score in scores) / len(scores)

    assert (share(news), share(other)) == (0.75, 1.0)


def test_each_kind_of_wrong_passages_counts_the_same() -> None:
    random = Random(1)

    def some(case: Case, candidate: Candidate, margin: float, logit: float) -> list[Best]:
        return [
            Best(
                case,
                replace(candidate, margin=random.gauss(margin, 0.2)),
                random.gauss(logit, 1.0),
                0.0,
            )
            for _ in range(60)
        ]

    changed, stranger = (replace(CASE, kind=kind) for kind in ("attribute", "stranger"))
    found = [*some(CASE, RIGHT, 0.4, 1.0), *some(changed, OTHER, 0.4, -1.0)]
    strangers = some(stranger, OTHER, 0.1, 1.0)
    once, often = fitted([*found, *strangers], 0.9), fitted([*found, *strangers * 9], 0.9)
    assert (often.margin, often.logit) == pytest.approx((once.margin, once.logit), rel=0.05)


def test_what_comes_first_though_the_answer_is_there_counts_nothing() -> None:
    found = [Best(CASE, RIGHT, 2.0 + n / 50, 0.0) for n in range(50)]
    found += [Best(replace(CASE, kind="left out"), OTHER, -n / 50, 0.0) for n in range(50)]
    unsure = [Best(CASE, OTHER, 9.0, 0.0)] * 50
    assert fitted([*found, *unsure], 0.9).logit == pytest.approx(fitted(found, 0.9).logit, rel=0.2)
