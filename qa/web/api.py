"""The HTTP API: what programs ask."""

from collections.abc import Sequence
from http import HTTPStatus
from importlib.metadata import version
from pathlib import PurePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from index.types import Card, Held
from qa.links import article_path
from qa.service import Service
from qa.web import shapes
from qa.web.asking import MOST_QUOTES, Asked, checked, filters_of
from qa.web.checking import ToCheck
from qa.web.objects import answer_object, article_object, card_object
from qa.web.problems import MEDIA_TYPE, Problem
from qa.web.replies import Json
from qa.web.site import Site, site_of

MOST_PASSAGES = 100
_VERSION = version("newsquote")


async def _site(request: Request) -> Site:
    """Return the site that a request came to: a coroutine, or FastAPI would ask a thread for it."""
    return site_of(request)


TheSite = Annotated[Site, Depends(_site)]
QuestionText = Annotated[
    str, Query(min_length=1, description="A question in Chinese, English or Russian.")
]
Since = Annotated[str, Query(description="Published on or after: 2021, 2021-12, 2021-12-03.")]
Until = Annotated[str, Query(description="Published on or before.")]
Source = Annotated[str, Query(description="Only from this source.")]
InLanguage = Annotated[Literal["", "zh", "en", "ru"], Query(description="Only in this language.")]

_STATUSES = {
    HTTPStatus.BAD_REQUEST: "It cannot be read.",
    HTTPStatus.UNAUTHORIZED: "The key is missing or not known.",
    HTTPStatus.FORBIDDEN: "Pages of that origin may not ask.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.REQUEST_URI_TOO_LONG: "The address is too long.",
    HTTPStatus.MISDIRECTED_REQUEST: "The server has another name.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "A parameter is not what was expected.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Too many questions are waiting, or it took too long.",
}
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    int(status): {"description": text, "content": _PROBLEM} for status, text in _STATUSES.items()
}
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such article.", "content": _PROBLEM}
}

router = APIRouter(responses=PROBLEMS)


def documented(model: type[Any]) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of an answer that is made by hand."""
    return {200: {"model": model, "description": "The answer."}}


@router.get("/api/ask", responses=documented(shapes.AnswerShape), tags=["archive"])
async def ask(
    site: TheSite,
    q: QuestionText,
    since: Since = "",
    until: Until = "",
    source: Source = "",
    language: InLanguage = "",
    k: Annotated[int | None, Query(ge=1, le=MOST_QUOTES, description="Quotes at most.")] = None,
    near: Annotated[bool, Query(description="Add what comes closest.")] = True,  # noqa: FBT002 - a parameter of the address
) -> Response:
    """Answer a question by quotes."""
    asked = Asked(q, since, until, source, language, k)
    given = await site.answer(asked, near=near)
    return Json(answer_object(given.answer, given.roots))


@router.post("/api/ask", responses=documented(shapes.AnswerShape), tags=["archive"])
async def ask_in_body(site: TheSite, body: shapes.Question) -> Response:
    """Answer a question that is to stand in no address."""
    asked = Asked(body.question, body.since, body.until, body.source, body.language, body.k)
    given = await site.answer(asked, near=body.near)
    return Json(answer_object(given.answer, given.roots))


@router.get("/api/search", responses=documented(shapes.FoundPassages), tags=["archive"])
async def search(
    site: TheSite,
    q: QuestionText,
    since: Since = "",
    until: Until = "",
    source: Source = "",
    language: InLanguage = "",
    k: Annotated[int, Query(ge=1, le=MOST_PASSAGES, description="Passages at most.")] = 10,
    offset: Annotated[int, Query(ge=0, le=10_000, description="Passages left out.")] = 0,
) -> Response:
    """Return the passages that come closest to a question, whether they answer it or not."""
    asked = checked(Asked(q, since, until, source, language), site.settings.question_chars)
    found = await site.desk.run(_search, site.service, asked, k, offset)
    return Json({"question": asked.question, "offset": offset, **found})


@router.get(
    "/api/articles/{article}",
    responses=documented(shapes.ArticleShape) | NOT_FOUND,
    tags=["archive"],
)
async def article(
    site: TheSite,
    article: Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of its file.")],
) -> Response:
    """Return an article as it was extracted."""
    return Json(article_object(*await found_article(site, article)))


@router.post("/api/quotes/check", responses=documented(shapes.ChecksShape), tags=["archive"])
async def check_quotes(site: TheSite, body: shapes.ToCheckShape) -> Response:
    """Say of quotations whether they stand in the archive, where, and what was changed."""
    return Json(
        await site.check(ToCheck(body.text, body.source, body.author, body.date, body.each))
    )


@router.get("/api/sources", responses=documented(shapes.SourcesShape), tags=["archive"])
async def sources(site: TheSite) -> Response:
    """Return the archive's sources: how many articles each has, and from when."""
    return Json(source_objects(await site.desk.run(site.service.by_source)))


@router.get("/api/status", responses=documented(shapes.StatusShape), tags=["server"])
async def status(site: TheSite) -> Response:
    """Return what is in the index that answers."""
    return Json(await site.desk.run(status_object, site.service))


@router.get("/health", responses=documented(shapes.HealthShape), tags=["server"])
async def health(site: TheSite) -> Response:
    """Tell that the server answers, and has an archive to answer from."""
    await site.desk.run(site.service.status)
    return Json({"status": "ok"})


@router.get(
    "/metrics",
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    response_class=Response,
    tags=["server"],
)
async def metrics(site: TheSite) -> Response:
    """Return figures for Prometheus: to private addresses, and to who has a key."""
    return Response(site.counts.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


async def found_article(site: Site, sha256: str) -> tuple[Card, str, Sequence[str]]:
    """Return an article's card and text, and the files and folders that the archive was built from.

    :raises Problem: if the archive has none of that digest.
    """
    found, roots = await site.desk.run(lambda: (site.service.article(sha256), site.roots()))
    if found is None:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "the archive has no such article; it may have changed since it was quoted",
        )
    return *found, roots


def source_objects(held: Sequence[Held]) -> dict[str, Any]:
    """Return what the archive holds of each source, as an object."""
    return {
        "sources": [
            {"name": one.source, "articles": one.articles, "first": one.first, "last": one.last}
            for one in held
        ]
    }


def status_object(service: Service) -> dict[str, Any]:
    """Return what is in the index that answers, as an object."""
    known = service.status()
    return {
        "generation": known.generation,
        "created": known.manifest.created,
        "articles": known.manifest.articles,
        "passages": known.manifest.passages,
        "encoder": PurePath(known.manifest.encoder.name).name,
        "version": _VERSION,
    }


def _search(service: Service, asked: Asked, k: int, offset: int) -> dict[str, Any]:
    filters = filters_of(asked, service)
    found, total = service.passages(asked.question, k, filters=filters, offset=offset)
    roots = service.status().manifest.paths
    return {
        "total": total,
        "passages": [
            {
                "text": stored.passage.text,
                "score": round(hit.score, 4),
                "paragraphs": list(stored.passage.paragraphs),
                "start": stored.passage.start,
                "end": stored.passage.end,
                "article": card_object(stored.article.card, roots),
                "page": article_path(
                    stored.article.card.sha256, (stored.passage.start, stored.passage.end)
                ),
            }
            for hit, stored in found
        ],
    }
