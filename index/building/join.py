"""The parts of an archive that several machines have indexed, made one index.

What was read and encoded is taken over; passages are cut again, and what depends on all of them,
near-copies, the weights of words, codes of vectors, is worked out anew. So the index is the one that
one machine would have built of all the files.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.building.events import Listener
from index.building.known_vectors import KnownVectors
from index.building.options import Options
from index.building.prepare import Prepared, prepare
from index.building.write import build
from index.encoders.models import Models
from index.encoders.protocol import check
from index.errors import IndexMissing, IndexUnfinished, PartMissing
from index.generations.complete import check_alike, check_complete, check_same
from index.generations.damage import check_whole
from index.generations.folders import current
from index.generations.manifest import EXTRACTION_VERSION, Manifest, load_manifest
from index.parts.database import Store
from index.parts.vectors import open_vectors
from index.text.tokens import TOKENIZER_VERSION
from index.types import Article, FileReport


@dataclass(frozen=True, slots=True)
class _Part:
    """A part that was opened.

    :ivar folder: its generation.
    """

    folder: Path
    manifest: Manifest
    store: Store


def join(
    parts: Sequence[Path],
    index_dir: Path,
    models: Models,
    options: Options,
    say: Listener,
) -> Manifest:
    """Make one index of the parts of an archive.

    :param parts: index folders, each built of one share of the files.
    :raises PartMissing: if nothing has been built in one of the folders.
    :raises ArchiveIndexError: if they are not all shares of one archive, each of them once.
    :raises IndexDamaged: if a file of one is not what its manifest says.
    :raises IndexOutdated: if one was built by another version of the program, or in another way.
    :raises EncoderMismatch: if the encoder is not the one that built them.
    :raises IndexLocked: if another process writes the index.
    :raises IndexNotWritten: if the disk is full or the folder cannot be written.
    """
    folders = [_built(part) for part in parts]
    manifests = [load_manifest(folder) for folder in folders]
    check_complete(parts, manifests)
    for part, manifest in zip(parts, manifests, strict=True):
        _check_fits(part, manifest, manifests[0], models)
    for folder in folders:
        check_whole(folder)
    first = manifests[0]
    stores = [Store(folder) for folder in folders]
    try:
        opened = list(map(_Part, folders, manifests, stores))
        return build(
            _items(opened, models, first),
            index_dir,
            _knowing(models, opened),
            replace(options, target_chars=first.target_chars),
            paths=[Path(path) for path in first.paths],
            configured=first.configured,
            say=say,
        )
    finally:
        for store in stores:
            store.close()


def _built(part: Path) -> Path:
    """Return the generation of a part.

    :raises IndexMissing: if nothing has been built there.
    """
    try:
        return current(part)
    except IndexUnfinished:
        raise
    except IndexMissing as error:
        raise PartMissing(f"{error}: expected an index of a share of the files") from error


def _check_fits(part: Path, manifest: Manifest, first: Manifest, models: Models) -> None:
    """Make sure that a part was built by this version of the program, as the first one was."""
    check(manifest.encoder, models.encoder.info)
    for what, found, awaited in (
        ("its token table", manifest.table, models.table.revision),
        ("its tokenizer's version", manifest.tokenizer_version, TOKENIZER_VERSION),
        ("its extraction's version", manifest.extraction_version, EXTRACTION_VERSION),
    ):
        check_same(part, what, found, awaited)
    check_alike(part, manifest, first)


def _items(
    parts: Sequence[_Part], models: Models, first: Manifest
) -> Iterator[Prepared | FileReport]:
    for part in parts:
        yield from part.store.skipped()
    articles = heapq.merge(
        *(part.store.whole_articles() for part in parts), key=_place_in(first.paths)
    )
    yield from prepare(articles, models.table, target_chars=first.target_chars)


def _place_in(paths: Sequence[str]) -> Callable[[Article], tuple[int, tuple[str, ...]]]:
    """Return what puts articles in the order in which ``find_files`` finds their files."""
    roots = [Path(path) for path in paths]

    def place(article: Article) -> tuple[int, tuple[str, ...]]:
        path = Path(article.card.path)
        under = (n for n, root in enumerate(roots) if path.is_relative_to(root))
        return next(under, len(roots)), path.parts

    return place


def _knowing(models: Models, parts: Sequence[_Part]) -> Models:
    """Return models that take vectors from the parts, where to encode again would take long."""
    if models.encoder.lasting:
        return models
    known = [(part.store, open_vectors(part.folder)) for part in parts]
    return replace(models, encoder=KnownVectors(models.encoder, known))
