"""Mend an index: what is damaged is made again from what is whole, or from the source files.

The database holds the text of every article. As long as it is whole, everything beside it is made
of it, and the sources are not needed; vectors are taken over where they are whole. Without it the
index is built again from the files. Either way a new generation is written: nothing is changed in
place, and what replaces the damage shares no file with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.building.events import Listener, Note
from index.building.inventory import Found, find
from index.building.known_vectors import KnownVectors
from index.building.options import Options
from index.building.prepare import Prepared, prepare
from index.building.update import build_archive
from index.building.write import build
from index.encoders.models import Models
from index.encoders.protocol import check
from index.errors import IndexDamaged, IndexMissing, IndexOutdated, SourcesMissing
from index.generations.damage import damaged_files
from index.generations.folders import current, generation_folders, make_current
from index.generations.lock import write_lock
from index.generations.manifest import EXTRACTION_VERSION, MANIFEST, Manifest, load_manifest
from index.parts.database import FILE, Store
from index.parts.vectors import holds_vectors, open_vectors
from index.types import FileReport


@dataclass(frozen=True, slots=True)
class Repair:
    """How an index is mended.

    :ivar paths: where the articles are, if no manifest can be read that tells.
    :ivar say: told what was found and done.
    """

    index_dir: Path
    models: Models
    options: Options
    paths: Sequence[Path]
    say: Listener

    def run(self) -> None:
        """Make the current generation whole; do nothing when it is.

        :raises IndexMissing: if nothing has been built yet.
        :raises IndexOutdated: if it must be built again in any case.
        :raises EncoderMismatch: if the encoder is not the one that it was built with.
        :raises IndexLocked: if another process writes the index.
        :raises SourcesMissing: if it can only be made of articles that are not there.
        """
        folder = self._answering()
        try:
            manifest = load_manifest(folder)
        except IndexDamaged:
            self._note(f"{folder / MANIFEST} cannot be read")
            self._build(folder / MANIFEST, self._paths_of_others())
            return
        damaged = damaged_files(folder)
        for name in damaged:
            self._note(f"{folder / name} is missing or damaged")
        if not damaged:
            return
        check(manifest.encoder, self.models.encoder.info)
        if FILE in damaged or manifest.extraction_version != EXTRACTION_VERSION:
            paths = [Path(path) for path in manifest.paths]
            self._build(folder / damaged[0], paths, manifest.configured)
        else:
            self._write_again(folder, manifest, with_vectors=not any(map(holds_vectors, damaged)))

    def _answering(self) -> Path:
        """Return the current generation; choose one when nothing tells which it is."""
        try:
            return current(self.index_dir)
        except (IndexMissing, IndexDamaged) as error:
            folders = generation_folders(self.index_dir)
            if not folders:
                raise
            self._note(str(error))
            chosen = next(filter(_is_whole, reversed(folders)), folders[-1])
            with write_lock(self.index_dir):
                make_current(self.index_dir, chosen.name)
            self._note(f"the generation {chosen.name} answers")
            return chosen

    def _paths_of_others(self) -> Sequence[Path]:
        """Return what the newest generation whose manifest can be read was built from."""
        for folder in reversed(generation_folders(self.index_dir)):
            try:
                return [Path(path) for path in load_manifest(folder).paths]
            except (IndexDamaged, IndexOutdated):
                continue
        return [path.absolute() for path in self.paths]

    def _build(self, damaged: Path, paths: Sequence[Path], configured: Sequence[str] = ()) -> None:
        """Build the index from the sources.

        :raises SourcesMissing: if one of them has gone.
        """
        for path in paths:
            if not any(
                isinstance(item, Found) for item in find([path], self.options.reading.suffixes)
            ):
                raise SourcesMissing(
                    f"cannot mend {damaged}: it can only be made of the articles in {path}, and "
                    "none is there; the index is left as it was"
                )
        self._note(f"reading the articles in {', '.join(map(str, paths))} again")
        build_archive(
            paths,
            self.index_dir,
            self.models,
            self.options,
            self.say,
            configured=configured,
        )

    def _write_again(self, folder: Path, manifest: Manifest, *, with_vectors: bool) -> None:
        """Write everything again from the database.

        :param with_vectors: take the vectors over, for they are whole.
        """
        self._note(f"writing everything again from {folder / FILE}")
        store = Store(folder)
        models = self.models
        if with_vectors and not models.encoder.lasting:
            known = KnownVectors(models.encoder, [(store, open_vectors(folder))])
            models = replace(models, encoder=known)
        try:
            build(
                self._stored(store, manifest.target_chars),
                self.index_dir,
                models,
                replace(self.options, target_chars=manifest.target_chars),
                paths=[Path(path) for path in manifest.paths],
                configured=manifest.configured,
                say=self.say,
            )
        finally:
            store.close()

    def _stored(self, store: Store, target_chars: int) -> Iterator[Prepared | FileReport]:
        yield from store.skipped()
        yield from prepare(store.whole_articles(), self.models.table, target_chars=target_chars)

    def _note(self, text: str) -> None:
        self.say(Note(text))


def _is_whole(folder: Path) -> bool:
    try:
        return not damaged_files(folder)
    except (IndexDamaged, IndexOutdated):
        return False
