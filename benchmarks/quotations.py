"""``python -m benchmarks.quotations ARCHIVE``: how often the check of a quotation is right.

Some articles of the archive are held out, the rest is indexed. Quotations are made from both by ``altering``, so
it is known what is wrong with each. What is told of them is compared with that.

A right verdict is the one that was made. No quotation with a fault may be "verified".
"""

import argparse
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import get_args

from benchmarks.altering import KINDS, Case, Sample, Source, cases
from config.loading import load_settings
from index.articles.files import read_article
from index.articles.finding import find_files
from index.types import Article
from qa.checking.check import NoQuotation
from qa.checking.verdicts import Verdict
from qa.opening import open_service
from qa.service import Service

FOLDER = Path("build") / "quotations"
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_HELD_OUT = 50
"""Every so manieth article is held out."""

_SAMPLES = 3000
_PAGE = 1000
_MAX_BYTES = 10**7


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, and what was said of it.

    :ivar seconds: of processor time that it took.
    """

    case: Case
    verdict: str
    seconds: float

    @property
    def right(self) -> bool:
        """Whether that is right."""
        return self.verdict == self.case.verdict


def main() -> None:
    """Measure, and print the tables."""
    args = parser().parse_args()
    archive, held_out = args.folder / "archive", args.folder / "held-out"
    index = args.folder / "index"
    if not archive.exists():
        split(args.archive, archive, held_out)
    if not (index / "CURRENT").exists():
        command = [sys.executable, "-m", "qa.cli", "index", "build", str(archive)]
        subprocess.run([*command, "--index", str(index)], check=True)  # noqa: S603 - our own program
    settings = load_settings().with_flags(index={"dir": index})
    with open_service(settings) as service:
        passages = service.status().manifest.passages
        chance = random.Random(args.seed)  # noqa: S311 - chance is repeated by its seed
        source = source_of(service, strangers_in(held_out), chance)
        judged = list(judge(service, cases(source, args.count)))
    print(f"{len(judged)} quotations, {passages:,} passages\n")
    print(by_kind(judged), confusion(judged), speed(judged), sep="\n\n")
    for one in judged:
        if not one.right and args.show:
            print(f"\n{one.case.kind}: {one.verdict} for {one.case.verdict}, {one.case.claim}")
            print(f"  {one.case.text!r}\n  {one.case.original!r}")
    sys.exit(0 if good(judged) else 1)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.quotations", description=__doc__)
    made.add_argument("archive", type=Path, metavar="ARCHIVE", help="a folder of article files")
    made.add_argument("--count", type=int, default=500, help="quotations")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument(
        "--folder", type=Path, default=FOLDER, help="for the archive's parts and its index"
    )
    made.add_argument("--show", action="store_true", help="print what was told wrongly")
    return made


def split(whole: Path, archive: Path, held_out: Path) -> None:
    """Link the files of an archive into two folders."""
    for path in whole.rglob("*"):
        if path.is_file():
            name = path.relative_to(whole)
            number = int.from_bytes(sha256(name.as_posix().encode()).digest()[:4])
            place = (archive if number % _HELD_OUT else held_out) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                place.hardlink_to(path)
            except OSError:  # another file system
                shutil.copyfile(path, place)


def strangers_in(folder: Path) -> list[str]:
    """Return the texts of the articles in a folder."""
    found = (path for path in find_files([folder]) if isinstance(path, Path))
    articles = (read_article(path, max_bytes=_MAX_BYTES) for path in found)
    return [one.text for one in articles if isinstance(one, Article)]


def source_of(service: Service, strangers: Sequence[str], chance: random.Random) -> Source:
    """Return what cases are made from."""
    whole = list(samples_in(service))
    samples = chance.sample(whole, min(_SAMPLES, len(whole)))
    return Source(samples, strangers, holding(whole), chance)


def samples_in(service: Service) -> Iterable[Sample]:
    """Yield all articles of an archive."""
    first = 0
    while cards := service.articles(first, _PAGE):
        for card in cards:
            found = service.article(card.sha256)
            if found is not None:
                yield Sample(*found)
        first += _PAGE


def holding(whole: Iterable[Sample]) -> Callable[[str, str | None], int]:
    """Return what tells how many articles of a source, or of any, hold some words."""
    by_source: dict[str | None, list[str]] = {}
    for sample in whole:
        by_source.setdefault(sample.card.source, []).append(f"{sample.card.title}\n{sample.text}")

    def held(words: str, source: str | None) -> int:
        texts = by_source.values() if source is None else [by_source.get(source, [])]
        return sum(words in text for some in texts for text in some)

    return held


def judge(service: Service, given: Iterable[Case]) -> Iterable[Judged]:
    """Yield what is said of each case."""
    for case in given:
        began = time.process_time()
        try:
            verdict: str = service.check_quote(case.text, case.claim).verdict
        except NoQuotation as error:
            verdict = str(error)
        yield Judged(case, verdict, time.process_time() - began)


def good(judged: Sequence[Judged]) -> bool:
    """Tell whether 98 of 100 are right, and no fault was verified."""
    right = sum(one.right for one in judged)
    return right >= 0.98 * len(judged) and not wrongly_verified(judged)


def wrongly_verified(judged: Iterable[Judged]) -> list[Judged]:
    """Return what has a fault and was verified."""
    return [one for one in judged if one.verdict == "verified" and not one.right]


def by_kind(judged: Sequence[Judged]) -> str:
    """Return how many of each kind were told right, as a table."""
    lines = [
        "| what was done | right verdict | quotations | told so |",
        "| --- | --- | --- | --- |",
    ]
    for kind in KINDS:
        of_kind = [one for one in judged if one.case.kind == kind]
        if of_kind:
            right = sum(one.right for one in of_kind)
            verdict = of_kind[0].case.verdict.replace("_", " ")
            lines.append(f"| {kind} | {verdict} | {len(of_kind)} | {right} |")
    right = sum(one.right for one in judged)
    lines.append(f"| all | | {len(judged)} | {right} ({right / len(judged):.1%}) |")
    return "\n".join(lines)


def confusion(judged: Sequence[Judged]) -> str:
    """Return which verdict was given for which, as a table."""
    counts = Counter((one.case.verdict, one.verdict) for one in judged)
    names = [verdict.replace("_", " ") for verdict in VERDICTS]
    lines = [f"| | {' | '.join(names)} |", "| --- " * (len(names) + 1) + "|"]
    for made, name in zip(VERDICTS, names, strict=True):
        told = " | ".join(str(counts[made, verdict] or "") for verdict in VERDICTS)
        lines.append(f"| **{name}** | {told} |")
    return "\n".join(lines)


def speed(judged: Sequence[Judged]) -> str:
    """Return how much processor time it took, which other work on the machine hardly changes."""
    seconds = sorted(one.seconds for one in judged)
    median, last = seconds[len(seconds) // 2], seconds[int(0.95 * len(seconds))]
    rate = 60 * len(seconds) / sum(seconds)
    return f"{rate:,.0f} a minute and core; median {median * 1000:.1f} ms, 95th percentile {last * 1000:.1f} ms"


if __name__ == "__main__":
    main()
