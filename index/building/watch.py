"""Call a function whenever files have changed and have come to rest."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import watchfiles

PATIENCE = 30
"""Settling times after which changes are passed on although files still change."""

LOOK_AGAIN_S = 1.0
"""How often it is looked whether a folder has come, gone or been replaced, or a retry is due."""

RETRY_S = 60.0
"""Time until what failed is tried again, if nothing changes before."""


def watch(
    paths: Sequence[Path], update: Callable[[], bool], *, ignored: Path, settle_s: float
) -> None:
    """Update at once and after every change, until ``KeyboardInterrupt``.

    Folders need not exist: one that comes, goes or is replaced (a disk that is mounted) is a
    change. What changes while ``update`` runs is seen afterwards.

    :param update: returns whether it has done its work; if not, it is tried again later.
    :param ignored: a folder whose changes are not looked at.
    :param settle_s: seconds without a change after which files have come to rest.
    :raises KeyboardInterrupt: when it is interrupted.
    """
    inside = f"{ignored.absolute()}/"
    while True:
        places = [_place(path) for path in paths]
        changes = watchfiles.watch(
            *(path for path, place in zip(paths, places, strict=True) if place),
            watch_filter=lambda _change, path: not path.startswith(inside),
            debounce=round(settle_s * PATIENCE * 1000),
            step=round(settle_s * 1000),
            rust_timeout=round(LOOK_AGAIN_S * 1000),
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        due = 0.0  # at the first time out: the folders are watched by then, so nothing is missed
        try:
            for changed in changes:
                if changed or time.monotonic() >= due:
                    due = float("inf") if update() else time.monotonic() + RETRY_S
                if [_place(path) for path in paths] != places:
                    break
        except FileNotFoundError:  # a folder went just before it was watched
            time.sleep(LOOK_AGAIN_S)


def _place(path: Path) -> tuple[int, int] | None:
    """Return what tells a folder from one that has taken its place; None = there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
