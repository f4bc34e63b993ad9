"""What an archive of some size needs, costs and takes, by the assumptions."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from benchmarks.fan_out import Latency, Way, simulate
from benchmarks.scale.assumptions import Assumptions
from benchmarks.scale.machines import ALONE, ASKED, BUILDER, GPU, NODE, SERVICE, Machine

HOURS = 730
"""Of a month."""

_SIMULATED = 20_000
"""Questions for each p99 of the plan."""

_MEASURED_NODE = 10_000_000
"""Passages of the node whose times VectorDBBench has."""


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


def works(a: Assumptions) -> Iterator[tuple[str, Machine, float]]:
    """Yield the parts of a build, the machine that does each, and passages a second of one."""
    yield "read, cut, encode (bundled)", BUILDER, BUILDER.processors * a.built_per_core
    yield "encode besides (e5)", BUILDER, BUILDER.processors * a.e5_per_core
    yield "encode besides (large)", GPU, a.large_per_gpu
    yield "take in and link", BUILDER, a.linked_per_node


def half_delayed(a: Assumptions) -> float:
    """Return the number of nodes with which half of the questions meet a straggler."""
    sent = math.log(0.5) / math.log(1 - a.stragglers)
    return sent / (a.requests * a.rounds)
