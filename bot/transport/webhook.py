"""Where a webhook is: the settings of updates that Telegram pushes."""

import secrets
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from config.keys import SettingsError
from config.settings import BotSettings

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

    @property
    def uploaded(self) -> bytes | None:
        """The certificate of its own, for Telegram to trust."""
        return Path(self.certificate).read_bytes() if self.certificate else None

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
