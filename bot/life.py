"""The bot's life, from start to stop."""

import asyncio
import logging
import os
import resource
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field

from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.handlers.watching import Watching
from bot.memory.retention import Retention
from bot.metrics import Metrics
from bot.monitor import Monitor, Pulse, notify_systemd
from bot.showing.texts import MENUS
from bot.transport.intake import Intake
from bot.transport.polling import confirm, insist, poll
from bot.transport.updates import App
from bot.transport.webhook import Webhook
from config.settings import BotSettings

GRACE_S = 30.0
"""How long answers under way may take once the bot is told to stop."""

IN_GROUPS = frozenset(
    {
        "ask",
        "new",
        "since",
        "until",
        "source",
        "sources",
        "latest",
        "reset",
        "watch",
        "watches",
        "help",
    }
)
"""Commands in the menu of groups: those of a conversation."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """The bot's parts, put together by ``bot.app``."""

    application: App
    intake: Intake
    watching: Watching
    retention: Retention
    metrics: Metrics
    settings: BotSettings
    pulse: Pulse = field(default_factory=Pulse)


async def serve(parts: Parts) -> None:
    """Answer until SIGTERM or SIGINT; what was taken by then is still answered.

    :raises TelegramError: when the token is refused or a second instance is running.
    :raises OSError: when a port is taken.
    """
    application, stop = parts.application, asyncio.Event()
    # More answers at a time than cores would only make each of them slower.
    threads = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="answer")
    asyncio.get_running_loop().set_default_executor(threads)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await insist(application.initialize, stop)
        if stop.is_set():
            return
        await application.start()
        async with AsyncExitStack() as stack:
            await _monitor(parts, stack)
            await parts.intake.start()
            sys.stderr.write(f"@{application.bot.username} answers; Ctrl-C stops it\n")
            await register_menus(application.bot, parts.settings.admins)
            every = float(parts.settings.watch_every)
            for forever in (
                parts.watching.keep_looking(application.bot, every),
                parts.retention.keep_tidy(float(parts.settings.tidy_every)),
                notify_systemd(lambda: parts.pulse.is_alive or bool(parts.retention.state.trouble)),
            ):
                stack.callback(asyncio.create_task(forever).cancel)
            await _take(parts, stop)
    finally:
        await _end(application)
        await application.shutdown()
        await application.bot.shutdown()  # an application that never came up leaves it open


async def register_menus(bot: Bot, admins: Iterable[int]) -> None:
    """Set the menus of commands in each language; without them the bot works as well.

    There is one for private chats, one for groups, and one for each administrator.
    """
    for language, texts in MENUS.items():
        in_groups = [command for command in texts.commands if command[0] in IN_GROUPS]
        menus: list[tuple[BotCommandScope, Sequence[tuple[str, str]]]] = [
            (BotCommandScopeAllPrivateChats(), texts.commands),
            (BotCommandScopeAllGroupChats(), in_groups),
            *((BotCommandScopeChat(id_), texts.commands + texts.admin_commands) for id_ in admins),
        ]
        for scope, commands in menus:
            try:
                await bot.set_my_commands(commands, scope, language or None)
            except TelegramError as error:
                # An administrator who has not written to the bot yet is not to be found.
                level = logging.INFO if scope.type == BotCommandScope.CHAT else logging.WARNING
                place = f"{scope.type}, {language or 'all languages'}"
                logger.log(level, "the menu of commands (%s) was not set: %s", place, error)


async def _take(parts: Parts, stop: asyncio.Event) -> None:
    """Take updates until told to stop, then wait for the answers."""
    bot, intake = parts.application.bot, parts.intake
    offset = 0
    try:
        if parts.settings.mode == "webhook":
            from bot.transport.pushed import receive  # noqa: PLC0415 - needs an extra

            await receive(bot, Webhook.of(parts.settings), intake, stop, parts.pulse.beat)
        else:
            offset = await poll(bot, intake, stop, parts.pulse.beat)
    finally:
        sys.stderr.write("stopping, once what was taken is answered\n")
        await intake.stop(GRACE_S)
    if offset:
        await confirm(bot, offset)


async def _end(application: App) -> None:
    """Wait for what runs beside the handlers, such as an update of the index; not for ever."""
    if application.running:
        with suppress(TimeoutError):
            await asyncio.wait_for(application.stop(), GRACE_S)


async def _monitor(parts: Parts, stack: AsyncExitStack) -> None:
    settings = parts.settings
    if not settings.monitor_port:
        return

    def gauges() -> Mapping[str, float]:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"waiting": len(parts.intake.queue), "peak_memory_kib": peak}

    state = parts.retention.state
    monitor = Monitor(parts.metrics, parts.pulse, gauges, lambda: state.trouble)
    server = await monitor.serve(settings.monitor_listen, settings.monitor_port)
    stack.callback(server.close)
