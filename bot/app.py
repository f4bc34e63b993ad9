"""The bot on one page: its parts, and its handlers in their order."""

from collections.abc import Callable
from pathlib import Path

from telegram import LinkPreviewOptions
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    Defaults,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.handlers.administration import Administration
from bot.handlers.answering import Answering
from bot.handlers.failures import Failures
from bot.handlers.finding import (
    SOURCE_BUTTONS,
    SOURCES_BUTTONS,
    SUGGESTED_BUTTONS,
    Finding,
)
from bot.handlers.inline import Inline
from bot.handlers.privacy import FORGET_BUTTON, Privacy
from bot.handlers.talk import Talk
from bot.handlers.watching import Watching
from bot.life import Parts
from bot.memory.access import Door
from bot.memory.answers import Answers
from bot.memory.chats import Chats
from bot.memory.ledger import Ledger
from bot.memory.moves import Moves
from bot.memory.retention import Retention
from bot.memory.state import State
from bot.memory.watches import Watches
from bot.metrics import Metrics
from bot.showing.keyboards import ANSWER_BUTTONS, LANGUAGE_BUTTONS, WATCH_BUTTONS
from bot.transport.addressed import Addressed
from bot.transport.albums import Albums
from bot.transport.fair_queue import FairQueue
from bot.transport.intake import Gate, Intake
from bot.transport.limiter import ChatRateLimiter
from bot.transport.rich import Screens
from bot.transport.server import TIMEOUT_S, Requests
from bot.transport.updates import App
from config.settings import BotSettings
from index.building.archive import Archive
from qa.service import Service

CONNECTIONS = 128

NEW = filters.UpdateType.MESSAGE
EDITED = filters.UpdateType.EDITED_MESSAGE
PRIVATE = NEW & filters.ChatType.PRIVATE
IN_WORDS = (filters.TEXT | filters.CAPTION) & ~filters.COMMAND
ADDRESSED = Addressed()
ANYWHERE = NEW & ADDRESSED


def build_parts(
    service: Service,
    state: State,
    settings: BotSettings,
    *,
    archive: Archive,
    archive_now: Callable[[], Archive],
    inbox: Path,
    page: str = "",
) -> Parts:
    """Return the bot, ready to be served.

    :param archive: whose index administrators may update.
    :param archive_now: returns it as the settings have it now.
    :param page: address of the page that "open article" leads to; empty = there is none.
    :param inbox: folder for documents that administrators send.
    """
    application = _application(settings)
    metrics, chats, door = Metrics(), Chats(state), _door(state, settings)
    ledger, answers, albums = Ledger(state), Answers(state), Albums()
    failures = Failures(chats, metrics)
    queue_ends = settings.queue, settings.queue_per_user
    intake = Intake(
        bot=application.bot,
        ledger=ledger,
        moves=Moves(state),
        gate=Gate(door, chats, settings.user_per_minute, settings.chat_per_minute),
        chats=chats,
        queue=FairQueue(*queue_ends),
        metrics=metrics,
        handle=application.process_update,
        kept=failures.undelivered,
    )
    screens = Screens(rich=settings.rich_messages)
    watching = Watching(
        service=service,
        chats=chats,
        watches=Watches(state),
        door=door,
        metrics=metrics,
        screens=screens,
        most=settings.watches_per_user,
        hour=settings.digest_hour,
    )
    finding = Finding(service, chats, settings.examples)
    _add_handlers(
        application,
        Talk(chats, albums),
        finding,
        Answering(
            service,
            chats,
            answers,
            settings.quotes,
            metrics.answered,
            finding.suggested,
            screens,
            albums,
            public_url=page,
        ),
        watching,
        Inline(service, chats),
        Privacy(state, chats),
        Administration(
            service=service,
            chats=chats,
            door=door,
            metrics=metrics,
            archive=archive,
            archive_now=archive_now,
            inbox=inbox,
            waiting=lambda: len(intake.queue),
        ),
    )
    application.add_error_handler(failures.failed)
    retention = Retention(state, (ledger, answers, door))
    return Parts(application, intake, watching, retention, metrics, settings)


def _add_handlers(
    application: App,
    talk: Talk,
    finding: Finding,
    answering: Answering,
    watching: Watching,
    inline: Inline,
    privacy: Privacy,
    administration: Administration,
) -> None:
    """Add the handlers: of those that fit an update, the first one gets it."""
    of_admins = PRIVATE & filters.User(list(administration.door.admins))
    of_a_conversation = {
        "start": finding.start,
        "help": talk.help,
        "new": talk.new,
        "since": talk.since,
        "until": talk.until,
        "source": finding.source,
        "sources": finding.sources,
        "latest": finding.latest,
        "watch": watching.watch,
        "watches": watching.list,
        "reset": talk.reset,
    }
    of_a_person = {
        "language": talk.language,
        "forget": privacy.ask,
        "invite": administration.invite,
        "status": administration.status,
        "reindex": administration.reindex,
    }
    application.add_handlers(
        [
            InlineQueryHandler(inline.query),
            CallbackQueryHandler(answering.pressed, pattern=ANSWER_BUTTONS),
            CallbackQueryHandler(talk.language_chosen, pattern=LANGUAGE_BUTTONS),
            CallbackQueryHandler(finding.source_chosen, pattern=SOURCE_BUTTONS),
            CallbackQueryHandler(finding.sources_turned, pattern=SOURCES_BUTTONS),
            CallbackQueryHandler(answering.suggested, pattern=SUGGESTED_BUTTONS),
            ChatMemberHandler(finding.joined, ChatMemberHandler.MY_CHAT_MEMBER),
            CallbackQueryHandler(watching.pressed, pattern=WATCH_BUTTONS),
            CallbackQueryHandler(privacy.forget, pattern=FORGET_BUTTON),
            CallbackQueryHandler(talk.unknown_button),
            *(CommandHandler(name, do, ANYWHERE) for name, do in of_a_conversation.items()),
            *(CommandHandler(name, do, PRIVATE) for name, do in of_a_person.items()),
            CommandHandler(of_a_person.keys(), talk.only_private, ANYWHERE),
            CommandHandler("ask", answering.question, filters=NEW),
            CommandHandler("ask", answering.edited, filters=EDITED),
            MessageHandler(PRIVATE & filters.COMMAND, talk.unknown_command),
            MessageHandler(of_admins & filters.Document.ALL, administration.document),
            MessageHandler(NEW & ADDRESSED & IN_WORDS, answering.question),
            MessageHandler(EDITED & ADDRESSED & IN_WORDS, answering.edited),
            MessageHandler(PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL, talk.only_text),
        ]
    )


def _application(settings: BotSettings) -> App:
    url = settings.api_url.rstrip("/")

    def requests(connections: int) -> Requests:
        return Requests(
            connections,
            connect_timeout=TIMEOUT_S,
            read_timeout=TIMEOUT_S,
            write_timeout=TIMEOUT_S,
            pool_timeout=TIMEOUT_S,
        )

    return (
        Application.builder()
        .token(settings.token.get_secret_value())
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .updater(None)
        .rate_limiter(ChatRateLimiter())
        .request(requests(CONNECTIONS))
        .get_updates_request(requests(1))
        .defaults(
            Defaults(
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                allow_sending_without_reply=True,
            )
        )
        .build()
    )


def is_closed(settings: BotSettings) -> bool:
    """Return whether only those may use the bot who are named or invited."""
    return settings.private or bool(settings.allowed_users or settings.allowed_groups)


def _door(state: State, settings: BotSettings) -> Door:
    return Door(
        state=state,
        closed=is_closed(settings),
        users=frozenset(settings.allowed_users),
        groups=frozenset(settings.allowed_groups),
        admins=frozenset(settings.admins),
    )
