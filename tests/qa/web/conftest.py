"""A server that several test modules ask, on the example archive."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.qa.web.serving import ASKING_MUCH, Server


@pytest.fixture(scope="session")
def server(demo_index: Path) -> Iterator[Server]:
    """A server that answers by matching alone and has no limits for an address."""
    with Server(demo_index, ASKING_MUCH) as running:
        yield running
