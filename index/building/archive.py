"""The one door for all who change an archive's index or ask how it is.

The command line and the bot both come here. What a call says while it runs goes to ``say``, as objects.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from index.building.events import Encoded, Listener, Published, silent
from index.building.inventory import Inventory
from index.building.join import join
from index.building.options import Options
from index.building.repair import Repair
from index.building.shares import Share
from index.building.sources import Sources, check_exist, sources_of
from index.building.status import Known, Status, bytes_of, known
from index.building.update import Updated, build_archive, update_archive
from index.encoders.models import Models
from index.encoders.opening import open_models
from index.encoders.protocol import EncoderChoice
from index.engines.home import Home, Told, Writing
from index.engines.registry import EngineChoice, home_of
from index.errors import ArchiveIndexError, IndexMissing, IndexOutdated, NoServer
from index.generations.damage import check_whole
from index.generations.folders import (
    current,
    explained,
    generation_folders,
    generation_names,
    make_current,
    tidy,
)
from index.generations.lock import write_lock
from index.generations.manifest import Manifest, read_manifest, recorded_paths
from index.generations.opened import Generation, check_fits, open_generation


@dataclass(frozen=True)
class Archive:
    """An archive's index, and how it is made.

    :ivar paths: where the settings say that the articles are; an index that was built when they
        said the same is made of what it was built from.
    :ivar say: told how a call gets on.
    :ivar unset: nobody has set the paths: where none of them is there, they say nothing.
    :ivar engine: what keeps the index; None = the files in the folder. Where it is a server, the
        index is built in the folder and published from there.
    """

    index_dir: Path
    encoder: EncoderChoice
    options: Options
    paths: Sequence[Path] = ()
    say: Listener = silent
    unset: bool = False
    engine: EngineChoice | None = None

    @cached_property
    def home(self) -> Home | None:
        """Where generations are published to; None = they answer from the folder.

        :raises EngineUnavailable: if the library that speaks to it is not installed.
        """
        return home_of(self.engine) if self.engine else None

    @cached_property
    def models(self) -> Models:
        """The models, opened when they are first needed.

        :raises EncoderUnavailable: if one cannot be loaded; the message says what to do.
        """
        return open_models(self.encoder, lambda *numbers: self.say(Encoded(*numbers)))

    def build(
        self,
        paths: Sequence[Path] = (),
        *,
        share: Share | None = None,
        bulk: Path | None = None,
        force: bool = False,
    ) -> Manifest:
        """Read all article files and make an index of them.

        :param paths: files and folders; none takes those of the archive.
        :param share: read this share of them alone; ``join`` makes one index of all shares, and that
            is what is published.
        :param bulk: write the index to this folder, for ``import_files``, instead of publishing it.
        :param force: replace the index even if that takes all articles of a folder from it.
        :raises IndexLocked: if another process writes the index.
        :raises IndexNotWritten: if the disk is full or the folder cannot be written.
        :raises NothingToIndex: if no article was kept, though files were skipped or an index
            answers that has articles.
        :raises SourcesMissing: if a folder has gone with all the articles that the index has of it.
        """
        with self._publishing(bulk, apart=share is not None):
            return self._build(paths, share=share, force=force)

    def join(self, parts: Sequence[Path], *, bulk: Path | None = None) -> Manifest:
        """Make one index of those that were built of shares of the files.

        :param parts: their folders.
        :param bulk: as ``build`` takes it.
        :raises ArchiveIndexError: if they are not all shares of one archive, each of them once.
        :raises IndexDamaged: if a file of one is not what its manifest says.
        :raises IndexOutdated: if they were built in different ways, or not by this program.
        """
        with self._publishing(bulk):
            return join(parts, self.index_dir, self.models, self.options, self.say)

    def import_files(self, folders: Sequence[Path], at: str = "") -> Status:
        """Let the server take in what was written to folders, and answer from it.

        :param folders: one that holds all, or one for each share.
        :param at: where the server finds them, in its object store; empty = at its root.
        :raises ArchiveIndexError: as ``Home.import_files`` does, or if no server keeps the index.
        """
        home = self._server()
        home.import_files(folders, at, self._told("importing"), keep=self.options.keep)
        return self._status_of(home)

    def _build(
        self, paths: Sequence[Path] = (), *, share: Share | None = None, force: bool = False
    ) -> Manifest:
        # Absolute, so that sources are found from wherever they are verified.
        chosen = [path.absolute() for path in paths or self.paths]
        return build_archive(
            chosen,
            self.index_dir,
            self.models,
            replace(self.options, share=share),
            self.say,
            configured=[str(path) for path in self.paths],
            force=force,
        )

    def update(self, *, check: bool = False) -> Updated:
        """Read what has changed since; where there is no index yet, build it.

        :param check: read every file and compare its hash: it finds edits that keep size and time.
        :raises IndexOutdated: if it must be built again; the message says why.
        :raises IndexDamaged: if a file of it is not what its manifest says.
        :raises IndexLocked: if another process writes the index.
        :raises IndexNotWritten: if the disk is full or the folder cannot be written.
        :raises SourcesMissing: if a folder of the archive has gone with all its articles.
        """
        try:
            manifest = read_manifest(current(self.index_dir))  # before the models are opened
        except IndexMissing:
            return Updated(self.build(), None, anew=True)
        if manifest.share is not None:
            return self._update(check=check)
        with self._writing() as writing:
            updated = self._update(check=check)
            self._publish(writing, anew=False)
        return updated

    def _update(self, *, check: bool) -> Updated:
        return update_archive(
            self.index_dir,
            self.models,
            self.options,
            self.say,
            settings=self._settings,
            check=check,
        )

    @contextmanager
    def _publishing(self, bulk: Path | None, *, apart: bool = False) -> Iterator[None]:
        """Publish what is built in the block, or write it to a folder.

        :param apart: it is a share, which is not published by itself.
        """
        if bulk is not None:
            home = self._server()  # known to be there before hours of building
            yield
            with self._opened() as generation:
                home.write_files(
                    generation, bulk, self._told("writing"), exact=self._is_exact(generation)
                )
        elif apart:
            yield
        else:
            with self._writing() as writing:
                yield
                self._publish(writing, anew=True)

    def _server(self) -> Home:
        """Return the server that keeps the index.

        :raises ArchiveIndexError: if local files do.
        """
        if self.home is None:
            raise NoServer("expected a server that keeps the index, but it answers from its folder")
        return self.home

    def _told(self, how: str) -> Told:
        return lambda done, total: self.say(Published(done, total, how))

    @contextmanager
    def _opened(self) -> Iterator[Generation]:
        generation = open_generation(self.index_dir, self.models)
        try:
            yield generation
        finally:
            generation.close()

    def _is_exact(self, generation: Generation) -> bool:
        return len(generation.lists) <= self.options.growth.exact_passages

    @contextmanager
    def _writing(self) -> Iterator[Writing | None]:
        """Be the only process that writes where generations are published to, if anywhere.

        It is asked before hours of building, not after them.
        """
        if self.home is None:
            yield None
        else:
            with self.home.writing() as writing:
                yield writing

    def _publish(self, writing: Writing | None, *, anew: bool) -> None:
        """Let the folder's generation answer where it is published to, if it does not yet."""
        if writing is None or self.home is None:
            return
        if not anew and self.home.made_of() == current(self.index_dir).name:
            return
        before = ""
        with suppress(IndexMissing):
            before = self.home.current()
        with self._opened() as generation:
            exact = self._is_exact(generation)
            writing.publish(generation, self._told("publishing"), anew=anew, exact=exact)
        writing.prune(self.options.keep, before)

    def refresh(self) -> Updated:
        """Update; build again where only that can help.

        :raises ArchiveIndexError: as ``update`` and ``build`` do.
        """
        try:
            return self.update()
        except IndexOutdated:
            sources = self.sources()
            check_exist(sources)
            return Updated(self.build(sources.paths), None, anew=True, before=sources.before)

    def sources(self) -> Sources:
        """Return what the index is to be made of.

        :raises IndexMissing: if nothing has been built yet.
        :raises IndexDamaged: if nothing tells which generation answers.
        """
        paths, configured = recorded_paths(current(self.index_dir))
        return sources_of(paths, configured, self._settings)

    @property
    def _settings(self) -> Sequence[Path]:
        """What an index is to follow: from another folder, a default leads nowhere."""
        return () if self.unset and not any(path.exists() for path in self.paths) else self.paths

    def status(self) -> Status:
        """Describe the generation that answers.

        :raises IndexMissing: if nothing has been built yet.
        :raises IndexDamaged: if its manifest cannot be read or a file is missing.
        """
        if self.home is not None:
            return self._status_of(self.home)
        folder = current(self.index_dir)
        return Status(
            name=folder.name,
            folder=folder,
            manifest=read_manifest(folder),
            generations=tuple(generation_names(self.index_dir)),
            remembered_files=len(Inventory(self.index_dir)),
            bytes=bytes_of(folder),
        )

    def _status_of(self, home: Home) -> Status:
        kept = home.kept()
        answers = next(one for one in kept if one.answers)
        if answers.manifest is None:
            raise ArchiveIndexError(answers.fault)
        folders = {folder.name: folder for folder in generation_folders(self.index_dir)}
        folder = folders.get(home.made_of())
        return Status(
            name=answers.name,
            folder=folder,
            manifest=answers.manifest,
            generations=tuple(one.name for one in kept),
            remembered_files=len(Inventory(self.index_dir)) if folder else 0,
            bytes=bytes_of(folder) if folder else 0,
        )

    def generations(self) -> list[Known]:
        """Return the generations that are kept, oldest first.

        :raises IndexMissing: if nothing has been built yet.
        """
        if self.home is not None:
            return [
                Known(one.name, one.answers, one.manifest, one.fault, 0) for one in self.home.kept()
            ]
        folders = generation_folders(self.index_dir)
        try:
            answering = current(self.index_dir).name
        except ArchiveIndexError:
            if not folders:
                raise
            answering = ""  # which is what the list shows
        return [known(folder, answering) for folder in folders]

    def rollback(self, name: str | None = None) -> Status:
        """Let an older generation answer again; the newer ones stay until they are pruned.

        :param name: of the generation; None is the one before that which answers.
        :raises ArchiveIndexError: if there is no such generation.
        :raises IndexDamaged: if it is not whole.
        :raises IndexOutdated: if this version of the program cannot ask it.
        :raises EncoderMismatch: if it was built with another encoder than the settings name.
        :raises IndexLocked: if another process writes the index.
        """
        if self.home is not None:
            self._roll_back(self.home, name)
            return self.status()
        if name is None or not generation_names(self.index_dir):
            current(self.index_dir)  # where there is no index, no folder is made for its lock
        with write_lock(self.index_dir), explained(self.index_dir):
            folders = {folder.name: folder for folder in generation_folders(self.index_dir)}
            now = "" if name else current(self.index_dir).name
            older = [known for known in folders if known < now]
            chosen = name or next(reversed(older), "")
            if chosen not in folders:
                wanted = f"generation {name!r}" if name else f"generation older than {now}"
                raise ArchiveIndexError(
                    f"there is no {wanted} in {self.index_dir}; there are: {', '.join(folders)}"
                )
            folder = folders[chosen]
            check_whole(folder)
            check_fits(folder, read_manifest(folder), self.models)
            make_current(self.index_dir, chosen)
        return self.status()

    def _roll_back(self, home: Home, name: str | None) -> None:
        kept = {one.name: one for one in home.kept()}
        now = next(one.name for one in kept.values() if one.answers)
        chosen = name or next((known for known in reversed(kept) if known < now), "")
        if chosen not in kept:
            wanted = f"generation {name!r}" if name else f"generation older than {now}"
            raise ArchiveIndexError(f"there is no {wanted}; there are: {', '.join(kept)}")
        manifest = kept[chosen].manifest
        if manifest is None:
            raise ArchiveIndexError(kept[chosen].fault)
        check_fits(f"generation {chosen}", manifest, self.models)
        with home.writing() as writing:
            writing.make_current(chosen)

    def prune(self, keep: int) -> dict[str, int]:
        """Remove old generations and what a killed build left, but never the current generation.

        :param keep: generations to keep, the current one included, >= 1.
        :return: bytes freed, by the name of the folder.
        :raises IndexLocked: if another process writes at the moment.
        :raises IndexMissing: if nothing has been built yet.
        """
        if self.home is not None:
            with self.home.writing() as writing:
                return dict.fromkeys(writing.prune(keep), 0)
        current(self.index_dir)  # where there is no index, no folder is made for its lock
        with write_lock(self.index_dir), explained(self.index_dir):
            return tidy(self.index_dir, keep=keep)

    def repair(self) -> None:
        """Make the current generation whole; do nothing when it is.

        :raises ArchiveIndexError: if it cannot be mended; the message says what is missing.
        """
        with self._writing() as writing:
            Repair(self.index_dir, self.models, self.options, self.paths, self.say).run()
            if self.home is not None:
                self._publish(writing, anew=any(self.faults()))

    def faults(self) -> Iterator[str]:
        """Yield what is missing or damaged where generations are published to, a line each.

        What answers is what was built in the folder, or that is a fault; where there is no folder, it
        is what was written.
        """
        if self.home is None:
            return
        made_of = self.home.made_of()
        folders = generation_names(self.index_dir)
        if folders and made_of != current(self.index_dir).name:
            yield f"generation {current(self.index_dir).name} of the folder is not the one that answers"
        if made_of:
            yield from self.home.faults()


def refreshed(archive: Archive, say: Listener) -> Updated:
    """Refresh an archive, as a call that can be made in another process (``Apart``)."""
    return replace(archive, say=say).refresh()
