"""Milvus as an engine, with milvus-lite's server on a socket; or a real server, when one is named."""

import itertools
import os
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from index.engines.milvus.engine import MilvusServer
from tests import milvus
from tests.engines.publishing import Published
from tests.engines.suite import EngineSuite, IndexedEngine

REAL = "NEWSQUOTE_TEST_MILVUS_URI"
"""Names a real server; NEWSQUOTE_TEST_MILVUS_TOKEN its token."""


SERVERS = ["milvus-lite", *(["real"] if REAL in os.environ else [])]


@pytest.fixture(scope="module", params=SERVERS)
def uri(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server is."""
    if request.param == "real":
        yield os.environ[REAL]
        return
    with milvus.serving(tmp_path_factory.mktemp("milvus")) as server:
        yield server.uri


@pytest.fixture(scope="module", params=["exact", "graph"])
def new_engine(
    request: pytest.FixtureRequest, uri: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], IndexedEngine]]:
    folder, numbers, made = (
        tmp_path_factory.mktemp("engines"),
        itertools.count(),
        list[MilvusServer](),
    )

    def make() -> IndexedEngine:
        token = os.environ.get("NEWSQUOTE_TEST_MILVUS_TOKEN", "")
        address = milvus.address(uri, f"test_{uuid4().hex[:12]}", token=token)
        engine = MilvusServer.at(address)
        made.append(engine)
        return Published(folder / str(next(numbers)), engine, request.param == "exact")

    yield make
    for engine in made:  # a real server goes on
        for name in engine.client.collections():
            engine.client.drop(name)
        engine.client.close()


class TestMilvus(EngineSuite):
    """All that any engine must do."""


@pytest.mark.skipif(REAL not in os.environ, reason=f"{REAL} names no Milvus server")
def test_a_real_server_is_tested() -> None:
    """Only says so where none is."""
