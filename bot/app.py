"""The bot on one page: its handlers in their order, and its life from start to stop."""

import asyncio
import logging
import signal
import sys

from telegram import Bot, LinkPreviewOptions, Update
from telegram.error import TelegramError
from telegram.ext import (
    AIORateLimiter,
    Application,
    CommandHandler,
    Defaults,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.addressed import Addressed
from bot.handlers import App, Handlers
from bot.polling import confirm, insist, poll
from bot.texts import MENUS
from config.settings import BotSettings
from qa.service import Service

CONCURRENT_UPDATES = 64
RETRIES_AFTER_429 = 5
TIMEOUT_S = 20.0
GRACE_S = 30.0
"""How long answers under way may take once the bot is told to stop."""

GATE = -1
NEW = filters.UpdateType.MESSAGE
PRIVATE = NEW & filters.ChatType.PRIVATE
ADDRESSED = NEW & Addressed()

logger = logging.getLogger(__name__)


def build_application(service: Service, settings: BotSettings) -> App:
    """Return the bot, ready to be served."""
    url = settings.api_url.rstrip("/")
    application = (
        Application.builder()
        .token(settings.token.get_secret_value())
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .updater(None)
        .rate_limiter(AIORateLimiter(max_retries=RETRIES_AFTER_429))
        .concurrent_updates(CONCURRENT_UPDATES)
        .connect_timeout(TIMEOUT_S)
        .read_timeout(TIMEOUT_S)
        .write_timeout(TIMEOUT_S)
        .pool_timeout(TIMEOUT_S)
        .defaults(
            Defaults(
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                allow_sending_without_reply=True,
            )
        )
        .build()
    )
    handlers = Handlers(service, settings.quotes, frozenset(settings.allowed_users))
    application.add_handler(TypeHandler(Update, handlers.gate), group=GATE)
    application.add_handlers(
        [
            CommandHandler("start", handlers.start, filters=PRIVATE),
            CommandHandler("help", handlers.help, filters=PRIVATE),
            CommandHandler("new", handlers.new, filters=PRIVATE),
            CommandHandler("ask", handlers.question, filters=NEW),
            MessageHandler(PRIVATE & filters.COMMAND, handlers.unknown_command),
            MessageHandler(ADDRESSED & filters.TEXT & ~filters.COMMAND, handlers.question),
            MessageHandler(PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL, handlers.only_text),
        ]
    )
    application.add_error_handler(handlers.failed)
    return application


async def serve(application: App) -> None:
    """Answer until SIGTERM or SIGINT; what was taken by then is still answered.

    :raises TelegramError: when the token is refused or a second instance is running.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await insist(application.initialize, stop)
        if stop.is_set():
            return
        await application.start()
        sys.stderr.write(f"@{application.bot.username} answers; Ctrl-C stops it\n")
        await register_menus(application.bot)
        try:
            offset = await poll(application.bot, application.update_queue, stop)
        finally:
            await _finish(application)
        await confirm(application.bot, offset)
    finally:
        await application.shutdown()
        await application.bot.shutdown()  # an application that never came up leaves it open


async def register_menus(bot: Bot) -> None:
    """Set the menu of commands in each language; without it the bot works as well."""
    for language, texts in MENUS.items():
        try:
            await bot.set_my_commands(texts.commands, language_code=language or None)
        except TelegramError as error:
            logger.warning("the menu of commands (%s) was not set: %s", language or "all", error)


async def _finish(application: App) -> None:
    try:
        await asyncio.wait_for(application.stop(), GRACE_S)
    except TimeoutError:
        logger.error("some answers were not sent within %.0f s", GRACE_S)  # noqa: TRY400 - no trace
