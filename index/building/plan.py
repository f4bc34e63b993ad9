"""What is to be done with each file of an archive to bring its index up to date."""

import os
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.articles.files import read_article
from index.building.inventory import Found, Inventory
from index.building.writer import Kept
from index.errors import ArchiveIndexError
from index.parts.database import StoredArticle
from index.types import Skipped


@dataclass(frozen=True, slots=True)
class Changes:
    """How the files differ from those of the previous generation.

    :ivar moved: the same content under another name; not counted as added or removed.
    :ivar changed: other content under the same name.
    """

    added: int = 0
    changed: int = 0
    moved: int = 0
    removed: int = 0

    def __str__(self) -> str:
        """``2 added, 1 removed``: what is not 0."""
        counts = (
            (self.added, "added"),
            (self.changed, "changed"),
            (self.moved, "moved"),
            (self.removed, "removed"),
        )
        return ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing changed"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for each file, in the archive's order.

    :ivar items: what to write: an article that is kept, a file that stays skipped, or a path of a
        file to be read.
    :ivar digests: SHA-256 of each file's bytes, where it is known.
    :ivar dropped: articles of the previous generation that are not kept.
    :ivar changes: None when the index is what it should be.
    """

    found: Sequence[Found | Skipped]
    items: Sequence[Kept | Skipped | Path]
    digests: Sequence[str | None]
    dropped: frozenset[int] = frozenset()
    changes: Changes | None = None


def make_plan(
    found: Sequence[Found | Skipped],
    articles: Sequence[StoredArticle],
    skipped: Sequence[Skipped],
    inventory: Inventory,
    *,
    max_bytes: int,
) -> Plan:
    """Compare the files that there are with those of the previous generation.

    :param articles: all of that generation, in the order of their numbers, from 0.
    :param skipped: what it skipped.
    """
    digests = [
        inventory.digest(item, max_bytes=max_bytes) if isinstance(item, Found) else None
        for item in found
    ]
    claims = _Claims(((article.path, article.sha256), article.id) for article in articles)
    remembered = {(item.path, item.sha256): item for item in skipped if item.sha256}
    items: list[Kept | Skipped | Path] = []
    for file, digest in zip(found, digests, strict=True):
        if isinstance(file, Skipped):
            items.append(file)
        elif digest is None:
            # It cannot be read, or is too large, and says so at once.
            outcome = read_article(file.path, max_bytes=max_bytes)
            items.append(outcome if isinstance(outcome, Skipped) else file.path)
        else:
            place = str(file.path), digest
            kept = claims.take(place)
            items.append(remembered.get(place, file.path) if kept is None else Kept(kept))
    # The same content under the same file name in another folder has moved. What is read of a file
    # depends on its bytes and its name, and on nothing else.
    waiting = [articles[n] for n in claims.left()]
    claims = _Claims(((Path(one.path).name, one.sha256), one.id) for one in waiting)
    for n, (item, digest) in enumerate(zip(items, digests, strict=True)):
        if isinstance(item, Path) and digest:
            kept = claims.take((item.name, digest))
            if kept is not None:
                items[n] = Kept(kept, str(item))
    changes = _changes(found, digests, items, articles, skipped)
    as_it_was = [Kept(n) for n in range(len(articles))]
    same = changes == Changes() and as_it_was == [i for i in items if not isinstance(i, Skipped)]
    return Plan(found, items, digests, frozenset(claims.left()), None if same else changes)


class _Claims:
    """Articles that wait for their files: each is claimed once, the first of its kind first."""

    def __init__(self, articles: Iterable[tuple[tuple[str, str], int]]) -> None:
        self._waiting: defaultdict[tuple[str, str], deque[int]] = defaultdict(deque)
        for kind, number in articles:
            self._waiting[kind].append(number)

    def take(self, kind: tuple[str, str]) -> int | None:
        waiting = self._waiting.get(kind)
        return waiting.popleft() if waiting else None

    def left(self) -> list[int]:
        return sorted(number for waiting in self._waiting.values() for number in waiting)


def _changes(
    found: Sequence[Found | Skipped],
    digests: Sequence[str | None],
    items: Sequence[Kept | Skipped | Path],
    articles: Iterable[StoredArticle],
    skipped: Iterable[Skipped],
) -> Changes:
    before = {article.path: article.sha256 for article in articles}
    before |= {item.path: _kind(item) for item in skipped}
    now = {
        str(file.path): _kind(item) if isinstance(item, Skipped) else digest or ""
        for file, item, digest in zip(found, items, digests, strict=True)
    }
    added, removed = now.keys() - before.keys(), before.keys() - now.keys()
    came = Counter(now[path] for path in added)
    went = Counter(before[path] for path in removed)
    moved = (came & went).total()
    return Changes(
        added=len(added) - moved,
        changed=sum(now[path] != before[path] for path in now.keys() & before.keys()),
        moved=moved,
        removed=len(removed) - moved,
    )


def _kind(skipped: Skipped) -> str:
    """Return what tells whether a skipped file is still the same."""
    return skipped.sha256 or f"{skipped.reason}: {skipped.detail}"


def check_there(
    paths: Sequence[Path], found: Sequence[Found | Skipped], articles: Iterable[StoredArticle]
) -> None:
    """Make sure that no folder has gone, or cannot be read, with all the articles it held.

    A disk that is not mounted must not empty the index.

    :raises ArchiveIndexError: if one has.
    """
    held = _files_under(article.path for article in articles)
    there = _files_under(str(item.path) for item in found if isinstance(item, Found))
    unread = (item.path for item in found if isinstance(item, Skipped))
    for place in (*map(str, paths), *unread):
        if held[place] and not there[place]:
            raise ArchiveIndexError(
                f"{place} held {held[place]} articles of the index and now no file of it can be "
                "found; the index is left as it was. Is a disk not mounted? If they are really "
                "gone, make a new index with 'newsquote index build PATH...'"
            )


def _files_under(files: Iterable[str]) -> Counter[str]:
    """Return how many of some files each folder above them holds; a file holds itself."""
    files = list(files)
    counts = Counter(files)
    for folder, count in Counter(map(os.path.dirname, files)).items():
        for place in (Path(folder), *Path(folder).parents):
            counts[str(place)] += count
    return counts
