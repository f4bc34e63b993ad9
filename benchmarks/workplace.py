"""Where archives and indexes are kept between runs, and what a row of a figure is."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from benchmarks.archive import PASSAGES_PER_ARTICLE, article_path, questions, write_archive
from benchmarks.measure import Command, cost_of_program
from index.articles.finding import find_files
from index.generations.folders import current
from index.generations.manifest import read_manifest
from index.parts.database import Store

NEWSQUOTE = Path(sys.executable).with_name("newsquote")

Row: TypeAlias = dict[str, str | int | float]
"""One line of a figure: every value under its column's name."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive to measure with, and its index.

    :ivar name: stands in the rows.
    :ivar paths: what is read.
    :ivar index: folder of its index; may not exist yet.
    """

    name: str
    paths: tuple[Path, ...]
    index: Path

    def build_command(self) -> Command:
        """Return the command that makes its index."""
        return [NEWSQUOTE, "index", "build", *self.paths, "--index", self.index]

    def ensure_index(self) -> None:
        """Make the index if there is none."""
        if not (self.index / "CURRENT").exists():
            say(f"{self.name}: index")
            cost_of_program(self.build_command())

    @property
    def generation(self) -> Path:
        """Folder of the generation that answers."""
        return current(self.index)

    def passages(self) -> int:
        """Return the number of passages in the index."""
        return read_manifest(self.generation).passages

    def texts(self, rows: Iterable[int]) -> list[str]:
        """Return the texts of some passages."""
        store = Store(self.generation)
        try:
            return [stored.passage.text for stored in store.passages(list(rows))]
        finally:
            store.close()

    def questions(self, count: int) -> list[str]:
        """Return questions on passages from all over the archive, the same ones each time."""
        passages = self.passages()
        step = max(passages // (2 * count), 1)
        return questions(self.texts(range(0, passages, step)), count)

    def files(self) -> list[Path]:
        """Return its article files."""
        return [found for found in find_files(self.paths) if isinstance(found, Path)]


@dataclass(frozen=True, slots=True)
class Bench:
    """What a figure is measured with.

    :ivar archives: in order of size.
    :ivar repeats: times that a short thing is measured; its median counts.
    :ivar folder: for all files.
    """

    archives: tuple[Archive, ...]
    repeats: int
    folder: Path


Figure: TypeAlias = Callable[[Bench], Iterable[Row]]


def made_archive(folder: Path, passages: int) -> Archive:
    """Return an archive of about so many passages, written if it is not there."""
    name = f"{passages:,}"
    articles = max(round(passages / PASSAGES_PER_ARTICLE), 1)
    source = folder / f"articles-{passages}"
    if not article_path(source, articles - 1).exists():
        say(f"{name}: {articles:,} articles")
        write_archive(source, articles)
    return Archive(name, (source,), folder / f"index-{passages}")


def say(line: str) -> None:
    """Tell what is under way."""
    print(line, file=sys.stderr, flush=True)
