"""What of the Milvus engine needs no Milvus: numbers, packing, differences, words in other words."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.milvus import covered, packing
from index.engines.milvus.difference import There, difference
from index.engines.milvus.faults import Absent, Taken, Unloaded, meaning
from index.engines.milvus.frequencies import Changes, bucket_of, buckets_for
from index.engines.milvus.numbers import EVERYWHERE, dimension_of, number_of, source_number
from index.engines.milvus.schema import FOREVER, conditions
from index.errors import EngineUnavailable, IndexDamaged, IndexNotWritten
from index.parts.filters import NO_DAY, Wanted
from index.parts.weights import Alternatives
from index.types import Card
from tests.archive import ARTICLES, BEES

# Numbers.


def test_a_number_is_that_of_all_values_and_fits_into_63_bits() -> None:
    numbers = {number_of(*values) for values in [(1, 2), (12,), (1, "2 "), (2, 1), ("", None, 1)]}
    assert len(numbers) == 5
    assert number_of(1, 2) == number_of("1", "2")
    assert all(0 <= number_of(n) < 2**63 for n in range(2000))
    assert max(number_of(n) for n in range(2000)) > 2**62
    assert number_of("\ud800") >= 0  # half a pair, as broken files have it


def test_no_source_is_0() -> None:
    assert source_number(None) == source_number("") == 0
    assert source_number("Daily") != source_number("Gazette")


def test_no_word_has_the_dimension_that_every_row_holds() -> None:
    dimensions = [dimension_of(f"word {n}") for n in range(5000)]
    assert EVERYWHERE < min(dimensions) < max(dimensions) <= 2**32 - 2
    assert len(set(dimensions)) == 5000


# Packing.


@pytest.mark.parametrize("one", ARTICLES)
def test_an_article_comes_back(one: object) -> None:
    article = next(known for known in ARTICLES if known is one)
    body = packing.body_of(packing.pieces_of(article.card, article.text))
    assert (body.card, body.text) == (article.card, article.text)


def test_a_long_article_is_cut_into_fields_that_hold_it() -> None:
    chance = np.random.default_rng(3)
    text = "".join(map(chr, chance.integers(0x4E00, 0x9FFF, 80_000)))
    pieces = packing.pieces_of(BEES.card, text)
    assert len(pieces) > 2
    assert all(0 < len(piece.encode()) <= 65_535 for piece in pieces)
    assert packing.body_of(pieces).text == text
    with pytest.raises(IndexDamaged):
        packing.body_of(pieces[:-1])


def test_half_a_pair_comes_back() -> None:
    card = Card("a\udcff.md", "0" * 64, "t\ud800", None, None, None, None, "und")
    assert packing.body_of(packing.pieces_of(card, "x\ud83d")).card == card


@pytest.mark.parametrize("packed", ["", "AAAA", "no base64!", packing.pack([1]), packing.pack({})])
def test_what_is_no_article_is_damage(packed: str) -> None:
    with pytest.raises(IndexDamaged):
        packing.body_of([packed])


def test_tokens_and_frequencies_come_back() -> None:
    for ids in ([], [0], [5, 7, 99_999]):
        array = np.array(ids, np.int32)
        assert packing.tokens_of_text(packing.tokens_to_text(array)).tolist() == ids
    for counts in ({}, {1: 1}, {2**32 - 2: 7, 5: 4_000_000_000}):
        assert packing.frequencies_of_text(packing.frequencies_to_text(counts)) == counts
    for broken in ("A", "AAAAA", "é"):
        with pytest.raises(IndexDamaged):
            packing.tokens_of_text(broken)
        with pytest.raises(IndexDamaged):
            packing.frequencies_of_text(broken)


# Frequencies.


@pytest.mark.parametrize(
    ("words", "buckets"), [(0, 1), (300, 1), (600, 2), (256_000, 1024), (300_000, 2048)]
)
def test_buckets_are_a_power_of_two(words: int, buckets: int) -> None:
    assert buckets_for(words) == buckets


def test_frequencies_change_by_what_is_gained_and_lost() -> None:
    changes = Changes()
    changes.gain([EVERYWHERE, 4, 6])
    changes.gain(np.array([6, 9]))
    changes.lose([9, 8])
    held = {0: {4: 1, 8: 1}, 1: {7: 5}}
    asked: list[list[int]] = []

    def read(buckets: list[int]) -> dict[int, dict[int, int]]:
        asked.append(buckets)
        return {bucket: held[bucket] for bucket in buckets}

    made = changes.applied(2, read)
    assert asked == [[0]]  # 9 is lost as often as gained, and nothing else is odd
    assert {bucket_of(word, 2) for word in (4, 6, 8)} == {0}
    assert packing.frequencies_of_text(made[0]) == {4: 2, 6: 2}


# Differences.


@dataclass
class Table:
    """A collection in memory: what the differences are for."""

    rows: dict[int, list[int]] = field(default_factory=dict)  # content, since, until, piece

    def there(self, newest: int) -> There:
        found = [(id_, *row) for id_, row in self.rows.items() if row[2] > newest]
        values = np.array(found, np.int64).reshape(-1, 5)
        return There(*values.T)

    def publish(self, contents: set[int], number: int, newest: int, steps: int) -> None:
        """Do the first steps of what makes a generation; all of them when there are that many."""
        wanted = np.array(sorted(contents), np.int64)
        found = difference(wanted, self.there(newest), newest)
        new = wanted[found.ids_of(wanted) < 0].tolist()
        doings = [
            *((self._insert, (content, number)) for content in new),
            *((self._end, (id_, FOREVER)) for id_ in found.reopened.tolist()),
            *((self._end, (id_, number)) for id_ in found.given_up.tolist()),
            *((self._remove, (id_, 0)) for id_ in found.left_over.tolist()),
        ]
        for do, values in doings[:steps]:
            do(*values)

    def _insert(self, content: int, number: int) -> None:
        self.rows[number_of(content, number)] = [content, number, FOREVER, 0]

    def _end(self, id_: int, until: int) -> None:
        self.rows[id_][2] = until

    def _remove(self, id_: int, _nothing: int) -> None:
        del self.rows[id_]

    def seen(self, number: int) -> list[int]:
        return sorted(row[0] for row in self.rows.values() if row[1] <= number < row[2])


@given(st.lists(st.tuples(st.sets(st.integers(0, 6)), st.integers(0, 8) | st.just(99)), max_size=8))
def test_each_generation_sees_what_it_was_made_of_whatever_was_interrupted(
    history: list[tuple[set[int], int]],
) -> None:
    table, made, newest = Table(), {}, -1
    for number, (contents, steps) in enumerate(history):
        table.publish(contents, number, newest, steps)
        if steps == 99:  # finished
            made[number], newest = sorted(contents), number
        assert {known: table.seen(known) for known in made} == made


def test_a_thing_whose_first_piece_is_missing_is_not_there() -> None:
    there = There(*np.array([[1, 50, 7, FOREVER, 1], [2, 60, 7, FOREVER, 0]], np.int64).T)
    found = difference(np.array([50, 60]), there, 3)
    assert found.ids_of(np.array([60, 50, 70])).tolist() == [2, -1, -1]
    assert found.left_over.tolist() == [1]
    assert (found.gained.tolist(), found.lost.tolist()) == ([2], [])


def test_of_two_rows_that_say_the_same_one_is_kept() -> None:
    rows = [[9, 50, 2, FOREVER, 0], [1, 50, 7, FOREVER, 0], [3, 50, 7, FOREVER, 0]]
    found = difference(np.array([50]), There(*np.array(rows, np.int64).T), 3)
    assert found.known.tolist() == [9]  # an older generation holds it
    assert found.left_over.tolist() == [1, 3]


# Words in other words.

OTHER: dict[Alternatives, float] = {(("a", "b"), ("c",)): 2.0, (("b", "d"),): 3.0}


@pytest.mark.parametrize(
    ("words", "sum_"),
    [("", 0), ("a", 0), ("a b", 2), ("c", 2), ("a b c", 2), ("b d", 3), ("a b d", 5), ("d c", 2)],
)
def test_a_row_holds_a_thing_in_one_of_its_ways(words: str, sum_: float) -> None:
    dimensions = {dimension_of(word) for word in words.split()}
    assert covered.held(OTHER, dimensions) == sum_
    query = covered.query_of(OTHER)
    assert sum(query.get(dimension, 0) for dimension in dimensions) >= sum_


@given(
    st.dictionaries(
        st.lists(
            st.lists(st.sampled_from("abcde"), min_size=1, max_size=3).map(tuple),
            min_size=1,
            max_size=3,
        ).map(tuple),
        st.floats(0.1, 9),
        max_size=4,
    ),
    st.sets(st.sampled_from("abcde")),
)
def test_an_inner_product_is_no_less_than_what_is_held(
    weights: dict[Alternatives, float], words: set[str]
) -> None:
    dimensions = {dimension_of(word) for word in words}
    product = sum(covered.query_of(weights).get(dimension, 0) for dimension in dimensions)
    assert product >= covered.held(weights, dimensions) - 1e-4


def test_of_plain_words_the_inner_product_is_what_is_held() -> None:
    weights = {"a": 2.0, "b": 0.5}
    assert covered.is_plain(weights)
    assert not covered.is_plain(OTHER)
    assert covered.query_of(weights) == {dimension_of("a"): 2.0, dimension_of("b"): 0.5}
    assert covered.held(weights, {dimension_of("a")}) == 2.0


# Conditions and faults.


@pytest.mark.parametrize(
    ("wanted", "awaited"),
    [
        (Wanted(), []),
        (Wanted(days=(None, None)), [f"day > {NO_DAY}"]),
        (Wanted(days=(3, None)), ["day >= 3"]),
        (Wanted(days=(None, 9), source=-1), [f"day > {NO_DAY} and day <= 9", "source == -1"]),
        (Wanted(days=(3, 9), undated=True), [f"(day == {NO_DAY} or (day >= 3 and day <= 9))"]),
        (Wanted(undated=True), []),
    ],
)
def test_a_filter_becomes_conditions(wanted: Wanted, awaited: list[str]) -> None:
    assert conditions(wanted) == awaited


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("StatusCode.UNAUTHENTICATED: auth check failure, please check", EngineUnavailable),
        ("quota exceeded[reason=disk quota exceeded, please allocate more]", IndexNotWritten),
        ("write /var/lib: no space left on device", IndexNotWritten),
        ("collection not loaded[collection=x]", Unloaded),
        ("Collection 'x' is in state 'released'; call load()", Unloaded),
        ("alias 'x' already exists", Taken),
        ("alias and collection name conflict[alias=x]", Taken),
        ("collection 'x' does not exist", Absent),
        ("can't find collection[database=default][collection=x]", Absent),
        ("alias not found[database=default][alias=x]", Absent),
        ("StatusCode.DEADLINE_EXCEEDED: Deadline Exceeded", EngineUnavailable),
        ("what nobody foresaw", EngineUnavailable),
    ],
)
def test_what_a_server_says_is_understood(said: str, kind: type[Exception]) -> None:
    error = meaning("Milvus at there", f"{said}\nand more")
    assert type(error) is kind
    assert str(error).startswith("Milvus at there ")
    assert said in str(error)
