"""``newsquote bot``: the command that starts the bot."""

import argparse
import asyncio
import re
from pathlib import Path

from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken

from bot.app import build_application, serve
from bot.redact import set_up_logging
from config.settings import Settings, SettingsError
from index.errors import NewsquoteError
from qa.service import open_service

TOKEN_SHAPE = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")
HOW_TO_SET = (
    "put the token that @BotFather gave you into NEWSQUOTE_BOT__TOKEN (environment or .env)"
)


class BotStopped(NewsquoteError):
    """The bot cannot go on, for a reason that the operator must see to."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``bot``."""
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Answer until stopped by a signal; 0 then.

    :raises SettingsError: when the token is missing, malformed or refused.
    :raises BotStopped: when Telegram will not let this instance go on.
    """
    token = checked_token(settings)
    set_up_logging(token, settings.log.level)
    with open_service(settings.with_flags(index={"dir": args.index})) as service:
        try:
            asyncio.run(serve(build_application(service, settings.bot)))
        except InvalidToken:
            raise SettingsError(f"Telegram does not accept the bot's token; {HOW_TO_SET}") from None
        except Conflict as error:
            raise BotStopped(
                f"stopped, because Telegram reports a second instance of this bot: {error}"
            ) from None
        except (BadRequest, Forbidden) as error:
            raise BotStopped(f"stopped, because Telegram refused a request: {error}") from None
    return 0


def checked_token(settings: Settings) -> str:
    """Return the token.

    :raises SettingsError: when there is none or it cannot be one; its value is not shown.
    """
    token = settings.bot.token.get_secret_value().strip()
    if not token:
        raise SettingsError(f"the bot has no token; {HOW_TO_SET}")
    if not TOKEN_SHAPE.fullmatch(token):
        raise SettingsError(f"bot.token is not of the form 123456:ABC...; {HOW_TO_SET}")
    return token
