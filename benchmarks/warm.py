"""A question to a running service, beside the bare encoder and engines on the same index."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.measure import in_new_process
from benchmarks.workplace import Bench, Row
from config.loading import load_settings
from index.encoders.models import Models
from index.encoders.protocol import Encoder
from index.generations.opened import Generation, open_generation
from index.parts.filters import other_scripts, script_number
from index.text.tokens import script, tokens
from qa.opening import open_service
from qa.retrieval.ranking import CROSS_SCRIPT_SHARE, KNOWN_SHARE

QUESTIONS = 200


def measure(bench: Bench) -> Iterator[Row]:
    """Yield for each archive what questions cost once everything is loaded."""
    for archive in bench.archives:
        archive.ensure_index()
        asked = archive.questions(QUESTIONS)
        times = in_new_process(measure_here, archive.index, asked, bench.repeats)
        row: Row = {"archive": archive.name, "passages": archive.passages()}
        for name, values in times.items():
            row[f"{name}_p50_ms"], row[f"{name}_p95_ms"] = np.quantile(values, (0.5, 0.95)).tolist()
        for quantile in ("p50", "p95"):
            answer = float(row[f"answer_{quantile}_ms"])
            row[f"ratio_{quantile}"] = answer / float(row[f"bare_{quantile}_ms"])
            row[f"ratio_candidates_{quantile}"] = answer / float(row[f"candidates_{quantile}_ms"])
        yield row


def measure_here(index: Path, asked: list[str], repeats: int) -> dict[str, list[float]]:
    """Return CPU times in ms, one a question: the least of its repeats.

    ``bare``: the question encoded, one search by FAISS and one by tantivy, for as many passages as
    the program takes from each. ``candidates``: the searches that the program makes, by meaning in
    both groups of scripts; what then follows is its own work.
    """
    settings = load_settings().with_flags(index={"dir": index})
    k = settings.retrieval.candidates
    models = Models.bundled()
    encoder = models.encoder
    generation = open_generation(index, models)
    with open_service(settings, models) as service:
        stages: dict[str, Callable[[str], object]] = {
            "answer": service.answer,
            "bare": lambda question: _bare(question, encoder, generation, k),
            "candidates": lambda question: _candidates(question, encoder, generation, k),
            "encode": lambda question: encoder.encode([question], "query"),
            "faiss": lambda question: generation.dense.search(vectors[question], k),
            "tantivy": lambda question: _by_words(question, generation, k),
        }
        vectors = {question: encoder.encode([question], "query")[0] for question in asked}
        for question in asked:  # warm
            service.answer(question)
        times = {name: [float("inf")] * len(asked) for name in stages}
        for _ in range(repeats):
            for number, question in enumerate(asked):
                for name, stage in stages.items():
                    began = time.process_time()
                    stage(question)
                    took = 1000 * (time.process_time() - began)
                    times[name][number] = min(took, times[name][number])
    generation.close()
    return times


def _bare(question: str, encoder: Encoder, generation: Generation, k: int) -> None:
    generation.dense.search(encoder.encode([question], "query")[0], k)
    _by_words(question, generation, k)


def _candidates(question: str, encoder: Encoder, generation: Generation, k: int) -> None:
    vector = encoder.encode([question], "query")[0]
    own = script_number(script(question))
    generation.dense.search(vector, k, scripts=[own])
    generation.dense.search(vector, k * CROSS_SCRIPT_SHARE, scripts=other_scripts(own))
    _by_words(question, generation, k)


def _by_words(question: str, generation: Generation, k: int) -> None:
    words = {term for term in tokens(question) if len(term) > 1}
    generation.passage_words.search(generation.passage_words.weights(words), KNOWN_SHARE * k)
