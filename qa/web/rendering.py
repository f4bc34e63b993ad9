"""Templates, and the language of a page."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from qa.links import query_of
from qa.web.asking import LANGUAGES
from qa.web.replies import utf8
from qa.web.texts import TEXTS, Texts, texts_for

_HERE = Path(__file__).parent
STATIC = {path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir())}
"""The files that pages name, by their names."""

_VERSION = hashlib.sha256(b"".join(STATIC.values())).hexdigest()[:12]
"""Stands in their addresses, so that browsers keep them for ever."""

_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,  # templates change with the program alone
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["version"] = _VERSION


def page(request: Request, template: str, **values: Any) -> Response:
    """Return a page.

    :param values: what its template shows.
    """
    chosen = _chosen(request)
    path = request.url.path
    own = {key: value for key, value in request.query_params.items() if key != "lang"}
    made = _templates.get_template(template).render(
        t=texts_in(request),
        link=lambda path: link(request, path),
        kept=lambda address: _kept(address, chosen),
        chosen=chosen,
        languages=[
            (one, f"{path}?{query_of({**own, 'lang': one.code})}") for one in TEXTS.values()
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


def texts_in(request: Request) -> Texts:
    """Return the sentences in the language that was chosen, or that the browser wants."""
    return TEXTS.get(_chosen(request)) or texts_for(request.headers.get("accept-language", ""))


def link(request: Request, path: str, parameters: Mapping[str, str] | None = None) -> str:
    """Return an address on this site, in the language that was chosen."""
    chosen = _chosen(request)
    given = dict(parameters or {}) | ({"lang": chosen} if chosen else {})
    return f"{path}?{query_of(given)}" if given else path


def wants_json(request: Request) -> bool:
    """Tell whether the page is wanted as an object."""
    return request.url.path.endswith(".json")


def _chosen(request: Request) -> str:
    """Return the language that the address names; empty when it names none."""
    chosen = request.query_params.get("lang", "")
    return chosen if chosen in TEXTS else ""


def _kept(address: str, chosen: str) -> str:
    """Return an address on this site in the language that was chosen."""
    path, mark, fragment = address.partition("#")
    sign = "&" if "?" in path else "?"
    return f"{path}{sign}lang={chosen}{mark}{fragment}" if chosen else address


def _json_address(path: str, parameters: Mapping[str, str]) -> str:
    json_path = "/index.json" if path == "/" else f"{path}.json"
    return f"{json_path}?{query_of(parameters)}" if parameters else json_path
