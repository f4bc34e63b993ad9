"""What the server counts and measures, for Prometheus."""

from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


def _registry() -> CollectorRegistry:
    return CollectorRegistry(auto_describe=True)


@dataclass(slots=True)
class Counts:
    """Counts since the start; each server has its own.

    :ivar shared: folder where several workers keep theirs, to be told together.
    """

    shared: Path | None = None
    registry: CollectorRegistry = field(default_factory=_registry)
    requests: Counter = field(init=False)
    seconds: Histogram = field(init=False)
    answers: Counter = field(init=False)
    under_way: Gauge = field(init=False)

    def __post_init__(self) -> None:
        self.requests = Counter(
            "newsquote_http_requests",
            "Requests, by the part of the site and the status.",
            ["part", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "newsquote_http_seconds",
            "Time from a request's head to the end of its answer.",
            ["part"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.answers = Counter(
            "newsquote_answers",
            "Questions answered, by whether anything was quoted.",
            ["quoted"],
            registry=self.registry,
        )
        self.under_way = Gauge(
            "newsquote_calls_under_way",
            "Calls to the archive that run or wait.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )

    def exposition(self) -> bytes:
        """Return everything in Prometheus's text form."""
        if self.shared is None:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together, str(self.shared))  # type: ignore[no-untyped-call]
        return generate_latest(together)


PARTS = ("api", "v1", "articles", "ask", "check", "sources", "static", "health", "metrics", "mcp")
"""First steps of paths that are counted by name: a label of whatever is asked for would never end."""


def part_of(path: str) -> str:
    """Return the label of a path."""
    first = path.strip("/").partition("/")[0].partition(".")[0]
    return first if first in PARTS else "" if not first else "other"
