"""``python -m benchmarks.scale_plan``: the plan past one machine, computed; the tables of docs/scale.md.

Every number that the plan rests on is a field of ``Assumptions``, with its unit and its source. What is
newsquote's own is read from ``results.json``. ``--set NAME=VALUE`` computes with another one.
"""

import argparse
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.__main__ import shown
from benchmarks.fan_out import Latency, Way, hedged, once, simulate
from benchmarks.fan_out import table as fan_out_table
from benchmarks.report import RESULTS, ROOT
from benchmarks.tables import filled, markdown

DOCUMENT = ROOT / "docs" / "scale.md"

SIZES = (10_000_000, 100_000_000, 1_000_000_000)
BUILDERS = (1, 4, 16, 64)
HOURS = 730
"""Of a month."""

_GIB = 2**30
_SIMULATED = 20_000
"""Questions for each p99 of the plan."""

_MEASURED_NODE = 10_000_000
"""Passages of the node whose times VectorDBBench has."""

_KARPENTER = (
    "https://github.com/aws/karpenter-provider-aws/blob/1d927085dd81a9df9301e613f371dac5b4d16bfe/"
)
SOURCES = {
    "VectorDBBench": (
        (
            "https://github.com/zilliztech/VectorDBBench/blob/4ea181055b11af7d75161179ef2feff9539c3b33/"
            "vectordb_bench/results/Milvus/result_20260403_standard_milvus.json"
        ),
        (
            "Milvus 2.6.14 on 16 processors and 64 GB, case `16c64g-sq8-force_merge`: HNSW_SQ at 8 bits, M 16, "
            "efConstruction 300, ef 500, ten million vectors of 768 numbers, the nearest 100. Recall .968, one "
            "request at a time: p95 5.9 ms, p99 6.3 ms; 877 requests a second; loading 8,984 s"
        ),
    ),
    "VectorDBBench, filters": (
        (
            "https://github.com/zilliztech/VectorDBBench/blob/4ea181055b11af7d75161179ef2feff9539c3b33/"
            "vectordb_bench/results/Milvus/result_20250509_standard_milvus.json"
        ),
        (
            "the same kind of graph with ef 100 and a million vectors: recall .993 when 1 % are allowed, .952 "
            "with 10 %, .922 with half of them, .953 with all"
        ),
    ),
    "FAISS": (
        "https://github.com/facebookresearch/faiss/wiki/Guidelines-to-choose-an-index",
        "a graph takes (4 d + 8 M) bytes a vector, 4 d of them for the numbers at 32 bits",
    ),
    "Milvus, limits": (
        (
            "https://github.com/milvus-io/milvus-docs/blob/54a32fdaebb0cd177619e76959d1e842dff3bbb1/"
            "site/en/about/limitations.md"
        ),
        (
            "16 shards and 4,096 partitions a collection, 64 MB a message, the nearest 16,384 at most; what is "
            "loaded must stay below 90 % of the nodes' memory"
        ),
    ),
    "Milvus, DiskANN": (
        "https://milvus.io/docs/v2.5.x/configure_knowhere.md",
        "degree 56; codes .125 and cache .1 of the vectors' size",
    ),
    "Milvus, sizing": (
        "https://zilliz.com/jp/blog/demystify-milvus-sizing-tool",
        "DISKANN where some 100 ms are no matter",
    ),
    "Milvus, sizing tool": (
        "https://zilliz.com/sizing-tool",
        "the smallest cluster, service by service",
    ),
    "Milvus, replicas": (
        "https://milvus.io/docs/replica.md",
        "a request that fails, or finds its node busy, goes to another replica",
    ),
    "The Tail at Scale": (
        "https://doi.org/10.1145/2408776.2408794",
        (
            "Dean and Barroso, 2013: a server that takes a second for one request in a hundred makes 63 % of the "
            "questions that need a hundred servers take a second; hedged requests mend it"
        ),
    ),
    "DiskANN": (
        "https://papers.nips.cc/paper/2019/hash/09853c7fb1d3f8ee67a61b6bf4a7f8e6-Abstract.html",
        (
            "a thousand million vectors of 128 bytes on one machine of 64 GB: more than 5,000 requests a second, "
            "below 3 ms on average, 95 % 1-recall@1"
        ),
    ),
    "infinity": (
        (
            "https://github.com/michaelfeil/infinity/blob/0d1c358dc6d2d88f320bdacd79c4e1fea4ddf9db/"
            "docs/docs/benchmarking.md"
        ),
        "bge-large on one L4 by text-embeddings-inference: .54 requests a second of 256 texts, 449 tokens each",
    ),
    "AWS, prices": (
        f"{_KARPENTER}pkg/providers/pricing/zz_generated.pricing_aws.go",
        "on demand, us-east-1, 2026-07-20",
    ),
    "AWS, machines": (
        f"{_KARPENTER}website/content/en/preview/reference/instance-types.md",
        "processors, memory, disks and network",
    ),
    "Amazon S3": (
        "https://aws.amazon.com/s3/pricing/",
        "the first 50 TB; [as text](https://gist.github.com/EverettBerry/a37438006529a55f42da6fdbc44a505c)",
    ),
}
"""By the name that the plan calls it by: its address, and what it says."""

_OWN = "own choice"
_GUESS = "**a guess**: measure it first"


def _given(meaning: str, unit: str, source: str, value: float) -> Any:
    """Return a field: a number with what it means and where it is from."""
    return field(default=value, metadata={"meaning": meaning, "unit": unit, "source": source})


def _measured(meaning: str, unit: str, figure: str) -> Any:
    """Return a field for a figure of newsquote's own, which has no default."""
    source = f"`benchmarks/results.json`, {figure}"
    return field(metadata={"meaning": meaning, "unit": unit, "source": source})


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What the plan rests on. Each field's metadata say its meaning, unit and source."""

    numbers: float = _given(
        "numbers of a vector", "", "the bundled model, [encoder.md](encoder.md)", 304
    )
    words: float = _measured("distinct words of a passage", "", "`holding`, news-zh")
    article_words: float = _measured("distinct words of an article", "", "`holding`, news-zh")
    article_passages: float = _measured("passages of an article", "", "`holding`, news-zh")
    text_bytes: float = _measured("texts, cards and places of a passage", "B", "`holding`, news-zh")
    token_bytes: float = _measured("token numbers of a passage", "B", "`holding`, news-zh")
    column_bytes: float = _measured(
        "day, source, script, article, copies of a passage", "B", "`holding`, news-zh"
    )
    local_disk_bytes: float = _measured(
        "local files, on the disk", "B a passage", "`holding`, news-zh"
    )
    local_memory_bytes: float = _measured(
        "local files, in memory when all has been read", "B a passage", "`serving`, 1,000,000"
    )
    local_build_bytes: float = _measured(
        "local files, memory of a build at most", "B a passage", "`building`, 1,000,000"
    )
    local_search_ns: float = _measured(
        "local files, all searches of a question", "ns a passage", "`warm`, 1,000,000"
    )
    words_ns: float = _measured(
        "a search by words with one processor, p50",
        "ns a passage",
        "`warm`, 1,000,000: tantivy; taken to be the same in Milvus, on all processors at once",
    )
    own_ms: float = _measured(
        "a question without its searches, p50", "ms", "`warm`, 1,000,000: answer less all searches"
    )
    reading_ms: float = _measured(
        "reading, p50", "ms", "`reading`, 10,000: answer less answer without reading"
    )
    reading_p95_ms: float = _measured("reading, p95", "ms", "`reading`, 10,000: the same")
    built_per_core: float = _measured(
        "passages that a core reads, cuts and encodes with the bundled model, and indexes",
        "a second",
        "`building`, 1,000,000",
    )
    e5_per_core: float = _given(
        "passages of 292 characters that a core encodes with e5",
        "a second",
        "[measured](lab/2026-11-29-e5.md): 319 of 110 characters with two cores; × 110 / 292 / 2",
        60,
    )
    large_per_gpu: float = _given(
        "passages of 449 tokens that a GPU encodes with a large model (1,024 numbers)",
        "a second",
        "infinity: .54 × 256",
        138,
    )
    links: float = _given("links of a node of the graph (HNSW's M)", "", "VectorDBBench", 16)
    link_bytes: float = _given("a link; level 0 has 2 × M", "B", "FAISS", 4)
    posting_bytes: float = _given(
        "a word of a passage in an inverted index: number and weight",
        "B",
        "4 + 4, not compressed: at most; tantivy takes 2.4 (`holding`)",
        8,
    )
    disk_degree: float = _given("links of a node of DiskANN", "", "Milvus, DiskANN", 56)
    disk_sector: float = _given("DiskANN reads so much at once", "B", "a sector of an SSD", 4096)
    disk_codes: float = _given(
        "codes of DiskANN, by the vectors at 32 bits", "", "Milvus, DiskANN", 0.125
    )
    disk_cache: float = _given("its cache, by the same", "", "Milvus, DiskANN", 0.1)
    hot: float = _given("share of mapped files that is to be in memory", "", _GUESS, 0.2)
    fill: float = _given(
        "share of a node's memory that is filled",
        "",
        f"{_OWN}; beyond .9 Milvus refuses (Milvus, limits)",
        0.7,
    )
    replicas: float = _given("copies that answer", "", f"{_OWN}: one may fail", 2)
    generations: float = _given(
        "generations in the object store", "", "`index.keep_generations`", 2
    )
    node_ms: float = _given(
        "a node's search, graph in memory, ten million passages, p50",
        "ms",
        "VectorDBBench: log-normal through its p95 and p99",
        5.04,
    )
    node_spread: float = _given("spread of its logarithm", "", "the same two quantiles", 0.0963)
    disk_node_ms: float = _given("a node's search, graph on disk, p50", "ms", "Milvus, sizing", 100)
    stragglers: float = _given(
        "share of requests that meet a straggler", "", "The Tail at Scale", 0.01
    )
    delay_ms: float = _given(
        "its delay, p50", "ms", f"{_OWN}, so that p99 is The Tail at Scale's second", 100
    )
    delay_spread: float = _given("spread of the delay's logarithm", "", "the same", 1)
    requests: float = _given(
        "requests of a question that are sent at once, on the average",
        "",
        "[counted](lab/2026-11-30-calls-to-milvus.md): 8 calls in 4 rounds",
        2,
    )
    rounds: float = _given(
        "round trips of a question, one after the other",
        "",
        "[counted](lab/2026-11-30-calls-to-milvus.md): the median; each is taken to last as long as a search",
        4,
    )
    requests_at_best: float = _given(
        "the same with all that could be sent at once",
        "",
        "the same 8 calls in 3 rounds, rounded up; [counted](lab/2026-11-30-calls-to-milvus.md)",
        3,
    )
    rounds_at_best: float = _given(
        "round trips that are left then",
        "",
        "weights of words; searches; what is needed of the candidates with their texts; a guess",
        3,
    )
    linked_per_node: float = _given(
        "passages that a machine of 16 processors takes in and links",
        "a second",
        "VectorDBBench: ten million in 8,984 s",
        1113,
    )
    services: float = _given(
        "machines for etcd (3), proxies (2), coordinators (2) and the log",
        "",
        f"{_OWN}, after Milvus, sizing tool",
        8,
    )
    questions_per_s: float = _given("questions at the busiest time", "a second", _OWN, 10)
    s3_price: float = _given("object store", "USD a GB and month", "Amazon S3", 0.023)


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine that can be rented.

    :ivar memory: GiB.
    :ivar disk: GB of NVMe; 0 = none.
    :ivar price: USD an hour.
    :ivar network: Mbit/s that it always has.
    """

    name: str
    processors: int
    memory: int
    disk: int
    price: float
    network: int = 0

    @property
    def memory_bytes(self) -> float:
        """Memory in bytes."""
        return self.memory * _GIB


NODE = Machine("i7i.4xlarge", 16, 128, 3750, 1.5101, 9375)
"""Holds shares of a collection, and searches them."""

SERVICE = Machine("m7i.xlarge", 4, 16, 0, 0.2016)
ASKED = Machine("m7i.2xlarge", 8, 32, 0, 0.4032)
"""Runs newsquote: ranking and reading."""

BUILDER = Machine("m7i.4xlarge", 16, 64, 0, 0.8064)
GPU = Machine("g6.xlarge", 4, 16, 250, 0.8048)
ALONE = (
    Machine("i7i.xlarge", 4, 32, 937, 0.3775),
    Machine("i7i.2xlarge", 8, 64, 1875, 0.755),
    NODE,
    Machine("i7i.8xlarge", 32, 256, 7500, 3.0202),
    Machine("i7i.12xlarge", 48, 384, 11250, 4.5302),
    Machine("i7i.16xlarge", 64, 512, 15000, 6.0403),
    Machine("i7i.24xlarge", 96, 768, 22500, 9.0605),
)
"""One of them holds local files."""


@dataclass(frozen=True, slots=True)
class Need:
    """What an index takes for each passage, in bytes.

    :ivar memory: what must be in memory.
    :ivar mapped: what is mapped from a node's disk, and partly in memory.
    :ivar disk: what is read from a node's disk by itself.
    """

    memory: float
    mapped: float
    disk: float = 0

    def in_memory(self, hot: float) -> float:
        """Return the bytes in memory."""
        return self.memory + hot * self.mapped

    def on_disk(self) -> float:
        """Return the bytes on a node's disk."""
        return self.mapped + self.disk


def words_bytes(a: Assumptions) -> float:
    """Return the bytes of the inverted indexes of passages and of articles, for each passage."""
    return a.posting_bytes * (a.words + a.article_words / a.article_passages)


def graph_bytes(a: Assumptions) -> float:
    """Return the bytes of a vector at 8 bits with its links."""
    return a.numbers + 2 * a.links * a.link_bytes


def disk_graph_bytes(a: Assumptions) -> float:
    """Return the bytes of a vector at 32 bits with its links, in whole sectors."""
    node = 4 * a.numbers + 4 * a.disk_degree
    if node <= a.disk_sector:
        return a.disk_sector / (a.disk_sector // node)
    return math.ceil(node / a.disk_sector) * a.disk_sector


def fields_bytes(a: Assumptions) -> float:
    """Return the bytes of what candidates are fetched for: texts, cards, token numbers."""
    return a.text_bytes + a.token_bytes


def graph_ms(a: Assumptions, held: float) -> float:
    """Return the median time of a search in a graph: at most in proportion to what a node holds."""
    return a.node_ms * max(held / _MEASURED_NODE, 1)


@dataclass(frozen=True, slots=True)
class Design:
    """A way to keep a collection in Milvus.

    :ivar index: Milvus's name of the vectors' index.
    :ivar need: what a passage takes.
    :ivar node_ms: median of a node's search by vectors, by the passages that it holds.
    """

    name: str
    index: str
    need: Callable[[Assumptions], Need]
    node_ms: Callable[[Assumptions, float], float]


DESIGNS = (
    Design(
        "all in memory",
        "HNSW_SQ",
        lambda a: Need(graph_bytes(a) + words_bytes(a) + a.column_bytes, fields_bytes(a)),
        graph_ms,
    ),
    Design(
        "words on disk",
        "HNSW_SQ",
        lambda a: Need(graph_bytes(a) + a.column_bytes, words_bytes(a) + fields_bytes(a)),
        graph_ms,
    ),
    Design(
        "graph on disk",
        "DISKANN",
        lambda a: Need(
            (a.disk_codes + a.disk_cache) * 4 * a.numbers + a.column_bytes,
            words_bytes(a) + fields_bytes(a),
            disk_graph_bytes(a),
        ),
        lambda a, _: a.disk_node_ms,
    ),
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A collection of some size, kept in some way.

    :ivar memory: bytes in memory, of one replica.
    :ivar disk: bytes on the nodes' disks, of one replica.
    :ivar nodes: machines that search, of one replica.
    :ivar machines: all of them, newsquote's own included.
    :ivar switching: the same while two generations are held.
    :ivar dollars: USD a month.
    :ivar stored: bytes in the object store.
    :ivar loading_s: time until a node that was empty holds its share, at least.
    """

    memory: float
    disk: float
    nodes: int
    machines: int
    switching: int
    dollars: float
    stored: float
    loading_s: float


def cluster(design: Design, passages: int, a: Assumptions) -> Cluster:
    """Return what a collection needs."""
    need = design.need(a)
    memory, disk = passages * need.in_memory(a.hot), passages * need.on_disk()
    nodes = _at_least_one(
        max(memory / (a.fill * NODE.memory_bytes), disk / (a.fill * NODE.disk * 1e9))
    )
    asked = asking_machines(a)
    services = (
        0 if nodes == 1 else int(a.services)
    )  # one node runs everything, as a standalone server
    searching = int(a.replicas) * nodes
    stored = passages * stored_bytes(design, a) * a.generations
    dollars = HOURS * (
        searching * NODE.price + services * SERVICE.price + asked * ASKED.price
    ) + dollars_stored(stored, a)
    share = passages * (need.memory + need.on_disk()) / nodes
    return Cluster(
        memory=memory,
        disk=disk,
        nodes=nodes,
        machines=searching + services + asked,
        switching=2 * searching + services + asked,
        dollars=dollars,
        stored=stored,
        loading_s=share / (NODE.network * 1e6 / 8),
    )


def stored_bytes(design: Design, a: Assumptions) -> float:
    """Return the bytes of a passage in the object store: its fields, and the indexes of them."""
    need = design.need(a)
    given = 2 * a.numbers + words_bytes(a) + fields_bytes(a) + a.column_bytes
    return given + need.memory + need.on_disk() - fields_bytes(a) - a.column_bytes


def dollars_stored(stored: float, a: Assumptions) -> float:
    """Return what the object store costs a month, in USD."""
    return stored / 1e9 * a.s3_price


def asking_machines(a: Assumptions) -> int:
    """Return the machines that rank and read, one to spare."""
    return math.ceil(busy_processors(a) / ASKED.processors) + 1


def busy_processors(a: Assumptions, search_ms: float = 0) -> float:
    """Return the processors that ranking and reading keep busy, and searching where it is done here."""
    return a.questions_per_s * (a.own_ms + a.reading_p95_ms + search_ms) / 1000


def alone(passages: int, a: Assumptions) -> Machine | None:
    """Return the smallest machine that holds local files, the next generation too, and answers."""
    memory = passages * a.local_memory_bytes
    disk = passages * a.local_disk_bytes * (a.generations + 1)
    busy = busy_processors(a, a.local_search_ns * passages / 1e6)
    for machine in ALONE:
        if (
            memory <= a.fill * machine.memory_bytes
            and disk <= machine.disk * 1e9
            and busy <= machine.processors
        ):
            return machine
    return None


def _at_least_one(share: float) -> int:
    return max(math.ceil(share), 1)


def from_results(results: Mapping[str, Any]) -> Assumptions:
    """Return the assumptions with newsquote's own figures.

    :param results: what ``python -m benchmarks`` wrote.
    """
    figures = results["figures"]

    def row(figure: str, archive: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = next(one for one in figures[figure] if one["archive"] == archive)
        return found

    holds, large, reading = (
        row("holding", "news-zh"),
        {name: row(name, "1,000,000") for name in ("serving", "building", "warm")},
        row("reading", "10,000"),
    )
    return Assumptions(
        words=holds["words"],
        article_words=holds["article_words"],
        article_passages=holds["passages"] / holds["articles"],
        text_bytes=holds["database_b"],
        token_bytes=holds["tokens_b"],
        column_bytes=holds["columns_b"],
        local_disk_bytes=holds["all_b"],
        local_memory_bytes=large["serving"]["rss_mb"] * 1e6 / large["serving"]["passages"],
        local_build_bytes=large["building"]["peak_mb"] * 1e6 / large["building"]["passages"],
        local_search_ns=large["warm"]["candidates_p50_ms"] * 1e6 / large["warm"]["passages"],
        words_ns=large["warm"]["tantivy_p50_ms"] * 1e6 / large["warm"]["passages"],
        own_ms=large["warm"]["answer_p50_ms"] - large["warm"]["candidates_p50_ms"],
        reading_ms=reading["answer_p50_ms"] - reading["answer_off_p50_ms"],
        reading_p95_ms=reading["answer_p95_ms"] - reading["answer_off_p95_ms"],
        built_per_core=large["building"]["passages"] / large["building"]["build_cpu_s"],
    )


# The tables.


def assumptions_table(a: Assumptions) -> str:
    """Return every number that the plan rests on."""
    rows = [
        [
            f"`{one.name}`",
            one.metadata["meaning"],
            shown(float(getattr(a, one.name))),
            one.metadata["unit"],
            one.metadata["source"],
        ]
        for one in fields(a)
    ]
    return markdown(["name", "what it is", "value", "unit", "source"], rows)


def sources_list(a: Assumptions) -> str:  # noqa: ARG001 - tables are called alike
    """Return where the numbers are from."""
    return "\n".join(f"- [{name}]({address}): {says}." for name, (address, says) in SOURCES.items())


def machines_table(a: Assumptions) -> str:  # noqa: ARG001 - tables are called alike
    """Return the machines that are counted with."""
    uses = {
        NODE.name: "searches; holds local files",
        SERVICE.name: "Milvus's services",
        ASKED.name: "newsquote: ranks and reads",
        BUILDER.name: "builds",
        GPU.name: "encodes with a large model (one L4)",
    }
    every = {one.name: one for one in (*ALONE, SERVICE, ASKED, BUILDER, GPU)}
    rows = [
        [
            one.name,
            uses.get(one.name, "holds local files"),
            str(one.processors),
            str(one.memory),
            shown(one.disk) if one.disk else "",
            f"{one.price:.4f}",
        ]
        for one in every.values()
    ]
    head = ["machine", "use", "processors", "memory, GiB", "NVMe, GB", "USD an hour"]
    return markdown(head, rows)


def bytes_table(a: Assumptions) -> str:
    """Return what a passage takes in each way of keeping it."""
    rows = [["local files", "4-bit codes", shown(a.local_memory_bytes), shown(a.local_disk_bytes)]]
    for design in DESIGNS:
        need = design.need(a)
        rows.append(
            [design.name, design.index, shown(need.in_memory(a.hot)), shown(need.on_disk())]
        )
    return markdown(["way", "vectors", "in memory, B a passage", "on the node's disk, B"], rows)


def parts_table(a: Assumptions) -> str:
    """Return the parts that the ways are made of."""
    rows = {
        "vector at 8 bits, with links": graph_bytes(a),
        "DiskANN: codes and cache in memory": (a.disk_codes + a.disk_cache) * 4 * a.numbers,
        "DiskANN: vector at 32 bits, with links, on the disk": disk_graph_bytes(a),
        "words, of passages and of articles": words_bytes(a),
        "texts, cards, token numbers": fields_bytes(a),
        "columns": a.column_bytes,
    }
    return markdown(["part", "B a passage"], [[name, shown(value)] for name, value in rows.items()])


def clusters_table(a: Assumptions) -> str:
    """Return memory, disk, machines and cost for every size and way."""
    head = ["passages", "way", "memory", "disk", "nodes × replicas", "machines", "while switching"]
    head += ["USD a month", "object store", "a node loads in"]
    rows = []
    for passages in SIZES:
        rows.append(_alone_row(passages, a))
        for design in DESIGNS:
            one = cluster(design, passages, a)
            rows.append(
                [
                    f"{passages:,}",
                    design.name,
                    amount(one.memory),
                    amount(one.disk),
                    f"{one.nodes} × {a.replicas:.0f}",
                    str(one.machines),
                    str(one.switching),
                    f"{one.dollars:,.0f}",
                    amount(one.stored),
                    duration(one.loading_s),
                ]
            )
    return markdown(head, rows)


def _alone_row(passages: int, a: Assumptions) -> list[str]:
    machine = alone(passages, a)
    row = [
        f"{passages:,}",
        "local files",
        amount(passages * a.local_memory_bytes),
        amount(passages * a.local_disk_bytes * (a.generations + 1)),
    ]
    if machine is None:
        return [*row, "no machine is large enough", *[""] * 5]
    number = int(a.replicas)
    dollars = HOURS * number * machine.price
    return [
        *row,
        f"1 {machine.name} × {number}",
        str(number),
        str(number),
        f"{dollars:,.0f}",
        "",
        "",
    ]


def answers_table(a: Assumptions) -> str:
    """Return how long a question takes, for every size and way."""
    head = ["passages", "way", "requests at once", "a node, p50", "finding, p50", "p99"]
    head += ["p99, hedged", "with reading, p50", "finding, at best, p50"]
    rows = []
    for passages in SIZES:
        finding = a.own_ms + a.local_search_ns * passages / 1e6
        local = [f"{passages:,}", "local files", "", "", duration(finding / 1000), "", ""]
        rows.append([*local, duration((finding + a.reading_ms) / 1000), ""])
        for design in DESIGNS:
            nodes = cluster(design, passages, a).nodes
            p50, p99 = finding_ms(design, passages, once, a)
            late = finding_ms(design, passages, hedged, a)[1]
            node = node_median(design, passages / nodes, a)
            row = [f"{passages:,}", design.name, str(nodes * int(a.requests))]
            best = finding_ms(design, passages, hedged, at_best(a))[0]
            row += [duration(ms / 1000) for ms in (node, p50, p99, late, p50 + a.reading_ms, best)]
            rows.append(row)
    return markdown(head, rows)


def at_best(a: Assumptions) -> Assumptions:
    """Return the assumptions for questions whose searches are all sent at once."""
    return replace(a, requests=a.requests_at_best, rounds=a.rounds_at_best)


@cache
def finding_ms(design: Design, passages: int, way: Way, a: Assumptions) -> tuple[float, float]:
    """Return p50 and p99 of finding and ranking, in ms."""
    nodes = cluster(design, passages, a).nodes
    latency = Latency(
        node_median(design, passages / nodes, a),
        a.node_spread,
        a.stragglers,
        a.delay_ms,
        a.delay_spread,
    )
    waited = simulate(
        latency, way, nodes * int(a.requests), rounds=int(a.rounds), questions=_SIMULATED
    )
    return a.own_ms + waited.percentile(50), a.own_ms + waited.percentile(99)


def node_median(design: Design, held: float, a: Assumptions) -> float:
    """Return the median time of a node that holds so many passages, in ms: its slowest search."""
    words = a.words_ns * held / NODE.processors / 1e6
    return max(design.node_ms(a, held), words)


def builds_table(a: Assumptions) -> str:
    """Return how long a build takes on some machines, and what it costs."""
    head = ["passages", "work", "machine", *[f"on {count}" for count in BUILDERS], "USD"]
    rows = []
    for passages in SIZES:
        for work, machine, rate in works(a):
            seconds = passages / rate
            rows.append(
                [
                    f"{passages:,}",
                    work,
                    machine.name,
                    *[duration(seconds / count) for count in BUILDERS],
                    shown(seconds / 3600 * machine.price),
                ]
            )
    return markdown(head, rows)


def works(a: Assumptions) -> Iterator[tuple[str, Machine, float]]:
    """Yield the parts of a build, the machine that does each, and passages a second of one."""
    yield "read, cut, encode (bundled)", BUILDER, BUILDER.processors * a.built_per_core
    yield "encode besides (e5)", BUILDER, BUILDER.processors * a.e5_per_core
    yield "encode besides (large)", GPU, a.large_per_gpu
    yield "take in and link", BUILDER, a.linked_per_node


RECOMMENDED = {10_000_000: None, 100_000_000: "words on disk", 1_000_000_000: "words on disk"}
"""The way of each size; None = local files."""


def short_table(a: Assumptions) -> str:
    """Return the way that is best for each size."""
    rows = []
    for passages, name in RECOMMENDED.items():
        design = next((one for one in DESIGNS if one.name == name), None)
        if design:
            one = cluster(design, passages, a)
            kept, dollars = f"Milvus, {name}, {one.machines} machines", one.dollars
            finding = finding_ms(design, passages, hedged, a)[0]
        else:
            machine = alone(passages, a)
            price = machine.price if machine else math.nan
            kept, dollars = (
                f"local files, {a.replicas:.0f} machines",
                HOURS * a.replicas * price,
            )
            finding = a.own_ms + a.local_search_ns * passages / 1e6
        rows.append([f"{passages:,}", kept, f"{dollars:,.0f}", duration(finding / 1000)])
    return markdown(["passages", "kept in", "USD a month", "finding, p50"], rows)


def filters_table(results: Mapping[str, Any]) -> str:
    """Return what some sorts of index find, with filters and without."""
    columns = ("recall all", "recall 10.0%", "recall 1.0%", "recall rarer scripts")
    found = {(row["archive"], row["index"]): row for row in results["figures"]["recall"]}
    rows = []
    for archive in ("news-zh", "news-en"):
        for index in COMPARED:
            row = found[archive, index]
            shares = [f"{row[column]:.3f}" for column in columns]
            rows.append([archive, index, *(shares if archive == "news-zh" else [*shares[:-1], ""])])
    return markdown(["archive", "index", "all", "10 % allowed", "1 %", "rarer scripts"], rows)


COMPARED = (
    "4-bit codes",
    "HNSW,SQ8, 100 in sight",
    "HNSW,SQ8, 300 in sight",
    "HNSW,SQ8, 600 in sight",
    "IVF,SQ8, 40% probed",
)


def limits_table(a: Assumptions) -> str:
    """Return at how many passages something breaks, the first one first."""
    largest = ALONE[-1]
    memory = a.fill * largest.memory_bytes
    limits = {
        "local files: searches take .1 s": 1e8 / a.local_search_ns,
        "local files: searches take 1 s": 1e9 / a.local_search_ns,
        f"local files: memory of {largest.name}, answering": memory / a.local_memory_bytes,
        f"local files: memory of {largest.name}, building": memory / a.local_build_bytes,
    }
    for design in DESIGNS:
        node = a.fill * NODE.memory_bytes / design.need(a).in_memory(a.hot)
        limits[f"{design.name}: half of the questions meet a straggler"] = node * half_delayed(a)
    rows = sorted(limits.items(), key=lambda limit: limit[1])
    return markdown(
        ["what is reached", "at so many passages"],
        [[name, f"{count / 1e6:,.0f} million"] for name, count in rows],
    )


def half_delayed(a: Assumptions) -> float:
    """Return the number of nodes with which half of the questions meet a straggler."""
    sent = math.log(0.5) / math.log(1 - a.stragglers)
    return sent / (a.requests * a.rounds)


def simulation_table(a: Assumptions) -> str:
    """Return the simulation of a search on some nodes."""
    return fan_out_table(
        Latency(a.node_ms, a.node_spread, a.stragglers, a.delay_ms, a.delay_spread)
    )


TABLES: Mapping[str, Callable[[Assumptions], str]] = {
    "short": short_table,
    "limits": limits_table,
    "parts": parts_table,
    "bytes": bytes_table,
    "clusters": clusters_table,
    "answers": answers_table,
    "simulation": simulation_table,
    "builds": builds_table,
    "machines": machines_table,
    "assumptions": assumptions_table,
    "sources": sources_list,
}
"""By name in the document; "filters" is there besides."""


def bodies(results: Mapping[str, Any], a: Assumptions) -> Callable[[str], str]:
    """Return what stands in the place of each name in the document."""
    return lambda name: filters_table(results) if name == "filters" else TABLES[name](a)


def amount(count: float) -> str:
    """Return bytes as people read them."""
    for unit, size in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{shown(round(count / size, 1 if count < 10 * size else 0))} {unit}"
    return f"{count:,.0f} B"


def duration(seconds: float) -> str:
    """Return a time as people read it."""
    for unit, size in (("d", 86400.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0), ("ms", 0.001)):
        if seconds >= size:
            return (
                f"{seconds / size:.2g} {unit}"
                if seconds < 10 * size
                else f"{seconds / size:.0f} {unit}"
            )
    return f"{seconds * 1000:.2g} ms"


def changed(a: Assumptions, settings: Sequence[str]) -> Assumptions:
    """Return the assumptions with some of them changed.

    :param settings: each ``NAME=VALUE``.
    :raises ValueError: for a name that is none, or a value that is no number.
    """
    names = [one.name for one in fields(a)]
    values: dict[str, float] = {}
    for one in settings:
        name, _, value = one.partition("=")
        if name not in names:
            raise ValueError(f"{name!r} is no assumption; there are {', '.join(names)}")
        try:
            values[name] = float(value)
        except ValueError:
            raise ValueError(f"{name}: expected a number, found {value!r}") from None
    return replace(a, **values)


def main() -> None:
    """Print the tables, or write them into the document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale_plan", description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"{', '.join(TABLES)}; or all")
    parser.add_argument("--results", type=Path, default=RESULTS, help="what 'benchmarks' wrote")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--write", action="store_true", help=f"write them into {DOCUMENT.name}")
    args = parser.parse_args()
    results = json.loads(args.results.read_text(encoding="utf-8"))
    try:
        a = changed(from_results(results), args.set)
    except ValueError as error:
        parser.error(str(error))
    if unknown := set(args.tables) - set(TABLES):
        parser.error(f"no such table: {', '.join(unknown)}; there are {', '.join(TABLES)}")
    if args.write:
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(filled(text, bodies(results, a)), encoding="utf-8")
        return
    for name in args.tables or TABLES:
        print(f"\n{name}\n\n{TABLES[name](a)}")


if __name__ == "__main__":
    main()
