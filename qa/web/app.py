"""The application: routes in their envelope, behind the gate."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from http import HTTPStatus
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Scope

from config.settings import ServeSettings
from index.errors import EngineUnavailable
from index.types import Card
from qa.links import article_path
from qa.service import Service
from qa.web import api, chat, pages
from qa.web.counts import Counts
from qa.web.desk import Desk
from qa.web.envelope import REQUEST_ID, Envelope, logger
from qa.web.gate import Gate
from qa.web.limits import Buckets
from qa.web.problems import MEDIA_TYPE, Problem, ProblemDetails, as_object
from qa.web.replies import Json
from qa.web.site import Site

if TYPE_CHECKING:
    from qa.mcp.transports import Mounted

_T = TypeVar("_T")

_DESCRIPTION = """\
Asks an archive of news articles and answers by quotes: word for word, with source, date and link.
Errors are RFC 9457 problems. A key, where one is wanted, is sent as `Authorization: Bearer nq_...`.
"""


def create_app(service: Service, settings: ServeSettings, shared: Path | None = None) -> ASGIApp:
    """Return the application that serves an archive.

    :param service: stays the caller's, who closes it after the application has ended.
    :param shared: folder of several workers, of which this is one.
    """
    counts = Counts(shared)
    desk = Desk(settings.threads, settings.queue, counts.under_way.set)
    site = Site(service, settings, desk, counts)

    tools = _tools(site)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        async with tools.running() if tools else nullcontext():
            yield
        desk.close()

    app = FastAPI(
        title="newsquote",
        summary="Quotes from an archive of news articles.",
        description=_DESCRIPTION,
        version=version("newsquote"),
        docs_url=None,  # they are loaded from another site
        redoc_url=None,
        lifespan=life,
    )
    app.state.site = site
    app.include_router(api.router)
    app.include_router(chat.router)
    app.router.routes.extend(pages.ROUTES)
    if tools:
        app.router.routes.append(Route("/mcp", tools))
    app.add_exception_handler(RequestValidationError, _not_as_expected)
    app.add_exception_handler(HTTPException, _problem)
    app.add_exception_handler(EngineUnavailable, _away)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign] # FastAPI's own way to extend it
    inner: ASGIApp = Gate(app, settings, Buckets(shared and shared / "buckets"))
    if settings.origins:
        inner = CORSMiddleware(
            inner,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", REQUEST_ID],
            expose_headers=[REQUEST_ID, "Retry-After"],
        )

    def show(scope: Scope, error: HTTPException) -> Response:
        return _shown(Request({**scope, "app": app}), error)

    return Envelope(inner, show, counts, settings.timeout)


def _tools(site: Site) -> "Mounted | None":
    """Return the archive as tools of other programs' models, where the extra ``mcp`` is installed."""
    if find_spec("mcp") is None:
        return None
    from qa.mcp.server import server  # noqa: PLC0415 - see above
    from qa.mcp.tools import address_of  # noqa: PLC0415 - see above
    from qa.mcp.transports import Mounted  # noqa: PLC0415 - see above

    async def run(call: Callable[[], _T], /) -> _T:
        return await site.desk.run(call)

    def address(card: Card) -> str:
        public = site.settings.public_url
        return public + article_path(card.sha256) if public else address_of(card)

    return Mounted.of(server(site.service, run, address), site.settings.max_body)


def _shown(request: Request, error: HTTPException) -> Response:
    """Return an error as a page for people, and as an object for programs."""
    if pages.is_for_people(request):
        return pages.error_page(request, error)
    return Json(
        as_object(error, request.state.request_id, request.url.path),
        error.status_code,
        dict(error.headers or {}),
        MEDIA_TYPE,
    )


async def _away(request: Request, error: Exception) -> Response:
    """Say that the server of the index is away; where it is, is told in the log alone."""
    logger.error("%s: %s", request.state.request_id, error)
    away = Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "the archive cannot be reached at the moment; ask again in a while",
        {"Retry-After": "10"},
    )
    return _shown(request, away)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for these
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # Starlette tells the methods of one route; an address may have several.
        error.headers = {"Allow": ", ".join(sorted(_methods(request)))}
    if error.status_code == HTTPStatus.NOT_FOUND and not isinstance(error, Problem):
        error = Problem(HTTPStatus.NOT_FOUND, "there is nothing at this address")
    return _shown(request, error)


def _methods(request: Request) -> set[str]:
    """Return the methods that an address may be asked by."""
    matching = (
        route
        for route in (*api.router.routes, *chat.router.routes, *pages.ROUTES, *request.app.routes)
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
    )
    return {method for route in matching for method in route.methods or ()}


async def _not_as_expected(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for these
    errors = [
        {"name": ".".join(str(step) for step in problem["loc"][1:]), "detail": problem["msg"]}
        for problem in error.errors()
    ]
    detail = "; ".join(f"{one['name']}: {one['detail']}".lstrip(": ") for one in errors)
    return _shown(request, Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors))


def _openapi(app: FastAPI) -> dict[str, Any]:
    """Return the description of the API: with the shape of problems, and with keys."""
    if app.openapi_schema is None:
        made = FastAPI.openapi(app)
        parts = made.setdefault("components", {})
        parts.setdefault("schemas", {})["ProblemDetails"] = ProblemDetails.model_json_schema()
        parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{}, {"key": []}]
        app.openapi_schema = made
    return app.openapi_schema
