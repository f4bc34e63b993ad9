"""The ranking formula, computed by hand over an index of eight passages in a plane.

Each known word has a direction in the plane and a weight, so that every cosine is one of two short
vectors. The question is "harbour opens": (1, 0) with the weight 1 and (0, 1) with the weight 3, so
that its vector is (1, 3) by the square root of 10.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from index.articles.files import Reading
from index.building.options import Options
from index.building.prepare import prepare
from index.building.write import build
from index.encoders.bundled import BundledEncoder
from index.encoders.models import Models
from index.encoders.token_table import TokenTable
from index.engines.local import LocalFiles
from index.parts.filters import ANY
from index.text.dictionary import Dictionary
from index.text.tokens import SCRIPTS
from index.types import Article
from qa.retrieval.calibration import Calibration, Coefficients
from qa.retrieval.hits import Hit
from qa.retrieval.ranking import Ranker, _coverage
from qa.retrieval.retriever import Retriever
from qa.types import Query
from tests.archive import article

WORDS = {  # direction, five times as long; weight
    "harbour": ((5, 0), 1),
    "opens": ((0, 5), 3),
    "port": ((4, 3), 1),
    "pier": ((3, 4), 1),
    "salt": ((0, -5), 4),
    "порт": ((5, 0), 1),
    "вода": ((-5, 0), 1),
    "港口": ((3, 4), 1),
    "通车了": ((0, 5), 1),
    "海": ((5, 0), 1),
}
ROOT = 10**0.5
HARBOUR, OPENS = log(3.6), log(6)
"""IDF, ln(1 + (8 - n + 0.5) / (n + 0.5)): two of eight passages hold the one, one the other.

So it is with their translations: "harbour" may be 港口, which two hold, or 海湾, which nobody does; of
the bigrams of 通车了 two hold 通车, one 车了. What is said is as rare as its commonest translation, and
a translation as rare as its rarest bigram."""

SHARE = HARBOUR**2 / (HARBOUR**2 + OPENS**2)
"""What "harbour" is of the question's words."""

# late interaction + 0.6 * cosine; in the question's script + 0.9 * words - 0.18
RELEVANCE = {
    # "harbour" is met by 0.8, which is enough, "opens" by 0.6. (1, 3) * (0.8, 0.6) = 2.6
    "port": (1 + 3 * 0.6 / 0.65) / 4 + 0.6 * 2.6 / ROOT - 0.18,
    # (1, 0) + (0.6, 0.8) = 0.8 * (2, 1), whose cosine with (1, 3) is 5 by the root of 50.
    "harbour pier": 1 + 0.6 * 0.5**0.5 + 0.9 * SHARE - 0.18,
    # (1, 0) + (0, 3) - (0, 4) = (1, -1): a cosine below 0 counts as none.
    "harbour opens salt": 1 + 0.9 - 0.18,
    "порт": 1 / 4 + 0.6 * 1 / ROOT,
    "вода": 0,
    # Met by 0.6 and by 0.8. (1, 3) * (0.6, 0.8) = 3
    "港口": (0.6 / 0.65 + 3) / 4 + 0.6 * 3 / ROOT,
    # (0.6, 0.8) + (0, 1) = 0.6 * (1, 3)
    "港口 通车了": (0.6 / 0.65 + 3) / 4 + 0.6,
    "海 通车": 1 / 4 + 0.6 * 1 / ROOT,  # the table does not know the second word
}
PASSAGES = list(RELEVANCE)
QUESTION = Query("harbour opens", "harbour opens")
CLOSE = 1e-3
"""Vectors are stored at half precision."""


def table_in(folder: Path) -> TokenTable:
    """Return the table of the words above."""
    folder.mkdir()
    numbers = {word: number for number, word in enumerate(["?", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(numbers, "?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    rows = np.array([(0, 0), *(direction for direction, _ in WORDS.values())], np.int8)
    scales = np.array([0, *(weight / 5 for _, weight in WORDS.values())], np.float32)
    return TokenTable(folder, tokenizer, rows, scales, np.arange(len(rows), dtype=np.int32))


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    articles = [article(f"{n}.md", text) for n, text in enumerate(PASSAGES)]
    with opened(tmp_path_factory.mktemp("plane"), articles, target_chars=100) as retriever:
        yield retriever


@contextmanager
def opened(folder: Path, articles: Sequence[Article], *, target_chars: int) -> Iterator[Retriever]:
    """Index articles and yield a retriever of them."""
    table = table_in(folder / "model")
    both = Models(BundledEncoder(table), table)
    prepared = prepare(articles, table, target_chars=target_chars)
    options = Options(Reading(max_bytes=1), target_chars=target_chars, keep=1, dead_share=0.2)
    build(prepared, folder / "index", both, options, paths=[])
    searcher = LocalFiles(folder / "index").open(both)
    calibration = Calibration(
        own=Coefficients(2, 0, -3), cross_script=dict.fromkeys(SCRIPTS, Coefficients(0, 5, -1))
    )
    yield Retriever(searcher, Ranker(searcher, k=20), calibration)
    searcher.close()


@pytest.fixture
def translating(retriever: Retriever, tmp_path: Path) -> Retriever:
    entries = "harbour\t港口 海湾\nopen\t通车了\n".encode()
    path = tmp_path / "dictionary.txt"
    path.write_bytes(f"# 2 entries, {len(entries)} bytes\n".encode() + entries)
    return replace(retriever, ranker=replace(retriever.ranker, dictionary=Dictionary(path)))


def found(retriever: Retriever) -> dict[str, Hit]:
    return {PASSAGES[hit.row]: hit for hit in retriever.search(QUESTION)}


def relevance(retriever: Retriever) -> dict[str, float]:
    return {passage: hit.relevance for passage, hit in found(retriever).items()}


def test_the_relevance_is_what_the_formula_says(retriever: Retriever) -> None:
    hits = relevance(retriever)
    assert hits == pytest.approx(RELEVANCE, abs=CLOSE)
    assert list(hits.values()) == sorted(hits.values(), reverse=True)


def test_a_score_is_the_calibrations_for_the_script_of_the_passage(retriever: Retriever) -> None:
    hits = found(retriever)
    # So small an archive has no background: what stands out is counted from 0.6.
    own, other = (RELEVANCE[passage] for passage in ("harbour pier", "港口"))
    assert hits["harbour pier"].score == pytest.approx(1 / (1 + exp(3 - 2 * own)), abs=CLOSE)
    assert hits["港口"].score == pytest.approx(1 / (1 + exp(1 - 5 * (other - 0.6))), abs=CLOSE)
    assert hits["港口"].margin == pytest.approx(other - 0.6, abs=CLOSE)
    assert {passage for passage, hit in hits.items() if not hit.cross_script} == {
        *("port", "harbour pier", "harbour opens salt"),
    }


def test_a_chinese_passage_gains_the_share_of_the_translations_that_it_holds(
    translating: Retriever,
) -> None:
    assert relevance(translating) == pytest.approx(
        RELEVANCE
        | {
            "港口": RELEVANCE["港口"] + 0.2 * HARBOUR / (HARBOUR + OPENS) - 0.03,
            "港口 通车了": RELEVANCE["港口 通车了"] + 0.2 - 0.03,
            "海 通车": RELEVANCE["海 通车"] - 0.03,
        },
        abs=CLOSE,
    )


def test_few_candidates_are_the_nearest_of_each_group_and_those_with_the_most_words(
    retriever: Retriever,
) -> None:
    nearest, cross_script, words = ["port"], ["港口 通车了", "港口"], ["harbour opens salt"]
    few = [*nearest, *cross_script, *words]
    # Of words, the two passages that hold the most are known: "port" is taken to hold 0.3 of what the
    # second one holds, "harbour pier".
    expected = {passage: RELEVANCE[passage] for passage in few}
    held = 0.3 * SHARE
    # Of articles one is known, which holds all: that of "port" is taken to hold half of that.
    expected["port"] += 0.9 * held + 0.7 * (0.5 - held)
    fewer = replace(retriever, ranker=replace(retriever.ranker, k=1))
    assert relevance(fewer) == pytest.approx(expected, abs=CLOSE)


def test_a_passage_gains_from_what_the_rest_of_its_article_says(tmp_path: Path) -> None:
    articles = [article("both.md", "harbour", "opens"), article("one.md", "pier")]
    with opened(tmp_path, articles, target_chars=2) as retriever:
        hits = retriever.search(QUESTION)
    passages = ["harbour", "opens", "pier"]
    relevance = {passages[hit.row]: hit.relevance for hit in hits}
    # The article meets and holds both words, and each is as rare as the other.
    assert relevance["harbour"] == pytest.approx(
        (1 / 4 + 0.4 * 3 / 4) + 0.6 / ROOT + 0.9 / 2 + 0.7 / 2 - 0.18, abs=CLOSE
    )
    assert relevance["opens"] == pytest.approx(
        (3 / 4 + 0.4 * 1 / 4) + 0.6 * 3 / ROOT + 0.9 / 2 + 0.7 / 2 - 0.18, abs=CLOSE
    )


def test_a_passage_beyond_those_found_is_taken_to_hold_a_share_of_what_the_last_one_does(
    retriever: Retriever,
) -> None:
    # In tenths: "port" holds 2, "harbour pier" 3 + 1, "harbour opens salt" 3 + 4.
    weights = {"port": 2.0, "harbour": 3.0, "pier": 1.0, "open": 4.0}
    every, search = np.arange(len(PASSAGES)), retriever.searcher.by_words
    share = {k: _coverage(search(weights, k, ANY), weights, 0.25, k).of(every) for k in (2, 3, 4)}
    assert share[4] == pytest.approx([0.2, 0.4, 0.7, 0, 0, 0, 0, 0])
    assert share[3] == pytest.approx([0.2, 0.4, 0.7, *[0.25 * 0.2] * 5])
    assert share[2] == pytest.approx([0.25 * 0.4, 0.4, 0.7, *[0.25 * 0.4] * 5])
    assert _coverage(search({}, 5, ANY), {}, 1, 5).of(every).tolist() == [0] * len(every)
