"""What is measured on real data: extraction by the program, question sets archive by archive."""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from config.loading import load_settings
from qa.commands.evaluate import as_text
from qa.measuring.archives import evaluation_models
from qa.measuring.evaluate import archive_at, evaluate, read_set
from qa.measuring.report import Report
from tests.quality.floors import Figure, Figures

_ASKED = 300
"""Questions of a set at most: each is read beside several passages, which takes time."""

_MIRROR = Path("corpus", "articles.tar.xz")


def extraction(shared: Path, out: TextIO) -> Figures:
    """Extract the articles that have a gold extraction and score them."""
    extracted = _newsquote("extract", str(shared / "articles" / "raw")).stdout
    scorer = shared / "articles" / "score.py"
    scored = subprocess.run(
        [sys.executable, str(scorer), str(shared / "articles" / "gold")],
        input=extracted,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    print(scored.strip(), file=out)
    found = re.search(r"F1 ([\d.]+)\s+metadata (\d+)/(\d+)\s+leaks (\d+)", scored)
    if not found:
        raise SystemExit(f"expected a line with F1, metadata and leaks, found {scored!r}")
    f1, right, fields, leaks = map(float, found.groups())
    return {"f1": Figure(f1), "metadata": Figure(right / fields), "leaks": Figure(leaks)}


def corpus(shared: Path, out: TextIO) -> Figures:
    """Send a whole archive through extraction: every file is kept, for its text or its title, or reported."""
    with _unpacked(shared / _MIRROR) as folder:
        files = sum(path.is_file() for path in folder.rglob("*"))
        done = _newsquote("extract", str(folder))
    articles = [json.loads(line) for line in done.stdout.splitlines()]
    kept = sum(bool(article["paragraphs"]) for article in articles)
    title_only = sum(article["title_only"] for article in articles)
    last = done.stderr.strip().splitlines()[-1]
    print(last, file=out)
    skipped = re.search(r"skipped (\d+)", last)
    unreported = files - kept - title_only - int(skipped[1] if skipped else 0)
    return {"kept": Figure(kept / files), "unreported": Figure(unreported)}


@dataclass(frozen=True, slots=True)
class Asking:
    """Question sets that are asked of one archive, which is indexed once.

    :ivar sets: folders or question files; the name of each is that of its figures.
    :ivar archive: what is indexed.
    :ivar buried: whether among the distractors.
    :ivar baseline: whether BM25 is measured beside it.
    """

    sets: Sequence[Path]
    archive: Path
    buried: bool = False
    baseline: bool = False

    @property
    def names(self) -> list[str]:
        """The names of its sets."""
        return [path.stem for path in self.sets]

    def __call__(self, shared: Path, out: TextIO) -> Iterator[tuple[str, Figures]]:
        """Ask all, and yield the figures of each set."""
        settings = load_settings()
        sets = [read_set(shared / path).sample(_ASKED) for path in self.sets]
        distractors = shared / "eval" / "distractors.jsonl.xz" if self.buried else None
        with (
            _unpacked(shared / self.archive) as archive,
            archive_at(
                archive, settings, evaluation_models(settings), distractors=distractors
            ) as service,
        ):
            for report in evaluate(service, sets, baseline=self.baseline):
                print(as_text(report), file=out, flush=True)
                yield report.dataset, figures_of(report)


_XQUAD_ZH = [Path("eval", f"xquad-a-{pair}") for pair in ("zh-zh", "en-zh", "ru-zh")]
_CRUD = Path("news", "crud-dev")

SPECIAL: dict[str, Callable[[Path, TextIO], Figures]] = {
    "extraction": extraction,
    "corpus": corpus,
}
ASKINGS = (
    Asking(_XQUAD_ZH, _XQUAD_ZH[0], buried=True),  # they have the same corpus
    *(
        Asking([Path("eval", name)], Path("eval", name), buried=True)
        for name in ("xquad-a-en-en", "drcd-dev", "cmrc-trial")
    ),
    Asking([Path("news", "realtimeqa-dev")], Path("news", "realtimeqa-dev"), baseline=True),
    Asking([_CRUD, Path("questions", "news.jsonl")], _CRUD, baseline=True),
    Asking([Path("questions", "mirror.jsonl")], _MIRROR, baseline=True),
)


def measure(shared: Path, names: Sequence[str], out: TextIO) -> Iterator[tuple[str, Figures]]:
    """Measure what is named, or all where nothing is, and yield the figures of each.

    :param out: where reports are printed.
    """
    for name, special in SPECIAL.items():
        if not names or name in names:
            yield name, special(shared, out)
    for asking in ASKINGS:
        wanted = [path for path in asking.sets if not names or path.stem in names]
        if wanted:
            yield from replace(asking, sets=wanted)(shared, out)


def figures_of(report: Report) -> Figures:
    """Return the figures of a report; those of one language as ``mrr@10.zh``."""
    groups = [("", report.metrics, report.intervals)]
    groups += [(f".{name}", one.metrics, one.intervals) for name, one in report.by_language.items()]
    return {
        f"{name}{suffix}": Figure(value, intervals[name])
        for suffix, metrics, intervals in groups
        for name, value in metrics.items()
        if value is not None
    }


def _newsquote(*args: str) -> subprocess.CompletedProcess[str]:
    """Run the program; a run that fails ends the measurement."""
    done = subprocess.run(
        [sys.executable, "-m", "qa.cli", *args], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return done


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """Unpack a tar file in a temporary folder; anything else is there as it is."""
    if not path.name.endswith(".tar.xz"):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder)
