"""What reading adds to a question, in a new process and in one that runs."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measure import Command, cost_of_program, in_new_process, taking_turns
from benchmarks.workplace import NEWSQUOTE, Bench, Row
from config.loading import load_settings
from qa.opening import open_service

QUESTIONS = 60
"""Each is asked once: what has been read is remembered."""

_READING, _OFF = (f"NEWSQUOTE_ANSWER__READER={value}" for value in ("bundled", "off"))


def measure(bench: Bench) -> Iterator[Row]:
    """Yield for each archive what questions cost with and without the reader."""
    for archive in bench.archives:
        archive.ensure_index()
        first, *asked = archive.questions(QUESTIONS + 1)
        ask: Command = [NEWSQUOTE, "ask", first, "--index", archive.index]
        read, matched = taking_turns(
            bench.repeats,
            partial(cost_of_program, ["env", _READING, *ask]),
            partial(cost_of_program, ["env", _OFF, *ask]),
        )
        row: Row = {
            "archive": archive.name,
            "passages": archive.passages(),
            "cold_ms": 1000 * read.cpu,
            "cold_off_ms": 1000 * matched.cpu,
            "ratio_cold": read.cpu / matched.cpu,
        }
        for name, reader in (("answer", "bundled"), ("answer_off", "off")):
            times = in_new_process(measure_here, archive.index, asked, reader)
            row[f"{name}_p50_ms"], row[f"{name}_p95_ms"] = np.quantile(times, (0.5, 0.95)).tolist()
        yield row


def measure_here(index: Path, asked: list[str], reader: str) -> list[float]:
    """Return the CPU time of each question in ms."""
    settings = load_settings().with_flags(index={"dir": index}, answer={"reader": reader})
    times = []
    with open_service(settings) as service:
        service.answer("What is it?")  # opens files
        for question in asked:
            began = time.process_time()
            service.answer(question)
            times.append(1000 * (time.process_time() - began))
    return times
