"""From the settings to a service that answers from the index that they name."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Literal

from config.settings import Settings
from index.encoders.models import Models
from index.encoders.nearest_words import NearestWords
from index.encoders.opening import open_models
from index.encoders.protocol import EncoderChoice
from index.engines.protocol import Engine, Searcher
from index.engines.registry import EngineChoice, open_engine
from index.parts.filters import day_of
from index.text.dictionary import Dictionary
from qa.quoting.answer import Limits
from qa.reading.reader import BundledReader, Reader
from qa.retrieval.calibration import Calibration, load
from qa.retrieval.ranking import Ranker
from qa.retrieval.rerank import Reranker, open_reranker
from qa.retrieval.retriever import Retriever
from qa.service import Service, clock, noon

_AUTO = "auto"


def open_service(settings: Settings, models: Models | None = None) -> Service:
    """Open the index and the models that the settings name.

    :param models: models that are open already, instead of those that the settings name.
    :raises IndexMissing: if no index has been built.
    :raises EncoderMismatch: if the index was built with another encoder.
    :raises IndexOutdated: if this version of the program needs the index built again.
    :raises IndexDamaged: if a file of the index is missing or damaged.
    """
    engine = open_engine(engine_choice(settings))
    engine.current()  # before the models are opened: the likeliest error comes at once
    models = models or open_models(encoder_choice(settings))
    retrieve = partial(
        _open_retriever,
        models=models,
        candidates=settings.retrieval.candidates,
        calibration=load(settings.index.dir),
        reranker=_reranker_of(settings),
        dictionary=Dictionary(),
        nearest=NearestWords(models.table),
        reader=BundledReader() if settings.answer.reader == "bundled" else None,
    )
    limits = Limits(
        quotes=settings.answer.quotes,
        per_article=settings.answer.quotes_per_article,
        threshold=settings.answer.threshold,
    )
    return Service(engine, retrieve, limits, _now_of(settings.answer.today))


def _now_of(today: Literal["clock", "archive"] | date) -> Callable[[Searcher], datetime]:
    """Return what "yesterday" in a question counts from, as the setting says."""
    if today == "clock":
        return clock
    if today == "archive":
        return _newest_day
    return lambda _: noon(today)


def _newest_day(searcher: Searcher) -> datetime:
    """Return the day of the archive's newest article; where none has a date, the clock."""
    return noon(day_of(searcher.days[1])) if searcher.days else clock(searcher)


def engine_choice(settings: Settings) -> EngineChoice:
    """Return what the settings want the index kept by."""
    milvus = settings.milvus
    return EngineChoice(
        settings.index.engine,
        settings.index.dir,
        uri=milvus.uri,
        token=milvus.token.get_secret_value(),
        prefix=milvus.prefix,
        timeout_s=milvus.timeout,
    )


def encoder_choice(settings: Settings) -> EncoderChoice:
    """Return which encoder the settings name."""
    chosen = settings.encoder
    return EncoderChoice(
        chosen.model,
        revision=chosen.revision or None,
        query_prefix=None if chosen.query_prefix == _AUTO else chosen.query_prefix,
        passage_prefix=None if chosen.passage_prefix == _AUTO else chosen.passage_prefix,
        max_tokens=chosen.max_tokens or None,
        batch_size=chosen.batch_size,
        device=chosen.device or None,
    )


def _open_retriever(
    engine: Engine,
    *,
    models: Models,
    candidates: int,
    calibration: Calibration,
    reranker: Reranker | None,
    dictionary: Dictionary,
    nearest: NearestWords,
    reader: Reader | None,
) -> Retriever:
    searcher = engine.open(models)
    ranker = Ranker(searcher, candidates, dictionary, nearest)
    return Retriever(searcher, ranker, calibration, reranker, reader)


def _reranker_of(settings: Settings) -> Reranker | None:
    chosen = settings.rerank
    device = settings.encoder.device or None
    return open_reranker(chosen.model, chosen.depth, device) if chosen.model else None
