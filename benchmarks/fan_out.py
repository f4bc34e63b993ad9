"""``python -m benchmarks.fan_out``: how long a question waits for the slowest of many nodes.

A simulation. A question sends a request to each of ``n`` nodes and waits for all answers, some times one
after the other. Three ways to send a request are compared:

- *once*: to one node that holds the share.
- *hedged*: once more, to a replica, when no answer has come within the time in which 95 of 100 come.
  The first answer counts.
- *twice*: to two replicas at once. The first answer counts.
- *all again*: who asks does not see the nodes. When not all of them have answered within the time in
  which 95 of 100 questions are answered, everything is sent once more, and the first whole answer counts.

A node's time is log-normal. A few requests meet a straggler, whose delay comes on top: a pause of the
garbage collector, a busy disk, a neighbour. Nodes are slow independently of each other, and hedging makes
none slower, which holds while there is capacity to spare.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.__main__ import shown
from benchmarks.tables import markdown

Times: TypeAlias = NDArray[np.float64]

NODES = (1, 4, 16, 64, 256)
QUESTIONS = 100_000
SEED = 20261130
HEDGED_AFTER = 0.95
"""The quantile of a node's time after which a request is sent once more."""

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Latency:
    """How long one node takes to answer one request.

    The defaults are those of docs/scale.md: median and spread of a Milvus node with ten million vectors
    (VectorDBBench), stragglers as in "The Tail at Scale": 1 of 100 requests, of which one of a hundred
    waits for a second.

    :ivar median_ms: of the log-normal part, > 0.
    :ivar spread: standard deviation of its logarithm, >= 0.
    :ivar stragglers: share of requests that are delayed besides, from 0 to 1.
    :ivar delay_ms: median of that delay, > 0; log-normal too.
    :ivar delay_spread: standard deviation of the delay's logarithm, >= 0.
    """

    median_ms: float = 5.04
    spread: float = 0.0963
    stragglers: float = 0.01
    delay_ms: float = 100.0
    delay_spread: float = 1.0

    @classmethod
    def through(cls, p95_ms: float, p99_ms: float) -> "Latency":
        """Return the log-normal time, with stragglers, that has two quantiles of what was measured."""
        at95, at99 = _NORMAL.inv_cdf(0.95), _NORMAL.inv_cdf(0.99)
        spread = float(np.log(p99_ms / p95_ms)) / (at99 - at95)
        return cls(median_ms=p95_ms / float(np.exp(at95 * spread)), spread=spread)

    def quantile(self, share: float) -> float:
        """Return the time in ms within which a share of requests without stragglers is answered."""
        return self.median_ms * float(np.exp(_NORMAL.inv_cdf(share) * self.spread))

    def draw(self, generator: np.random.Generator, count: int) -> Times:
        """Return the times of so many requests, in ms."""
        times = self.median_ms * np.exp(self.spread * generator.standard_normal(count))
        delayed = np.flatnonzero(generator.random(count) < self.stragglers)
        delays = np.exp(self.delay_spread * generator.standard_normal(len(delayed)))
        times[delayed] += self.delay_ms * delays
        return times


def once(latency: Latency, generator: np.random.Generator, count: int) -> tuple[Times, int]:
    """Return the times of so many requests, each sent once, and how many were sent besides: none."""
    return latency.draw(generator, count), 0


def hedged(latency: Latency, generator: np.random.Generator, count: int) -> tuple[Times, int]:
    """Return the times when a late request is sent once more, and how many were."""
    times = latency.draw(generator, count)
    patience = latency.quantile(HEDGED_AFTER)
    late = np.flatnonzero(times > patience)
    times[late] = np.minimum(times[late], patience + latency.draw(generator, len(late)))
    return times, len(late)


def twice(latency: Latency, generator: np.random.Generator, count: int) -> tuple[Times, int]:
    """Return the times when each request goes to two replicas, and how many that are besides."""
    return np.minimum(latency.draw(generator, count), latency.draw(generator, count)), count


Way: TypeAlias = Callable[[Latency, np.random.Generator, int], tuple[Times, int]]

WAYS: Mapping[str, Way] = {"once": once, "hedged": hedged, "twice": twice}


@dataclass(frozen=True, slots=True)
class Waited:
    """How long questions waited.

    :ivar times: of each question, in ms.
    :ivar more: requests sent besides those that are needed, for each of these; >= 0.
    """

    times: Times
    more: float

    def percentile(self, percent: float) -> float:
        """Return the time in ms within which so many of 100 questions are answered."""
        return float(np.percentile(self.times, percent))


def simulate(
    latency: Latency,
    way: Way,
    nodes: int,
    *,
    rounds: int = 1,
    questions: int = QUESTIONS,
    seed: int = SEED,
) -> Waited:
    """Return how long questions wait for the slowest of some nodes.

    :param nodes: requests of a question that are sent at once, >= 1.
    :param rounds: times that it does so, one after the other, >= 1.
    """
    generator = np.random.default_rng(seed)
    waited = np.zeros(questions)
    sent = 0
    for _ in range(rounds):
        slowest = np.zeros(questions)
        for _ in range(nodes):
            times, more = way(latency, generator, questions)
            np.maximum(slowest, times, out=slowest)
            sent += more
        waited += slowest
    return Waited(waited, sent / (questions * nodes * rounds))


def simulate_again(
    latency: Latency, nodes: int, *, questions: int = QUESTIONS, seed: int = SEED
) -> Waited:
    """Return how long questions wait when one that is late is sent to all nodes once more.

    That is what a client can do which reaches the nodes through a proxy.

    :param nodes: requests of a question that are sent at once, >= 1.
    """
    first = simulate(latency, once, nodes, questions=questions, seed=seed).times
    patience = float(np.quantile(first, HEDGED_AFTER))
    late = np.flatnonzero(first > patience)
    if not len(late):
        return Waited(first, 0)
    # Another seed: the second time is not as unlucky as the first.
    second = simulate(latency, once, nodes, questions=len(late), seed=seed + 1).times
    waited = first.copy()
    waited[late] = np.minimum(first[late], patience + second)
    return Waited(waited, len(late) / questions)


def table(latency: Latency, nodes: Sequence[int] = NODES) -> str:
    """Return what the simulation gives, in Markdown."""
    head = ["requests at once", "without a straggler"]
    ways = (*WAYS, "all again")
    head += [f"{way}, {name} ms" for way in ways for name in ("p50", "p99", "p99.9")]
    head.append("sent besides, hedged")
    rows = []
    for count in nodes:
        waited = {name: simulate(latency, way, count) for name, way in WAYS.items()}
        waited["all again"] = simulate_again(latency, count)
        row = [str(count), f"{(1 - latency.stragglers) ** count:.0%}"]
        row += [
            shown(one.percentile(percent)) for one in waited.values() for percent in (50, 99, 99.9)
        ]
        rows.append([*row, f"{waited['hedged'].more:.1%}"])
    return markdown(head, rows)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fan_out", description=__doc__)
    usual = Latency()
    for name in Latency.__dataclass_fields__:
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=getattr(usual, name))
    parser.add_argument("--nodes", type=int, nargs="+", default=NODES, metavar="N")
    args = vars(parser.parse_args())
    nodes = args.pop("nodes")
    print(table(Latency(**args), nodes))


if __name__ == "__main__":
    main()
