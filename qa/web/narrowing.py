"""Ways on from an answer: narrower, wider, further."""

from collections.abc import Sequence

from starlette.requests import Request

from qa.types import Answer
from qa.web.asking import MOST_QUOTES, Asked
from qa.web.objects import facets
from qa.web.rendering import link, texts_in

_FURTHER = 5
"""Quotes that "more" adds."""

_WAYS = 8
"""Ways that are shown of a kind."""


def ways_to_narrow(
    request: Request, asked: Asked, answer: Answer
) -> Sequence[tuple[str, Sequence[tuple[str, int, str]]]]:
    """Return ways to narrow the answer down: a heading, and what leads to each."""
    texts = texts_in(request)
    names = {"source": texts.by_source, "year": texts.by_year, "language": texts.by_language}
    shown = []
    for kind, found in facets(answer.considered).items():
        if len(found) > 1:
            ways = [
                (
                    texts.languages.get(one.value, one.value) if kind == "language" else one.value,
                    one.articles,
                    _narrowed(request, asked, kind, one.value),
                )
                for one in found[:_WAYS]
            ]
            shown.append((names[kind], ways))
    return shown


def _narrowed(request: Request, asked: Asked, kind: str, value: str) -> str:
    changed = {"since": value, "until": value} if kind == "year" else {kind: value}
    return link(request, "/ask", {**asked.parameters(), **changed})


def ways_back(request: Request, asked: Asked) -> list[tuple[str, str, str]]:
    """Return the filters in force: what each is, its value, and where one is without it."""
    texts = texts_in(request)
    names = {
        "since": texts.since,
        "until": texts.until,
        "source": texts.source,
        "language": texts.language,
    }
    given = asked.parameters()
    return [
        (
            name,
            texts.languages.get(given[key], given[key]) if key == "language" else given[key],
            link(request, "/ask", {k: v for k, v in given.items() if k != key}),
        )
        for key, name in names.items()
        if key in given
    ]


def more_quotes(request: Request, asked: Asked, answer: Answer) -> str | None:
    """Return where there are more quotes, if there may be."""
    shown = len(answer.quotes)
    if not shown or (asked.k and shown < asked.k) or shown >= MOST_QUOTES:
        return None
    if asked.k is None and shown < _FURTHER:
        return None
    k = min(shown + _FURTHER, MOST_QUOTES)
    return link(request, "/ask", {**asked.parameters(), "k": str(k)}) + f"#q{shown + 1}"
