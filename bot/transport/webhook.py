"""Updates that Telegram pushes: a webhook, by python-telegram-bot's extra of that name."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import TelegramError
from telegram.ext import Updater

from bot.transport.intake import Intake
from bot.transport.polling import ALLOWED_UPDATES, insist
from config.keys import SettingsError
from config.settings import BotSettings

ASKED_EVERY_S = 60.0
"""How often Telegram is asked whether it can be reached, since nobody polls it."""

PORTS = (None, 80, 88, 443, 8443)
"""Ports that Telegram pushes to. https://core.telegram.org/bots/api#setwebhook"""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where and how updates are received."""

    url: str
    listen: str
    port: int
    secret: str
    certificate: str
    key: str

    @classmethod
    def of(cls, settings: BotSettings) -> "Webhook":
        """Read the settings.

        :raises SettingsError: if the address is not one that Telegram pushes to, or a file or the
            extra is missing.
        """
        if find_spec("tornado") is None:
            raise SettingsError(
                "bot.mode: a webhook needs an extra, pip install 'newsquote[webhook]'"
            )
        parts = urlsplit(settings.webhook_url)
        if parts.scheme != "https" or not parts.hostname or parts.port not in PORTS:
            raise SettingsError(
                "bot.webhook_url: expected https://... on port 443, 80, 88 or 8443, "
                f"found {settings.webhook_url!r}"
            )
        for name in ("webhook_certificate", "webhook_key"):
            path = getattr(settings, name)
            if path and not Path(path).is_file():
                raise SettingsError(f"bot.{name}: there is no file {path}")
        return cls(
            url=settings.webhook_url,
            listen=settings.webhook_listen,
            port=settings.webhook_port,
            secret=settings.webhook_token.get_secret_value() or secrets.token_urlsafe(32),
            certificate=settings.webhook_certificate,
            key=settings.webhook_key,
        )


async def receive(
    bot: Bot,
    webhook: Webhook,
    intake: Intake,
    stop: asyncio.Event,
    reached: Callable[[], None] = lambda: None,
) -> None:
    """Take each update that is pushed, until told to stop; Telegram then keeps the next ones.

    An update is on record before Telegram is told that it has arrived.

    :param reached: told whenever Telegram has answered.
    :raises TelegramError: when trying again cannot mend it.
    """
    queue = cast("asyncio.Queue[object]", intake)  # of a queue, only ``put`` is used
    updater = Updater(bot, queue)
    # Not ``shutdown`` in the end: that would close the bot while answers are under way.
    await updater.initialize()
    await insist(
        lambda: updater.start_webhook(
            listen=webhook.listen,
            port=webhook.port,
            url_path=urlsplit(webhook.url).path,
            cert=webhook.certificate or None,
            key=webhook.key or None,
            webhook_url=webhook.url,
            secret_token=webhook.secret,
            allowed_updates=list(ALLOWED_UPDATES),
        ),
        stop,
    )
    while not stop.is_set():
        with suppress(TelegramError):
            await bot.get_me()
            reached()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), ASKED_EVERY_S)
    if updater.running:
        await updater.stop()
