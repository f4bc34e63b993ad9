"""What administrators can do in the chat: see the state, update the index, add documents, invite."""

import asyncio
import logging
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from telegram import Document, Message, Update
from telegram.error import TelegramError

from bot.handlers.documents import MOST_BYTES, DocumentRefused, check_readable, store, unpack
from bot.memory.access import INVITATION_DAYS, Door
from bot.memory.chats import Chats
from bot.metrics import Metrics
from bot.showing.blocks import render_text
from bot.showing.measure import one_line
from bot.showing.texts import Texts
from bot.transport.delivery import edit, persist, say
from bot.transport.updates import Context, message_of, user_id_of
from index.building.apart import Apart, ProcessDied
from index.building.archive import Archive, refreshed
from index.building.events import Listener, silent
from index.building.update import Updated
from index.errors import NewsquoteError
from qa.service import Service

PROGRESS_EVERY_S = 3.0
REASON_CHARS = 500
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

    async def invite(self, update: Update, context: Context) -> None:
        """Make an invitation: ``/invite``."""
        if message := await self._from_admin(update):
            code = self.door.invite(user_id_of(update))
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
            context.application.create_task(
                self._reindex(message, self.chats.texts(update)), update=update
            )

    async def document(self, update: Update, context: Context) -> None:
        """Add a document to the archive and update the index."""
        message = message_of(update)
        texts, document = self.chats.texts(update), message.document
        if document is None or not self.door.is_admin(user_id_of(update)):
            await say(message, texts.only_text)
            return
        name = document.file_name or ""
        try:
            names = await self._added(document, name)
        except DocumentRefused as error:
            reason = one_line(str(error), REASON_CHARS)
            shown = one_line(name, REASON_CHARS)
            await say(message, texts.document_refused.format(name=shown, reason=reason))
            return
        shown = one_line(", ".join(names), REASON_CHARS)
        await say(message, texts.document_added.format(names=shown))
        context.application.create_task(self._reindex(message, texts), update=update)

    async def _from_admin(self, update: Update) -> Message | None:
        """Return the message if it is an administrator's."""
        message = message_of(update)
        if self.door.is_admin(user_id_of(update)):
            return message
        await say(message, self.chats.texts(update).only_admins)
        return None

    async def _added(self, document: Document, name: str) -> list[str]:
        """Download, check and store a document; return the names of its files.

        :raises DocumentRefused: with the reason.
        """
        if (document.file_size or 0) > MOST_BYTES:
            raise DocumentRefused(
                f"expected at most {MOST_BYTES} bytes, found {document.file_size}"
            )
        try:
            file = await persist(document.get_file)
            content = bytes(await persist(file.download_as_bytearray))
        except TelegramError as error:
            raise DocumentRefused(f"it could not be downloaded: {error}") from error
        files = await asyncio.to_thread(unpack, name, content)
        with tempfile.TemporaryDirectory() as folder:
            await asyncio.to_thread(store, Path(folder), files)
            reading = self.archive.options.reading
            try:
                await _apart(partial(check_readable, Path(folder), reading))
            except ProcessDied as error:
                raise DocumentRefused(str(error)) from error
        return await asyncio.to_thread(store, self.inbox, files)

    async def _reindex(self, message: Message, texts: Texts) -> None:
        if self.updating.locked():
            await say(message, texts.already_indexing)
            return
        async with self.updating:
            began = time.monotonic()
            said = await say(message, texts.indexing.format(seconds=0))

            async def show(text: str) -> None:
                html = render_text(text)
                await edit(message.get_bot(), said.chat_id, said.message_id, html, None)

            running = asyncio.create_task(self._refreshed())
            while not (await asyncio.wait({running}, timeout=PROGRESS_EVERY_S))[0]:
                await show(texts.indexing.format(seconds=round(time.monotonic() - began)))
            try:
                await show(_summary(running.result(), texts))
            except (NewsquoteError, OSError) as error:
                logger.warning("the index was not updated: %s", error)
                await show(texts.not_indexed.format(reason=one_line(str(error), REASON_CHARS)))

    async def _refreshed(self) -> Updated:
        """Refresh the archive, wherever the settings say now that it is."""
        archive = await asyncio.to_thread(self.archive_now)
        return await _apart(partial(refreshed, archive))


async def _apart(call: Callable[[Listener], T]) -> T:
    """Run a call in a process of its own, which ends when this task is cancelled."""
    running = Apart(call)
    try:
        return await asyncio.to_thread(running.result, silent)
    except asyncio.CancelledError:
        running.kill()
        raise


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
