"""What all pages and calls share: the archive, the desk, the settings."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from config.settings import ServeSettings
from qa.checking.verdicts import Check
from qa.service import Service, Status
from qa.types import Answer
from qa.web.asking import Asked, answer, checked
from qa.web.checking import ToCheck, check, check_object, checked_text
from qa.web.counts import Counts
from qa.web.desk import Desk
from qa.web.remembered import Remembered, key_of


@dataclass(frozen=True, slots=True)
class Site:
    """One archive, served."""

    service: Service
    settings: ServeSettings
    desk: Desk
    counts: Counts
    remembered: Remembered = field(default_factory=Remembered)

    async def answer(self, asked: Asked, *, near: bool = True, consider: bool = True) -> Answer:
        """Answer what is asked, when its turn has come.

        :raises Problem: if it cannot be asked.
        """
        asked = checked(asked, self.settings.question_chars)
        generation = (await self.status()).generation
        key = key_of(generation, asked, near=near, consider=consider)
        given = self.remembered.find(key)
        if given is None:
            given = await self.desk.run(answer, asked, self.service, near=near, consider=consider)
            self.remembered.keep(key, given)
        self.counts.answers.labels("yes" if given.answered else "no").inc()
        return given

    async def checks(self, asked: ToCheck) -> list[Check]:
        """Check quotations, when their turn has come.

        :raises Problem: if they cannot be checked.
        """
        asked = checked_text(asked, self.settings.quote_chars)
        return await self.desk.run(check, asked, self.service)

    async def check(self, asked: ToCheck) -> dict[str, Any]:
        """Return what ``checks`` does as an object."""
        found = await self.checks(asked)
        roots = await self.roots()
        return {
            "verified": all(one.verified for one in found),
            "checks": [check_object(one, roots) for one in found],
        }

    async def status(self) -> Status:
        """Return what answers; not at the desk, for it is asked before each question.

        Beside the page all the same: when there is a new index, it is opened now.
        """
        return await asyncio.to_thread(self.service.status)

    async def roots(self) -> Sequence[str]:
        """Return the files and folders that the archive was built from."""
        return (await self.status()).manifest.paths

    def base(self, request: Request) -> str:
        """Return the address that this site is reached by, without a slash at its end."""
        return self.settings.public_url or str(request.base_url).rstrip("/")


def site_of(request: Request) -> Site:
    """Return the site that a request came to."""
    site: Site = request.app.state.site
    return site
