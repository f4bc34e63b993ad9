"""The engines there are, by the names that the setting ``index.engine`` knows."""

from collections.abc import Callable, Mapping
from pathlib import Path

from index.engines.local import LocalFiles
from index.engines.protocol import Engine

ENGINES: Mapping[str, Callable[[Path], Engine]] = {"local": LocalFiles}
"""What makes each of them of the index's folder."""


def open_engine(name: str, index_dir: Path) -> Engine:
    """Return an engine.

    :param name: one of ``ENGINES``; the settings have made sure of it.
    """
    return ENGINES[name](index_dir)
