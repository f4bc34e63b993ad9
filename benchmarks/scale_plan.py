"""``python -m benchmarks.scale_plan``: the plan past one machine, computed; the tables of docs/scale.md.

Every number that the plan rests on is a field of ``Assumptions``, with its unit and its source. What is
newsquote's own is read from ``results.json``. ``--set NAME=VALUE`` computes with another one.
"""

import argparse
import json
from pathlib import Path

from benchmarks.report import RESULTS, ROOT
from benchmarks.scale.assumptions import changed, from_results
from benchmarks.scale.tables import TABLES, bodies
from benchmarks.tables import filled

DOCUMENT = ROOT / "docs" / "scale.md"


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
