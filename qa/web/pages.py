"""The page: what people see. Every page has the same address with ``.json``."""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from index.types import PARAGRAPH_BREAK, Card
from qa.links import address_of_sentence, web_address
from qa.types import Answer
from qa.web.api import found_article, status_object
from qa.web.asking import LANGUAGES, MOST_QUOTES, Asked, refuse
from qa.web.feed import MEDIA_TYPE as ATOM
from qa.web.feed import QUOTES as IN_FEED
from qa.web.feed import atom
from qa.web.objects import answer_object, article_object, facets, path_in
from qa.web.problems import Problem
from qa.web.replies import Json, utf8
from qa.web.shown import about, lang_of, marked, shown_quote
from qa.web.site import site_of
from qa.web.texts import TEXTS, Texts, texts_for
from qa.web.timeline import timeline

_HERE = Path(__file__).parent
_MORE = 5
_FOR_PROGRAMS = ("/api/", "/v1/", "/mcp", "/health", "/metrics", "/openapi.json")
_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_STATIC = {path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir())}
_VERSION = hashlib.sha256(b"".join(_STATIC.values())).hexdigest()[:12]
_ROBOTS = "User-agent: *\nDisallow: /ask\nDisallow: /check\nDisallow: /api/\n"

_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["version"] = _VERSION


async def home(request: Request) -> Response:
    """Show the box; a question in the address leads to its answer."""
    if request.query_params.get("q"):
        return RedirectResponse(f"/ask?{request.url.query}", HTTPStatus.SEE_OTHER)
    site = site_of(request)
    status = await site.desk.run(status_object, site.service)
    sources = await site.desk.run(site.service.sources)
    if _wants_json(request):
        return Json({**status, "sources": list(sources)})
    return _page(request, "home.html", status=status, sources=sources, asked=Asked(""))


async def ask(request: Request) -> Response:
    """Show the answer to a question."""
    asked = _asked(request)
    site = site_of(request)
    if not asked.question.strip() and not _wants_json(request):
        return RedirectResponse(_link(request, "/"), HTTPStatus.SEE_OTHER)
    answer = await site.answer(asked)
    if _wants_json(request):
        return Json(answer_object(answer, site.roots()))
    texts = _texts(request)
    base = site.base(request)
    sources = await site.desk.run(site.service.sources)
    return _page(
        request,
        "answer.html",
        asked=asked,
        answer=answer,
        quotes=[shown_quote(quote, base, texts.no_date) for quote in answer.quotes],
        near=[shown_quote(quote, base, texts.no_date) for quote in answer.near],
        notes=_notes(answer, texts),
        facets=_facets(request, asked, answer),
        lifts=_lifts(request, asked),
        drawing=timeline(answer.considered, answer.quotes) if answer.query.compare else None,
        sources=sources,
        more=_more(request, asked, answer),
        feed=f"/ask.atom?{urlencode(asked.parameters())}",
    )


async def feed(request: Request) -> Response:
    """Give the quotes of a question as a feed."""
    asked = _asked(request)
    site = site_of(request)
    status = site.service.status()
    parameters = urlencode(asked.parameters())
    tag = f'"{hashlib.sha256(f"{status.generation} {parameters}".encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    wanted = Asked(asked.question, asked.since, asked.until, asked.source, asked.language, IN_FEED)
    answer = await site.answer(wanted, near=False, consider=False)
    base = site.base(request)
    made = atom(
        answer.quotes,
        title=asked.question,
        own=f"{base}/ask.atom?{parameters}",
        page=f"{base}/ask?{parameters}",
        base=base,
        created=status.manifest.created,
    )
    return Response(made, headers=headers, media_type=ATOM)


async def article(request: Request) -> Response:
    """Show an article, with what is quoted of it marked."""
    site, texts = site_of(request), _texts(request)
    card, text = await found_article(site, request.path_params["article"])
    span = _span(request, len(text))
    mark = _mark(request, span) or span
    if _wants_json(request):
        return Json(article_object(card, text, site.roots()) | {"marked": span and list(span)})
    return _page(
        request,
        "article.html",
        asked=Asked(""),
        card=card,
        about=about(card, texts.no_date),
        lang=lang_of(card),
        file=path_in(card.path, site.roots()),
        published=card.date.isoformat(" ", "minutes") if card.date else "",
        author=card.author if card.author != card.source else None,
        paragraphs=marked(text, [span] if span else [], mark),
        marks=span is not None,
        original=_original(card, text, mark),
    )


async def sources(request: Request) -> Response:
    """Show the archive's sources."""
    site = site_of(request)
    names = list(await site.desk.run(site.service.sources))
    if _wants_json(request):
        return Json({"sources": names})
    return _page(request, "sources.html", names=names, asked=Asked(""))


async def static(request: Request) -> Response:
    """Give a file that the pages name."""
    name = request.path_params["name"]
    if name not in _STATIC:
        raise Problem(HTTPStatus.NOT_FOUND, "there is nothing at this address")
    return Response(
        _STATIC[name], media_type=_TYPES[Path(name).suffix], headers={"Cache-Control": _FOREVER}
    )


async def robots(_: Request) -> Response:
    """Ask crawlers not to ask questions."""
    return Response(_ROBOTS, media_type="text/plain")


def error_page(request: Request, error: HTTPException) -> Response:
    """Return an error for people."""
    texts = _texts(request)
    status = HTTPStatus(error.status_code)
    says = {
        HTTPStatus.NOT_FOUND: texts.not_found,
        HTTPStatus.TOO_MANY_REQUESTS: texts.too_often,
        HTTPStatus.SERVICE_UNAVAILABLE: texts.busy,
    }.get(status, texts.wrong_request)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.SERVICE_UNAVAILABLE:
        says = texts.failed
    asked = Asked(request.query_params.get("q", "")[:1000])
    page = _page(
        request,
        "error.html",
        asked=asked,
        says=says,
        detail=str(error.detail),
        request_id=request.state.request_id,
    )
    page.status_code = status
    page.headers.update(error.headers or {})
    return page


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


def _facets(request: Request, asked: Asked, answer: Answer) -> list[tuple[str, list[Any]]]:
    """Return ways to narrow the answer down: a heading, and what leads to each."""
    texts = _texts(request)
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
                for one in found[:8]
            ]
            shown.append((names[kind], ways))
    return shown


def _narrowed(request: Request, asked: Asked, kind: str, value: str) -> str:
    changed = {"since": value, "until": value} if kind == "year" else {kind: value}
    return _link(request, "/ask", {**asked.parameters(), **changed})


def _lifts(request: Request, asked: Asked) -> list[tuple[str, str, str]]:
    """Return the filters in force: what each is, its value, and where one is without it."""
    texts = _texts(request)
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
            _link(request, "/ask", {k: v for k, v in given.items() if k != key}),
        )
        for key, name in names.items()
        if key in given
    ]


def _more(request: Request, asked: Asked, answer: Answer) -> str | None:
    """Return where there are more quotes, if there may be."""
    shown = len(answer.quotes)
    if not shown or (asked.k and shown < asked.k) or shown >= MOST_QUOTES:
        return None
    if asked.k is None and shown < _MORE:
        return None
    k = min(shown + _MORE, MOST_QUOTES)
    return _link(request, "/ask", {**asked.parameters(), "k": str(k)}) + f"#q{shown + 1}"


def _original(card: Card, text: str, span: tuple[int, int] | None) -> str | None:
    """Return where the article was published; with a quote, where that stands in it."""
    if span is None:
        return web_address(card)
    return address_of_sentence(card, text[slice(*span)].partition(PARAGRAPH_BREAK)[0])


def _wants_json(request: Request) -> bool:
    return request.url.path.endswith(".json")


def _texts(request: Request) -> Texts:
    chosen = request.query_params.get("lang", "")
    return TEXTS.get(chosen) or texts_for(request.headers.get("accept-language", ""))


def _link(request: Request, path: str, parameters: Mapping[str, str] | None = None) -> str:
    """Return an address on this site, in the language that was chosen."""
    chosen = request.query_params.get("lang", "")
    given = dict(parameters or {}) | ({"lang": chosen} if chosen in TEXTS else {})
    return f"{path}?{urlencode(given)}" if given else path


def _page(request: Request, template: str, **values: Any) -> Response:
    texts = _texts(request)
    path = request.url.path
    own = {key: value for key, value in request.query_params.items() if key != "lang"}
    made = _templates.get_template(template).render(
        t=texts,
        link=lambda path, parameters=None: _link(request, path, parameters),
        chosen=request.query_params.get("lang", "")
        if request.query_params.get("lang", "") in TEXTS
        else "",
        languages=[
            (one, f"{path}?{urlencode({**own, 'lang': one.code})}") for one in TEXTS.values()
        ],
        asked_languages=LANGUAGES,
        json_address=_json_address(path, own),
        **values,
    )
    return Response(
        utf8(made),
        media_type="text/html; charset=utf-8",
        headers={"Vary": "Accept-Language", "Cache-Control": "private, no-cache"},
    )


def _json_address(path: str, parameters: Mapping[str, str]) -> str:
    json_path = "/index.json" if path == "/" else f"{path}.json"
    return f"{json_path}?{urlencode(parameters)}" if parameters else json_path
