"""What all pages and calls share: the archive, the desk, the settings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from config.settings import ServeSettings
from qa.checking.verdicts import Check
from qa.service import Service
from qa.types import Answer
from qa.web.asking import Asked, answer, checked
from qa.web.checking import ToCheck, check, check_object, checked_text
from qa.web.counts import Counts
from qa.web.desk import Desk
from qa.web.remembered import Remembered, key_of


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, with what is shown of the archive beside it: all that one visit to the desk brings.

    :ivar roots: files and folders that the archive was built from.
    :ivar sources: names of its sources.
    """

    answer: Answer
    roots: Sequence[str]
    sources: Sequence[str]


@dataclass(frozen=True, slots=True)
class Site:
    """One archive, served.

    To go to another thread and come back costs a busy server about as much as a page without an
    answer, so a request goes to the desk once.
    """

    service: Service
    settings: ServeSettings
    desk: Desk
    counts: Counts
    remembered: Remembered = field(default_factory=Remembered)

    async def answer(self, asked: Asked, *, near: bool = True, consider: bool = True) -> Given:
        """Answer what is asked, when its turn has come.

        :raises Problem: if it cannot be asked.
        """
        asked = checked(asked, self.settings.question_chars)
        given = await self.desk.run(self._answer, asked, near=near, consider=consider)
        self.counts.answers.labels("yes" if given.answer.answered else "no").inc()
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
        roots = await self.desk.run(self.roots)
        return {
            "verified": all(one.verified for one in found),
            "checks": [check_object(one, roots) for one in found],
        }

    def roots(self) -> Sequence[str]:
        """Return the files and folders that the archive was built from; at the desk.

        When there is a new index, it is opened now.
        """
        return self.service.status().manifest.paths

    def _answer(self, asked: Asked, *, near: bool, consider: bool) -> Given:
        status = self.service.status()
        key = key_of(status.generation, asked, near=near, consider=consider)
        found = self.remembered.find(key)
        if found is None:
            found = answer(asked, self.service, near=near, consider=consider)
            self.remembered.keep(key, found)
        return Given(found, status.manifest.paths, status.sources)

    def base(self, request: Request) -> str:
        """Return the address that this site is reached by, without a slash at its end."""
        return self.settings.public_url or str(request.base_url).rstrip("/")


def site_of(request: Request) -> Site:
    """Return the site that a request came to."""
    site: Site = request.app.state.site
    return site
