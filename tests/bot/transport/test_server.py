"""Requests to the Bot API server cost no more than they must."""

import sys

from httpcore._synchronization import AsyncLock

import bot.transport.server


def test_no_request_looks_for_a_library_that_is_not_there() -> None:
    assert bot.transport.server.__name__
    looked: list[str] = []

    class Looking:
        def find_spec(self, name: str, *_: object) -> None:
            looked.append(name)

    finder = Looking()
    sys.meta_path.insert(0, finder)
    try:
        AsyncLock().setup()
    finally:
        sys.meta_path.remove(finder)
    assert looked == []
