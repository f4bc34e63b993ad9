import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoders.token_table import Ids
from index.parts.token_lists import TokenLists, distinct_tokens
from qa.retrieval.late_interaction import match_passages, match_texts
from tests.archive import table

QUESTION = "Кто открыл новый мост в 2022 году?"
TEXTS = [
    "大桥于2022年6月通车，市长剪彩。",
    "",
    "The mayor opened the new bridge in June 2022.",
    "Мост открыл мэр. Мост открыл мэр.",
    "\U0001e900",  # holds no known token
    "苹果。",
]


def ids(text: str) -> Ids:
    return table().ids([text])[0]


def by_hand(question: Ids, texts: list[Ids]) -> NDArray[np.float64]:
    """Work out every cosine of every pair from the rows of the file."""

    rows = table().stored(np.arange(table().size, dtype=np.int32)).astype(np.float64)
    best = np.zeros((len(question), len(texts)))
    for q, asked in enumerate(question):
        for t, text in enumerate(texts):
            for token in text:
                a, b = rows[asked], rows[token]
                cosine = a @ b / np.sqrt((a @ a) * (b @ b))
                best[q, t] = max(best[q, t], cosine)
    return best


def test_texts_are_matched_as_a_double_loop_over_the_table_does() -> None:
    question, texts = np.unique(ids(QUESTION)), [ids(text) for text in TEXTS]
    expected = by_hand(question, texts)
    assert len({round(value, 3) for value in expected.flat}) > 10
    np.testing.assert_allclose(match_texts(question, texts, table()), expected, atol=1e-5)


@pytest.mark.parametrize("rows", [[0, 1, 2, 3, 4, 5], [5, 2], [3, 3, 0], [1], [4, 1], []])
def test_passages_are_matched_by_their_rows(rows: list[int]) -> None:
    question, texts = np.unique(ids(QUESTION)), [ids(text) for text in TEXTS]
    lists = TokenLists.joined(*distinct_tokens(texts))
    matches = match_passages(question, np.array(rows, np.int64), lists, table())
    assert matches.shape == (len(question), len(rows))
    expected = by_hand(question, [texts[row] for row in rows])
    np.testing.assert_allclose(matches, expected, atol=1e-5)


def test_many_texts_are_matched_as_each_alone() -> None:
    question, texts = np.unique(ids(QUESTION)), [ids(text) for text in TEXTS]
    many = match_texts(question, texts * 100, table())
    alone = np.hstack([match_texts(question, [text], table()) for text in texts])
    np.testing.assert_allclose(many, np.tile(alone, 100), atol=1e-6)
    assert sum(map(len, texts)) * 100 > 1000  # each distinct token is then multiplied once


def test_a_token_meets_itself_in_full() -> None:
    question = np.unique(ids("мост"))
    met = match_texts(question, [ids("Это мост."), ids("大桥")], table())
    np.testing.assert_allclose(met[:, 0], 1, atol=1e-6)
    assert (met[:, 1] < 1).all()


def test_no_match_is_below_zero() -> None:
    question = np.arange(1000, 1400, dtype=np.int32)
    one = np.array([2000], np.int32)
    cosines = table().unit(question) @ table().unit(one).T
    assert cosines.min() < 0
    assert match_texts(question, [one], table()).min() == 0


def test_a_question_without_tokens_meets_nothing() -> None:
    nothing = np.empty(0, np.int32)
    assert match_texts(nothing, [ids("大桥")], table()).shape == (0, 1)
    assert match_texts(ids("мост"), [nothing, nothing], table()).tolist() == [[0, 0]] * len(
        ids("мост")
    )
    assert match_texts(ids("мост"), [], table()).shape == (len(ids("мост")), 0)
