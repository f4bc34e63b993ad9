"""The engines there are, by the names that the setting ``index.engine`` knows."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from index.engines.home import Home
from index.engines.local import LocalFiles
from index.engines.protocol import Engine
from index.errors import EngineUnavailable

if TYPE_CHECKING:
    from index.engines.milvus.engine import MilvusServer

LOCAL, MILVUS = "local", "milvus"
ENGINES = (LOCAL, MILVUS)
"""Their names."""


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """What keeps an archive's index.

    :ivar name: one of ``ENGINES``; the settings have made sure of it.
    :ivar index_dir: the index folder: what answers, or where it is built for another engine.
    :ivar uri: of Milvus: ``http://host:port``, or a file for milvus-lite in this process.
    :ivar token: of Milvus; empty = none is asked for.
    :ivar prefix: what the names of its collections begin with.
    :ivar timeout_s: longest time for one call to it, > 0.
    """

    name: str
    index_dir: Path
    uri: str = ""
    token: str = field(default="", repr=False)
    prefix: str = "newsquote"
    timeout_s: float = 10.0


def open_engine(choice: EngineChoice) -> Engine:
    """Return an engine; a server is not asked for anything yet.

    :raises EngineUnavailable: if the library that speaks to it is not installed.
    """
    return LocalFiles(choice.index_dir) if choice.name == LOCAL else _milvus(choice)


def home_of(choice: EngineChoice) -> Home | None:
    """Return where generations are published to; None = they answer from the folder.

    :raises EngineUnavailable: as ``open_engine`` does.
    """
    return None if choice.name == LOCAL else _milvus(choice)


def _milvus(choice: EngineChoice) -> "MilvusServer":
    # Whoever has local files does not pay for the library, and need not have it.
    try:
        from index.engines.milvus.client import Address  # noqa: PLC0415
        from index.engines.milvus.engine import MilvusServer  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise EngineUnavailable(
            f"index.engine is {MILVUS!r}, which needs the package {error.name}; the extra "
            "newsquote[milvus] has it"
        ) from error
    if not choice.uri:
        raise EngineUnavailable(f"index.engine is {MILVUS!r}, and milvus.uri is empty")
    return MilvusServer.at(Address(choice.uri, choice.token, choice.prefix, choice.timeout_s))
