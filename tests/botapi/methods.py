"""The methods that the server knows, each with the parameters that it takes.

An unknown method is refused as Telegram refuses it. Telegram ignores an unknown parameter; here it
is refused as well, since it is a slip in a bot.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.botapi import limits
from tests.botapi.errors import bad_request
from tests.botapi.inline import check_inline_answer
from tests.botapi.keyboards import inline_keyboard
from tests.botapi.markup import units
from tests.botapi.params import Params, text_in
from tests.botapi.rich import rich_message
from tests.botapi.world import BOT, Sent, World, member

SECRET = re.compile(r"[A-Za-z0-9_-]*")
LANGUAGE_CODE = re.compile(r"(?:[a-z]{2})?")
COMMAND_NAME = re.compile(r"[a-z0-9_]+")
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


Answer = Callable[[World, Params], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its parameters and what it does."""

    parameters: frozenset[str]
    answer: Answer

    def __call__(self, world: World, values: Mapping[str, str]) -> Any:  # any JSON
        """Check the parameters and answer.

        :raises ApiError: when Telegram, or this server, refuses.
        """
        unknown = sorted(values.keys() - self.parameters)
        if unknown:
            raise bad_request(f"unknown parameters {unknown} (Telegram would ignore them)")
        return self.answer(world, Params(values))


def get_me(world: World, params: Params) -> dict[str, Any]:  # noqa: ARG001 - one shape for all
    """https://core.telegram.org/bots/api#getme."""
    return BOT


def get_updates(world: World, params: Params) -> list[dict[str, Any]]:
    """https://core.telegram.org/bots/api#getupdates."""
    return world.fetch(
        offset=params.integer("offset", 0, -(2**31), 2**31 - 1),
        limit=params.integer("limit", limits.UPDATES_LIMIT, 1, limits.UPDATES_LIMIT),
        timeout=params.integer("timeout", 0, 0, limits.UPDATES_TIMEOUT_S),
        allowed=params.parsed("allowed_updates"),
    )


def set_webhook(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#setwebhook; words from WebhookActor.cpp and Client.cpp."""
    url, secret = params.text("url"), params.text("secret_token")
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if url and urlsplit(url).port not in limits.WEBHOOK_PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if len(secret) > limits.WEBHOOK_SECRET_CHARS:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    with world.changed:
        world.webhook, world.secret = url, secret
        world.certificate = params.text("certificate")
        world.changed.notify_all()
    return True


def delete_webhook(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deletewebhook."""
    world.webhook = ""
    if params.boolean("drop_pending_updates"):
        with world.changed:
            world.waiting.clear()
    return True


def send_message(world: World, params: Params) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#sendmessage."""
    chat_id = _chat_id(world, params)
    text, entities = text_in(params)
    _check_link_preview(params)
    keyboard = inline_keyboard(params)
    _reach(world, chat_id, params)
    return world.message(world.deliver(chat_id, text, entities, dict(params.values), keyboard))


def send_rich_message(world: World, params: Params) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#sendrichmessage."""
    chat_id = _chat_id(world, params)
    rich = rich_message(params)
    keyboard = inline_keyboard(params)
    _reach(world, chat_id, params)
    sent = world.deliver(chat_id, rich.text, rich.entities, dict(params.values), keyboard)
    sent.rich, sent.inside = True, rich.rows
    return world.message(sent)


def edit_message_text(world: World, params: Params) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#editmessagetext."""
    chat_id = _chat_id(world, params)
    message_id = params.integer("message_id", 0, 0, 2**31 - 1)
    is_rich = world.rich and bool(params.text("rich_message"))
    if is_rich:
        rich = rich_message(params)
        text, entities, inside = rich.text, rich.entities, rich.rows
    else:
        text, entities = text_in(params)
        inside = []
    keyboard = inline_keyboard(params)
    world.reach(chat_id)
    with world.changed:
        message = _find(world, chat_id, message_id)
        shown = (message.text, message.entities, message.keyboard, message.inside)
        if shown == (text, entities, keyboard, inside) and message.rich == is_rich:
            raise bad_request(NOT_MODIFIED)
        message.versions.append(message.text)
        message.text, message.entities, message.keyboard = text, entities, keyboard
        message.rich, message.inside = is_rich, inside
        world.changed.notify_all()
        return world.message(message)


def edit_message_reply_markup(world: World, params: Params) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#editmessagereplymarkup."""
    chat_id = _chat_id(world, params)
    message_id = params.integer("message_id", 0, 0, 2**31 - 1)
    keyboard = inline_keyboard(params)
    world.reach(chat_id)
    with world.changed:
        message = _find(world, chat_id, message_id)
        if message.keyboard == keyboard:
            raise bad_request(NOT_MODIFIED)
        message.keyboard = keyboard
        world.changed.notify_all()
        return world.message(message)


def send_chat_action(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#sendchataction."""
    chat_id = _chat_id(world, params)
    action = params.text("action")
    if action not in limits.CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.reach(chat_id)
    with world.changed:
        world.actions.append((chat_id, action))
    return True


def set_my_commands(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#setmycommands; words from td's BotCommand.cpp."""
    commands = params.parsed("commands")
    given = params.parsed("scope") or {"type": "default"}
    scope = given["type"]
    if scope == "chat":
        world.reach(int(given["chat_id"]))
        scope = f"chat {given['chat_id']}"
    language = params.text("language_code")
    if not LANGUAGE_CODE.fullmatch(language):
        raise bad_request("invalid language code specified")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > limits.COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    with world.changed:
        world.commands[scope, language] = [_command(each) for each in commands]
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery."""
    if len(params.text("text")) > limits.CALLBACK_TEXT_CHARS:
        raise bad_request("MESSAGE_TOO_LONG")
    with world.changed:
        expires = world.callbacks.pop(params.text("callback_query_id"), 0.0)
        if expires < world.now():
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        world.answered[params.text("callback_query_id")] = dict(params.values)
        world.changed.notify_all()
    return True


def answer_inline_query(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#answerinlinequery."""
    identity = params.text("inline_query_id")
    check_inline_answer(params)
    with world.changed:
        if world.inline.pop(identity, 0.0) < world.now():
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        world.answered[identity] = dict(params.values)
        world.changed.notify_all()
    return True


def get_chat_member(world: World, params: Params) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#getchatmember."""
    chat_id = _chat_id(world, params)
    user_id = params.integer("user_id", 0, 0, 2**62)
    world.reach(chat_id)
    if not user_id:
        raise bad_request("invalid user_id specified")
    status = "administrator" if (chat_id, user_id) in world.administrators else "member"
    return member({"id": user_id, "is_bot": False, "first_name": f"User {user_id}"}, status)


def get_file(world: World, params: Params) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#getfile."""
    identity = params.text("file_id")
    content = world.files.get(identity)
    if content is None:
        raise bad_request("invalid file_id")
    if len(content) > limits.FILE_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": identity,
        "file_unique_id": f"unique-{identity}",
        "file_size": len(content),
        "file_path": f"documents/{identity}",
    }


def _chat_id(world: World, params: Params) -> int:
    given = params.text("chat_id")
    if not given:
        raise bad_request("chat_id is empty")
    if not re.fullmatch(r"-?\d+", given):
        raise bad_request("chat not found")
    del world
    return int(given)


def _check_link_preview(params: Params) -> None:
    options = params.parsed("link_preview_options")
    if options is not None and not isinstance(options, dict):
        raise bad_request("can't parse LinkPreviewOptions: Expected an Object")


def _reach(world: World, chat_id: int, params: Params) -> None:
    """Refuse a message that its place does not take."""
    world.reach(chat_id)
    _check_reply(world, chat_id, params)
    topic = params.integer("message_thread_id", 0, 0, 2**31 - 1) or None
    if topic is not None and (chat_id, topic) not in world.topics:
        raise bad_request("message thread not found")
    if (chat_id, topic) in world.closed:
        raise bad_request("not enough rights to send text messages to the chat")
    world.count_in_group(chat_id)


def _check_reply(world: World, chat_id: int, params: Params) -> None:
    reply = params.parsed("reply_parameters")
    if reply is None:
        return
    if not (isinstance(reply, dict) and reply.get("message_id")):
        raise bad_request("message to be replied not found")
    said = world.text_of(chat_id, reply["message_id"])
    if said is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    quote = str(reply.get("quote", ""))
    if units(quote) > limits.REPLY_QUOTE_UNITS or (said is not None and quote not in said):
        raise bad_request("QUOTE_TEXT_INVALID")


def _find(world: World, chat_id: int, message_id: int) -> Sent:
    for message in world.sent:
        if (message.chat_id, message.message_id) == (chat_id, message_id):
            return message
    raise bad_request("message to edit not found")


def _command(given: object) -> dict[str, str]:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(given.get("command", "")).strip().removeprefix("/")
    description = str(given.get("description", "")).strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > limits.COMMAND_CHARS:
        raise bad_request(f"command length must not exceed {limits.COMMAND_CHARS}")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > limits.COMMAND_DESCRIPTION_CHARS:
        raise bad_request(
            f"command description length must not exceed {limits.COMMAND_DESCRIPTION_CHARS}"
        )
    if not COMMAND_NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


_TEXT = "text parse_mode entities link_preview_options disable_web_page_preview"
_SEND = (
    "business_connection_id chat_id message_thread_id direct_messages_topic_id "
    "disable_notification protect_content allow_paid_broadcast message_effect_id "
    "suggested_post_parameters reply_parameters reply_to_message_id allow_sending_without_reply"
)


def _method(parameters: str, answer: Answer) -> Method:
    return Method(frozenset(parameters.split()), answer)


METHODS: dict[str, Method] = {
    "getme": _method("", get_me),
    "getupdates": _method("offset limit timeout allowed_updates", get_updates),
    "setwebhook": _method(
        "url certificate ip_address max_connections allowed_updates drop_pending_updates "
        "secret_token",
        set_webhook,
    ),
    "deletewebhook": _method("drop_pending_updates", delete_webhook),
    "sendmessage": _method(f"{_SEND} {_TEXT} reply_markup", send_message),
    "editmessagetext": _method(
        f"business_connection_id chat_id message_id inline_message_id {_TEXT} rich_message "
        "reply_markup",
        edit_message_text,
    ),
    "sendrichmessage": _method(f"{_SEND} rich_message reply_markup", send_rich_message),
    "editmessagereplymarkup": _method(
        "business_connection_id chat_id message_id inline_message_id reply_markup",
        edit_message_reply_markup,
    ),
    "sendchataction": _method(
        "business_connection_id chat_id message_thread_id action", send_chat_action
    ),
    "setmycommands": _method("commands scope language_code", set_my_commands),
    "answerinlinequery": _method(
        "inline_query_id results cache_time is_personal next_offset button", answer_inline_query
    ),
    "getchatmember": _method("chat_id user_id", get_chat_member),
    "getfile": _method("file_id", get_file),
    "answercallbackquery": _method(
        "callback_query_id text show_alert url cache_time", answer_callback_query
    ),
}
"""By name in lower case: Telegram does not care about case."""
