"""What is to be done with each file of an archive to bring its index up to date."""

import os
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.articles.files import indexable, read_article
from index.articles.finding import article_name
from index.building.inventory import Found, Inventory
from index.building.writer import Kept
from index.errors import SourcesMissing
from index.types import FileReport, StoredArticle


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
class Step:
    """What is to be done with one file.

    :ivar found: the file, or why it could not be looked at.
    :ivar do: what to write: an article that is kept, a file that stays skipped, or a path of a
        file to be read.
    :ivar digest: SHA-256 of the file's bytes, where it is known.
    """

    found: Found | FileReport
    do: Kept | FileReport | Path
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, in the archive's order.

    :ivar dropped: articles of the previous generation that are not kept.
    :ivar changes: None when the index is what it should be, or there was none.
    """

    steps: Sequence[Step]
    dropped: frozenset[int] = frozenset()
    changes: Changes | None = None


def plan_build(found: Iterable[Found | FileReport]) -> Plan:
    """Plan to read every file that was found."""
    return Plan([Step(item, item.path if isinstance(item, Found) else item) for item in found])


def plan_update(
    found: Sequence[Found | FileReport],
    articles: Sequence[StoredArticle],
    skipped: Sequence[FileReport],
    inventory: Inventory,
    *,
    max_bytes: int,
) -> Plan:
    """Compare the files that there are with those of the previous generation.

    :param articles: all of that generation, in the order of their numbers, from 0.
    :param skipped: what it skipped.
    """
    claims = _Claims(((one.card.path, one.card.sha256), one.id) for one in articles)
    remembered = {(item.path, item.sha256): item for item in skipped if item.sha256}
    steps = []
    for item in found:
        if isinstance(item, FileReport):
            steps.append(Step(item, item))
            continue
        digest = inventory.digest(item, max_bytes=max_bytes)
        place = str(item.path), digest or ""
        kept = claims.take(place)
        if digest is None:
            # It cannot be read, or is too large, and says so at once.
            outcome = indexable(read_article(item.path, max_bytes=max_bytes))
            steps.append(Step(item, outcome if isinstance(outcome, FileReport) else item.path))
        elif kept is not None:
            steps.append(Step(item, Kept(kept), digest))
        else:
            steps.append(Step(item, remembered.get(place, item.path), digest))
    # The same content under the same file name in another folder has moved. What is read of a file
    # depends on its bytes and its name, and on nothing else.
    waiting = [articles[n] for n in claims.left()]
    claims = _Claims(
        ((article_name(Path(one.card.path)), one.card.sha256), one.id) for one in waiting
    )
    steps = [_moved(step, claims) for step in steps]
    changes = _changes(steps, articles, skipped)
    as_it_was = [Kept(n) for n in range(len(articles))]
    same = changes == Changes() and as_it_was == [
        step.do for step in steps if not isinstance(step.do, FileReport)
    ]
    return Plan(steps, frozenset(claims.left()), None if same else changes)


def _moved(step: Step, claims: "_Claims") -> Step:
    """Keep the article of a file that is to be read, if it only lies elsewhere now."""
    if not isinstance(step.do, Path) or not step.digest:
        return step
    kept = claims.take((article_name(step.do), step.digest))
    return step if kept is None else replace(step, do=Kept(kept, str(step.do)))


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
    steps: Iterable[Step], articles: Iterable[StoredArticle], skipped: Iterable[FileReport]
) -> Changes:
    before = {one.card.path: one.card.sha256 for one in articles}
    before |= {item.path: _kind(item) for item in skipped}
    now = {
        str(step.found.path): _kind(step.do)
        if isinstance(step.do, FileReport)
        else step.digest or ""
        for step in steps
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


def _kind(skipped: FileReport) -> str:
    """Return what tells whether a skipped file is still the same."""
    return skipped.sha256 or f"{skipped.reason}: {skipped.detail}"


def check_there(
    paths: Sequence[Path], found: Sequence[Found | FileReport], articles: Iterable[StoredArticle]
) -> None:
    """Make sure that no folder has gone, or cannot be read, with all the articles it held.

    A disk that is not mounted must not empty the index.

    :raises SourcesMissing: if one has.
    """
    held = _files_under(article.card.path for article in articles)
    there = _files_under(str(item.path) for item in found if isinstance(item, Found))
    unread = (item.path for item in found if isinstance(item, FileReport))
    for place in (*map(str, paths), *unread):
        if held[place] and not there[place]:
            raise SourcesMissing(
                f"{place} held {held[place]} articles of the index and now no file of it can be "
                "found; the index is left as it was"
            )


def _files_under(files: Iterable[str]) -> Counter[str]:
    """Return how many of some files each folder above them holds; a file holds itself."""
    files = list(files)
    counts = Counter(files)
    for folder, count in Counter(map(os.path.dirname, files)).items():
        for place in (Path(folder), *Path(folder).parents):
            counts[str(place)] += count
    return counts
