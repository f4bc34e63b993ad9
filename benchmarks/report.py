"""``python -m benchmarks.report``: the tables and the plot of docs/performance.md from the results.

``benchmarks.tables`` says where in the document a table stands.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.__main__ import shown
from benchmarks.tables import filled, markdown
from benchmarks.workplace import Row

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results.json"
DOCUMENT = ROOT / "docs" / "performance.md"

TABLES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "cold": (
        "cold",
        {
            "archive": "archive",
            "ask_cpu_ms": "`newsquote ask`, CPU ms",
            "floor_cpu_ms": "imports alone, CPU ms",
            "ratio_cpu": "ratio",
            "ratio_wall": "ratio of wall times",
        },
    ),
    "warm": (
        "warm",
        {
            "archive": "archive",
            "answer_p50_ms": "answer, p50 ms",
            "answer_p95_ms": "p95 ms",
            "bare_p50_ms": "bare, p50 ms",
            "bare_p95_ms": "p95 ms",
            "ratio_p50": "ratio of p50",
            "ratio_p95": "of p95",
            "candidates_p50_ms": "all searches, p50 ms",
            "ratio_candidates_p50": "answer by that",
        },
    ),
    "stages": (
        "warm",
        {
            "archive": "archive",
            "encode_p50_ms": "encode, p50 ms",
            "faiss_p50_ms": "FAISS, p50 ms",
            "tantivy_p50_ms": "tantivy, p50 ms",
        },
    ),
    "building": (
        "building",
        {
            "archive": "archive",
            "passages_per_s_wall": "passages/s",
            "build_cpu_s": "build, CPU s",
            "floor_cpu_s": "Beautiful Soup, CPU s",
            "ratio_cpu": "ratio",
            "ratio_wall": "ratio of wall times",
            "index_mb": "index, MB",
            "peak_mb": "memory at most, MB",
        },
    ),
    "updating": (
        "updating",
        {
            "archive": "archive",
            "changed": "changed files",
            "build_cpu_s": "build, CPU s",
            "update_cpu_s": "update, CPU s",
            "ratio_cpu": "ratio",
            "ratio_wall": "ratio of wall times",
            "unchanged_cpu_s": "nothing changed, CPU s",
        },
    ),
    "reading": (
        "reading",
        {
            "archive": "archive",
            "answer_p50_ms": "p50, ms",
            "answer_p95_ms": "p95, ms",
            "answer_off_p50_ms": "without reading, p50, ms",
            "cold_ms": "new process, ms",
            "cold_off_ms": "the same without reading, ms",
            "ratio_cold": "ratio",
        },
    ),
    "serving": (
        "serving",
        {
            "archive": "archive",
            "rss_mb": "RSS, MB",
            "pss_mb": "PSS, MB",
            "private_mb": "private, MB",
            "pss_of_two_mb": "PSS of each of two, MB",
        },
    ),
    "holding": (
        "holding",
        {
            "archive": "archive",
            "articles": "articles",
            "passages": "passages",
            "chars": "characters",
            "tokens": "distinct tokens",
            "words": "distinct words",
            "article_words": "of an article",
            "database_b": "texts, B",
            "vectors_b": "vectors, B",
            "codes_b": "codes, B",
            "passage_words_b": "words, B",
            "article_words_b": "of articles, B",
            "tokens_b": "tokens, B",
            "all_b": "all, B",
        },
    ),
    "recall": (
        "recall",
        {
            "archive": "archive",
            "index": "index",
            "recall all": "recall@10",
            "recall 10.0%": "10 % allowed",
            "recall 1.0%": "1 %",
            "recall 0.1%": "0.1 %",
            "recall rarer scripts": "rarer scripts",
            "ms all": "ms",
            "ms 1.0%": "ms, 1 %",
        },
    ),
    "peers": (
        "peers",
        {
            "archive": "archive",
            "system": "system",
            "build_cpu_s": "build, CPU s",
            "given_cpu_s": "given, CPU s",
            "question_p50_ms": "question, p50 ms",
            "rss_mb": "RSS, MB",
            "cold_cpu_ms": "cold, CPU ms",
        },
    ),
}
"""By name in the document: the figure, and the heading of each column that is shown."""

PANELS: Sequence[tuple[str, str, str, Mapping[str, str]]] = (
    ("cold", "One question, new process", "CPU ms",
     {"ask_cpu_ms": "newsquote ask", "floor_cpu_ms": "import numpy, faiss, tantivy"}),
    ("warm", "One question, running process", "CPU ms",
     {"answer_p95_ms": "answer, p95", "answer_p50_ms": "answer, p50",
      "bare_p50_ms": "encode + FAISS + tantivy, p50"}),
    ("building", "Build", "CPU s",
     {"build_cpu_s": "index build", "floor_cpu_s": "Beautiful Soup alone"}),
    ("serving", "Memory", "MB", {"rss_mb": "serving, RSS", "pss_of_two_mb": "each of two, PSS"}),
)  # fmt: skip
"""Figure, title, unit and lines of each part of the plot."""


def main() -> None:
    """Write tables and plot."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS, help="what 'benchmarks' wrote")
    parser.add_argument("--document", type=Path, default=DOCUMENT, help="whose tables are written")
    args = parser.parse_args()
    results = json.loads(args.results.read_text(encoding="utf-8"))
    text = args.document.read_text(encoding="utf-8")
    args.document.write_text(with_tables(text, results), encoding="utf-8")
    plot(results["figures"], args.document.with_suffix(".png"))


def with_tables(text: str, results: Mapping[str, Any]) -> str:
    """Return a document with all tables that it has room for written anew."""

    def body(name: str) -> str:
        if name == "machine":
            return "{processor}, {cores} cores, Python {python}.".format(**results["machine"])
        figure, columns = TABLES[name]
        rows = _by_size(results["figures"].get(figure, []))
        return markdown(
            list(columns.values()), [[shown(row.get(one, "")) for one in columns] for row in rows]
        )

    return filled(text, body)


def plot(figures: Mapping[str, Sequence[Row]], path: Path) -> None:
    """Draw cost against size, and save it as PNG."""
    mpl.use("agg")
    figure = Figure(figsize=(10, 7), layout="constrained")
    for axes, (name, title, unit, lines) in zip(figure.subplots(2, 2).flat, PANELS, strict=True):
        rows = _by_size([row for row in figures.get(name, []) if _made(row)])
        _draw(axes, rows, lines)
        axes.set(title=title, xlabel="passages", ylabel=unit)
    # Without the name of the library's version, so that the same results give the same file.
    figure.savefig(path, dpi=120, metadata={"Software": None})


def _draw(axes: Axes, rows: Sequence[Row], lines: Mapping[str, str]) -> None:
    sizes = [float(row["passages"]) for row in rows]
    for column, label in lines.items():
        axes.plot(sizes, [float(row[column]) for row in rows], marker="o", label=label)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    if rows:
        axes.legend()


def _by_size(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (not _made(row), float(row["passages"])))


def _made(row: Row) -> bool:
    """Return whether a row is about a made archive, whose name is its size."""
    return str(row["archive"]).replace(",", "").isdecimal()


if __name__ == "__main__":
    main()
