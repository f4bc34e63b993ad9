"""How many cores there are to work on."""

import os


def cores() -> int:
    """Return the cores that this process may use, which may be fewer than the machine has; >= 1."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
