"""From the files there are now to the current generation, reading only what has changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.articles.files import map_files
from index.building.inventory import Found, Inventory, find
from index.building.plan import Changes, Plan, check_there, make_plan
from index.building.prepare import Prepared, Preparer
from index.building.write import Progress, write_archive
from index.building.writer import Kept, Previous
from index.encoders.protocol import Encoder, check
from index.encoders.token_table import BundledEncoder, TokenTable
from index.errors import EncoderMismatch, IndexOutdated
from index.generations.damage import check_whole
from index.generations.folders import (
    EXTRACTION_VERSION,
    Manifest,
    current,
    explained,
    read_manifest,
    tidy,
    write_lock,
)
from index.generations.opened import Generation, open_generation
from index.parts.vectors import MEASURED_GROWTH, Growth
from index.text.tokens import TOKENIZER_VERSION
from index.types import Skipped


@dataclass(frozen=True, slots=True)
class Options:
    """How an archive is read and written.

    :ivar max_bytes: size from which a file is not read.
    :ivar workers: processes to read with; 0 = one for each core.
    :ivar target_chars: length a passage aims at.
    :ivar keep: generations to keep.
    :ivar dead_share: share of dead passages in the lexical index from which it is written anew.
    :ivar growth: how the vectors are indexed as they grow in number.
    """

    max_bytes: int
    workers: int
    target_chars: int
    keep: int
    dead_share: float
    growth: Growth = MEASURED_GROWTH


@dataclass(frozen=True, slots=True)
class Updated:
    """The current generation after an update.

    :ivar changes: None when nothing has changed and no generation was written.
    """

    manifest: Manifest
    changes: Changes | None


Report = Callable[[Prepared | Skipped], None]
"""Called with every file that was read."""


def build_archive(
    paths: Sequence[Path],
    index_dir: Path,
    encoder: Encoder,
    table: TokenTable,
    options: Options,
    *,
    report: Report,
    progress: Progress,
) -> Manifest:
    """Read all article files among files and folders and make an index of them.

    :raises IndexLocked: if another process writes the index.
    :raises ArchiveIndexError: if it cannot be written, or files were skipped and none kept.
    """
    with write_lock(index_dir):
        work = _Work(index_dir, encoder, table, options, Inventory(index_dir), report, progress)
        found = list(find(paths))
        items = [item.path if isinstance(item, Found) else item for item in found]
        return work.write(paths, Plan(found, items, [None] * len(found)))


def update_archive(
    index_dir: Path,
    encoder: Encoder,
    table: TokenTable,
    options: Options,
    *,
    report: Report,
    progress: Progress,
) -> Updated:
    """Bring the index up to the files that there are now under the paths it was built from.

    :raises IndexMissing: if nothing has been built yet.
    :raises IndexOutdated: if it must be built again; the message says why.
    :raises IndexDamaged: if a file of it is not what its manifest says.
    :raises IndexLocked: if another process writes the index.
    :raises ArchiveIndexError: if it cannot be written, or a folder of the archive has gone.
    """
    with write_lock(index_dir):
        manifest = read_manifest(current(index_dir))
        _check_same(manifest, encoder, table, options)
        generation = open_generation(index_dir, encoder, table)
        try:
            inventory = Inventory(index_dir)
            work = _Work(index_dir, encoder, table, options, inventory, report, progress)
            paths = [Path(path) for path in manifest.paths]
            found = list(find(paths))
            articles = list(generation.store.articles())
            skipped = list(generation.store.skipped())
            check_there(paths, found, articles)
            plan = make_plan(found, articles, skipped, inventory, max_bytes=options.max_bytes)
            if plan.changes is None:
                inventory.save(
                    (item, digest)
                    for item, digest in zip(plan.found, plan.digests, strict=True)
                    if isinstance(item, Found)
                )
                with explained(index_dir):
                    tidy(index_dir, keep=options.keep)  # after one that was killed
                return Updated(manifest, None)
            # What is copied gets new digests: damage would never be found again.
            check_whole(generation.folder)
            return Updated(work.write(paths, plan, generation), plan.changes)
        finally:
            generation.close()


def _check_same(manifest: Manifest, encoder: Encoder, table: TokenTable, options: Options) -> None:
    reasons = []
    try:
        check(manifest.encoder, encoder.info)
    except EncoderMismatch:
        reasons.append(f"the encoder is {encoder.info}, it was {manifest.encoder}")
    for what, now, then in (
        ("the token table", table.revision, manifest.table),
        ("the tokenizer's version", TOKENIZER_VERSION, manifest.tokenizer_version),
        ("the version of the extraction", EXTRACTION_VERSION, manifest.extraction_version),
        ("passages.target_chars", options.target_chars, manifest.target_chars),
    ):
        if now != then:
            reasons.append(f"{what} is {now}, it was {then}")
    if reasons:
        raise IndexOutdated(
            f"the index cannot be updated: {'; '.join(reasons)}. "
            "Build it again with 'newsquote index build', or set back what has changed"
        )


@dataclass(frozen=True, slots=True)
class _Work:
    """What carrying out a plan needs."""

    index_dir: Path
    encoder: Encoder
    table: TokenTable
    options: Options
    inventory: Inventory
    report: Report
    progress: Progress

    def write(
        self, paths: Sequence[Path], plan: Plan, generation: Generation | None = None
    ) -> Manifest:
        """Write a generation, and remember what was read for it."""
        read: list[tuple[Found, str | None]] = []
        manifest = write_archive(
            self._stream(plan, read),
            self.index_dir,
            self.encoder,
            self.table,
            paths=paths,
            target_chars=self.options.target_chars,
            keep=self.options.keep,
            previous=self._previous(plan, generation) if generation else None,
            growth=self.options.growth,
            progress=self.progress,
        )
        self.inventory.save(read)
        return manifest

    def _stream(
        self, plan: Plan, read: list[tuple[Found, str | None]]
    ) -> Iterator[Prepared | Skipped | Kept]:
        """Yield what is to be written, reading the files that must be read; note every digest."""
        outcomes = map_files(
            Preparer(self.options.target_chars),
            (item for item in plan.items if isinstance(item, Path)),
            max_bytes=self.options.max_bytes,
            workers=self.options.workers,
        )
        for file, item, known in zip(plan.found, plan.items, plan.digests, strict=True):
            digest = known
            if not isinstance(item, Path):
                if isinstance(item, Skipped) and known is None:
                    self.report(item)
                yield item
            else:
                outcome = next(outcomes)
                self.report(outcome)
                if isinstance(outcome, Skipped) and outcome.sha256 is None:
                    outcome = replace(outcome, sha256=digest or self._digest_as_found(file))
                yield outcome
                digest = _digest(outcome)
            if isinstance(file, Found):
                read.append((file, digest))

    def _digest_as_found(self, file: Found | Skipped) -> str | None:
        """Return the SHA-256 of a file that came to nothing, if it is still what it was."""
        if isinstance(file, Skipped):
            return None
        digest = self.inventory.digest(file, max_bytes=self.options.max_bytes)
        return digest if file.is_unchanged() else None

    def _previous(self, plan: Plan, generation: Generation) -> Previous:
        previous = Previous(generation, plan.dropped, {}, compact=False)
        dead = generation.lexical.dead + previous.count(plan.dropped)
        total = len(generation.lexical) + generation.lexical.dead
        return replace(
            previous,
            vectors={} if isinstance(self.encoder, BundledEncoder) else _vectors(plan, generation),
            compact=dead > self.options.dead_share * total,
        )


def _digest(outcome: Prepared | Skipped) -> str | None:
    return outcome.sha256 if isinstance(outcome, Skipped) else outcome.article.sha256


def _vectors(plan: Plan, generation: Generation) -> dict[str, int]:
    """Return the passages that the files to be read may hold again: their rows, by their texts."""
    wanted = {
        digest
        for item, digest in zip(plan.items, plan.digests, strict=True)
        if isinstance(item, Path)
    }
    store = generation.store
    return {
        stored.passage.text: stored.row
        for article in store.articles()
        if article.id in plan.dropped or article.sha256 in wanted
        for stored in store.passages_of(article.id)
    }
