"""One line on the terminal that says what is being done until something else is written there.

Light, so that it can be shown before any library is imported.
"""

import sys

_ERASED = "\r\x1b[K"


def show(text: str) -> None:
    """Show a line in place of the one that stands; nothing of it gets into a pipe or a file."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{_ERASED}{text}")
        sys.stderr.flush()


def clear() -> None:
    """Take the line away, if one stands."""
    show("")
