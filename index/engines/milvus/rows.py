"""A generation in the index folder, as rows of Milvus."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.engines.milvus.client import Row
from index.engines.milvus.numbers import EVERYWHERE, dimensions_of, number_of, source_number
from index.engines.milvus.packing import pieces_of, tokens_to_text
from index.engines.milvus.schema import FOREVER
from index.generations.opened import Generation
from index.parts.database import Span, Store
from index.parts.filters import day_number
from index.text.tokens import token_lines
from index.types import Card, Rows, StoredArticle


@dataclass(frozen=True, slots=True)
class Made:
    """The rows of one article that are new, and the words of its new passages.

    :ivar words: the dimensions of each new passage.
    """

    articles: Sequence[Row]
    passages: Sequence[Row]
    words: Sequence[NDArray[np.int64]]


class Staged:
    """What a generation in the folder becomes in Milvus.

    What a row says has a number (``numbers.number_of``): its *content*. That of a passage goes by its
    article's row, so that a passage never points at a row that is not in its generation.
    """

    def __init__(self, generation: Generation) -> None:
        self.generation = generation

    @cached_property
    def articles(self) -> Rows:
        """The content of each article, in the order of their numbers."""
        store = self.generation.store
        return np.array(
            [content_of(one.card, store.article_text(one.id)) for one in store.articles()], np.int64
        )

    def passages(self, article_ids: Rows) -> Rows:
        """Return the content of each passage.

        :param article_ids: the row's id of each article.
        """
        columns = self.generation.columns
        scripts, copies = columns.scripts.tolist(), self.copies.tolist()
        ids = article_ids.tolist()
        return np.array(
            [
                passage_content(ids[one.article], *one[2:], scripts[one.row], copies[one.row])
                for one in self.generation.store.spans()
            ],
            np.int64,
        )

    def made(
        self,
        dense: Callable[[NDArray[np.float32]], Any],
        number: int,
        new_articles: NDArray[np.bool_],
        article_ids: Rows,
        passages: Rows,
        new_passages: NDArray[np.bool_],
    ) -> Iterator[Made]:
        """Yield the new rows, an article after the other.

        :param dense: makes of a vector what is written of it.
        :param number: of the generation that they begin with.
        :param passages: contents of all passages.
        """
        store, columns = self.generation.store, self.generation.columns
        copies = self.copies
        for stored, of_it in _with_spans(store):
            some = [one for one in of_it if new_passages[one.row]]
            if not some and not new_articles[stored.id]:
                continue
            text = store.article_text(stored.id)
            title, *lines = token_lines(
                [stored.card.title, *(text[one.start : one.end] for one in of_it)]
            )
            words = {
                one.row: dimensions_of(line.split()) for one, line in zip(of_it, lines, strict=True)
            }
            about = {
                "day": day_number(stored.card.date.date() if stored.card.date else None),
                "source": source_number(stored.card.source),
                "since": number,
                "until": FOREVER,
            }
            vectors = self.generation.dense.vectors(np.array([one.row for one in some], np.int64))
            made = [
                {
                    "id": number_of(passages[one.row], number),
                    "content": int(passages[one.row]),
                    **about,
                    "vector": dense(vector),
                    "words": sparse(words[one.row]),
                    "script": int(columns.scripts[one.row]),
                    "article": int(article_ids[stored.id]),
                    "copies": int(copies[one.row]),
                    "first": one.first,
                    "last": one.last,
                    "start": one.start,
                    "stop": one.end,
                    "tokens": tokens_to_text(self.generation.lists[one.row]),
                }
                for one, vector in zip(some, vectors, strict=True)
            ]
            articles: list[Row] = []
            if new_articles[stored.id]:
                every = np.unique(np.concatenate([dimensions_of(title.split()), *words.values()]))
                articles = self._article(stored, text, number, every, about)
            yield Made(articles, made, [words[one.row] for one in some])

    def _article(
        self,
        stored: StoredArticle,
        text: str,
        number: int,
        words: NDArray[np.int64],
        about: Mapping[str, int],
    ) -> list[Row]:
        """Return an article's rows, the first piece last."""
        content = int(self.articles[stored.id])
        pieces = pieces_of(stored.card, text)
        rows = [
            {
                "id": article_row(content, number, place),
                "content": content,
                **about,
                "words": sparse(() if place else words),
                "piece": place,
                "pieces": len(pieces),
                "sha256": "" if place else stored.card.sha256,
                "body": piece,
            }
            for place, piece in enumerate(pieces)
        ]
        return rows[::-1]

    @cached_property
    def copies(self) -> Rows:
        """The number of each passage's group of near-copies: made of the group's first passage."""
        starts = np.array([one.start for one in self.generation.store.spans()], np.int64)
        firsts, places = np.unique(self.generation.columns.copies, return_inverse=True)
        of_articles = self.articles[self.generation.columns.articles[firsts]]
        numbers = [
            number_of(article, start)
            for article, start in zip(of_articles.tolist(), starts[firsts].tolist(), strict=True)
        ]
        return np.array(numbers, np.int64)[places]


def _with_spans(store: Store) -> Iterator[tuple[StoredArticle, list[Span]]]:
    """Yield every article with its passages; one of which there is only a title has none."""
    groups = groupby(store.spans(), attrgetter("article"))
    coming = next(groups, None)
    for stored in store.articles():
        if coming is None or coming[0] != stored.id:
            yield stored, []
        else:
            yield stored, list(coming[1])
            coming = next(groups, None)


def article_row(content: int, number: int, piece: int) -> int:
    """Return the id of an article's row, or of one of its further pieces."""
    return number_of(content, number, piece) if piece else number_of(content, number)


def sparse(words: Sequence[int] | NDArray[np.int64]) -> dict[int, float]:
    """Return dimensions as a sparse field takes them."""
    return dict.fromkeys([EVERYWHERE, *map(int, words)], 1.0)


def content_of(card: Card, text: str) -> int:
    """Return the content of an article: the number of all that a citation says, and its text."""
    return number_of(
        card.path,
        card.sha256,
        card.title,
        card.author,
        card.date and card.date.isoformat(),
        card.url,
        card.source,
        card.language,
        card.truncated,
        card.title_only,
        text,
    )


def passage_content(  # a passage's fields, as they are stored
    article: int, first: int, last: int, start: int, stop: int, script: int, copies: int
) -> int:
    """Return the content of a passage, by the fields that tell it from others."""
    return number_of(article, first, last, start, stop, script, copies)


def word_row(content: int, number: int, bucket: int, frequencies: str) -> Row:
    """Return the row of a bucket of words.

    :param number: of the generation that it begins with.
    :param frequencies: how many passages hold each of them, as ``packing`` writes it.
    """
    return {
        "id": number_of(content, number),
        "content": content,
        "since": number,
        "until": FOREVER,
        "words": sparse(()),
        "bucket": bucket,
        "frequencies": frequencies,
    }
