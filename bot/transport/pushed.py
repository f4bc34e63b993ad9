"""Updates that Telegram pushes: the HTTP side of a webhook, on Tornado.

python-telegram-bot brings one, but it answers 400 to an update that it cannot read, which Telegram then
pushes again and again before all others, and it writes that update into its log.
"""

import asyncio
import hmac
import json
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from types import TracebackType
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import TelegramError
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from bot.transport.polling import ALLOWED_UPDATES, Taker, insist, unless_stopped
from bot.transport.webhook import Webhook

MOST_BYTES = 8_000_000
"""No update is nearly as long."""

ASKED_EVERY_S = 60.0
"""How often Telegram is asked whether it can be reached, since nobody polls it."""


async def receive(
    bot: Bot,
    webhook: Webhook,
    taker: Taker,
    stop: asyncio.Event,
    reached: Callable[[], None] = lambda: None,
) -> None:
    """Take each update that is pushed, until told to stop; Telegram then keeps the next ones.

    An update is on record before Telegram is told that it has arrived.

    :param reached: told whenever Telegram has answered.
    :raises TelegramError: when trying again cannot mend it.
    :raises OSError: when the port is taken, or certificate and key do not belong together.
    """
    async with _listening(webhook, taker, stop):
        await insist(
            lambda: bot.set_webhook(
                webhook.url,
                certificate=webhook.uploaded,
                allowed_updates=list(ALLOWED_UPDATES),
                secret_token=webhook.secret,
            ),
            stop,
        )
        while not stop.is_set():
            with suppress(TelegramError):
                await bot.get_me()
                reached()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), ASKED_EVERY_S)


@asynccontextmanager
async def _listening(webhook: Webhook, taker: Taker, stop: asyncio.Event) -> AsyncIterator[None]:
    """Take what is pushed while the block runs."""
    parts = {"taker": taker, "secret": webhook.secret, "stop": stop}
    path = urlsplit(webhook.url).path or "/"
    context = None
    if webhook.certificate and webhook.key:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(webhook.certificate, webhook.key)
    application = Application([(re.escape(path), _Updates, parts)], log_function=lambda _: None)
    server = HTTPServer(application, ssl_options=context, max_body_size=MOST_BYTES)
    server.listen(webhook.port, webhook.listen)
    try:
        yield
    finally:
        server.stop()
        await server.close_all_connections()


class _Updates(RequestHandler):
    """Takes one update a request, from who knows the secret."""

    SUPPORTED_METHODS = ("POST",)

    def initialize(self, taker: Taker, secret: str, stop: asyncio.Event) -> None:
        """Receive what all requests share."""
        self._taker, self._secret, self._stop = taker, secret, stop

    async def post(self) -> None:
        """Take an update; what is none is as good as taken, or it would come again."""
        given = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise HTTPError(HTTPStatus.FORBIDDEN)
        try:
            update = json.loads(self.request.body)
        except (ValueError, RecursionError):
            update = None
        await unless_stopped(self._taker.room(), self._stop)
        if not await unless_stopped(self._taker.take([update]), self._stop):
            self.set_status(HTTPStatus.SERVICE_UNAVAILABLE)  # Telegram pushes it again

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Say nothing of who is refused; all else is logged with its trace."""
        if not isinstance(value, HTTPError):
            super().log_exception(typ, value, tb)
