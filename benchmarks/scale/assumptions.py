"""Every number that the plan rests on, with its unit and its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

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
        "[measured](lab/2026-11-30-e5-by-onnx-runtime.md) with AVX2 alone; a core with VNNI or AMX "
        "is quicker",
        10,
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
