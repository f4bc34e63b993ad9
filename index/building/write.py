"""From prepared articles to the current generation: encode, write, swap."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from index.building.events import Finishing, Listener, Written, silent
from index.building.options import Options
from index.building.prepare import Prepared
from index.building.sources import holds_articles
from index.building.writer import ArchiveWriter, Kept, Previous
from index.encoders.cached import CachedEncoder, forget_vectors
from index.encoders.models import Models
from index.errors import NothingToIndex
from index.generations.folders import explained, new_generation
from index.generations.lock import write_lock
from index.generations.manifest import Manifest
from index.text.tokens import TOKENIZER_VERSION
from index.types import FileReport


def build(
    items: Iterable[Prepared | FileReport],
    index_dir: Path,
    models: Models,
    options: Options,
    *,
    paths: Sequence[Path],
    configured: Sequence[str] = (),
    say: Listener = silent,
) -> Manifest:
    """Write a new generation of the index and make it current.

    :param items: the articles, and the files that could not become one.
    :param paths: what was read, recorded so that the index can be checked and updated.
    :param configured: what the settings name as the archive's paths, recorded likewise.
    :param say: told how it gets on.
    :raises IndexLocked: if another process writes the index.
    :raises IndexNotWritten: if the disk is full or the folder cannot be written.
    :raises NothingToIndex: if no article was kept, though files were skipped or an index answers
        that has articles.
    """
    with write_lock(index_dir):
        return write_archive(
            items, index_dir, models, options, paths=paths, configured=configured, say=say
        )


def write_archive(
    items: Iterable[Prepared | FileReport | Kept],
    index_dir: Path,
    models: Models,
    options: Options,
    *,
    paths: Sequence[Path],
    configured: Sequence[str] = (),
    previous: Previous | None = None,
    force: bool = False,
    say: Listener = silent,
) -> Manifest:
    """Do what ``build`` does for a caller who holds the ``write_lock``.

    :param configured: what the settings name as the archive's paths.
    :param previous: the generation of the articles that are kept.
    :param force: make an index without any article where one with articles answers.
    """
    old = previous.generation.folder if previous else None
    with (
        explained(index_dir),
        _lasting(models, index_dir) as lasting,
        new_generation(index_dir, keep=options.keep, previous=old) as draft,
    ):
        writer = ArchiveWriter(draft.folder, lasting, previous, options.growth)
        skipped: Counter[str] = Counter()
        for item in items:
            writer.add(item)
            if isinstance(item, FileReport):
                skipped[item.reason] += 1
            say(Written(writer.articles, writer.passages))
        if not writer.articles and not force and (skipped or holds_articles(index_dir)):
            raise NothingToIndex(
                f"found no article in {', '.join(map(str, paths))}; the index is left as it was"
            )
        say(Finishing())
        finished = writer.finish()
        draft.manifest = Manifest(
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            paths=tuple(str(path.absolute()) for path in paths),
            articles=writer.articles,
            title_only=finished.title_only,
            passages=writer.passages,
            skipped=dict(skipped),
            encoder=models.encoder.info,
            table=models.table.revision,
            tokenizer_version=TOKENIZER_VERSION,
            target_chars=options.target_chars,
            dead=finished.dead,
            configured=tuple(configured),
            timezone=options.reading.timezone,
            share=(options.share.number, options.share.of) if options.share else None,
        )
    return draft.manifest


@contextmanager
def _lasting(models: Models, index_dir: Path) -> Iterator[Models]:
    """Keep what is encoded until it is in the index, so that a build can go on after a crash."""
    if models.encoder.lasting:
        yield models
    else:
        cached = CachedEncoder(models.encoder, index_dir)
        try:
            yield replace(models, encoder=cached)
        finally:
            cached.close()
    forget_vectors(index_dir)
