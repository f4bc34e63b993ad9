"""``python -m benchmarks.milvus``: an archive in local files and in milvus-lite, side by side.

The archive is built in a folder and published to a server of milvus-lite, a process of its own on the
same machine. Then both are asked the same questions; ``--made N`` makes up an archive of about N passages, and
questions about it. What is compared is what is shown, and the
processor time that it takes; of Milvus that of this process and of the server together.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.archive import PASSAGES_PER_ARTICLE, article_path, write_archive
from benchmarks.archive import questions as questions_about
from config.loading import load_settings
from config.settings import Settings
from index.articles.files import read_article
from index.engines.registry import open_engine
from index.errors import EngineUnavailable, IndexMissing
from index.types import Article
from qa.archiving import archive_of
from qa.measuring.asking import RANKED
from qa.measuring.evaluate import read_set
from qa.measuring.metrics import reciprocal_rank
from qa.measuring.questions import Question, with_paths
from qa.opening import engine_choice, open_service
from qa.service import Service

_PORT = 19_531
_TICKS = os.sysconf("SC_CLK_TCK")
_SHARES = (50, 95)
_UNCOUNTED = 10
"""Questions that open files and tables first; users ask many."""


def main() -> None:
    """Measure the archive and the questions that the arguments name."""
    args = parser().parse_args()
    if bool(args.made) == bool(args.sets):
        parser().error("expected an archive and sets of questions, or --made N")
    shutil.rmtree(args.folder, ignore_errors=True)
    args.folder.mkdir(parents=True)
    if args.made:
        args.archive, args.sets = make(args.folder / "made", args.made, args.sample)
    local = load_settings().with_flags(
        archive={"paths": [args.archive]},
        index={"dir": args.folder / "index", "engine": "local"},
        answer={"reader": "bundled" if args.reader else "off"},
    )
    server = local.with_flags(
        index={"engine": "milvus"},
        milvus={"uri": f"http://127.0.0.1:{_PORT}", "timeout": 300},
    )
    with serving(args.folder / "milvus") as process:
        build(local, server, process, args.folder)
        with open_service(local) as files, open_service(server) as milvus:
            for path in args.sets:
                compare(path, files, milvus, process, args.sample)
            print(f"memory of this process at most {_most_memory():,.0f} MB, of the server now "
                  f"{_memory_of(process.pid):,.0f} MB")  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.milvus", description=__doc__)
    made.add_argument("archive", type=Path, nargs="?", help="folder of article files")
    made.add_argument("sets", type=Path, nargs="*", help="question files or sets")
    made.add_argument("--made", type=int, metavar="N", help="make up an archive of N passages")
    made.add_argument("--folder", type=Path, default=Path("build") / "benchmarks" / "milvus")
    made.add_argument("--sample", type=int, default=100, metavar="N", help="questions of a set")
    made.add_argument("--reader", action="store_true", help="let the best passages be read")
    return made


def make(folder: Path, passages: int, count: int) -> tuple[Path, list[Path]]:
    """Make up an archive of about so many passages, and questions that some of its articles answer."""
    archive, questions = folder / "articles", folder / "questions.jsonl"
    articles = max(round(passages / PASSAGES_PER_ARTICLE), 1)
    write_archive(archive, articles)
    chosen = np.unique(np.linspace(0, articles - 1, count).astype(int)).tolist()
    paths = [article_path(archive, number) for number in chosen]
    read = [read_article(path, max_bytes=10**7) for path in paths]
    texts = [one.text if isinstance(one, Article) else "" for one in read]
    lines = (
        json.dumps(
            {
                "id": path.stem,
                "question": questions_about([text], 1)[0],
                "gold": [str(path.relative_to(archive))],
            },
            ensure_ascii=False,
        )
        for path, text in zip(paths, texts, strict=True)
    )
    questions.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return archive, [questions]


@contextmanager
def serving(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server of milvus-lite."""
    program = (
        "import sys; from milvus_lite.adapter.grpc.server import run_server;"
        f"run_server(sys.argv[1], host='127.0.0.1', port={_PORT})"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(folder)])  # noqa: S603 - ours
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def build(
    local: Settings, server: Settings, process: subprocess.Popen[bytes], folder: Path
) -> None:
    """Build in the folder, then publish; print what each costs."""
    began = _own_seconds()
    manifest = archive_of(local).build()
    built = _own_seconds() - began
    _wait(server)
    began, theirs = _own_seconds(), _seconds_of(process.pid)
    archive_of(server).update()
    published, there = _own_seconds() - began, _seconds_of(process.pid) - theirs
    print(f"{manifest.articles} articles, {manifest.passages} passages")
    print(f"built in {built:.1f} s of processor time")
    print(f"published in {published:.1f} s here, {there:.1f} s there")
    for name in ("index", "milvus"):
        print(f"{name}: {_bytes_of(folder / name) / 1e6:,.1f} MB")


def compare(
    path: Path, files: Service, milvus: Service, process: subprocess.Popen[bytes], sample: int
) -> None:
    """Ask a set of questions of both; print how far they agree and what they cost."""
    asked = read_set(path).sample(sample)
    paths = [card.path for card in files.articles(0, files.status().manifest.articles)]
    questions = with_paths(asked.questions, paths)
    for question in questions[:_UNCOUNTED]:
        files.answer(question.text)
        milvus.answer(question.text)
    of_files, of_both = [], []
    same = 0
    ranks: list[tuple[float, float]] = []
    for question in questions:
        began = time.process_time()
        here = files.answer(question.text)
        of_files.append(time.process_time() - began)
        began, theirs = time.process_time(), _seconds_of(process.pid)
        there = milvus.answer(question.text)
        of_both.append(time.process_time() - began + _seconds_of(process.pid) - theirs)
        first = [answer.quotes[0].text if answer.quotes else None for answer in (here, there)]
        same += first[0] == first[1]
        if first[0] != first[1]:
            print(f"  not the same: {question.id}")
        if question.answerable:
            ranks.append((_rank(files, question), _rank(milvus, question)))
    print(f"{asked.name}: the same first quote, or none, for {same} of {len(questions)} questions")
    if ranks:
        mrr = np.array(ranks).mean(axis=0)
        print(f"  MRR@{RANKED} of {len(ranks)} questions: {mrr[0]:.4f} local, {mrr[1]:.4f} Milvus")
    print(f"  {_told(of_files)} ms local, {_told(of_both)} ms Milvus (p50, p95)")


def _rank(service: Service, question: Question) -> float:
    ranking = [path for path, _ in service.rank_articles(question.text, RANKED)]
    return reciprocal_rank(ranking, question.relevant, RANKED)


def _told(seconds: Sequence[float]) -> str:
    return ", ".join(f"{1000 * value:.1f}" for value in np.percentile(seconds, _SHARES))


def _wait(settings: Settings) -> None:
    """Wait until the server answers."""
    engine = open_engine(engine_choice(settings))
    while True:
        try:
            engine.current()
        except EngineUnavailable:
            continue
        except IndexMissing:
            return
        return


def _own_seconds() -> float:
    """Return the processor time of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _seconds_of(process: int) -> float:
    """Return the processor time of another process, to a hundredth of a second."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _memory_of(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1e3
    return 0.0


def _bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
