"""What a request asks, checked: the same for the page, the API and feeds."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import NoReturn, get_args

from qa.service import Service
from qa.types import Answer, Filters, Language, Window
from qa.understanding.dates import window_named
from qa.web.problems import Problem

LANGUAGES: tuple[Language, ...] = get_args(Language)
MOST_QUOTES = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what it is narrowed to, as it was written.

    :ivar k: quotes at most; None takes the setting.
    """

    question: str
    since: str = ""
    until: str = ""
    source: str = ""
    language: str = ""
    k: int | None = None

    def parameters(self) -> dict[str, str]:
        """Return what stands in the address, without what is empty."""
        given = {
            "q": self.question,
            "since": self.since,
            "until": self.until,
            "source": self.source,
            "language": self.language,
            "k": "" if self.k is None else str(self.k),
        }
        return {name: value for name, value in given.items() if value}


def well_formed(text: str) -> str:
    """Return a text without halves of surrogate pairs, which no encoding can carry; NUL is shown."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\ufffd")


def checked(asked: Asked, longest: int) -> Asked:
    """Return what is asked in well-formed text.

    :param longest: characters of a question at most.
    :raises Problem: if there is no question, it is too long, or too many quotes are wanted.
    """
    question = well_formed(asked.question).strip()
    if not question:
        refuse("q", "expected a question, found nothing")
    if len(question) > longest:
        refuse("q", f"expected at most {longest} characters, found {len(question)}")
    if asked.k is not None and not 1 <= asked.k <= MOST_QUOTES:
        refuse("k", f"expected a number from 1 to {MOST_QUOTES}, found {asked.k}")
    return Asked(
        question,
        well_formed(asked.since).strip(),
        well_formed(asked.until).strip(),
        well_formed(asked.source).strip(),
        asked.language,
        asked.k,
    )


def filters_of(asked: Asked, service: Service) -> Filters:
    """Return the filters that are meant.

    :raises Problem: for a date that is none, a source that the archive has not, and the like.
    """
    first = date_meant("since", asked.since)
    last = date_meant("until", asked.until)
    since = first.since if first else None
    until = last.until if last else None
    if since and until and since > until:
        refuse("since", f"expected days before until: {since} is after {until}")
    return Filters(
        window=Window(since, until) if since or until else None,
        source=source_meant(asked.source, service) if asked.source else None,
        language=_language(asked.language) if asked.language else None,
    )


def answer(asked: Asked, service: Service, *, near: bool = True, consider: bool = True) -> Answer:
    """Answer what is asked.

    :raises Problem: as ``filters_of``.
    """
    return service.answer(
        asked.question,
        filters=filters_of(asked, service),
        quotes=asked.k,
        near=near,
        consider=consider,
    )


def refuse(name: str, detail: str) -> NoReturn:
    """Refuse a request for one of its parameters.

    :raises Problem: always.
    """
    raise Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"{name}: {detail}",
        errors=[{"name": name, "detail": detail}],
    )


def date_meant(name: str, text: str) -> Window | None:
    """Return the days that a parameter means; None when it is empty.

    :raises Problem: if it is no past date.
    """
    if not text:
        return None
    window = window_named(text[:100], _today())
    if window is None:
        refuse(
            name,
            "expected a past date such as 2021, 2021-12, 2021-12-03 or 'last month', "
            f"found {text[:100]!r}",
        )
    return window


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def source_meant(name: str, service: Service) -> str:
    """Return a source as the archive spells it.

    :raises Problem: if it has none of that name; the nearest are named.
    """
    known = service.sources()
    if name in known:
        return name
    spelled = service.source_named(name[:200])
    if spelled is None:
        refuse("source", f"the archive has no source {name[:100]!r}; {_nearest(name, known)}")
    return spelled


def _nearest(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name[:100], known, n=5, cutoff=0.4)
    return f"the nearest are: {', '.join(near)}" if near else "/sources tells which it has"


def _language(name: str) -> Language:
    for language in LANGUAGES:
        if name == language:
            return language
    refuse("language", f"expected one of {', '.join(LANGUAGES)}, found {name[:100]!r}")
