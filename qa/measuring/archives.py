"""Archives to measure on: made for the occasion through the code of ``newsquote index build``."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from config.settings import Settings
from index.building.events import Listener, silent
from index.building.prepare import prepare
from index.building.update import build_archive
from index.building.write import build
from index.encoders.cached import CachedEncoder, cache_folder
from index.encoders.models import Models
from index.encoders.opening import open_models
from index.types import Article, Card, Paragraph
from qa.archiving import options_of
from qa.measuring.dataset import Document
from qa.measuring.records import DatasetError
from qa.opening import encoder_choice, open_service
from qa.service import Service


def evaluation_models(settings: Settings) -> Models:
    """Open the models that the settings name, with slow vectors kept between runs.

    :raises EncoderUnavailable: if one cannot be loaded; the message says what to do.
    """
    models = open_models(encoder_choice(settings))
    if models.encoder.lasting:
        return models
    return replace(models, encoder=CachedEncoder(models.encoder, cache_folder()))


@contextmanager
def temporary_service(
    documents: Iterable[Document], settings: Settings, models: Models, say: Listener = silent
) -> Iterator[Service]:
    """Index documents in a temporary folder, as articles are indexed, and open the index.

    The path of each article is the id of its document.
    """
    with _temporary(settings) as inside:
        options = options_of(inside)
        articles = map(_as_article, documents)
        build(
            prepare(articles, models.table, target_chars=options.target_chars),
            inside.index.dir,
            models,
            options,
            paths=(),
            say=say,
        )
        with open_service(inside, models) as service:
            yield service


@contextmanager
def temporary_archive(
    paths: Sequence[Path], settings: Settings, models: Models, say: Listener = silent
) -> Iterator[Service]:
    """Read article files, index them in a temporary folder, and open the index.

    :raises DatasetError: if there are no files to read.
    :raises NothingToIndex: if no file is an article.
    """
    with _temporary(settings) as inside:
        manifest = build_archive(paths, inside.index.dir, models, options_of(inside), say)
        if not manifest.articles:
            named = ", ".join(map(str, paths))
            raise DatasetError(f"{named}: expected article files, found none")
        with open_service(inside, models) as service:
            yield service


@contextmanager
def _temporary(settings: Settings) -> Iterator[Settings]:
    with tempfile.TemporaryDirectory(prefix="newsquote-eval-") as folder:
        yield settings.with_flags(index={"dir": Path(folder), "engine": "local"})


def _as_article(document: Document) -> Article:
    lines = (" ".join(line.split()) for line in document.text.splitlines())
    card = Card(
        path=document.id,
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
        title=document.title,
        author=None,
        date=document.date,
        url=document.url,
        source=None,
        language="und",
    )
    return Article(card, (), (), tuple(Paragraph(line) for line in lines if line))
