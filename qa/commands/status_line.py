"""One line on the terminal that says what is being done until something else is written there.

Light, so that it can be shown before any library is imported.
"""

import sys

_ERASED = "\r\x1b[K"


def stands_on_a_terminal() -> bool:
    """Return whether anybody sees the line."""
    return sys.stderr.isatty()


def show(text: str) -> None:
    """Show a line in place of the one that stands; nothing of it gets into a pipe or a file."""
    if stands_on_a_terminal():
        sys.stderr.write(f"{_ERASED}{text}")
        sys.stderr.flush()


def clear() -> None:
    """Take the line away, if one stands."""
    show("")
