"""From prepared articles to the current generation: encode, write, swap."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from index.building.prepare import Prepared
from index.building.writer import ArchiveWriter, Kept, Previous
from index.encoders.cached import CachedEncoder, forget_vectors
from index.encoders.protocol import Encoder
from index.encoders.token_table import BundledEncoder, TokenTable
from index.errors import ArchiveIndexError
from index.generations.folders import Manifest, explained, write_generation, write_lock
from index.parts.vectors import MEASURED_GROWTH, Growth
from index.text.tokens import TOKENIZER_VERSION
from index.types import Skipped

Progress = Callable[[int, int], None]
"""Called with the numbers of articles and passages so far."""


def build(
    items: Iterable[Prepared | Skipped],
    index_dir: Path,
    encoder: Encoder,
    table: TokenTable,
    *,
    paths: Sequence[Path],
    target_chars: int,
    keep: int,
    growth: Growth = MEASURED_GROWTH,
    progress: Progress = lambda _articles, _passages: None,
) -> Manifest:
    """Write a new generation of the index and make it current.

    :param items: the articles, and the files that could not become one.
    :param paths: what was read, recorded so that the index can be checked and updated.
    :param keep: generations to keep, this one included.
    :param growth: how the vectors are indexed as they grow in number.
    :raises IndexLocked: if another process writes the index.
    :raises ArchiveIndexError: if it cannot be written, or files were skipped and none kept.
    """
    with write_lock(index_dir):
        return write_archive(
            items,
            index_dir,
            encoder,
            table,
            paths=paths,
            target_chars=target_chars,
            keep=keep,
            growth=growth,
            progress=progress,
        )


def write_archive(  # noqa: PLR0913 - a generation's parts, each with what it needs
    items: Iterable[Prepared | Skipped | Kept],
    index_dir: Path,
    encoder: Encoder,
    table: TokenTable,
    *,
    paths: Sequence[Path],
    target_chars: int,
    keep: int,
    previous: Previous | None = None,
    growth: Growth = MEASURED_GROWTH,
    progress: Progress = lambda _articles, _passages: None,
) -> Manifest:
    """Do what ``build`` does for a caller who holds the ``write_lock``.

    :param previous: the generation of the articles that are kept.
    :param growth: how the vectors are indexed as they grow in number.
    """

    def fill(folder: Path) -> Callable[[dict[str, str]], Manifest]:
        writer = ArchiveWriter(folder, lasting, table, previous, growth)
        skipped: Counter[str] = Counter()
        for item in items:
            writer.add(item)
            if isinstance(item, Skipped):
                skipped[item.reason] += 1
            progress(writer.articles, writer.passages)
        if skipped and not writer.articles:
            raise ArchiveIndexError(
                f"found no article in {', '.join(map(str, paths))}; the index is left as it was. "
                "Check the paths, and what was said of files that were skipped"
            )
        dead = writer.finish()
        return lambda files: Manifest(
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            paths=tuple(str(path.absolute()) for path in paths),
            articles=writer.articles,
            passages=writer.passages,
            skipped=dict(skipped),
            encoder=encoder.info,
            table=table.revision,
            tokenizer_version=TOKENIZER_VERSION,
            target_chars=target_chars,
            files=files,
            dead=dead,
        )

    with explained(index_dir), _lasting(encoder, index_dir) as lasting:
        shared = previous.generation.folder if previous else None
        return write_generation(index_dir, fill, keep=keep, previous=shared)


@contextmanager
def _lasting(encoder: Encoder, index_dir: Path) -> Iterator[Encoder]:
    """Keep what is encoded until it is in the index, so that a build can go on after a crash.

    Not what the bundled model encodes: it is faster than reading that again.
    """
    if isinstance(encoder, BundledEncoder | CachedEncoder):
        yield encoder
    else:
        cached = CachedEncoder(encoder, index_dir)
        try:
            yield cached
        finally:
            cached.close()
    forget_vectors(index_dir)
