"""Who measures says how far it is to whoever wants to know."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Track(Protocol):
    """Passes items on, and tells somebody which of how many is being worked on.

    :param total: how many there are; None = not known.
    :param what: is done with them: "asking".
    :param unit: what they are: "questions".
    """

    def __call__(self, items: Iterable[T], total: int | None, what: str, unit: str) -> Iterator[T]:
        """Yield the items."""
        ...


def untracked(items: Iterable[T], total: int | None, what: str, unit: str) -> Iterator[T]:  # noqa: ARG001 - a Track
    """Tell nobody. A ``Track``."""
    return iter(items)
