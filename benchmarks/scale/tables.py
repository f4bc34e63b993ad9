"""The tables of docs/scale.md."""

import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from benchmarks.__main__ import shown
from benchmarks.fan_out import Latency, hedged, once
from benchmarks.fan_out import table as fan_out_table
from benchmarks.scale.arithmetic import (
    DESIGNS,
    HOURS,
    alone,
    at_best,
    cluster,
    disk_graph_bytes,
    fields_bytes,
    finding_ms,
    graph_bytes,
    half_delayed,
    node_median,
    words_bytes,
    works,
)
from benchmarks.scale.assumptions import Assumptions
from benchmarks.scale.machines import ALONE, ASKED, BUILDER, GPU, NODE, SERVICE
from benchmarks.scale.sources import SOURCES
from benchmarks.tables import markdown

SIZES = (10_000_000, 100_000_000, 1_000_000_000)
BUILDERS = (1, 4, 16, 64)


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
