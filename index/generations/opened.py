"""A generation opened: all its parts, held for as long as the object lives."""

from dataclasses import dataclass
from pathlib import Path

from index.encoders.models import Models
from index.encoders.protocol import check
from index.errors import IndexDamaged, IndexOutdated, NewsquoteError
from index.generations.damage import diagnosed
from index.generations.folders import current
from index.generations.manifest import Manifest, read_manifest
from index.parts.columns import Columns
from index.parts.database import Store
from index.parts.token_lists import TokenLists
from index.parts.vectors import DenseIndex
from index.parts.words import ARTICLES, PASSAGES, LexicalIndex
from index.text.tokens import TOKENIZER_VERSION


@dataclass(frozen=True, slots=True)
class Generation:
    """All parts of one generation, aligned by row, and the models it was built with."""

    folder: Path
    manifest: Manifest
    models: Models
    store: Store
    dense: DenseIndex
    passage_words: LexicalIndex
    article_words: LexicalIndex
    lists: TokenLists
    columns: Columns

    def close(self) -> None:
        """Let go of the files."""
        self.store.close()


def open_generation(index_dir: Path, models: Models) -> Generation:
    """Open the current generation; the next one, when it is pruned in the same moment.

    :raises IndexMissing: if nothing has been built yet.
    :raises EncoderMismatch: if the encoder is not the one that built it.
    :raises IndexOutdated: if this version of the program needs the index built again.
    :raises IndexDamaged: if a file is missing or does not fit the others.
    """
    folder = current(index_dir)
    try:
        with diagnosed(folder):
            return _open(folder, models)
    except NewsquoteError:
        if current(index_dir) == folder:
            raise
        return open_generation(index_dir, models)


def check_fits(where: Path | str, manifest: Manifest, models: Models) -> None:
    """Make sure that a generation can be asked with some models.

    :param where: its folder, or what else it is called.
    :raises EncoderMismatch: if the encoder is not the one that built it.
    :raises IndexOutdated: if this version of the program needs the index built again.
    """
    check(manifest.encoder, models.encoder.info)
    revision = models.table.revision
    if (manifest.table, manifest.tokenizer_version) != (revision, TOKENIZER_VERSION):
        raise IndexOutdated(
            f"{where} was built with token table {manifest.table} and tokenizer version "
            f"{manifest.tokenizer_version}, this program has {revision} and {TOKENIZER_VERSION}"
        )


def _open(folder: Path, models: Models) -> Generation:
    manifest = read_manifest(folder)
    check_fits(folder, manifest, models)
    columns = Columns.open(folder)
    generation = Generation(
        folder=folder,
        manifest=manifest,
        models=models,
        store=Store(folder),
        dense=DenseIndex.open(folder, columns.scripts),
        passage_words=LexicalIndex(folder, PASSAGES),
        article_words=LexicalIndex(folder, ARTICLES),
        lists=TokenLists.open(folder),
        columns=columns,
    )
    parts = (
        generation.dense,
        generation.passage_words,
        generation.lists,
        generation.columns.days,
    )
    for part in parts:
        if len(part) != manifest.passages:
            raise IndexDamaged(
                f"{folder}: expected {manifest.passages} passages in each part, found {len(part)} "
                f"in {type(part).__name__}"
            )
    if len(generation.article_words) != manifest.articles:
        raise IndexDamaged(
            f"{folder}: expected the words of {manifest.articles} articles, found those of "
            f"{len(generation.article_words)}"
        )
    return generation
