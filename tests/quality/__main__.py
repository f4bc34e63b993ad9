"""Measure extraction and retrieval on real data and compare with the floors.

    python -m tests.quality FOLDER [NAME...]

FOLDER holds ``articles/`` (raw files, gold extractions, ``score.py``), ``corpus/articles.tar.xz``
and ``eval/`` (question sets and ``distractors.jsonl.xz``). NAME limits the run to some measurements
of ``floors.json``. Ends with status 1 when a figure is below its floor, or a leak above its ceiling.
"""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

FLOORS = json.loads(Path(__file__).with_name("floors.json").read_text(encoding="utf-8"))
CEILINGS = frozenset(("leaks", "false_answers_at_90", "unreported"))
"""Figures of which less is better: their "floor" is the most that is let through."""

Figures = Mapping[str, float]


def newsquote(*args: str) -> subprocess.CompletedProcess[str]:
    """Run the program; a run that fails ends the measurement."""
    done = subprocess.run(
        [sys.executable, "-m", "qa.cli", *args], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return done


def extraction(shared: Path) -> Figures:
    """Extract the articles that have a gold extraction and score them."""
    extracted = newsquote("extract", str(shared / "articles" / "raw")).stdout
    scorer = shared / "articles" / "score.py"
    scored = subprocess.run(
        [sys.executable, str(scorer), str(shared / "articles" / "gold")],
        input=extracted,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    print(scored.strip())
    found = re.search(r"F1 ([\d.]+)\s+metadata (\d+)/(\d+)\s+leaks (\d+)", scored)
    if not found:
        raise SystemExit(f"expected a line with F1, metadata and leaks, found {scored!r}")
    f1, right, fields, leaks = map(float, found.groups())
    return {"f1": f1, "metadata": right / fields, "leaks": leaks}


def corpus(shared: Path) -> Figures:
    """Send a whole archive through extraction: every file is kept or reported."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(shared / "corpus" / "articles.tar.xz") as archive:
            archive.extractall(folder, filter="data")
            files = sum(member.isfile() for member in archive.getmembers())
        done = newsquote("extract", folder)
    kept = sum(bool(json.loads(line)["paragraphs"]) for line in done.stdout.splitlines())
    print(done.stderr.strip().splitlines()[-1])
    skipped = re.search(r"skipped (\d+)", done.stderr.splitlines()[-1])
    return {"kept": kept / files, "unreported": files - kept - int(skipped[1] if skipped else 0)}


def questions(name: str) -> Callable[[Path], Figures]:
    """Return the measurement of one question set, buried in the distractors."""

    def measure(shared: Path) -> Figures:
        sets = shared / "eval"
        report = newsquote(
            *("eval", str(sets / name), "--json"),
            *("--distractors", str(sets / "distractors.jsonl.xz")),
        ).stdout
        figures: dict[str, float] = json.loads(report)["metrics"]
        return figures

    return measure


def main(shared: Path, names: list[str]) -> int:
    """Run the measurements and print a table; return the exit status."""
    special = {"extraction": extraction, "corpus": corpus}
    failed = 0
    rows = 0
    for name, floors in FLOORS.items():
        if names and name not in names:
            continue
        figures = special.get(name, questions(name))(shared)
        for figure, floor in floors.items():
            value = figures[figure]
            good = value <= floor if figure in CEILINGS else value >= floor
            rows += 1
            failed += not good
            sign = "<=" if figure in CEILINGS else ">="
            verdict = "ok" if good else "FAILED"
            print(f"{name:<16} {figure:<20} {value:8.4f} {sign} {floor:<8} {verdict}", flush=True)
    print(f"{rows - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
