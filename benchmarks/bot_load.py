"""The bot under load: many users, a server that fails now and then, nothing lost, nothing twice.

    newsquote index build ARCHIVE --index INDEX
    python -m benchmarks.bot_load INDEX [--users 50] [--seconds 60] [--faults 0.01] [--reader off]

The real bot process answers over HTTP to the tests' local Bot API server. Each user asks, waits for
the answer, thinks, and asks again; questions are titles of articles. Faults hit ``sendMessage``:
429, 502, a slow server, a connection cut unheard. (A connection cut after the message was taken is
left out: no bot can tell it from the last.)

The bot's own time of an answer is from the moment the server hands the question over, in its answer
to ``getUpdates``, to the moment ``sendMessage`` has arrived there, for answers that no fault has
delayed. Both ends lie in the server, whose own share of that comes on top: an idle client calls
``getMe`` all the while, and what such an empty call takes is the floor that the times stand on. What
is left is processor time, which the system counts, and waiting for a core or for another answer.
"""

import argparse
import json
import os
import random
import resource
import statistics
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.generations.folders import current
from index.generations.manifest import read_manifest
from index.parts.database import Store
from tests.botapi import ApiError, BotApiServer
from tests.botapi.errors import too_many_requests
from tests.botapi.process import BotProcess
from tests.botapi.server import Fault

THINKING_S = (3.0, 5.0)
PATIENCE_S = 30.0
EVERY_S = 0.1
"""Between two empty calls."""

WARM_UP = 20
WARMER = 10_000
"""The user who asks before the others."""

OK = 200


class Load(BotApiServer):
    """A server that fails with some calls, and knows when each question was given and answered."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        self.given: dict[int, float] = {}
        self.answered: Counter[int] = Counter()
        self.quoted = 0
        self.own_s: list[float] = []
        self.faults: Counter[str] = Counter()
        self.wake = defaultdict[int, threading.Semaphore](lambda: threading.Semaphore(0))
        self._dice = random.Random(1)  # noqa: S311 - the same faults in each run
        self._hit: set[int] = set()

    def answer(self, token: str, name: str, values: Any) -> tuple[int, Any]:
        """Answer a call, now and then with a fault."""
        came = time.monotonic()
        method = name.lower()
        chat = int(values.get("chat_id", 0))
        if method == "sendmessage" and self._dice.random() < self.share:
            fault = self._fault()
            self._hit.add(chat)
            self.faults[str(fault.error.code) if fault.error else fault.kind] += 1
            if fault.kind != "slow":
                return self._failed(method, values, fault)
            time.sleep(fault.seconds)
        status, body = super().answer(token, name, values)
        if method == "getupdates" and status == OK:
            now = time.monotonic()
            self.given |= {update["message"]["chat"]["id"]: now for update in body["result"]}
        if method == "sendmessage" and status == OK:
            self.answered[chat] += 1
            self.quoted += "<blockquote" in values["text"]
            self.wake[chat].release()
            if chat not in self._hit:
                self.own_s.append(came - self.given[chat])
            self._hit.discard(chat)
        return status, body

    def _failed(self, method: str, values: Any, fault: Fault) -> tuple[int, Any]:
        """Answer a call with a fault."""
        if fault.error is None:
            return self._record(method, values, 0)
        return self._record(method, values, fault.error.code, fault.error.body())

    def _fault(self) -> Fault:
        return self._dice.choice(
            [
                Fault("refuse", error=too_many_requests(1)),
                Fault("refuse", error=ApiError(502, "Bad Gateway")),
                Fault("slow", seconds=1.0),
                Fault("cut"),
            ]
        )


def main() -> None:
    """Run the load and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("index", type=Path, help="folder of an index")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--faults", type=float, default=0.01)
    parser.add_argument(
        "--reader", choices=("off", "bundled"), default="off", help="answer.reader of the bot"
    )
    args = parser.parse_args()
    generation = current(args.index)
    store = Store(generation)
    titles = [article.card.title for article in store.articles()]
    store.close()
    with tempfile.TemporaryDirectory() as folder, Load(args.faults) as server:
        settings = {"INDEX__DIR": str(args.index.absolute()), "ANSWER__READER": args.reader}
        with BotProcess(Path(folder), server, settings) as bot:
            bot.wait_until_it_polls()
            _warm_up(server, titles)
            busy, cpu_s = os.getloadavg()[0], bot.cpu_s()
            with _empty_calls(server) as floor_s:
                asked = _ask_all(server, titles, args.users, args.seconds)
            cpu_s = bot.cpu_s() - cpu_s
            bot.stop()
    answered = sum(server.answered.values())
    report = {
        "articles": len(titles),
        "passages": read_manifest(generation).passages,
        "users": args.users,
        "reader": args.reader,
        "asked": sum(asked.values()),
        "answered": answered,
        "with_quotes": server.quoted,
        "lost": sum(max(0, asked[user] - server.answered[user]) for user in asked),
        "twice": sum(max(0, server.answered[user] - asked[user]) for user in asked),
        "questions_per_second": round(sum(asked.values()) / args.seconds, 1),
        "faults": dict(server.faults),
        "own_time_ms": _percentiles(server.own_s),
        "empty_call_ms": _percentiles(floor_s),
        "cpu_ms_per_answer": round(1000 * cpu_s / answered, 1),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "load_average": [round(busy, 1), round(os.getloadavg()[0], 1)],
        "cores": os.cpu_count(),
    }
    print(json.dumps(report, indent=2))


def _percentiles(seconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {f"p{n}": round(1000 * cuts[n - 1], 1) for n in (50, 95, 99)}


def _warm_up(server: Load, titles: list[str]) -> None:
    """Have some questions answered first, so that files are in memory; forget that."""
    for title in titles[:WARM_UP]:
        server.world.say(title, WARMER)
        server.wake[WARMER].acquire(timeout=PATIENCE_S)
    server.answered.clear()
    server.quoted = 0
    server.own_s.clear()
    server.faults.clear()


@contextmanager
def _empty_calls(server: Load) -> Iterator[list[float]]:
    """Call the server for nothing while the block runs; the seconds each call took."""
    took: list[float] = []
    ended = threading.Event()

    def call() -> None:
        connection = HTTPConnection(urlsplit(server.url).netloc)
        while not ended.wait(EVERY_S):
            began = time.monotonic()
            connection.request("GET", f"/bot{server.token}/getMe")
            connection.getresponse().read()
            took.append(time.monotonic() - began)
        connection.close()

    thread = threading.Thread(target=call)
    thread.start()
    try:
        yield took
    finally:
        ended.set()
        thread.join()


def _ask_all(server: Load, titles: list[str], users: int, seconds: float) -> Counter[int]:
    asked: Counter[int] = Counter()
    end = time.monotonic() + seconds

    def person(user: int) -> None:
        dice = random.Random(user)  # noqa: S311 - the same questions in each run
        time.sleep(dice.uniform(0, THINKING_S[1]))
        while time.monotonic() < end:
            asked[user] += 1
            server.world.say(dice.choice(titles), user)
            server.wake[user].acquire(timeout=PATIENCE_S)
            time.sleep(dice.uniform(*THINKING_S))

    people = [threading.Thread(target=person, args=(user,)) for user in range(1, users + 1)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    return asked


if __name__ == "__main__":
    main()
