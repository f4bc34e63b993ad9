"""From the files there are now to the current generation, reading only what has changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.articles.files import Outcome, map_files, reports
from index.building.events import Listener, Mended, Note, Planned
from index.building.inventory import Found, Inventory, find
from index.building.options import Options
from index.building.plan import Changes, Plan, Step, check_there, plan_build, plan_update
from index.building.prepare import Prepared, Preparer
from index.building.shares import Share
from index.building.sources import articles_held, check_exist, sources_of
from index.building.write import write_archive
from index.building.writer import Kept, Previous
from index.encoders.models import Models
from index.encoders.protocol import check
from index.errors import EncoderMismatch, IndexOutdated
from index.generations.damage import check_whole
from index.generations.folders import current, explained, tidy
from index.generations.lock import write_lock
from index.generations.manifest import EXTRACTION_VERSION, Manifest, read_manifest
from index.generations.opened import Generation, open_generation
from index.text.tokens import TOKENIZER_VERSION
from index.types import FileReport


@dataclass(frozen=True, slots=True)
class Updated:
    """The current generation after an update.

    :ivar changes: None when nothing has changed and no generation was written.
    :ivar anew: it was built of all files, not updated.
    :ivar before: what it was made of, when it has followed the settings to other paths; else empty.
    """

    manifest: Manifest
    changes: Changes | None
    anew: bool = False
    before: tuple[str, ...] = ()


def build_archive(
    paths: Sequence[Path],
    index_dir: Path,
    models: Models,
    options: Options,
    say: Listener,
    *,
    configured: Sequence[str] = (),
    force: bool = False,
) -> Manifest:
    """Read all article files among files and folders and make an index of them.

    :param configured: what the settings name as the archive's paths.
    :param force: replace the index even if that takes all articles of a folder from it.
    :raises IndexLocked: if another process writes the index.
    :raises IndexNotWritten: if the disk is full or the folder cannot be written.
    :raises NothingToIndex: if no article was kept, though files were skipped or an index answers
        that has articles.
    :raises SourcesMissing: if a folder has gone with all the articles that the index has of it.
    """
    with write_lock(index_dir):
        work = _Work(index_dir, models, options, Inventory(index_dir), say, tuple(configured))
        found = list(find(paths, options.reading.suffixes))
        if not force:
            check_there(paths, found, articles_held(index_dir))
        return work.write(paths, plan_build(work.shared(found, paths)), force=force)


def update_archive(
    index_dir: Path,
    models: Models,
    options: Options,
    say: Listener,
    *,
    settings: Sequence[Path] = (),
    check: bool = False,
) -> Updated:
    """Bring the index up to the files that there are now under the paths it was built from.

    :param settings: what the settings name as the archive's paths; the index follows a change.
    :param check: read every file and compare its hash, as if no size and time were known.
    :raises IndexMissing: if nothing has been built yet.
    :raises IndexOutdated: if it must be built again; the message says why.
    :raises IndexDamaged: if a file of it is not what its manifest says.
    :raises IndexLocked: if another process writes the index.
    :raises IndexNotWritten: if the disk is full or the folder cannot be written.
    :raises SourcesMissing: if a folder of the archive has gone with all its articles.
    """
    with write_lock(index_dir):
        manifest = read_manifest(current(index_dir))
        sources = sources_of(manifest.paths, manifest.configured, settings)
        if sources.before:
            say(Note(str(sources)))
            check_exist(sources)
        _check_same(manifest, models, options)
        generation = open_generation(index_dir, models)
        try:
            configured = tuple(map(str, settings)) or manifest.configured
            inventory = Inventory(index_dir, trusted=not check)
            options = replace(options, share=Share(*manifest.share) if manifest.share else None)
            work = _Work(index_dir, models, options, inventory, say, configured)
            plan = work.planned(sources.paths, generation)
            if plan.changes is None and not sources.before:
                work.inventory.save(
                    (step.found, step.digest)
                    for step in plan.steps
                    if isinstance(step.found, Found)
                )
                with explained(index_dir):
                    tidy(index_dir, keep=options.keep)  # after one that was killed
                return Updated(manifest, None)
            # What is copied gets new digests: damage would never be found again.
            check_whole(generation.folder)
            made = work.write(sources.paths, plan, generation)
            return Updated(made, plan.changes or Changes(), before=sources.before)
        finally:
            generation.close()


def _check_same(manifest: Manifest, models: Models, options: Options) -> None:
    reasons = []
    encoder = models.encoder.info
    try:
        check(manifest.encoder, encoder)
    except EncoderMismatch:
        reasons.append(f"the encoder is {encoder}, it was {manifest.encoder}")
    for what, now, then in (
        ("the token table", models.table.revision, manifest.table),
        ("the tokenizer's version", TOKENIZER_VERSION, manifest.tokenizer_version),
        ("the version of the extraction", EXTRACTION_VERSION, manifest.extraction_version),
        ("passages.target_chars", options.target_chars, manifest.target_chars),
        ("extract.timezone", options.reading.timezone or "none", manifest.timezone or "none"),
    ):
        if now != then:
            reasons.append(f"{what} is {now}, it was {then}")
    if reasons:
        raise IndexOutdated(f"the index cannot be updated: {'; '.join(reasons)}")


@dataclass(frozen=True, slots=True)
class _Work:
    """What carrying out a plan needs."""

    index_dir: Path
    models: Models
    options: Options
    inventory: Inventory
    say: Listener
    configured: tuple[str, ...]

    def shared(
        self, found: list[Found | FileReport], paths: Sequence[Path]
    ) -> list[Found | FileReport]:
        """Return what is in the share of the files that is indexed."""
        return self.options.share.among(found, paths) if self.options.share else found

    def planned(self, paths: Sequence[Path], generation: Generation) -> Plan:
        """Return what is to be done to bring a generation up to date."""
        found = list(find(paths, self.options.reading.suffixes))
        articles = list(generation.store.articles())
        check_there(paths, found, articles)
        return plan_update(
            self.shared(found, paths),
            articles,
            list(generation.store.skipped()),
            self.inventory,
            max_bytes=self.options.reading.max_bytes,
        )

    def write(
        self,
        paths: Sequence[Path],
        plan: Plan,
        generation: Generation | None = None,
        *,
        force: bool = False,
    ) -> Manifest:
        """Write a generation, and remember what was read for it."""
        read: list[tuple[Found, str | None]] = []
        self.say(Planned(len(plan.steps)))
        manifest = write_archive(
            self._stream(plan, read),
            self.index_dir,
            self.models,
            self.options,
            paths=paths,
            configured=self.configured,
            force=force,
            previous=self._previous(plan, generation) if generation else None,
            say=self.say,
        )
        self.inventory.save(read)
        return manifest

    def _stream(
        self, plan: Plan, read: list[tuple[Found, str | None]]
    ) -> Iterator[Prepared | FileReport | Kept]:
        """Yield what is to be written, reading the files that must be read; note every digest."""
        outcomes = map_files(
            Preparer(self.options.target_chars),
            (step.do for step in plan.steps if isinstance(step.do, Path)),
            self.options.reading,
        )
        for step in plan.steps:
            digest = step.digest
            if not isinstance(step.do, Path):
                if isinstance(step.do, FileReport) and digest is None:
                    self.say(step.do)
                yield step.do
            else:
                outcome = self._with_digest(next(outcomes), step)
                for report in reports(_article_of(outcome)):
                    self.say(report if isinstance(outcome, FileReport) else Mended(report))
                yield outcome
                digest = _digest(outcome)
            if isinstance(step.found, Found):
                read.append((step.found, digest))

    def _with_digest(self, outcome: Prepared | FileReport, step: Step) -> Prepared | FileReport:
        """Add the SHA-256 of a file that came to nothing, if it is still what it was."""
        if isinstance(outcome, Prepared) or outcome.sha256 is not None:
            return outcome
        digest = step.digest
        if digest is None and isinstance(step.found, Found):
            digest = self.inventory.digest(step.found, max_bytes=self.options.reading.max_bytes)
            digest = digest if step.found.is_unchanged() else None
        return replace(outcome, sha256=digest)

    def _previous(self, plan: Plan, generation: Generation) -> Previous:
        previous = Previous(generation, plan.dropped, {}, compact=False)
        dead = generation.passage_words.dead + previous.count(plan.dropped)
        total = len(generation.passage_words) + generation.passage_words.dead
        return replace(
            previous,
            vectors={} if self.models.encoder.lasting else _vectors(plan, generation),
            compact=dead > self.options.dead_share * total,
        )


def _article_of(outcome: Prepared | FileReport) -> Outcome:
    return outcome if isinstance(outcome, FileReport) else outcome.article


def _digest(outcome: Prepared | FileReport) -> str | None:
    return outcome.sha256 if isinstance(outcome, FileReport) else outcome.article.card.sha256


def _vectors(plan: Plan, generation: Generation) -> dict[str, int]:
    """Return the passages that the files to be read may hold again: their rows, by their texts."""
    wanted = {step.digest for step in plan.steps if isinstance(step.do, Path)}
    store = generation.store
    return {
        stored.passage.text: stored.row
        for article in store.articles()
        if article.id in plan.dropped or article.card.sha256 in wanted
        for stored in store.passages_of(article.id)
    }
