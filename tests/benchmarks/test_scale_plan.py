"""The plan in numbers worked out by hand, and the page that shows it."""

import json
import math
from dataclasses import fields, replace

import pytest

from benchmarks.fan_out import once
from benchmarks.report import RESULTS
from benchmarks.scale.arithmetic import (
    DESIGNS,
    HOURS,
    alone,
    at_best,
    cluster,
    disk_graph_bytes,
    finding_ms,
    graph_bytes,
    half_delayed,
    node_median,
    stored_bytes,
    words_bytes,
    works,
)
from benchmarks.scale.assumptions import Assumptions, changed, from_results
from benchmarks.scale.machines import ALONE, NODE
from benchmarks.scale.sources import SOURCES
from benchmarks.scale.tables import TABLES, amount, bodies, duration
from benchmarks.scale_plan import DOCUMENT
from benchmarks.tables import filled

RESULTS_NOW = json.loads(RESULTS.read_text(encoding="utf-8"))
IN_MEMORY, WORDS_ON_DISK, GRAPH_ON_DISK = DESIGNS

ROUND = Assumptions(
    numbers=100,
    words=50,
    article_words=60,
    article_passages=3,
    text_bytes=1000,
    token_bytes=200,
    column_bytes=20,
    local_disk_bytes=4000,
    local_memory_bytes=2000,
    local_build_bytes=3000,
    local_search_ns=10,
    words_ns=8,
    own_ms=5,
    reading_ms=100,
    reading_p95_ms=495,
    built_per_core=1000,
    links=8,
    hot=0.1,
    fill=0.5,
    replicas=3,
    services=7,
    node_ms=4,
    node_spread=0,
    stragglers=0,
    s3_price=0.02,
)
"""Round numbers; the others as they are."""


def test_bytes_of_a_passage() -> None:
    assert words_bytes(ROUND) == 8 * (50 + 60 / 3)
    assert graph_bytes(ROUND) == 100 + 2 * 8 * 4
    assert IN_MEMORY.need(ROUND).in_memory(0.1) == 164 + 560 + 20 + 0.1 * 1200
    assert WORDS_ON_DISK.need(ROUND).in_memory(0.1) == pytest.approx(164 + 20 + 0.1 * 1760)
    assert WORDS_ON_DISK.need(ROUND).on_disk() == 560 + 1200
    assert GRAPH_ON_DISK.need(ROUND).memory == pytest.approx(0.225 * 400 + 20)
    # Fields: vector at half precision, words, texts, token numbers, columns. Indexes: graph and words.
    assert stored_bytes(IN_MEMORY, ROUND) == 200 + 560 + 1200 + 20 + 164 + 560


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [(100, 4096 / 6), (304, 2048), (768, 4096), (1024, 2 * 4096)],  # 624, 1,440, 3,296, 4,320 bytes
)
def test_a_vector_on_the_disk_takes_whole_sectors(numbers: float, expected: float) -> None:
    assert disk_graph_bytes(replace(ROUND, numbers=numbers)) == pytest.approx(expected)


def test_a_cluster() -> None:
    passages = 300_000_000
    one = cluster(IN_MEMORY, passages, ROUND)
    assert one.memory == pytest.approx(passages * 864)  # 259 GB, and a node holds 68.7
    assert one.disk == passages * 1200
    # 360 GB of disk are one node's: memory decides. Ranking and reading keep five processors busy.
    assert (one.nodes, one.machines, one.switching) == (4, 12 + 7 + 2, 24 + 7 + 2)
    stored = passages * 2704 * 2
    assert one.stored == stored
    hourly = 12 * 1.5101 + 7 * 0.2016 + 2 * 0.4032
    assert one.dollars == pytest.approx(HOURS * hourly + stored / 1e9 * 0.02)
    share = passages / 4 * (164 + 560 + 20 + 1200)
    assert one.loading_s == pytest.approx(share * 8 / 9375e6)


def test_the_disk_may_need_more_nodes_than_the_memory() -> None:
    much = replace(ROUND, text_bytes=100_000, hot=0)
    passages = 100_000_000
    assert cluster(IN_MEMORY, passages, much).nodes == math.ceil(
        passages * 100_200 / (0.5 * 3750e9)
    )


def test_one_node_is_a_standalone_server() -> None:
    one = cluster(WORDS_ON_DISK, 1_000_000, ROUND)
    assert (one.nodes, one.machines) == (1, 3 + 2)


def test_local_files_on_the_smallest_machine_that_holds_them() -> None:
    assert alone(1_000_000, ROUND) == ALONE[1]  # ten questions a second keep five processors busy
    few = replace(ROUND, questions_per_s=0.1)
    assert alone(1_000_000, few) == ALONE[0]
    assert alone(20_000_000, few) == ALONE[2]  # 40 GB are more than half of 64 GiB
    assert alone(20_000_000, replace(few, local_disk_bytes=40_000)) == ALONE[2]  # 2.4 TB
    assert alone(10**9, few) is None


def test_time_to_answer() -> None:
    held = 30_000_000
    assert node_median(IN_MEMORY, 10_000_000, ROUND) == 5  # words: 8 ns on 16 processors
    assert node_median(IN_MEMORY, 10_000_000, replace(ROUND, words_ns=1)) == 4
    assert node_median(IN_MEMORY, held, replace(ROUND, words_ns=1)) == 12
    assert node_median(GRAPH_ON_DISK, held, ROUND) == 100
    assert finding_ms(GRAPH_ON_DISK, held, once, ROUND) == pytest.approx((405, 405))
    assert finding_ms(GRAPH_ON_DISK, held, once, at_best(ROUND))[0] == pytest.approx(305)


def test_half_of_the_questions_meet_a_straggler() -> None:
    nodes = half_delayed(replace(ROUND, stragglers=0.01))
    assert 0.99 ** (nodes * 2 * 4) == pytest.approx(0.5)


def test_time_to_build() -> None:
    rates = {work: rate for work, _, rate in works(ROUND)}
    assert rates["read, cut, encode (bundled)"] == 16_000
    assert rates["take in and link"] == ROUND.linked_per_node


def test_own_figures_are_those_of_the_results() -> None:
    a = from_results(RESULTS_NOW)
    (built,) = (row for row in RESULTS_NOW["figures"]["building"] if row["archive"] == "1,000,000")
    assert a.built_per_core * built["build_cpu_s"] == pytest.approx(built["passages"])
    assert a.own_ms < a.reading_ms < a.reading_p95_ms
    assert a.local_build_bytes > a.local_memory_bytes


def test_every_number_has_a_meaning_and_a_source() -> None:
    elsewhere = ("benchmarks/results.json", "own choice", "a guess", "](", "`index.", "4 + 4")
    described = ("sector", "the same", "[counted]", "dense in", "searches;", "`warm`")
    for one in fields(Assumptions):
        assert one.metadata["meaning"], one.name
        source = one.metadata["source"]
        assert any(part in source for part in (*SOURCES, *elsewhere, *described)), one.name
    assert all(address.startswith("https://") for address, _ in SOURCES.values())


def test_an_assumption_can_be_changed() -> None:
    assert changed(ROUND, ["hot=.5", "numbers=384"]) == replace(ROUND, hot=0.5, numbers=384)
    with pytest.raises(ValueError, match="'warm' is no assumption; there are numbers, words"):
        changed(ROUND, ["warm=1"])
    with pytest.raises(ValueError, match="hot: expected a number, found 'much'"):
        changed(ROUND, ["hot=much"])


def test_amounts_and_times_are_read_at_a_glance() -> None:
    assert [amount(count) for count in (999, 5.14e7, 9.96e9, 1.72e12, 4e13)] == [
        "999 B",
        "51 MB",
        "10 GB",
        "1.7 TB",
        "40 TB",
    ]
    assert [duration(time) for time in (0.0004, 0.128, 5.5, 90, 5400, 864_000)] == [
        "0.4 ms",
        "128 ms",
        "5.5 s",
        "1.5 min",
        "1.5 h",
        "10 d",
    ]


@pytest.mark.slow
def test_the_page_holds_what_the_program_prints() -> None:
    """``python -m benchmarks.scale_plan --write`` mends it."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert filled(text, bodies(RESULTS_NOW, from_results(RESULTS_NOW))) == text
    assert all(f"<!-- {name} -->" in text for name in (*TABLES, "filters"))
    assert NODE.name in text
