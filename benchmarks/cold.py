"""A question to a new process: ``newsquote ask``, beside importing its three libraries."""

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial

from benchmarks.measure import Command, cost_of_program, taking_turns
from benchmarks.workplace import NEWSQUOTE, Archive, Bench, Row

FLOOR = "import numpy, faiss, tantivy"

_UNWANTED = ("torch", "transformers", "sentence_transformers")

# Runs the command line in a process that notes what it imports and whom it would speak to.
_WATCHED = """
import contextlib, io, json, sys
spoken = []
sys.addaudithook(lambda event, args: spoken.append(event) if event in
                 ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname") else None)
from qa.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    main(sys.argv[1:])
print(json.dumps({"spoken": spoken, "imported": sorted({name.split(".")[0] for name in sys.modules})}))
"""


def measure(bench: Bench) -> Iterator[Row]:
    """Yield for each archive what a question costs in a new process."""
    for archive in bench.archives:
        archive.ensure_index()
        (question,) = archive.questions(1)
        check(archive, question)
        ask: Command = [NEWSQUOTE, "ask", question, "--index", archive.index]
        asked, floor = taking_turns(
            bench.repeats,
            partial(cost_of_program, ask),
            partial(cost_of_program, [sys.executable, "-c", FLOOR]),
        )
        yield {
            "archive": archive.name,
            "passages": archive.passages(),
            "ask_cpu_ms": 1000 * asked.cpu,
            "ask_wall_ms": 1000 * asked.wall,
            "floor_cpu_ms": 1000 * floor.cpu,
            "floor_wall_ms": 1000 * floor.wall,
            "ratio_cpu": asked.cpu / floor.cpu,
            "ratio_wall": asked.wall / floor.wall,
        }


def check(archive: Archive, question: str) -> None:
    """Make sure that a question loads no training library and does not speak to the network.

    :raises RuntimeError: if it does.
    """
    watched = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _WATCHED, "ask", question, "--index", archive.index],
        check=True,
        capture_output=True,
        text=True,
    )
    seen = json.loads(watched.stdout)
    found = [*seen["spoken"], *(name for name in _UNWANTED if name in seen["imported"])]
    if found:
        raise RuntimeError(f"'newsquote ask' came to {', '.join(found)}")
