"""How long work gets on, for people at a terminal: one line with bar, share, rate and time left."""

import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from index.building.events import Encoded, Event, Finishing, Mended, Planned, Published, Written
from index.types import FileReport
from qa.commands import status_line

_EVERY_S = 0.1
"""Seconds between two lines of progress."""

_LINE = "{desc} {percentage:3.0f}% {bar} {done} of {all} {unit}, {speed}, {remaining} left"
_WITHOUT_END = "{desc} {done} {unit}, {speed}"

T = TypeVar("T")


class Progress:
    """Keeps one line on the terminal up to date, until the block ends. A ``Listener``.

    Into a pipe or a file goes only what is to be said.

    :param verbose: whether to tell of each file that is skipped or mended, not only how many.
    :ivar skipped: files that came to nothing, by reason.
    """

    def __init__(self, *, verbose: bool = False) -> None:
        self._verbose = verbose
        self.restart()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        status_line.clear()
        if isinstance(error, Exception):
            self.tell_of_files()

    def restart(self) -> None:
        """Begin anew: count the seconds and the files from now."""
        self._began = time.perf_counter()
        self._shown = 0.0
        self._steps = _Steps("reading", None, "files", self._began)
        self.skipped: Counter[str] = Counter()
        self._mended: set[str] = set()

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.perf_counter() - self._began

    def __call__(self, event: Event) -> None:
        """Show an event, or now and then how far it is."""
        if isinstance(event, Planned):
            self._steps = _Steps("reading", event.files, "files", time.perf_counter())
        elif isinstance(event, Written):
            self._step()
        elif isinstance(event, Finishing):
            status_line.show("writing the index ...")
        elif isinstance(event, Encoded):
            self._encoded(event)
        elif isinstance(event, Published):
            self._published(event)
        elif isinstance(event, Mended):
            self._mended.add(event.report.path)
            self._report(event.report)
        elif isinstance(event, FileReport):
            self.skipped[event.reason] += 1
            self._report(event)
        else:
            self.say(str(event))

    def over(self, items: Iterable[T], total: int | None, what: str, unit: str) -> Iterator[T]:
        """Yield items, and show which of how many is being worked on.

        :param what: is done with them: "checking".
        :param unit: what they are: "files".
        """
        self._steps = _Steps(what, total, unit, time.perf_counter())
        self._show()
        for item in items:
            yield item
            self._step()
        status_line.clear()

    def say(self, text: str) -> None:
        """Write a line of its own to standard error."""
        status_line.clear()
        print(text, file=sys.stderr)

    def tell_of_files(self) -> None:
        """Say in a line how many files were skipped and why, and in another how many were mended."""
        if self.skipped:
            more = "" if self._verbose else "; -v names them, and so does 'newsquote index skipped'"
            self.say(f"skipped {counted(self.skipped)}{more}")
        if self._mended:
            more = "" if self._verbose else "; -v says in what"
            self.say(f"mended {files(len(self._mended))}{more}")

    def _report(self, report: FileReport) -> None:
        # What was named and is not there is a slip: it is told at once.
        if self._verbose or report.reason == "not found":
            self.say(str(report))

    def _step(self) -> None:
        self._steps.done += 1
        self._show()

    def _encoded(self, event: Encoded) -> None:
        steps = _Steps("encoding", event.total, "passages", 0, event.done)
        if event.done < event.total:
            rate = (event.total - event.done) / max(event.seconds_left, 1e-9)
            status_line.show(steps.line(rate))
        else:
            self._shown = 0.0
            self._show()

    def _published(self, event: Published) -> None:
        if self._steps.what != event.how:
            unit = "rows" if event.how == "importing" else "passages"
            self._steps = _Steps(event.how, event.total, unit, time.perf_counter())
        self._steps.done = event.done
        self._show()

    def _show(self) -> None:
        now = time.perf_counter()
        if status_line.stands_on_a_terminal() and now - self._shown >= _EVERY_S:
            self._shown = now
            status_line.show(
                self._steps.line(self._steps.done / max(now - self._steps.began, 1e-9))
            )


@dataclass(slots=True)
class _Steps:
    """What is being worked through.

    :ivar began: on the clock of ``time.perf_counter``.
    """

    what: str
    total: int | None
    unit: str
    began: float
    done: int = 0

    def line(self, rate: float) -> str:
        """Return a line as wide as the terminal at most.

        :param rate: steps a second.
        """
        from tqdm import tqdm  # noqa: PLC0415 - a pipe does without it

        line = tqdm.format_meter(
            self.done,
            self.total,
            elapsed=1,  # unused, as the rate is given
            ncols=shutil.get_terminal_size().columns - 1,
            prefix=self.what,
            unit=self.unit,
            rate=rate or None,
            bar_format=_LINE if self.total else _WITHOUT_END,
            ascii=not (sys.stderr.encoding or "").lower().startswith("utf"),
            done=f"{self.done:,}",
            all=f"{self.total or 0:,}",
            speed=f"{rate:,.0f}/s" if rate >= 1 else f"{1 / rate:,.0f} s each" if rate else "?/s",
        )
        return str(line)


def files(count: int) -> str:
    """``1 file``, ``2 files``."""
    return f"{count:,} file" if count == 1 else f"{count:,} files"


def counted(skipped: Mapping[str, int]) -> str:
    """Return how many files were skipped, and why: ``3 files: 2 empty file, 1 no text``."""
    reasons = sorted(skipped.items(), key=lambda item: (-item[1], item[0]))
    counts = ", ".join(f"{count:,} {reason}" for reason, count in reasons)
    return f"{files(sum(skipped.values()))}: {counts}"
