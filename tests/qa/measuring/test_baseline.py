from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.tokens import tokens
from qa.measuring.baseline import Bm25, bm25_rankings
from qa.service import Contents
from tests.archive import article


def weigh(texts: Sequence[str], question: str) -> list[float]:
    """BM25 as the formula stands in the literature, text by text."""
    held = [tokens(text) for text in texts]
    mean = sum(map(len, held)) / len(held)
    scores = []
    for words in held:
        score = 0.0
        for word in tokens(question):
            holding = sum(word in others for others in held)
            idf = log(1 + (len(held) - holding + 0.5) / (holding + 0.5))
            often = Counter(words)[word]
            score += idf * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * len(words) / mean))
        scores.append(score)
    return scores


def test_scores_worked_out_by_hand() -> None:
    # Two texts of two words and four: three on the average. "salt" stands in one of them.
    ranking = Bm25.of(["salt road", "road road to sea"], {"salt", "road"})
    norms = [1.2 * (0.25 + 0.75 * 2 / 3), 1.2 * (0.25 + 0.75 * 4 / 3)]  # 0.9, 1.5
    rare, common = log(1 + 1.5 / 1.5), log(1 + 0.5 / 2.5)
    expected = [
        rare * 2.2 / (1 + norms[0]) + common * 2.2 / (1 + norms[0]),
        common * 2 * 2.2 / (2 + norms[1]),
    ]
    assert ranking.scores("salt road, unheard of") == pytest.approx(expected)


WORDS = st.sampled_from(["salt", "roads", "盐税很重", "盐", "Соль", "соли", "1,150", "harbours"])
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)


@given(texts=st.lists(TEXTS, min_size=1, max_size=6), question=TEXTS)
def test_scores_are_those_of_the_formula(texts: list[str], question: str) -> None:
    if any(tokens(text) for text in texts):
        found = Bm25.of(texts, set(tokens(question))).scores(question)
        assert found == pytest.approx(np.array(weigh(texts, question)), rel=1e-5)


def test_texts_without_words_score_nothing() -> None:
    assert Bm25.of(["", "…"], {"salt"}).scores("salt").tolist() == [0, 0]
    assert Bm25.of([], {"salt"}).scores("salt").tolist() == []


def contents(path: str, title: str, *passages: str) -> Contents:
    card = article(path, *passages, title=title).card
    return Contents(card, "\n".join(passages), passages)


ARCHIVE = [
    contents("spread", "Salt", "The tax on imports rose.", "Nothing fell in the north of Olm."),
    contents("dense", "Olm", "Salt tax rose.", "Bees and mirrors and roads and harbours."),
    contents("other", "Bees", "A mirror is a window."),
]


def test_an_article_is_ranked_whole_or_by_its_best_passage() -> None:
    question = "Which salt tax rose in the north?"
    rankings = bm25_rankings(ARCHIVE, [question], 10)
    # All words stand somewhere in "spread", its title included; no passage holds as many as one of "dense".
    assert rankings["bm25_articles"](question) == ["spread", "dense"]
    assert rankings["bm25_passages"](question) == ["dense", "spread"]


def test_a_title_is_part_of_its_article_and_of_no_passage() -> None:
    rankings = bm25_rankings(ARCHIVE, ["salt"], 10)
    assert set(rankings["bm25_articles"]("salt")) == {"spread", "dense"}
    assert rankings["bm25_passages"]("salt") == ["dense"]


def test_the_best_come_first_and_no_more_than_are_asked_for() -> None:
    rankings = bm25_rankings(ARCHIVE, ["salt", "mirrors"], 1)
    assert [len(rank("mirrors")) for rank in rankings.values()] == [1, 1]
    assert [rank("unheard") for rank in rankings.values()] == [[], []]


def test_an_empty_archive_ranks_nothing() -> None:
    assert [rank("salt") for rank in bm25_rankings([], ["salt"], 10).values()] == [[], []]
