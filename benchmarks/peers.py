"""newsquote beside txtai and LangChain, over the same passages with the same vectors.

The peers are given every vector, and LangChain its tokens: what making them takes newsquote, which
makes its own, is told beside their build. newsquote keeps more than they do: what filters, late
interaction, near-copies and verification need.
"""

import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.measure import Command, cost_of_call, cost_of_program, in_new_process, memory
from benchmarks.workplace import NEWSQUOTE, Archive, Bench, Row, say
from config.loading import load_settings
from index.building.prepare import prepare
from index.building.write import build
from index.encoders.models import Models
from index.parts.vectors import open_vectors
from index.text.tokens import token_lines
from index.types import Article, Card, Paragraph
from qa.archiving import options_of
from qa.opening import open_service

PEERS = ("txtai", "langchain")
PYTHON = Path("build") / "peers" / "bin" / "python"
WORKER = Path(__file__).with_name("peer_worker.py")
QUESTIONS = 50
COLD_RUNS = 3
MANY = 100_000
"""Passages from which peers are left out: LangChain takes a second a question and more."""


def measure(bench: Bench) -> Iterator[Row]:
    """Yield build time, time of a question, memory and cold start of newsquote and its peers."""
    if not PYTHON.exists():
        say("peers: left out; 'make bench-peers' installs them")
        return
    for archive in bench.archives:
        archive.ensure_index()
        if archive.passages() >= MANY:
            continue
        folder = bench.folder / "peers"
        shutil.rmtree(folder, ignore_errors=True)
        given = prepare_peers(archive, folder)
        say(f"{archive.name}: peers")
        for name, row in ("newsquote", newsquote_row(folder)), *peer_rows(folder):
            yield {
                "archive": archive.name,
                "passages": archive.passages(),
                "system": name,
                "given_cpu_s": given[name],
                **row,
            }


def prepare_peers(archive: Archive, folder: Path) -> dict[str, float]:
    """Write what every system gets: texts, each once, their tokens and vectors, and questions.

    :return: CPU time in seconds to make what a system is given and does not make itself.
    """
    folder.mkdir(parents=True)
    vectors = open_vectors(archive.generation)
    texts = archive.texts(range(len(vectors)))
    rows = list({text: row for row, text in enumerate(texts)}.values())
    texts = [texts[row] for row in rows]
    asked = list(dict.fromkeys(archive.questions(QUESTIONS)))
    encoder = Models.bundled().encoder
    encoding = cost_of_call(lambda: encoder.encode(texts)).cpu
    tokenising = cost_of_call(lambda: token_lines(texts)).cpu
    np.save(folder / "vectors.npy", vectors[rows].astype(np.float32))
    np.save(folder / "question_vectors.npy", encoder.encode(asked, "query"))
    for name, value in (
        ("passages", texts),
        ("tokens", token_lines(texts)),
        ("questions", asked),
        ("question_tokens", dict(zip(asked, token_lines(asked), strict=True))),
    ):
        (folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    return {"newsquote": 0.0, "txtai": encoding, "langchain": encoding + tokenising}


def newsquote_row(folder: Path) -> Row:
    """Measure newsquote with passages that are articles of one paragraph."""
    index = folder / "newsquote"
    built = in_new_process(build_passages, folder, index)
    asked = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    cold = [
        cost_of_program([NEWSQUOTE, "ask", asked[0], "--index", index]) for _ in range(COLD_RUNS)
    ]
    return {
        **built,
        **in_new_process(serve, index, asked),
        "cold_cpu_ms": 1000 * statistics.median(cost.cpu for cost in cold),
    }


def build_passages(folder: Path, index: Path) -> Row:
    """Build an index of the passages, in one process."""
    texts = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
    models = Models.bundled()
    options = replace(options_of(load_settings()), keep=1)
    articles = (_article(number, text) for number, text in enumerate(texts))
    began = time.process_time(), time.perf_counter()
    build(
        prepare(articles, models.table, target_chars=options.target_chars),
        index,
        models,
        options,
        paths=[],
    )
    return {
        "build_cpu_s": time.process_time() - began[0],
        "build_wall_s": time.perf_counter() - began[1],
    }


def _article(number: int, text: str) -> Article:
    card = Card(
        path=f"{number}.md",
        sha256=f"{number:064x}",
        title="",
        author=None,
        date=None,
        url=None,
        source=None,
        language="und",
    )
    return Article(card, categories=(), tags=(), paragraphs=(Paragraph(text),))


def serve(index: Path, asked: list[str]) -> Row:
    """Answer all questions; return the median time and the memory."""
    times = []
    with open_service(load_settings().with_flags(index={"dir": index})) as service:
        service.answer(asked[0])
        for question in asked:
            began = time.process_time()
            service.answer(question)
            times.append(1000 * (time.process_time() - began))
        return {"question_p50_ms": statistics.median(times), "rss_mb": memory().rss}


def peer_rows(folder: Path) -> Iterator[tuple[str, Row]]:
    """Measure the peers, each action in a process of its own."""
    for name in PEERS:
        built = _run(name, folder, "build")
        served = _run(name, folder, "serve")
        command: Command = [PYTHON, WORKER, name, folder, "ask"]
        cold = [cost_of_program(command) for _ in range(COLD_RUNS)]
        yield (
            name,
            {
                "build_cpu_s": built["cpu_s"],
                "build_wall_s": built["wall_s"],
                "question_p50_ms": served["p50_ms"],
                "rss_mb": served["rss_mb"],
                "cold_cpu_ms": 1000 * statistics.median(cost.cpu for cost in cold),
            },
        )


def _run(name: str, folder: Path, action: str) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603 - our own program
        [PYTHON, WORKER, name, folder, action], check=True, stdout=subprocess.PIPE, text=True
    )
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured
