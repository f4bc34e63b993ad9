"""Measure extraction and retrieval on real data and compare with the floors.

    python -m tests.quality FOLDER [NAME...] [--measure]

FOLDER holds ``articles/`` (raw files, gold extractions, ``score.py``), ``corpus/articles.tar.xz``,
``eval/`` (question sets and ``distractors.jsonl.xz``), ``news/`` (question sets with whole articles)
and ``questions/`` (question files). NAME limits the run to some measurements of ``floors.json``.
Ends with status 1 when a figure is below its floor, or above its ceiling.

``--measure`` prints ``floors.json`` anew, on standard output: with each floor half the way from the
figure to the worse end of its 95 % interval, but 0.01 away at least, and 0.03 where the interval has no
width. No floor is lowered, and a figure
without an interval keeps its own. To hold a new figure, write it into ``floors.json`` with a floor of
0 (or a ceiling of 1) first.
"""

import argparse
import json
import sys
from pathlib import Path

from tests.quality.floors import Figures, Floors, raised, verdicts
from tests.quality.measurements import measure

FLOORS = Path(__file__).with_name("floors.json")


def main(arguments: list[str], floors: Floors) -> int:
    """Run the measurements and print a table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality")
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--measure", action="store_true", help="print floors.json anew")
    args = parser.parse_args(arguments)
    if unknown := set(args.names) - set(floors):
        parser.error(f"expected names of {', '.join(floors)}; found {', '.join(sorted(unknown))}")
    out = sys.stderr if args.measure else sys.stdout
    measured: dict[str, Figures] = {}
    for name, figures in measure(args.folder, args.names, out):
        measured[name] = figures
        for verdict in verdicts({name: figures}, floors):
            print(verdict, file=out, flush=True)
    failed = sum(not verdict.good for verdict in verdicts(measured, floors))
    held = sum(1 for _ in verdicts(measured, floors))
    print(f"{held - failed} passed, {failed} failed", file=out)
    if args.measure:
        print(json.dumps(raised(measured, floors), indent=2))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], json.loads(FLOORS.read_text(encoding="utf-8"))))
