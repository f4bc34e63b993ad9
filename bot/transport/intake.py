"""The one way in: every update is noted, waits its turn, is checked, and is handled once."""

import asyncio
import json
import logging
import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from telegram import Bot, Message, Update
from telegram.error import TelegramError

from bot.memory.access import TRIES_A_MINUTE, Door, Limit
from bot.memory.chats import Chats
from bot.memory.ledger import Ledger
from bot.memory.moves import Moves
from bot.memory.state import joined
from bot.metrics import Metrics
from bot.transport.addressed import is_addressed
from bot.transport.delivery import acknowledge, say
from bot.transport.fair_queue import FairQueue
from bot.transport.reading import Unreadable, as_taken, kind_in, number_of, read
from bot.transport.updates import argument_of, user_id_of

WORKERS = 64
"""Users that are served at the same time; most of that is waiting for the network."""

MOST_STRANGERS = 10_000
START = "/start"

logger = logging.getLogger(__name__)


class Gate:
    """Checks each update, of whatever kind, before anything else sees it."""

    def __init__(self, door: Door, chats: Chats, per_user: int, per_chat: int) -> None:
        """Open the gate.

        :param per_user: updates a minute of one user.
        :param per_chat: updates a minute of one chat.
        """
        self._door = door
        self._chats = chats
        self._users = Limit(per_user)
        self._crowds = Limit(per_chat)
        self._tries = Limit(TRIES_A_MINUTE)
        self._told: OrderedDict[int, None] = OrderedDict()

    async def lets_through(self, update: Update) -> bool:
        """Return whether an update is to be handled; refuse it politely if not.

        The language of its user has been recalled.
        """
        if not _is_meant(update):
            return False
        user_id, chat = user_id_of(update), update.effective_chat
        if not await self._door.admits(user_id, chat.id if chat else None):
            return await self._redeemed(update, user_id)
        if update.inline_query is not None:
            # Every letter typed is one: they have a limit of their own, in Telegram's clients.
            return True
        return await self._in_time(update, user_id, chat.id if chat else user_id)

    async def _redeemed(self, update: Update, user_id: int) -> bool:
        """Let a stranger in who brings an invitation; tell others once."""
        texts, message = self._chats.texts(update), update.message
        code = _code_in(message)
        if message is not None and code and not self._tries.wait(user_id):
            if await self._door.redeem(code, user_id):
                logger.info("user %d was let in by an invitation", user_id)
                await say(message, f"{texts.welcome}\n\n{texts.start}")
            else:
                await say(message, texts.bad_code)
        elif update.callback_query is not None:
            await acknowledge(update.callback_query, texts.stranger.format(user_id=user_id))
        elif update.inline_query is not None:
            with suppress(TelegramError):
                await update.inline_query.answer([], cache_time=0, is_personal=True)
        elif message is not None and self._is_news_to(user_id):
            logger.warning("refused user %d, who may not use the bot", user_id)
            await say(message, texts.stranger.format(user_id=user_id))
        return False

    async def _in_time(self, update: Update, user_id: int, chat_id: int) -> bool:
        """Return whether neither the user nor the chat has sent too much; say so once."""
        for limit, key in ((self._users, user_id), (self._crowds, chat_id)):
            seconds = limit.wait(key)
            if not seconds:
                continue
            said = self._chats.texts(update).too_fast.format(seconds=math.ceil(seconds))
            if update.callback_query is not None:
                await acknowledge(update.callback_query, said)
            elif update.effective_message is not None and limit.is_first_refusal(key):
                await say(update.effective_message, said)
            return False
        return True

    def _is_news_to(self, user_id: int) -> bool:
        if user_id in self._told or len(self._told) >= MOST_STRANGERS:
            return False
        self._told[user_id] = None
        return True


@dataclass(slots=True)
class Intake:
    """Takes updates from Telegram and has each handled once.

    :ivar handle: handles one update; never raises.
    :ivar kept: updates that a broken network kept from being answered; tried at the next start.
    """

    bot: Bot
    ledger: Ledger
    moves: Moves
    gate: Gate
    chats: Chats
    queue: FairQueue[Update]
    metrics: Metrics
    handle: Callable[[Update], Awaitable[None]]
    kept: set[int] = field(default_factory=set)
    _workers: list[asyncio.Task[None]] = field(default_factory=list)
    _refusals: set[asyncio.Task[None]] = field(default_factory=set)
    _busy: Limit = field(default_factory=lambda: Limit(1))

    async def start(self) -> None:
        """Begin, with what the last stop left unanswered."""
        for payload in await self.ledger.pending():
            await self._accept(payload)
        self._workers = [asyncio.create_task(self._work()) for _ in range(WORKERS)]

    async def take(self, updates: Sequence[object]) -> bool:
        """Take updates as they came; they are on record when this returns.

        Nothing happens to those that were taken before. While the state cannot be written, this
        waits.
        """
        found = [as_taken(raw) for raw in updates]
        for _ in range(found.count(None)):
            self.metrics.count("unreadable", kind="none")
            logger.warning("an update without a number was left out")
        noted = [each for each in found if each is not None]
        news = set(await self.ledger.take(noted))
        for each in noted:
            if each.update_id in news:
                await self._accept(each.payload)
        return True

    async def room(self) -> None:
        """Wait until more updates may come."""
        await self.queue.room()

    async def stop(self, seconds: float) -> None:
        """Wait for what was taken to be answered; what is not by then is at the next start."""
        try:
            await asyncio.wait_for(self.queue.empty(), seconds)
        except TimeoutError:
            logger.error("some answers were not sent within %.0f s", seconds)  # noqa: TRY400 - no trace
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    async def _accept(self, payload: str) -> None:
        """Let an update on record wait for its turn; leave it out if it cannot be read."""
        try:
            update = read(payload, self.bot)
        except Unreadable as error:
            number = number_of(json.loads(payload)) or 0
            self.metrics.count("unreadable", kind=kind_in(payload))
            logger.warning("update %d cannot be read and was left out (%s)", number, error)
            await self.ledger.begin(
                number
            )  # a newer version may read it, at one of the next starts
            return
        self.metrics.count("updates", kind=_kind_of(update))
        if (moved := _moved(update)) is not None:
            await self.moves.move(*moved)
        self._enqueue(update)

    def _enqueue(self, update: Update) -> None:
        if self.queue.put(user_id_of(update), update):
            return
        self.metrics.count("refused", reason="queue")
        task = asyncio.create_task(self._refuse(update))
        self._refusals.add(task)
        task.add_done_callback(self._refusals.discard)

    async def _refuse(self, update: Update) -> None:
        """Say, at most once a minute, that too much is waiting."""
        try:
            message = update.effective_message if update.callback_query is None else None
            told = message is None or self._busy.wait(user_id_of(update)) > 0
            if message is not None and not told:
                await self.chats.recall(_person(update))
                if await self.gate.lets_through(update):
                    count = self.queue.most_each
                    await say(message, self.chats.texts(update).too_many.format(count=count))
        except TelegramError as error:
            logger.warning("update %d was not refused: %s", update.update_id, error)
        await self.ledger.done(update.update_id)

    async def _work(self) -> None:
        while True:
            user, update = await self.queue.get()
            try:
                await self._handle(update)
            finally:
                self.queue.done(user)

    async def _handle(self, update: Update) -> None:
        await joined(self.ledger.begin(update.update_id), self.chats.recall(_person(update)))
        try:
            if await self.gate.lets_through(update):
                await self.handle(update)
            else:
                self.metrics.count("refused", reason="gate")
        except TelegramError as error:
            logger.warning("update %d was not refused: %s", update.update_id, error)
        except Exception:  # whatever fails at the gate, the update does not get past it
            logger.exception("update %d was not let through", update.update_id)
        if update.update_id in self.kept:
            self.kept.discard(update.update_id)
        else:
            await self.ledger.done(update.update_id)


def _person(update: Update) -> int:
    """Return the number of the user who chose a language; 0 where there is none."""
    return update.effective_user.id if update.effective_user else 0


def _is_meant(update: Update) -> bool:
    """Whether an update is for the bot: in a group, much is said that is not."""
    message = update.message or update.edited_message
    return message is None or is_addressed(message)


def _moved(update: Update) -> tuple[int, int] | None:
    """Return the old and the new number of a group that has become a supergroup."""
    message = update.message
    if message is not None and message.migrate_to_chat_id:
        return message.chat.id, message.migrate_to_chat_id
    if message is not None and message.migrate_from_chat_id:
        return message.migrate_from_chat_id, message.chat.id
    return None


def _code_in(message: Message | None) -> str:
    if message is None or not (message.text or "").startswith(f"{START} "):
        return ""
    return argument_of(message)


def _kind_of(update: Update) -> str:
    kinds = ("message", "edited_message", "callback_query", "inline_query")
    return next((kind for kind in kinds if getattr(update, kind) is not None), "other")
