"""What administrators can do in the chat: see the state, update the index, add documents, invite."""

import asyncio
import logging
import resource
import tempfile
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from telegram import Document, Message, Update
from telegram.error import TelegramError

from bot.handlers import documents
from bot.memory.access import INVITATION_DAYS, Door
from bot.memory.chats import Chats
from bot.metrics import Metrics
from bot.showing.blocks import render_text
from bot.showing.measure import one_line
from bot.showing.texts import Texts
from bot.transport.delivery import edit, persist, say
from bot.transport.updates import Context, message_of, user_id_of
from index.building.apart import Apart
from index.building.archive import Archive, refreshed
from index.building.events import Event, Listener, silent
from index.building.update import Updated
from index.errors import NewsquoteError
from qa.service import Service

PROGRESS_EVERY_S = 3.0
REASON_CHARS = 500
NAMES = 10
"""So many files of a document are named."""

KIB_PER_MB = 1024
"""Linux gives the largest resident size in KiB."""

T = TypeVar("T")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Administration:
    """Commands for administrators; others are told so.

    :ivar archive: whose index is updated.
    :ivar archive_now: returns it as the settings have it now: its paths may have changed.
    :ivar inbox: folder for documents, inside the archive.
    :ivar waiting: tells how many updates wait.
    :ivar updating: held while the index is updated.
    :ivar wanted: set when it is to be updated once more after that.
    """

    service: Service
    chats: Chats
    door: Door
    metrics: Metrics
    archive: Archive
    archive_now: Callable[[], Archive]
    inbox: Path
    waiting: Callable[[], int]
    updating: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: asyncio.Event = field(default_factory=asyncio.Event)

    async def invite(self, update: Update, context: Context) -> None:
        """Make an invitation: ``/invite``."""
        if message := await self._from_admin(update):
            code = await self.door.invite(user_id_of(update))
            link = f"https://t.me/{context.bot.username}?start={code}"
            texts = self.chats.texts(update)
            await say(message, texts.invitation.format(code=code, link=link, days=INVITATION_DAYS))

    async def status(self, update: Update, _: Context) -> None:
        """Show how the bot does: ``/status``."""
        if message := await self._from_admin(update):
            status = await asyncio.to_thread(self.service.status)
            median, p95 = self.metrics.times_ms()
            text = self.chats.texts(update).status.format(
                generation=status.generation,
                articles=status.manifest.articles,
                passages=status.manifest.passages,
                model=status.manifest.encoder.name,
                memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KIB_PER_MB,
                answers=self.metrics.answers,
                median=f"{median:.0f}",
                p95=f"{p95:.0f}",
                queue=self.waiting(),
            )
            await say(message, text)

    async def reindex(self, update: Update, context: Context) -> None:
        """Update the index: ``/reindex``; the old one answers until the new one is there."""
        if message := await self._from_admin(update):
            _ = context.application.create_task(
                self._reindex(message, self.chats.texts(update)), update=update
            )

    async def document(self, update: Update, context: Context) -> None:
        """Add a document to the archive and update the index."""
        message = message_of(update)
        if message.document is not None:
            texts = self.chats.texts(update)
            if await self._document(message, message.document, texts):
                work = self._reindex(message, texts)
                _ = context.application.create_task(work, update=update)

    async def _from_admin(self, update: Update) -> Message | None:
        """Return the message if it is an administrator's."""
        message = message_of(update)
        if self.door.is_admin(user_id_of(update)):
            return message
        await say(message, self.chats.texts(update).only_admins)
        return None

    async def _document(self, message: Message, document: Document, texts: Texts) -> bool:
        """Take a document, and show from the first moment how far that is; true: it was added."""
        name = one_line(document.file_name or "", REASON_CHARS)
        reading = texts.document_reading.format(name=name)
        said = await say(message, reading)
        try:
            found = await self._added(document, _Progress(said, reading))
        except (NewsquoteError, OSError) as error:
            reason = one_line(str(error), REASON_CHARS)
            await _show(said, texts.document_refused.format(name=name, reason=reason))
            return False
        lines = [texts.document_added.format(names=_some(found.names))]
        if found.left_out:
            lines.append(texts.document_left_out.format(reasons=_some(found.left_out, "; ")))
        await _show(said, "\n".join(lines))
        return True

    async def _added(self, document: Document, progress: "_Progress") -> documents.Added:
        """Download, check and store a document.

        :raises DocumentRefused: with the reason.
        :raises NewsquoteError: if its process died; OSError if the inbox cannot be written.
        """
        most = documents.MOST_BYTES
        if (document.file_size or 0) > most:
            raise documents.DocumentRefused(
                f"expected at most {most} bytes, found {document.file_size}"
            )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "document"
            try:
                file = await persist(document.get_file)
                await persist(lambda: file.download_to_drive(path))
            except TelegramError as error:
                raise documents.DocumentRefused(f"it could not be downloaded: {error}") from error
            reading = self.archive.options.reading
            sent = documents.Document(path, document.file_name or "", self.inbox, reading)
            return await progress.during(_apart(partial(documents.added, sent), progress))

    async def _reindex(self, message: Message, texts: Texts) -> None:
        if self.updating.locked():
            self.wanted.set()
            await say(message, texts.already_indexing)
            return
        async with self.updating:
            said = await say(message, texts.indexing.format(seconds=0))
            self.wanted.set()
            while self.wanted.is_set():  # what came meanwhile may be too late for the update before
                self.wanted.clear()
                await self._update(said, texts)

    async def _update(self, said: Message, texts: Texts) -> None:
        began = time.monotonic()
        running = asyncio.create_task(self._refreshed())
        while not (await asyncio.wait({running}, timeout=PROGRESS_EVERY_S))[0]:
            await _show(said, texts.indexing.format(seconds=round(time.monotonic() - began)))
        try:
            await _show(said, _summary(running.result(), texts))
        except (NewsquoteError, OSError) as error:
            logger.warning("the index was not updated: %s", error)
            await _show(said, texts.not_indexed.format(reason=one_line(str(error), REASON_CHARS)))

    async def _refreshed(self) -> Updated:
        """Refresh the archive, wherever the settings say now that it is."""
        archive = await asyncio.to_thread(self.archive_now)
        return await _apart(partial(refreshed, archive))


@dataclass(slots=True)
class _Progress:
    """Shows in a message how far a process is. As a ``Listener``, it is told so.

    :ivar sentence: what stands before it.
    """

    said: Message
    sentence: str
    latest: str = ""

    def __call__(self, event: Event) -> None:
        self.latest = str(event)

    async def during(self, work: Coroutine[Any, Any, T]) -> T:
        """Show it every few seconds until the work is done; return its result."""
        running, shown = asyncio.create_task(work), ""
        while not (await asyncio.wait({running}, timeout=PROGRESS_EVERY_S))[0]:
            if self.latest != shown:
                shown = self.latest
                await _show(self.said, f"{self.sentence} {shown}")
        return running.result()


async def _show(said: Message, text: str) -> None:
    """Let a message of the bot say something else."""
    await edit(said.get_bot(), said.chat_id, said.message_id, render_text(text), None)


def _some(names: Sequence[str], between: str = ", ") -> str:
    """Return names on one line, the first of many."""
    rest = f" … (+{len(names) - NAMES})" if len(names) > NAMES else ""
    return one_line(between.join(names[:NAMES]), REASON_CHARS) + rest


async def _apart(call: Callable[[Listener], T], say: Listener = silent) -> T:
    """Run a call in a process of its own, which ends when this task is cancelled."""
    running = Apart(call)
    waiting = ThreadPoolExecutor(1, "apart")  # those of the loop are for answers
    try:
        return await asyncio.get_running_loop().run_in_executor(waiting, running.result, say)
    except asyncio.CancelledError:
        running.kill()
        raise
    finally:
        waiting.shutdown(wait=False)


def _summary(updated: Updated, texts: Texts) -> str:
    """Return what an update has done, in the sentences of a language."""
    if updated.changes is None and not updated.anew:
        return texts.unchanged
    manifest = updated.manifest
    indexed = texts.indexed.format(
        articles=manifest.articles,
        passages=manifest.passages,
        skipped=sum(manifest.skipped.values()),
    )
    if not updated.before:
        return indexed
    before, paths = ", ".join(updated.before), ", ".join(manifest.paths)
    return f"{texts.followed.format(before=before, paths=paths)}\n\n{indexed}"
