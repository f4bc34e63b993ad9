"""Which files and folders an index is made of, and what a build must not take from it.

An index remembers what it was built from. The settings name an archive's paths too: when they have
changed since, the index follows them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import ArchiveIndexError, IndexMissing, IndexUnfinished, SourcesMissing
from index.generations.folders import current
from index.generations.manifest import load_manifest
from index.parts.database import Store
from index.types import StoredArticle


@dataclass(frozen=True, slots=True)
class Sources:
    """What an index is to be made of.

    :ivar paths: files and folders, absolute.
    :ivar before: what it was made of until now, when the settings have changed; else empty.
    """

    paths: tuple[Path, ...]
    before: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return what is to be said of a change."""
        now = ", ".join(map(str, self.paths))
        return (
            f"archive.paths has changed since the index was built: "
            f"it was made of {', '.join(self.before)} and now follows {now}"
        )


def sources_of(
    paths: Sequence[str], configured: Sequence[str], settings: Sequence[Path]
) -> Sources:
    """Return what an index is to be made of.

    What is compared is the setting as it is written, so that neither paths that were named for one
    build nor another working directory look like a change of it.

    :param paths: what the index was made of.
    :param configured: what the setting was then; empty when that is not known.
    :param settings: what the setting is now; empty when there is none.
    """
    same = Sources(tuple(map(Path, paths)))
    if not settings or not configured or tuple(map(str, settings)) == tuple(configured):
        return same
    now = Sources(tuple(path.absolute() for path in settings), tuple(paths))
    return same if now.paths == same.paths else now


def check_exist(sources: Sources) -> None:
    """Make sure that all is there of what the settings name anew.

    :raises SourcesMissing: if a path is not there: a slip must not empty the index.
    """
    for path in sources.paths:
        if sources.before and not path.exists():
            raise SourcesMissing(
                f"archive.paths has changed and names {path}, which is not there; the index, made "
                f"of {', '.join(sources.before)}, is left as it was"
            )


def articles_held(index_dir: Path) -> Iterable[StoredArticle]:
    """Return the articles of the index that answers, as far as they can be read."""
    try:
        store = Store(current(index_dir))
    except ArchiveIndexError:
        return ()
    try:
        return list(store.articles())
    except ArchiveIndexError:
        return ()
    finally:
        store.close()


def holds_articles(index_dir: Path) -> bool:
    """Return whether an index is there that has an article, or cannot be asked."""
    try:
        return load_manifest(current(index_dir)).articles > 0
    except IndexUnfinished:
        return True
    except IndexMissing:
        return False
    except ArchiveIndexError:
        return True
