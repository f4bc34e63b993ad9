"""``newsquote bot``: the command that starts the bot, and what an operator does beside it."""

import argparse
import asyncio
import json
import logging
import re
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken

from bot.app import build_parts, is_closed
from bot.life import serve
from bot.logs import set_up_logging
from bot.memory.state import State
from bot.transport.webhook import Webhook
from config.keys import SettingsError
from config.loading import load_settings
from config.settings import Settings
from index.building.archive import Archive
from index.errors import NewsquoteError
from index.inbox import inbox_folder
from qa.archiving import archive_of
from qa.arguments.parser import Parser, add_action
from qa.opening import open_service

TOKEN_SHAPE = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")
HOW_TO_SET = (
    "put the token that @BotFather gave you into NEWSQUOTE_BOT__TOKEN (environment or .env)"
)
HEALTH_S = 5.0

logger = logging.getLogger(__name__)


class BotStopped(NewsquoteError):
    """The bot cannot go on, for a reason that the operator must see to."""


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``bot``."""
    parser.add_argument(
        "--index", type=Path, metavar="DIR", help="folder of the index (default: index.dir)"
    )
    parser.set_defaults(action=_serve)
    actions = parser.add_subparsers(title="actions instead of answering", metavar="ACTION")
    for name, action, text in (
        ("export", _export, "print all that is kept about a user, as JSON"),
        ("forget", _forget, "erase all that is kept about a user"),
    ):
        child = add_action(actions, name, text)
        child.add_argument("user", type=int, metavar="USER", help="Telegram user id")
        child.set_defaults(action=action)
    child = add_action(actions, "health", "ask the running bot how it is; 0 = well")
    child.set_defaults(action=_health)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Carry out the action; 0 when all is well.

    :raises SettingsError: when a setting is missing, malformed or refused.
    :raises BotStopped: when Telegram will not let this instance go on.
    :raises StateUnusable: when the file of the bot's state cannot be used.
    """
    status: int = args.action(args, settings)
    return status


def _serve(args: argparse.Namespace, settings: Settings) -> int:
    """Answer until stopped by a signal."""
    token = checked_token(settings)
    settings = settings.with_flags(index={"dir": args.index})
    if settings.bot.mode == "webhook":
        Webhook.of(settings.bot)  # a slip comes out before the model is loaded
    pushing = settings.bot.webhook_token.get_secret_value()
    set_up_logging(token, settings.log.level, settings.bot.log_format, pushing)
    if not is_closed(settings.bot):
        logger.warning(
            "the bot is open: whoever finds it may ask; bot.private, bot.allowed_users or "
            "bot.allowed_groups closes it"
        )
    with open_service(settings) as service, State(settings.bot.state) as state:
        try:
            parts = build_parts(
                service,
                state,
                settings.bot,
                archive=archive_of(settings),
                archive_now=partial(_archive_now, settings, args.config),
                inbox=inbox_folder(settings.archive.paths, settings.archive.inbox),
                page=settings.serve.public_url,
            )
            asyncio.run(serve(parts))
        except InvalidToken:
            raise SettingsError(f"Telegram does not accept the bot's token; {HOW_TO_SET}") from None
        except Conflict as error:
            raise BotStopped(
                f"stopped, because Telegram reports a second instance of this bot: {error}"
            ) from None
        except (BadRequest, Forbidden) as error:
            raise BotStopped(f"stopped, because Telegram refused a request: {error}") from None
        except OSError as error:
            raise BotStopped(
                f"stopped, because a port cannot be used: {error}; "
                "see bot.monitor_port and bot.webhook_port"
            ) from error
    return 0


def _archive_now(settings: Settings, config: Path | None) -> Archive:
    """Return the archive with its paths as the settings name them now, not when the bot started.

    :raises NewsquoteError: if the settings cannot be read.
    """
    try:
        now = load_settings(config)
    except SettingsError as error:
        raise NewsquoteError(str(error)) from error
    return archive_of(settings.model_copy(update={"archive": now.archive}))


def _export(args: argparse.Namespace, settings: Settings) -> int:
    with State(settings.bot.state) as state:
        print(json.dumps(state.export(args.user), ensure_ascii=False, indent=2))  # noqa: T201 - the command line prints
    return 0


def _forget(args: argparse.Namespace, settings: Settings) -> int:
    with State(settings.bot.state) as state:
        count = state.forget(args.user)
        state.empty_log()
        print(f"{count} rows erased")  # noqa: T201 - the command line prints
    return 0


def _health(_: argparse.Namespace, settings: Settings) -> int:
    bot = settings.bot
    if not bot.monitor_port:
        raise SettingsError("bot.monitor_port is 0: set a port, so that the bot can be asked")
    url = f"http://{bot.monitor_listen}:{bot.monitor_port}/health"
    try:
        with urllib.request.urlopen(url, timeout=HEALTH_S) as response:
            print(response.read().decode().strip())  # noqa: T201 - the command line prints
    except (urllib.error.URLError, TimeoutError) as error:
        raise BotStopped(f"the bot is not well at {url}: {error}") from None
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
