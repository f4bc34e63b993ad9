"""``python -m benchmarks``: measure some figures, print them as tables, keep them as JSON."""

import argparse
import importlib
import json
import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.workplace import Archive, Bench, Row, made_archive, say

FIGURES = (
    "building",
    "updating",
    "cold",
    "warm",
    "reading",
    "serving",
    "holding",
    "recall",
    "peers",
)
"""A module each, which measures one figure; in the order in which a full run goes."""

SIZES = (10_000, 100_000)
FOLDER = Path("build") / "benchmarks"


def main() -> None:
    """Measure what the arguments name."""
    args = parser().parse_args()
    # What reading costs is a figure of its own; all others are what finding costs.
    os.environ["NEWSQUOTE_ANSWER__READER"] = "off"
    bench = Bench(tuple(archives(args)), args.repeats, args.folder)
    for name in args.figures or FIGURES:
        measure = importlib.import_module(f"benchmarks.{name}").measure
        rows = []
        for row in measure(bench):
            rows.append(row)
            say(f"  {name}: {line(row.values())}")
            if args.out:
                keep(args.out, name, row)
        print(f"\n{name}\n{table(rows)}", flush=True)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    made.add_argument("figures", nargs="*", choices=[*FIGURES, []], metavar="FIGURE",
                      help=f"{', '.join(FIGURES)}; or all")  # fmt: skip
    made.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N",
                      help="passages of the archives to make")  # fmt: skip
    made.add_argument("--corpus", type=Path, metavar="DIR", help="a real archive instead")
    made.add_argument("--repeats", type=int, default=5, help="of what is short; the median counts")
    made.add_argument("--folder", type=Path, default=FOLDER, help="for archives and indexes")
    made.add_argument("--out", type=Path, metavar="FILE", help="JSON that takes the results in")
    return made


def archives(args: argparse.Namespace) -> Iterable[Archive]:
    """Yield the archives that the arguments name, smallest first."""
    args.folder.mkdir(parents=True, exist_ok=True)
    if args.corpus:
        yield Archive(args.corpus.name, (args.corpus,), args.folder / f"index-{args.corpus.name}")
        return
    for size in sorted(args.sizes):
        yield made_archive(args.folder, size)


def keep(path: Path, figure: str, row: Row) -> None:
    """Put a row among the results in a file, in the place of one for the same thing."""
    results: dict[str, Any] = {"figures": {}}
    if path.exists():
        results = json.loads(path.read_text(encoding="utf-8"))
    results["machine"] = machine()
    rows = results["figures"].setdefault(figure, [])
    rows[:] = [one for one in rows if _subject(one) != _subject(row)]
    rows.append({**row, "measured": datetime.now(UTC).isoformat(timespec="minutes")})
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def machine() -> dict[str, str | int]:
    """Describe what was measured on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
    }


def table(rows: Iterable[Row]) -> str:
    """Return rows under the names of their columns."""
    rows = list(rows)
    if not rows:
        return "nothing was measured"
    cells = [list(rows[0]), *([shown(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in cells
    )


def line(values: Iterable[str | float]) -> str:
    """Return values on one line."""
    return " ".join(map(shown, values))


def shown(value: str | float) -> str:
    """Return a value as tables show it: three digits."""
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"  # noqa: PLR2004 - no digits behind the point
    return f"{value:,}" if isinstance(value, int) else value


def _subject(row: Row) -> tuple[object, ...]:
    return tuple(row.get(name) for name in ("archive", "index", "system"))


def _processor() -> str:
    for entry in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if entry.startswith("model name"):
            return entry.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    main()
