"""The page: what people see. Every page has the same address with ``.json``."""

import hashlib
from http import HTTPStatus
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from index.types import PARAGRAPH_BREAK, Card
from qa.links import address_of_sentence, query_of, web_address
from qa.types import Answer
from qa.web.api import found_article, source_objects, status_object
from qa.web.asking import MOST_QUOTES, Asked, refuse
from qa.web.checking import ToCheck, shown_check
from qa.web.feed import MEDIA_TYPE as ATOM
from qa.web.feed import QUOTES as IN_FEED
from qa.web.feed import atom
from qa.web.narrowing import more_quotes, ways_back, ways_to_narrow
from qa.web.objects import answer_object, article_object, path_in
from qa.web.problems import Problem
from qa.web.rendering import STATIC, link, page, texts_in, wants_json
from qa.web.replies import Json
from qa.web.shown import about, lang_of, marked, shown_quote, shown_title
from qa.web.site import site_of
from qa.web.texts import Texts
from qa.web.timeline import timeline

_FOR_PROGRAMS = ("/api/", "/v1/", "/mcp", "/health", "/metrics", "/openapi.json")
_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_ROBOTS = "User-agent: *\nDisallow: /ask\nDisallow: /check\nDisallow: /api/\n"


async def home(request: Request) -> Response:
    """Show the box; a question in the address leads to its answer."""
    if request.query_params.get("q"):
        return RedirectResponse(f"/ask?{request.url.query}", HTTPStatus.SEE_OTHER)
    site = site_of(request)
    status, sources = await site.desk.run(
        lambda: (status_object(site.service), site.service.sources())
    )
    if wants_json(request):
        return Json({**status, "sources": list(sources)})
    return page(request, "home.html", status=status, sources=sources, asked=Asked(""))


async def ask(request: Request) -> Response:
    """Show the answer to a question."""
    asked = _asked(request)
    site = site_of(request)
    if not asked.question.strip() and not wants_json(request):
        return RedirectResponse(link(request, "/"), HTTPStatus.SEE_OTHER)
    given = await site.answer(asked)
    answer = given.answer
    if wants_json(request):
        return Json(answer_object(answer, given.roots))
    texts = texts_in(request)
    base = site.base(request)
    return page(
        request,
        "answer.html",
        asked=asked,
        answer=answer,
        quotes=[shown_quote(quote, base, texts.no_date) for quote in answer.quotes],
        near=[shown_quote(quote, base, texts.no_date) for quote in answer.near],
        titles=[shown_title(card, texts.no_date) for card in answer.titles],
        notes=_notes(answer, texts),
        facets=ways_to_narrow(request, asked, answer),
        lifts=ways_back(request, asked),
        drawing=timeline(answer.considered, answer.quotes) if answer.query.compare else None,
        sources=given.sources,
        more=more_quotes(request, asked, answer),
        feed=f"/ask.atom?{query_of(asked.parameters())}",
    )


async def feed(request: Request) -> Response:
    """Give the quotes of a question as a feed."""
    asked = _asked(request)
    site = site_of(request)
    status = await site.desk.run(site.service.status)
    parameters = query_of(asked.parameters())
    tag = f'"{hashlib.sha256(f"{status.generation} {parameters}".encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    wanted = Asked(asked.question, asked.since, asked.until, asked.source, asked.language, IN_FEED)
    given = await site.answer(wanted, near=False, consider=False)
    base = site.base(request)
    made = atom(
        given.answer.quotes,
        title=asked.question,
        own=f"{base}/ask.atom?{parameters}",
        page=f"{base}/ask?{parameters}",
        base=base,
        created=status.manifest.created,
    )
    return Response(made, headers=headers, media_type=ATOM)


async def article(request: Request) -> Response:
    """Show an article, with what is quoted of it marked."""
    site, texts = site_of(request), texts_in(request)
    card, text, roots = await found_article(site, request.path_params["article"])
    span = _span(request, len(text))
    mark = _mark(request, span) or span
    if wants_json(request):
        return Json(article_object(card, text, roots) | {"marked": span and list(span)})
    return page(
        request,
        "article.html",
        asked=Asked(""),
        card=card,
        about=about(card, texts.no_date),
        lang=lang_of(card),
        file=path_in(card.path, roots),
        published=card.date.isoformat(" ", "minutes") if card.date else "",
        author=card.author if card.author != card.source else None,
        paragraphs=marked(text, [span] if span else [], mark),
        marks=span is not None,
        original=_original(card, text, mark),
    )


async def check(request: Request) -> Response:
    """Show the box for quotations, and what the archive says of them."""
    site, given = site_of(request), request.query_params
    checking = ToCheck(
        text=given.get("text", ""),
        source=given.get("source", ""),
        author=given.get("author", ""),
        date=given.get("date", ""),
    )
    if wants_json(request):
        return Json(await site.check(checking))
    found = await site.checks(checking) if checking.text.strip() else []
    texts = texts_in(request)
    return page(
        request,
        "check.html",
        checking=checking,
        checks=[shown_check(one, texts) for one in found],
        sources=await site.desk.run(site.service.sources),
    )


async def sources(request: Request) -> Response:
    """Show the archive's sources."""
    site = site_of(request)
    held = await site.desk.run(site.service.by_source)
    if wants_json(request):
        return Json(source_objects(held))
    return page(request, "sources.html", held=held, asked=Asked(""))


async def static(request: Request) -> Response:
    """Give a file that the pages name."""
    name = request.path_params["name"]
    if name not in STATIC:
        raise Problem(HTTPStatus.NOT_FOUND, "there is nothing at this address")
    return Response(
        STATIC[name], media_type=_TYPES[Path(name).suffix], headers={"Cache-Control": _FOREVER}
    )


async def robots(_: Request) -> Response:
    """Ask crawlers not to ask questions."""
    return Response(_ROBOTS, media_type="text/plain")


def error_page(request: Request, error: HTTPException) -> Response:
    """Return an error for people."""
    texts = texts_in(request)
    status = HTTPStatus(error.status_code)
    says = {
        HTTPStatus.NOT_FOUND: texts.not_found,
        HTTPStatus.TOO_MANY_REQUESTS: texts.too_often,
        HTTPStatus.SERVICE_UNAVAILABLE: texts.busy,
    }.get(status, texts.wrong_request)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.SERVICE_UNAVAILABLE:
        says = texts.failed
    asked = Asked(request.query_params.get("q", "")[:1000])
    shown = page(
        request,
        "error.html",
        asked=asked,
        says=says,
        detail=str(error.detail),
        request_id=request.state.request_id,
    )
    shown.status_code = status
    shown.headers.update(error.headers or {})
    return shown


def is_for_people(request: Request) -> bool:
    """Tell whether a page is wanted, and not an object."""
    path = request.url.path
    return not (path.startswith(_FOR_PROGRAMS) or path.endswith((".json", ".atom")))


ROUTES: list[BaseRoute] = [
    Route("/", home),
    Route("/index.json", home),
    Route("/ask", ask),
    Route("/ask.json", ask),
    Route("/ask.atom", feed),
    Route("/articles/{article}.json", article),
    Route("/articles/{article}", article),
    Route("/check", check),
    Route("/check.json", check),
    Route("/sources", sources),
    Route("/sources.json", sources),
    Route("/static/{name}", static),
    Route("/robots.txt", robots),
]


def _asked(request: Request) -> Asked:
    given = request.query_params
    k = given.get("k", "")
    if k and not (k.isascii() and k.isdecimal() and len(k) < len(str(MOST_QUOTES)) + 2):
        refuse("k", f"expected a number from 1 to {MOST_QUOTES}, found {k[:100]!r}")
    return Asked(
        given.get("q", ""),
        given.get("since", ""),
        given.get("until", ""),
        given.get("source", ""),
        given.get("language", ""),
        int(k) if k else None,
    )


def _span(request: Request, length: int) -> tuple[int, int] | None:
    """Return what is to be marked, if the address tells a span of the text."""
    ends = [request.query_params.get(name, "") for name in ("from", "to")]
    if not all(end.isascii() and end.isdecimal() and len(end) < 10 for end in ends):  # noqa: PLR2004 - no text is longer
        return None
    start, end = map(int, ends)
    return (start, end) if start < end <= length else None


def _mark(request: Request, within: tuple[int, int] | None) -> tuple[int, int] | None:
    """Return the sentence that the address tells, if it lies in what is quoted."""
    first, _, last = request.query_params.get("mark", "").partition("-")
    if within is None or not all(end.isascii() and end.isdecimal() for end in (first, last)):
        return None
    start, end = int(first[:9]), int(last[:9])
    return (start, end) if within[0] <= start < end <= within[1] else None


def _notes(answer: Answer, texts: Texts) -> list[str]:
    """Return how the question was understood, where that adds to its words."""
    query = answer.query
    notes = []
    if query.preferred:
        sentence = texts.widened if answer.widened else texts.preferred
        if answer.nearest:
            sentence = texts.nearest
        notes.append(sentence.format(window=query.preferred, nearest=answer.nearest))
    if answer.archive:
        notes.append(texts.archive.format(window=answer.archive))
    if answer.mention:
        count = f"> {answer.mention.articles}" if answer.mention.more else answer.mention.articles
        notes.append(texts.mention.format(name=answer.mention.name, count=count))
    return notes


def _original(card: Card, text: str, span: tuple[int, int] | None) -> str | None:
    """Return where the article was published; with a quote, where that stands in it."""
    if span is None:
        return web_address(card)
    return address_of_sentence(card, text[slice(*span)].partition(PARAGRAPH_BREAK)[0])
