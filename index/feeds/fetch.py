"""The one-page story of a fetch: ask, read, save what is new, then remember.

Each feed is downloaded and read in a process of its own. It has a time to live that the kernel
enforces, so that neither a server that drips, nor a name that does not resolve, nor HTML made to
be slow can hold up the others. The files and the memory are written here, one feed after another.
"""

import hashlib
import multiprocessing
import signal
import sqlite3
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from index import inbox
from index.errors import FeedError, InboxError
from index.feeds.article_file import article_file, file_name
from index.feeds.download import Download, Limits, Resolver, Validators, download, resolve, shown
from index.feeds.identity import page_of
from index.feeds.parse import Entry, Feed, read_feed
from index.feeds.state import FILE, FeedState, Saved
from index.text.whitespace import clean

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_AT_ONCE = 4
"""Feeds that are asked at the same time: they mostly wait."""

_PRELOADED = ["index.feeds.parse", "index.feeds.download"]


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one feed.

    :ivar feed: its address, fit to be shown.
    :ivar new: entries saved for the first time.
    :ivar updated: entries whose file was rewritten.
    :ivar known: entries that were there already, as they are.
    :ivar unchanged: the server says that nothing has changed.
    :ivar remarks: what the operator should know, one sentence each.
    :ivar waits_until: seconds since the epoch; the feed was not asked, as its server wished.
    :ivar failed: why it could not be fetched, or None.
    """

    feed: str
    new: int = 0
    updated: int = 0
    known: int = 0
    skipped: int = 0
    unchanged: bool = False
    moved_to: str | None = None
    remarks: tuple[str, ...] = ()
    waits_until: float | None = None
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a feed's process hands back.

    :ivar feed: None when nothing has changed.
    """

    download: Download
    feed: Feed | None


Outcome: TypeAlias = Fetched | FeedError


@dataclass(frozen=True, slots=True)
class _Running:
    """A feed's process."""

    process: BaseProcess
    receiver: "Connection[Outcome, Outcome]"


def fetch(
    feeds: Sequence[str], folder: Path, limits: Limits, *, resolver: Resolver = resolve
) -> Generator[Report, None, None]:
    """Fetch feeds and save their new entries, yielding a report of each feed in their order.

    :param folder: the inbox.
    :raises InboxError: if nothing can be saved there; what was saved before stays.
    """
    ahead: deque[tuple[str, _Running | float]] = deque()
    with _explained(folder), FeedState(folder) as state:
        try:
            for url in dict.fromkeys(feeds):
                retry_at = state.retry_at(url)
                if retry_at > time.time():
                    ahead.append((url, retry_at))
                else:
                    work = partial(_fetched, url, state.validators(url), limits, resolver)
                    ahead.append((url, _start(work, limits.seconds)))
                if len(ahead) == _AT_ONCE:
                    yield _settled(state, folder, *ahead.popleft(), limits)
            while ahead:
                yield _settled(state, folder, *ahead.popleft(), limits)
        finally:
            for _, running in ahead:
                if isinstance(running, _Running):
                    running.process.kill()
                    running.process.join()
                    running.receiver.close()


def _settled(
    state: FeedState, folder: Path, url: str, running: _Running | float, limits: Limits
) -> Report:
    """Save what a feed brought, and remember it afterwards."""
    if not isinstance(running, _Running):
        return Report(shown(url), waits_until=running)
    outcome = _outcome(running, limits.seconds)
    if isinstance(outcome, FeedError):
        if outcome.retry_at is not None:
            state.postpone(url, outcome.retry_at)
        return Report(shown(url), failed=str(outcome))
    found = outcome.download
    report = Report(
        shown(url),
        unchanged=outcome.feed is None,
        moved_to=shown(found.moved_to) if found.moved_to else None,
    )
    if outcome.feed is None:
        return report
    report = _saved(state, folder, url, outcome.feed, report)
    # Of a broken feed something may be missing: the next fetch asks for all of it again.
    state.fetched(url, Validators() if outcome.feed.broken else found.validators)
    return report


def _saved(state: FeedState, folder: Path, url: str, feed: Feed, report: Report) -> Report:
    counts: Counter[str] = Counter()
    remarks = [f"its XML is broken, read as far as possible: {feed.broken}"] if feed.broken else []
    if feed.repeated:
        remarks.append(f"entries that it has more than once, word for word: {feed.repeated}")
    pages = [page_of(entry.url, feed.link) for entry in feed.entries]
    held = Counter(pages)
    there = frozenset(key for entry in feed.entries for key in entry.keys)
    for entry, linked in zip(feed.entries, pages, strict=True):
        if entry.body:
            content = article_file(entry).encode()
            page = linked if held[linked] == 1 else None
            key = url, _known_key(state, url, entry, page, there, content)
            outcome, remark = _save(state, folder, key, file_name(entry), content, page)
            found = (*entry.remarks, *remark) if outcome != "known" else remark
        else:
            outcome, found = "skipped", ("neither content nor summary; skipped",)
        counts[outcome] += 1
        remarks += [f"entry {entry.name[:80]!r}: {text}" for text in found]
    return replace(
        report,
        new=counts["new"],
        updated=counts["updated"],
        known=counts["known"],
        skipped=counts["skipped"],
        remarks=tuple(remarks),
    )


def _known_key(
    state: FeedState,
    url: str,
    entry: Entry,
    page: str | None,
    there: Collection[str],
    content: bytes,
) -> str:
    """Return the key by which an entry is known, or is to be known.

    What was saved under another key and is the same entry is known by this one afterwards: an entry
    that shares its id with others now, and one whose id has changed while its link has not.

    :param page: what its link names; None when others of the feed have the same, or it names none.
    :param there: the keys of all entries that the feed has now.
    """
    level = entry.keys.index(entry.key)
    narrowed = [n for n, key in enumerate(entry.keys, 1) if state.is_narrowed(url, key)]
    level = min(max(level, *narrowed, 0), len(entry.keys) - 1)
    key = entry.keys[level]
    if state.saved(url, key) is not None:
        return key
    digest = hashlib.sha256(content).hexdigest()
    for wider in entry.keys[:level]:
        before = state.saved(url, wider)
        if before is not None and before.sha256 == digest:
            state.rename(url, wider, key)
            return key
    of_page = state.of_page(url, page) if page else []
    if len(of_page) == 1 and of_page[0] not in there:
        state.rename(url, of_page[0], key)
    return key


def _save(
    state: FeedState,
    folder: Path,
    key: tuple[str, str],
    name: str,
    content: bytes,
    page: str | None,
) -> tuple[str, tuple[str, ...]]:
    """Save an entry if it is new or changed; return which, and what there is to remark."""
    digest = hashlib.sha256(content).hexdigest()
    before = state.saved(*key)
    if before is not None and before.sha256 == digest:
        if before.page != page:
            state.save(*key, replace(before, page=page))
        return "known", ()
    if before is None:
        state.save(*key, Saved(inbox.save_new(folder, name, content), digest, page))
        return "new", ()
    lies_there = _digest(folder / before.file)
    if lies_there not in (before.sha256, digest):
        what = "edited" if lies_there else "moved or removed"
        return "known", (f"it has changed, but {before.file} was {what} here; left as it is",)
    file = before.file
    if state.is_shared(key[0], file):
        # No feed may rewrite what another one brought.
        file = inbox.save_new(folder, name, content)
    elif lies_there != digest:
        inbox.replace(folder / file, content)
    state.save(*key, Saved(file, digest, page))
    return "updated", ()


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


def _start(work: Callable[[], Fetched], seconds: float) -> _Running:
    """Start a process that downloads and reads a feed, and cannot outlive its time."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_live, args=(sender, work, seconds), daemon=True)
    process.start()
    sender.close()
    return _Running(process, receiver)


def _live(
    sender: "Connection[Outcome, Outcome]", work: Callable[[], Fetched], seconds: float
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without a word
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    outcome: Outcome
    try:
        outcome = work()
    except FeedError as error:
        outcome = error
    except Exception as error:  # noqa: BLE001 - parsers of feeds raise all kinds of things
        outcome = FeedError(f"it cannot be read: {clean(f'{type(error).__name__}: {error}')}")
    signal.setitimer(signal.ITIMER_REAL, 0)  # it may have to wait until its turn comes
    sender.send(outcome)


def _outcome(running: _Running, seconds: float) -> Outcome:
    """Wait for what a feed's process hands back."""
    try:
        return running.receiver.recv()
    except EOFError:
        pass  # it ended without a word
    finally:
        running.receiver.close()
        running.process.join()
    if running.process.exitcode == -signal.SIGALRM:
        return FeedError(f"not done within fetch.timeout, which is {seconds:g} s")
    return FeedError(f"the process that read it died with status {running.process.exitcode}")


def _fetched(url: str, validators: Validators, limits: Limits, resolver: Resolver) -> Fetched:
    found = download(url, validators, limits, resolver=resolver)
    if found.body is None:
        return Fetched(found, None)
    feed = read_feed(found.body, found.url, charset=found.charset, content_type=found.content_type)
    return Fetched(replace(found, body=b""), feed)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise InboxError(
            f"cannot use {folder / FILE}: {error}. It remembers what was saved; without it (move "
            "it away) all that the feeds hold is taken for new"
        ) from error
    except OSError as error:
        raise InboxError(f"cannot save articles in {folder}: {error.strerror or error}") from error
