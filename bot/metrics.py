"""What the bot counts and measures, and Prometheus's text form of it.

https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterator
from statistics import quantiles

BUCKETS_MS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""Upper ends of the histogram of answer times."""

RECENT = 1000
"""Answers that the median and the 95th percentile are taken of."""

HELP = {
    "updates": "Updates taken from Telegram, by kind.",
    "unreadable": "Updates that could not be read and were left out, by kind.",
    "answers": "Questions answered, by whether anything was quoted.",
    "refused": "Updates refused, by reason.",
    "errors": "Updates whose handling failed.",
    "news": "Messages to those who watch.",
}


class Metrics:
    """Counts since the start."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
        self._histogram = [0] * (len(BUCKETS_MS) + 1)
        self._sum_ms = 0.0
        self._recent: deque[float] = deque(maxlen=RECENT)

    def count(self, name: str, **labels: str) -> None:
        """Count one more of a name in ``HELP``."""
        self._counts[name, tuple(sorted(labels.items()))] += 1

    def answered(self, milliseconds: float, quoted: bool) -> None:  # noqa: FBT001 - a callback's shape
        """Count an answer."""
        self.count("answers", quoted="yes" if quoted else "no")
        self._histogram[bisect_left(BUCKETS_MS, milliseconds)] += 1
        self._sum_ms += milliseconds
        self._recent.append(milliseconds)

    @property
    def answers(self) -> int:
        """Answers since the start."""
        return sum(self._histogram)

    def times_ms(self) -> tuple[float, float]:
        """Return the median and the 95th percentile of recent answers; zeros without any."""
        if not self._recent:
            return 0.0, 0.0
        values = [*self._recent, *self._recent] if len(self._recent) == 1 else self._recent
        cuts = quantiles(values, n=20, method="inclusive")
        return cuts[9], cuts[18]

    def exposition(self, **gauges: float) -> str:
        """Return everything in Prometheus's text form.

        :param gauges: further values of the moment, by name.
        """
        return "\n".join([*self._lines(gauges), ""])

    def _lines(self, gauges: dict[str, float]) -> Iterator[str]:
        for name, text in HELP.items():
            yield f"# HELP newsquote_bot_{name}_total {text}"
            yield f"# TYPE newsquote_bot_{name}_total counter"
            for (counted, labels), value in sorted(self._counts.items()):
                if counted == name:
                    shown = ",".join(f'{label}="{text}"' for label, text in labels)
                    braces = f"{{{shown}}}" if shown else ""
                    yield f"newsquote_bot_{name}_total{braces} {value}"
        yield "# HELP newsquote_bot_answer_milliseconds Time of an answer in the archive."
        yield "# TYPE newsquote_bot_answer_milliseconds histogram"
        total = 0
        for end, value in zip((*BUCKETS_MS, "+Inf"), self._histogram, strict=True):
            total += value
            yield f'newsquote_bot_answer_milliseconds_bucket{{le="{end}"}} {total}'
        yield f"newsquote_bot_answer_milliseconds_sum {self._sum_ms:.3f}"
        yield f"newsquote_bot_answer_milliseconds_count {total}"
        for name, gauge in gauges.items():
            yield f"# TYPE newsquote_bot_{name} gauge"
            yield f"newsquote_bot_{name} {gauge:g}"
