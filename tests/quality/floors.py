"""Figures and the floors that they must not fall below."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, floor

CEILINGS = ("leaks", "unreported", "declined", "answered_falsely", "false_answers_at_90")
"""How the names of figures begin of which less is better: their "floor" is a ceiling."""

LEAST_TOLERANCE = 0.01
"""How far a floor is from its figure at least."""

WITHOUT_WIDTH = 0.03
"""The same where all questions agree: that they do does not say that no other would differ."""

_DIGITS = 1000  # of a floor: three behind the point


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, and the ends of its 95 % interval where it has one."""

    value: float
    interval: tuple[float, float] | None = None


Figures = Mapping[str, Figure]
Floors = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A figure beside its floor."""

    name: str
    figure: str
    value: float
    floor: float

    @property
    def good(self) -> bool:
        """Whether the figure is on the right side of its floor."""
        return self.value <= self.floor if is_ceiling(self.figure) else self.value >= self.floor

    def __str__(self) -> str:
        sign = "<=" if is_ceiling(self.figure) else ">="
        verdict = "ok" if self.good else "FAILED"
        return (
            f"{self.name:<16} {self.figure:<24} {self.value:8.4f} {sign} {self.floor:<8} {verdict}"
        )


def is_ceiling(figure: str) -> bool:
    """Tell whether less of a figure is better."""
    return figure.startswith(CEILINGS)


def verdicts(measured: Mapping[str, Figures], floors: Floors) -> Iterator[Verdict]:
    """Yield each figure that has a floor, beside it.

    :raises KeyError: if a figure that has a floor was not measured.
    """
    for name, figures in measured.items():
        for figure, floor_of_it in floors.get(name, {}).items():
            yield Verdict(name, figure, figures[figure].value, floor_of_it)


def raised(measured: Mapping[str, Figures], floors: Floors) -> Floors:
    """Return the floors with those that the figures allow to raise raised, and none lowered.

    What was not measured keeps its floor, and so does what has no interval.
    """
    return {
        name: {
            figure: _raised(figure, measured[name][figure], old) if name in measured else old
            for figure, old in its.items()
        }
        for name, its in floors.items()
    }


def _raised(name: str, figure: Figure, old: float) -> float:
    """Return a floor half the way to the worse end of the interval, but not too near."""
    if figure.interval is None:
        return old
    low, high = figure.interval
    least = LEAST_TOLERANCE if low < high else WITHOUT_WIDTH
    if is_ceiling(name):
        tolerance = max((high - figure.value) / 2, least)
        return min(old, ceil((figure.value + tolerance) * _DIGITS) / _DIGITS)
    tolerance = max((figure.value - low) / 2, least)
    return max(old, floor((figure.value - tolerance) * _DIGITS) / _DIGITS)
