"""What newsquote finds for each question, sorted into what answers and what does not.

    {"source", "language", "group", "question", "answers", "before", "missing",
     "right": [[title, text]], "near": [[title, text]], "far": [[title, text]]}

right  passages of the documents that answer which hold an answer
near   other passages of these documents
far    passages of other documents that newsquote ranks high, and that hold no answer

News questions are asked of the other languages' archives too, and everyday ones of all, where nothing
answers them: such a record is a stranger's, and has only "far".
"""

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from config.loading import load_settings
from index.text.tokens import fold, tokens
from qa.measuring.archives import evaluation_models, temporary_service
from qa.service import Contents, Service
from tools.train_reader.sources import Asked, World, everyday, read_worlds

NEWS = {"crud", "realtimeqa"}
"""Sets of news: of one language, and of what happens there."""

Text = tuple[str, str]
"""Title and text of a passage."""

_FAR = 8
_LOOKED_AT = 16
_MOST_NEAR = 12
_LEAST_SHARED = 0.2
"""Share of the question's words that the right passage of a long article must hold: a short answer
stands in many passages by chance."""


def mine(shared: Path, out: Path) -> None:
    """Write the examples of all sets to a file."""
    settings = load_settings().with_flags(answer={"reader": "off"})
    models = evaluation_models(settings)
    worlds = read_worlds(shared)
    with out.open("w", encoding="utf-8") as file:
        for language, world in worlds.items():
            print(
                f"{language}: {len(world.documents)} documents, {len(world.asked)} questions",
                flush=True,
            )
            with temporary_service(world.documents.values(), settings, models) as service:
                strangers = (_stranger(service, one) for one in strangers_to(worlds, language))
                for record in chain(_examples(service, world), strangers):
                    file.write(json.dumps(record, ensure_ascii=False) + "\n")


def strangers_to(worlds: Mapping[str, World], language: str) -> list[Asked]:
    """Return what an archive cannot answer: news questions of the others, and everyday ones."""
    others = (world for held, world in worlds.items() if held != language)
    news = [one for world in others for one in world.asked if one.source in NEWS]
    return [*news, *everyday()]


def _examples(service: Service, world: World) -> Iterator[dict[str, Any]]:
    contents = {one.card.path: one for one in service.contents()}
    wanted = {number for asked in world.asked for number in asked.gold}
    articles = {number: contents[number] for number in wanted if number in contents}
    del contents
    for asked in world.asked:
        example = _example(service, asked, articles)
        if example is not None:
            yield example


def _example(
    service: Service, asked: Asked, articles: dict[str, Contents]
) -> dict[str, Any] | None:
    gold = [articles[number] for number in asked.gold if number in articles]
    passages = [(one.card.title, text) for one in gold for text in one.passages]
    places = tuple(asked.before + answer for answer in asked.answers)
    right = [one for one in passages if holds(one[1], places)] or [
        one for one in passages if holds(one[1], asked.answers)
    ]
    if len(passages) > len(gold) and not asked.before:
        right = _likeliest(asked.text, right)
    if not right:
        return None
    near = [one for one in passages if not holds(one[1], asked.answers)]
    return _record(asked, right[:3], near[:_MOST_NEAR], _far(service, asked))


def _stranger(service: Service, asked: Asked) -> dict[str, Any]:
    return _record(asked, [], [], _far(service, asked))


def _record(asked: Asked, right: list[Text], near: list[Text], far: list[Text]) -> dict[str, Any]:
    return {
        "source": asked.source,
        "language": asked.language,
        "group": asked.group,
        "question": asked.text,
        "answers": asked.answers,
        "before": asked.before,
        "missing": asked.missing,
        "right": right,
        "near": near,
        "far": far,
    }


def holds(text: str, answers: tuple[str, ...]) -> bool:
    """Tell whether one of the answers stands in a text."""
    folded = fold(text)
    return any(fold(answer) in folded for answer in answers if answer.strip())


def _likeliest(question: str, texts: list[Text]) -> list[Text]:
    """Return the passages that share most of the question's words, best first."""
    words = set(tokens(question))
    share = {one: len(words & set(tokens(one[1]))) / max(len(words), 1) for one in texts}
    best = max(share.values(), default=0.0)
    return sorted(
        (one for one in share if share[one] >= max(_LEAST_SHARED, 0.8 * best)),
        key=lambda one: -share[one],
    )


def _far(service: Service, asked: Asked) -> list[Text]:
    stored = service.stored(service.search(asked.text)[:_LOOKED_AT])
    return [
        (one.article.card.title, one.passage.text)
        for one in stored
        if one.article.card.path not in asked.gold and not holds(one.passage.text, asked.answers)
    ][:_FAR]
