"""What is awaited, waited for by tests that are no coroutines."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


def done(work: Awaitable[T]) -> T:
    """Return what is awaited."""

    async def wait() -> T:
        return await work

    return asyncio.run(wait())
