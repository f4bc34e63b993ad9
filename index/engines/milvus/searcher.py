"""One generation in Milvus, as a ``Searcher``.

A generation never changes, so what has been read of it once is remembered. What ranking needs to
know of a passage comes along with each hit, so that it costs no call of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np

from index.encoders.models import Models
from index.engines.milvus.client import MOST, Client, Found, Row
from index.engines.milvus.covered import held, is_plain, query_of
from index.engines.milvus.frequencies import bucket_of
from index.engines.milvus.numbers import dimension_of
from index.engines.milvus.packing import Body, body_of, frequencies_of_text, tokens_of_text
from index.engines.milvus.records import Record, Records, problems
from index.engines.milvus.rows import article_row
from index.engines.milvus.schema import (
    ARTICLES,
    PASSAGES,
    WORDS,
    conditions,
    in_generation,
    one_of,
)
from index.engines.protocol import Facts, Share
from index.errors import EngineUnavailable, IndexDamaged
from index.generations.manifest import Manifest
from index.parts.arrays import first_places
from index.parts.filters import NO_DAY, Wanted, day_of
from index.parts.token_lists import TokenLists
from index.parts.weights import Weights, idf
from index.types import Held, Passage, Rows, Scores, StoredArticle, StoredPassage, Vectors

_ABOUT = ("article", "script", "copies", "first", "last", "start", "stop")
"""What comes along with a passage that was found."""

_PASSAGES_KEPT, _TOKENS_KEPT, _ARTICLES_KEPT, _BUCKETS_KEPT = 50_000, 20_000, 500, 20_000
_MORE = 4
"""Rows asked for, in multiples of those wanted, where what they hold must be looked up."""

_LOOKED_UP = 2_000
"""Rows of which is looked up what they hold at most: that takes longer than to find them."""

_AT_ONCE = 16
_FIRST_DAYS = 8
_NOTHING = np.empty(0, np.int64), np.empty(0, np.float32)

K = TypeVar("K")
V = TypeVar("V")


def _held(source: str | None, days: Sequence[int]) -> Held:
    dated = [day_of(day).isoformat() for day in days if day > NO_DAY]
    return Held(source, len(days), min(dated, default=None), max(dated, default=None))


class _Remembered(Generic[K, V]):
    """What has been read, so much of it at most."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[K, V] = {}
        self._lock = Lock()

    def put(self, values: Mapping[K, V]) -> None:
        with self._lock:
            self._held.update(values)
            while len(self._held) > self._most:  # the oldest goes
                del self._held[next(iter(self._held))]

    def of(self, keys: Iterable[K], read: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
        """Return values, reading those that are not held; what cannot be read is left out."""
        wanted = dict.fromkeys(keys)
        with self._lock:
            found = {key: self._held[key] for key in wanted if key in self._held}
        missing = [key for key in wanted if key not in found]
        if missing:
            new = read(missing)
            found.update(new)
            self.put(new)
        return found


class MilvusSearcher:
    """Passages are known by the ids of their rows, articles by those of theirs."""

    def __init__(self, client: Client, record: Record, models: Models) -> None:
        self._client = client
        self._record = record
        self._models = models
        records = Records(client)
        self._names = {
            data: records.collection(record.line, data) for data in (PASSAGES, ARTICLES, WORDS)
        }
        self._here = in_generation(record.number)
        self._about: _Remembered[int, Mapping[str, Any]] = _Remembered(_PASSAGES_KEPT)
        self._tokens: _Remembered[int, Any] = _Remembered(_TOKENS_KEPT)
        self._bodies: _Remembered[int, Body] = _Remembered(_ARTICLES_KEPT)
        self._frequencies: _Remembered[int, Mapping[int, int]] = _Remembered(_BUCKETS_KEPT)
        # Two pools: a search waits for its shares, and must not take their places.
        self._searches = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="milvus-search")
        self._shares = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="milvus-share")
        self._listed: list[int] | None = None
        self._by_source: list[Held] | None = None

    @property
    def generation(self) -> str:
        """Name of the generation."""
        return self._record.name

    @property
    def manifest(self) -> Manifest:
        """What it was built from and with."""
        return self._record.manifest

    @property
    def models(self) -> Models:
        """The models it was built with."""
        return self._models

    @property
    def days(self) -> tuple[int, int] | None:
        """Days of the first and last article that has a date."""
        return self._record.days

    @property
    def sources(self) -> Mapping[str, int]:
        """Number of each source, by its name."""
        return self._record.sources

    def at_once(
        self, *searches: Callable[[], tuple[Rows, Scores]]
    ) -> Sequence[tuple[Rows, Scores]]:
        """Make searches together."""
        return list(self._searches.map(lambda search: search(), searches))

    def nearest(
        self, vector: Vectors, shares: Sequence[Share], wanted: Wanted
    ) -> tuple[Rows, Scores]:
        """Return the dense hits of each share; all shares are asked for at once."""
        if not shares or not vector.any():
            return _NOTHING

        def hits(share: Share) -> list[Found]:
            scripts = one_of("script", sorted(share.scripts))
            condition = self._condition(wanted, scripts)
            if self._record.exact:
                return self._found(PASSAGES, "vector", vector, share.k, condition)
            found = self._found(PASSAGES, "vector", vector, share.k, condition, "vector")
            # A graph knows vectors by a few bits; what it finds is compared as it is.
            return [
                Found(hit.id, float(self._client.read(hit.fields["vector"]) @ vector), {})
                for hit in found
            ]

        found = [hit for some in self._shares.map(hits, shares) for hit in some]
        rows, cosines = _arrays(found)
        once = first_places(rows)  # shares may overlap
        return rows[once], cosines[once]

    def cosines(self, vector: Vectors, rows: Rows) -> Scores:
        """Return the cosine of each passage with a vector."""
        if not len(rows):
            return np.empty(0, np.float32)
        found = self._client.rows(self._names[PASSAGES], rows.tolist(), ["vector"])
        self._check_there(rows.tolist(), found)
        vectors = np.array([self._client.read(found[row]["vector"]) for row in rows.tolist()])
        return np.asarray(vectors @ vector, np.float32)

    def by_words(self, weights: Weights, k: int, wanted: Wanted) -> tuple[Rows, Scores]:
        """Return the k passages that hold the most of some weighted words, best first."""
        return self._by_words(PASSAGES, weights, k, wanted)

    def articles_by_words(self, weights: Weights, k: int, wanted: Wanted) -> tuple[Rows, Scores]:
        """Return the k articles that hold the most of some weighted words, best first."""
        return self._by_words(ARTICLES, weights, k, wanted)

    def words_held(self, weights: Weights, rows: Rows) -> Scores:
        """Return for each passage the summed weights of the words that it holds."""
        if not len(rows) or not weights:
            return np.zeros(len(rows), np.float32)
        found = self._client.rows(self._names[PASSAGES], rows.tolist(), ["words"])
        self._check_there(rows.tolist(), found)
        return np.array([held(weights, found[row]["words"]) for row in rows.tolist()], np.float32)

    def word_weights(self, words: Iterable[str]) -> dict[str, float]:
        """Return BM25's IDF of each word over the whole archive."""
        dimensions = {word: dimension_of(word) for word in words}
        buckets = self._record.buckets
        found = self._frequencies.of(
            (bucket_of(dimension, buckets) for dimension in dimensions.values()),
            self._read_buckets,
        )
        passages = self.manifest.passages
        return {
            word: idf(passages, found.get(bucket_of(dimension, buckets), {}).get(dimension, 0))
            for word, dimension in dimensions.items()
        }

    def token_lists(self, rows: Rows) -> tuple[TokenLists, Rows]:
        """Return the lists of these passages, in their order."""
        asked = rows.tolist()
        found = self._tokens.of(asked, self._read_tokens)
        self._check_there(asked, found)
        lists = [found[row] for row in asked]
        tokens = np.concatenate([np.empty(0, np.int32), *lists])
        lengths = np.array([len(ids) for ids in lists], np.int32)
        return TokenLists.joined(tokens, lengths), np.arange(len(rows))

    def facts(self, rows: Rows) -> Facts:
        """Return what ranking needs to know of some passages."""
        about = self._known(rows.tolist())
        return Facts(
            np.array([one["article"] for one in about], np.int64),
            np.array([one["script"] for one in about], np.int8),
            np.array([one["copies"] for one in about], np.int64),
        )

    def near_copies(self, row: int) -> Rows:
        """Return the other passages of a passage's group of near-copies."""
        (about,) = self._known([row])
        found = self._client.where(
            self._names[PASSAGES], f"copies == {about['copies']} and {self._here}", ["id"]
        )
        return np.array([one["id"] for one in found if one["id"] != row], np.int64)

    def every_passage(self) -> Rows:
        """Return the rows of all passages."""
        found = self._client.every(self._names[PASSAGES], self._here, [])
        return np.fromiter((row["id"] for row in found), np.int64)

    def passages(self, rows: Sequence[int]) -> list[StoredPassage]:
        """Return passages with their articles' cards, in the order asked for."""
        asked = [int(row) for row in rows]
        about = self._known(asked)
        bodies = self._articles([one["article"] for one in about])
        return [
            StoredPassage(
                row, _passage(one, bodies[one["article"]].text), _stored(one["article"], bodies)
            )
            for row, one in zip(asked, about, strict=True)
        ]

    def articles(self, numbers: Sequence[int]) -> list[StoredArticle]:
        """Return articles by their numbers, in the order asked for."""
        bodies = self._articles(numbers)
        return [_stored(number, bodies) for number in numbers]

    def listed(self, first: int, count: int) -> list[StoredArticle]:
        """Return so many articles from one on, in an order that stays."""
        if self._listed is None:
            condition = f"piece == 0 and {self._here}"
            found = self._client.every(self._names[ARTICLES], condition, [])
            self._listed = [row["id"] for row in found]
        return self.articles(self._listed[first : first + count])

    def by_source(self) -> Sequence[Held]:
        """Return what the archive holds of each source."""
        if self._by_source is None:
            condition = f"piece == 0 and {self._here}"
            found = self._client.every(self._names[ARTICLES], condition, ["source", "day"])
            days: defaultdict[int, list[int]] = defaultdict(list)
            for row in found:
                days[int(row["source"])].append(int(row["day"]))
            names = {number: name for name, number in self.sources.items()}
            made = [_held(names.get(number), one) for number, one in days.items()]
            self._by_source = sorted(made, key=lambda one: (-one.articles, one.source or ""))
        return self._by_source

    def newest(self, k: int, wanted: Wanted) -> list[StoredArticle]:
        """Return the k articles with the latest dates, the newest first."""
        if self.days is None:
            return []
        # Milvus puts nothing in order: longer and longer spans of days are looked at.
        oldest, last, span = self.days[0], self.days[1], _FIRST_DAYS
        while True:
            since = max(last - span, oldest)
            found = self._client.where(
                self._names[ARTICLES],
                self._condition(wanted, "piece == 0", f"day >= {since}"),
                ["day"],
            )
            articles = self._latest_of(found, k)
            if len(articles) >= k or since == oldest:
                return sorted(articles, key=_when, reverse=True)[:k]
            span *= 4

    def _latest_of(self, rows: Sequence[Row], k: int) -> list[StoredArticle]:
        """Return k articles of the latest days that have a text, and the others of the last day."""
        latest = sorted(rows, key=lambda row: int(row["day"]), reverse=True)
        articles: list[StoredArticle] = []
        for _, of_day in groupby(
            latest, key=itemgetter("day")
        ):  # a day says not which of its hours
            if len(articles) >= k:
                break
            found = self.articles([row["id"] for row in of_day])
            articles += [one for one in found if not one.card.title_only]
        return articles

    def article_text(self, article: int) -> str:
        """Return an article's extracted text."""
        return self._articles([article])[article].text

    def article_of_content(self, sha256: str) -> StoredArticle | None:
        """Return an article by the digest of its file; of several that of the first path."""
        if not sha256.isalnum():
            return None
        found = self._client.where(
            self._names[ARTICLES],
            f'sha256 == "{sha256}" and piece == 0 and {self._here}',
            ["id"],
        )
        articles = self.articles([row["id"] for row in found])
        return min(articles, key=lambda one: one.card.path, default=None)

    @contextmanager
    def diagnosed(self) -> Iterator[None]:
        """Say what is missing when the block fails."""
        try:
            yield
        except (KeyboardInterrupt, SystemExit, GeneratorExit, EngineUnavailable, IndexDamaged):
            raise
        except BaseException as error:
            missing = problems(self._client, self._record)
            if missing:
                raise IndexDamaged("; ".join(missing)) from error
            raise

    def close(self) -> None:
        """End the threads; the connection is the engine's."""
        self._searches.shutdown()
        self._shares.shutdown()

    def _condition(self, wanted: Wanted, *more: str) -> str:
        return " and ".join([*more, *conditions(wanted), self._here])

    def _found(
        self, data: str, field: str, vector: Any, limit: int, condition: str, *fields: str
    ) -> list[Found]:
        """Search; what comes along with passages is remembered."""
        about = _ABOUT if data == PASSAGES else ()
        found = self._client.search(
            self._names[data], field, vector, limit, condition, [*about, *fields]
        )
        if about:
            self._about.put({hit.id: {name: hit.fields[name] for name in about} for hit in found})
        return found

    def _by_words(self, data: str, weights: Weights, k: int, wanted: Wanted) -> tuple[Rows, Scores]:
        query = query_of(weights)
        if not query or not k:
            return _NOTHING
        condition = self._condition(wanted)
        if is_plain(weights):
            found = self._found(data, "words", query, k, condition)
            return _arrays([hit for hit in found if hit.score > 0])
        limit = _MORE * k
        while True:
            found = self._found(data, "words", query, limit, condition, "words")
            sums = [held(weights, hit.fields["words"]) for hit in found]
            best = sorted(
                (Found(hit.id, total, {}) for hit, total in zip(found, sums, strict=True) if total),
                key=lambda hit: -hit.score,
            )[:k]
            # No row beyond can hold more than what the last one might hold.
            enough = len(best) == k and best[-1].score >= found[-1].score
            if enough or len(found) < limit or limit >= min(max(_LOOKED_UP, _MORE * k), MOST):
                return _arrays(best)
            limit *= _MORE

    def _known(self, rows: Sequence[int]) -> list[Mapping[str, Any]]:
        """Return what is known of passages, in the order asked for."""
        found = self._about.of(rows, self._read_about)
        self._check_there(rows, found)
        return [found[row] for row in rows]

    def _read_about(self, rows: list[int]) -> Mapping[int, Mapping[str, Any]]:
        return self._client.rows(self._names[PASSAGES], rows, _ABOUT)

    def _read_tokens(self, rows: list[int]) -> Mapping[int, Any]:
        found = self._client.rows(self._names[PASSAGES], rows, ["tokens"])
        return {row: tokens_of_text(fields["tokens"]) for row, fields in found.items()}

    def _read_buckets(self, buckets: list[int]) -> Mapping[int, Mapping[int, int]]:
        found = self._client.where(
            self._names[WORDS],
            f"{one_of('bucket', buckets)} and {self._here}",
            ["bucket", "frequencies"],
        )
        read = {row["bucket"]: frequencies_of_text(row["frequencies"]) for row in found}
        return {bucket: read.get(bucket, {}) for bucket in buckets}

    def _articles(self, numbers: Iterable[int]) -> dict[int, Body]:
        found = self._bodies.of(numbers, self._read_articles)
        self._check_there(numbers, found, ARTICLES)
        return found

    def _read_articles(self, numbers: list[int]) -> Mapping[int, Body]:
        name = self._names[ARTICLES]
        fields = ["content", "since", "pieces", "body"]
        found = self._client.rows(name, numbers, fields)
        more = {
            number: [article_row(row["content"], row["since"], n) for n in range(1, row["pieces"])]
            for number, row in found.items()
        }
        others = [one for ids in more.values() for one in ids]
        pieces = self._client.rows(name, others, ["body"]) if others else {}
        self._check_there(others, pieces, ARTICLES)
        return {
            number: body_of([row["body"], *(pieces[one]["body"] for one in more[number])])
            for number, row in found.items()
        }

    def _check_there(
        self, asked: Iterable[int], found: Mapping[int, object], data: str = PASSAGES
    ) -> None:
        missing = next((number for number in asked if number not in found), None)
        if missing is not None:
            raise IndexDamaged(
                f"{self._names[data]} in Milvus: row {missing} of generation {self.generation} is "
                "not in it"
            )


def _arrays(found: Sequence[Found]) -> tuple[Rows, Scores]:
    return (
        np.array([hit.id for hit in found], np.int64),
        np.array([hit.score for hit in found], np.float32),
    )


def _passage(about: Mapping[str, Any], text: str) -> Passage:
    start, stop = about["start"], about["stop"]
    if stop > len(text):
        raise IndexDamaged("a passage in Milvus is not in the text of its article")
    paragraphs = tuple(range(about["first"], about["last"] + 1))
    return Passage(text[start:stop], paragraphs, start, stop)


def _stored(number: int, bodies: Mapping[int, Body]) -> StoredArticle:
    return StoredArticle(number, bodies[number].card)


def _when(article: StoredArticle) -> datetime:
    """Return an article's date, in one zone for all."""
    when = article.card.date or datetime.min.replace(tzinfo=UTC)
    return when if when.tzinfo else when.replace(tzinfo=UTC)
