"""newsquote as a model for chat programs: OpenAI's interface, answered by quotes and their sources.

The last message of the user is the question; the user's messages before it are the conversation, so
that follow-ups and "go on" are understood. Nothing is written by a model: what comes back are quotes.
https://platform.openai.com/docs/api-reference/chat
"""

import json
import secrets
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from index.types import Card
from qa.conversation import Conversation
from qa.links import address_of, address_of_sentence, web_address
from qa.service import Service
from qa.types import Answer, Quote
from qa.web import shapes
from qa.web.api import PROBLEMS, TheSite, documented
from qa.web.asking import well_formed
from qa.web.objects import answer_object, sentence
from qa.web.problems import Problem
from qa.web.replies import Json
from qa.web.site import Site
from qa.web.texts import Texts, texts_of

MODEL = "newsquote"
EARLIER = 3
"""Questions before the last one that are asked again, so that a follow-up has something to follow."""

router = APIRouter(responses=PROBLEMS, tags=["chat programs"])


@router.get("/v1/models", responses=documented(shapes.ModelsShape))
async def models(site: TheSite) -> Response:
    """Return the models that can be chosen: one, the archive."""
    await site.desk.run(site.service.status)
    model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "newsquote"}
    return Json({"object": "list", "data": [model]})


@router.post(
    "/v1/chat/completions",
    responses={
        200: {
            "model": shapes.ChatCompletion,
            "description": "The answer; as a stream of events when ``stream`` is true.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def complete(site: TheSite, body: shapes.ChatRequest) -> Response:
    """Answer the last message of the user by quotes."""
    questions = [well_formed(one.text).strip() for one in body.messages if one.role == "user"]
    if not questions or not questions[-1]:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "expected a message of the user with a question in it"
        )
    longest = site.settings.question_chars
    if len(questions[-1]) > longest:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"expected a question of at most {longest} characters, found {len(questions[-1])}",
        )
    earlier = [one for one in questions[:-1] if one and len(one) <= longest][-EARLIER:]
    answer, roots = await site.desk.run(
        lambda: (_answer(site.service, earlier, questions[-1]), site.roots())
    )
    site.counts.answers.labels("yes" if answer.answered else "no").inc()
    pieces = list(_pieces(answer, texts_of(answer.query.question), site))
    completion = {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "created": int(time.time()),
        "model": MODEL,
    }
    usage = _usage(questions[-1], pieces)
    if body.stream:
        wants_usage = body.stream_options is not None and body.stream_options.include_usage
        events = _events(completion, pieces, usage if wants_usage else None)
        return StreamingResponse(
            events, media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )
    message = {
        "role": "assistant",
        "content": "".join(pieces),
        "annotations": _annotations(answer.quotes, site),
    }
    return Json(
        {
            **completion,
            "object": "chat.completion",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": usage,
            "newsquote": answer_object(answer, roots),
        }
    )


def _answer(service: Service, earlier: Sequence[str], question: str) -> Answer:
    conversation = Conversation()
    for one in earlier:
        conversation = conversation.after(conversation.ask(service, one, near=False))
    return conversation.ask(service, question)


def _pieces(answer: Answer, texts: Texts, site: Site) -> Iterator[str]:
    """Yield the answer in Markdown, a quote a piece."""
    if answer.query.small_talk:
        yield texts.small_talk
        return
    if not answer.quotes:
        yield texts.nothing_more if answer.skipped else texts.nothing_found
        if answer.near:
            yield f"\n\n{texts.near_misses}"
    for quote in answer.quotes or answer.near:
        yield ("" if quote is (answer.quotes or (None,))[0] else "\n\n") + _quoted(quote, site)
    for card in answer.titles:
        yield "\n\n" + texts.only_a_title.format(title=_cited(card, web_address(card)))


def _quoted(quote: Quote, site: Site) -> str:
    lines = "\n".join(f"> {_plain(line)}" for line in quote.text.split("\n"))
    return f"{lines}\n>\n> — {_cited(quote.article, _address(quote, site))}"


def _cited(card: Card, address: str | None) -> str:
    """Return the title as a link, source and day."""
    day = card.date.date().isoformat() if card.date else ""
    title = _plain(card.title)
    cited = f"[{title}](<{address}>)" if address else title
    about = ", ".join(filter(None, (_plain(card.source or ""), day)))
    return f"{cited}{', ' if about else ''}{about}"


def _address(quote: Quote, site: Site) -> str | None:
    public = address_of(quote, site.settings.public_url)
    return public or address_of_sentence(quote.article, sentence(quote))


_MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#|~"})


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    return " ".join(text.split()).translate(_MARKDOWN)


def _annotations(quotes: Sequence[Quote], site: Site) -> list[dict[str, Any]]:
    return [
        {"type": "url_citation", "url_citation": {"url": address, "title": quote.article.title}}
        for quote in quotes
        if (address := _address(quote, site))
    ]


async def _events(
    completion: dict[str, Any], pieces: Sequence[str], usage: dict[str, int] | None
) -> AsyncIterator[bytes]:
    deltas: list[dict[str, str]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": piece} for piece in pieces]
    for delta in deltas:
        yield _event(completion, [{"index": 0, "delta": delta, "finish_reason": None}])
    yield _event(completion, [{"index": 0, "delta": {}, "finish_reason": "stop"}])
    if usage is not None:
        yield _event({**completion, "usage": usage}, [])
    yield b"data: [DONE]\n\n"


def _event(completion: dict[str, Any], choices: Sequence[dict[str, Any]]) -> bytes:
    chunk = {**completion, "object": "chat.completion.chunk", "choices": choices}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def _usage(question: str, pieces: Sequence[str]) -> dict[str, int]:
    """Return what is read and given, in characters: there are no tokens of a model here."""
    asked, given = len(question), sum(map(len, pieces))
    return {"prompt_tokens": asked, "completion_tokens": given, "total_tokens": asked + given}
