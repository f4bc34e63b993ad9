"""What lies behind the Bot API: users, chats, messages, and updates waiting to be fetched."""

import math
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.errors import (
    bad_request,
    blocked,
    second_poller,
    too_many_requests,
    unacquainted,
    upgraded,
    webhook_active,
)
from tests.botapi.limits import (
    CALLBACK_EXPIRES_S,
    GROUP_MESSAGES,
    GROUP_MESSAGES_S,
    INLINE_EXPIRES_S,
    MESSAGE_EXPIRES_S,
)
from tests.botapi.markup import Entity, units

BOT = {
    "id": 4242,
    "is_bot": True,
    "first_name": "Quotes",
    "username": "quotes_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
}
PRIVILEGED = ("chat_member", "message_reaction", "message_reaction_count")
_EXPIRES_S = {"callback_query": CALLBACK_EXPIRES_S, "inline_query": INLINE_EXPIRES_S}
ADMINISTRATOR_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?")
MENTION = re.compile(r"(?<!\w)@\w{3,32}")


@dataclass(slots=True)
class Sent:
    """A message that the bot sent, as its reader sees it.

    :ivar keyboard: rows of buttons.
    :ivar versions: its texts before it was edited.
    :ivar inside: rows of buttons inside a rich message, and where in the text they stand.
    """

    message_id: int
    chat_id: int
    text: str
    entities: list[Entity]
    params: dict[str, Any]
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    inside: list[tuple[int, list[dict[str, Any]]]] = field(default_factory=list)
    rich: bool = False

    def button(self, label: str) -> str:
        """Return the data of the button whose label begins so."""
        for button in self.buttons():
            if button["text"].startswith(label):
                return str(button["callback_data"])
        raise KeyError(f"no button {label!r} in {self.keyboard}")

    def labels(self) -> list[str]:
        """Return the labels of all buttons."""
        return [button["text"] for button in self.buttons()]

    def buttons(self) -> list[dict[str, Any]]:
        """Return all buttons: those inside, then those below."""
        rows = [*(row for _, row in self.inside), *self.keyboard]
        return [button for row in rows for button in row]


@dataclass(slots=True)
class _Waiting:
    update: dict[str, Any]
    kind: str
    expires: float


@dataclass(slots=True)
class World:
    """All state. Hold ``changed`` while touching it; it is notified at every change.

    :ivar seen: users that have written anything anywhere.
    :ivar topics: of forums: chat and topic.
    :ivar administrators: of groups: chat and user.
    :ivar closed: where the bot may not write: chat and topic.
    :ivar answered: answers to callback queries and inline queries, by their ids.
    :ivar administrators: of groups: chat and user.
    :ivar files: what people have sent, by file id.
    :ivar rich: whether there are rich messages, as since Bot API 10.1.
    :ivar certificate: the webhook's own, as it was uploaded; empty when it needs none.
    :ivar skew: seconds that the world's clock is ahead of the machine's.
    """

    changed: threading.Condition = field(default_factory=threading.Condition)
    chats: dict[int, dict[str, Any]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    topics: set[tuple[int, int]] = field(default_factory=set)
    closed: set[tuple[int, int | None]] = field(default_factory=set)
    minutes: dict[int, list[float]] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    sent: list[Sent] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    actions: list[tuple[int, str]] = field(default_factory=list)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    callbacks: dict[str, float] = field(default_factory=dict)
    answered: dict[str, dict[str, str]] = field(default_factory=dict)
    inline: dict[str, float] = field(default_factory=dict)
    administrators: set[tuple[int, int]] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    rich: bool = False
    webhook: str = ""
    secret: str = ""
    certificate: str = ""
    skew: float = 0.0
    next_update: int = 1000
    next_message: int = 1
    next_query: int = 10_000
    poller: int = 0
    waiting: list[_Waiting] = field(default_factory=list)

    def now(self) -> float:
        """Seconds since the epoch on the world's clock."""
        return time.time() + self.skew

    def advance(self, seconds: float) -> None:
        """Turn the clock forward."""
        with self.changed:
            self.skew += seconds
            self.changed.notify_all()

    # What people do.

    def say(
        self,
        text: str,
        user: int = 7,
        *,
        language: str | None = "en",
        group: int | None = None,
        topic: int | None = None,
        reply_to: Sent | None = None,
        caption: str = "",
        **fields: object,
    ) -> int:
        """Let a user write to the bot; return the update's id.

        :param group: the group's (negative) chat id; None is a private chat.
        :param topic: the thread of a forum.
        :param reply_to: a message of the bot.
        :param caption: what is written below a photo, say.
        :param fields: more fields of the message, such as ``sticker``; text may be empty then.
        """
        sender: dict[str, Any] = {"id": user, "is_bot": False, "first_name": f"User {user}"}
        if language is not None:
            sender["language_code"] = language
        chat: dict[str, Any] = {"id": user, "type": "private", "first_name": sender["first_name"]}
        if group is not None:
            chat = {"id": group, "type": "supergroup", "title": "A group"}
        if topic is not None:
            self.topics.add((chat["id"], topic))
            chat["is_forum"] = True
            fields |= {"message_thread_id": topic, "is_topic_message": True}
        with self.changed:
            self.chats[chat["id"]] = chat
            self.seen.add(user)
            message = {
                "message_id": self._message_id(),
                "date": int(self.now()),
                "chat": chat,
                "from": sender,
                **fields,
            }
            if text:
                message |= {"text": text, "entities": _found_entities(text)}
            if caption:
                message |= {"caption": caption, "caption_entities": _found_entities(caption)}
            if reply_to is not None:
                message["reply_to_message"] = self.message(reply_to)
            self.said.append(message)
            return self.push("message", message)

    def revise(self, message: dict[str, Any], text: str) -> int:
        """Let a user edit a message, one of ``said``; return the update's id."""
        with self.changed:
            changed = {"text": text, "entities": _found_entities(text)}
            return self.push("edited_message", message | changed | {"edit_date": int(self.now())})

    def send_document(self, name: str, content: bytes, user: int = 7) -> int:
        """Let a user send a file."""
        with self.changed:
            identity = f"file{len(self.files)}"
            self.files[identity] = content
        document = {
            "file_id": identity,
            "file_unique_id": f"unique-{identity}",
            "file_name": name,
            "file_size": len(content),
        }
        return self.say("", user, document=document)

    def upgrade(self, group: int, to: int, user: int = 7) -> None:
        """Let a user make a supergroup of a group; all is told as Telegram tells it."""
        sender = {"id": user, "is_bot": False, "first_name": f"User {user}"}
        old, new = self.chats[group], {"id": to, "type": "supergroup", "title": "A group"}
        with self.changed:
            self.chats[to], self.moved[group] = new, to
            self._say_of_a_move(old, sender, {"migrate_to_chat_id": to})
            self._say_of_a_move(new, sender, {"migrate_from_chat_id": group})

    def _say_of_a_move(
        self, chat: dict[str, Any], sender: dict[str, Any], said: dict[str, Any]
    ) -> None:
        head = {"message_id": self._message_id(), "date": int(self.now()), "chat": chat}
        self.push("message", {**head, "from": sender, **said})

    def ask_inline(
        self, text: str, user: int = 7, *, offset: str = "", language: str = "en"
    ) -> str:
        """Let a user type ``@bot text`` in some chat; return the inline query's id."""
        with self.changed:
            identity = self._query_id()
            self.inline[identity] = self.now() + INLINE_EXPIRES_S
            sender = {"id": user, "is_bot": False, "first_name": "U", "language_code": language}
            query = {"id": identity, "from": sender, "query": text, "offset": offset}
            self.push("inline_query", query | {"chat_type": "sender"})
            return identity

    def press(self, sent: Sent, data: str, user: int = 7, language: str = "en") -> str:
        """Let a user press a button of a message; return the callback query's id."""
        with self.changed:
            identity = self._query_id()
            self.callbacks[identity] = self.now() + CALLBACK_EXPIRES_S
            query = {
                "id": identity,
                "from": {
                    "id": user,
                    "is_bot": False,
                    "first_name": f"User {user}",
                    "language_code": language,
                },
                "message": self.message(sent),
                "chat_instance": "1",
                "data": data,
            }
            self.push("callback_query", query)
            return identity

    def join(self, group: int, user: int = 7, *, was: str = "left", now: str = "member") -> int:
        """Let a user bring the bot into a group, or change what it is there."""
        chat = {"id": group, "type": "supergroup", "title": "A group"}
        bot = {key: BOT[key] for key in ("id", "is_bot", "first_name", "username")}
        sender = {"id": user, "is_bot": False, "first_name": "U", "language_code": "en"}
        change = {
            "chat": chat,
            "from": sender,
            "date": int(self.now()),
            "old_chat_member": member(bot, was),
            "new_chat_member": member(bot, now),
        }
        with self.changed:
            self.chats[group] = chat
            return self.push("my_chat_member", change)

    def push(self, kind: str, payload: dict[str, Any]) -> int:
        """Queue an update of any kind; return its id."""
        with self.changed:
            number = self.next_update
            self.next_update += 1
            lasts = _EXPIRES_S.get(kind, MESSAGE_EXPIRES_S)
            update = {"update_id": number, kind: payload}
            self.waiting.append(_Waiting(update, kind, self.now() + lasts))
            self.changed.notify_all()
            return number

    # What the bot does.

    def fetch(
        self, offset: int, limit: int, timeout: float, allowed: Sequence[str] | None
    ) -> list[dict[str, Any]]:
        """Confirm what lies below ``offset``, then wait for updates."""
        with self.changed:
            if self.webhook:
                raise webhook_active()
            self.poller += 1
            mine = self.poller
            self.changed.notify_all()
            self._confirm(offset)
            deadline = time.monotonic() + timeout
            while True:
                if self.poller != mine:
                    raise second_poller()
                ready = self._ready(allowed)
                left = deadline - time.monotonic()
                if ready or left <= 0:
                    return [each.update for each in ready[:limit]]
                self.changed.wait(left)

    def next_pushed(self, seconds: float) -> dict[str, Any] | None:
        """Return the oldest update while a webhook is set; None after so long."""
        with self.changed:
            if not (self.webhook and self._ready(None)):
                self.changed.wait(seconds)
            ready = self._ready(None) if self.webhook else []
            return ready[0].update if ready else None

    def pushed(self, update_id: int) -> None:
        """Confirm an update that a webhook took."""
        with self.changed:
            self._confirm(update_id + 1)

    def reach(self, chat_id: int) -> None:
        """Refuse a chat that the bot may not write to."""
        if chat_id not in self.chats:
            raise unacquainted() if chat_id in self.seen else bad_request("chat not found")
        if chat_id in self.blocked:
            raise blocked()
        if chat_id in self.moved:
            raise upgraded(self.moved[chat_id])

    def text_of(self, chat_id: int, message_id: int) -> str | None:
        """Return what a message in a chat says; None if there is no such message."""
        for sent in self.sent:
            if (sent.chat_id, sent.message_id) == (chat_id, message_id):
                return sent.text
        for said in self.said:
            if (said["chat"]["id"], said["message_id"]) == (chat_id, message_id):
                return str(said.get("text", ""))
        return None

    def count_in_group(self, chat_id: int) -> None:
        """Refuse what is too much for a group within a minute."""
        with self.changed:
            now = self.now()
            times = [at for at in self.minutes.get(chat_id, []) if at > now - GROUP_MESSAGES_S]
            if chat_id < 0 and len(times) >= GROUP_MESSAGES:
                raise too_many_requests(math.ceil(times[0] + GROUP_MESSAGES_S - now))
            self.minutes[chat_id] = [*times, now]

    def deliver(
        self,
        chat_id: int,
        text: str,
        entities: list[Entity],
        params: dict[str, Any],
        keyboard: list[list[dict[str, Any]]] | None = None,
    ) -> Sent:
        """Put a message of the bot into a chat."""
        with self.changed:
            sent = Sent(self._message_id(), chat_id, text, entities, params, keyboard or [])
            self.sent.append(sent)
            self.changed.notify_all()
            return sent

    def message(self, sent: Sent) -> dict[str, Any]:
        """Return a message of the bot as the Bot API shows it."""
        shown: dict[str, Any] = {
            "message_id": sent.message_id,
            "date": int(self.now()),
            "chat": self.chats[sent.chat_id],
            "from": {key: BOT[key] for key in ("id", "is_bot", "first_name", "username")},
        }
        if sent.keyboard:
            shown["reply_markup"] = {"inline_keyboard": sent.keyboard}
        if sent.rich:
            return shown | {"rich_message": {"blocks": []}}
        entities = [entity.as_json() for entity in sent.entities]
        return shown | {"text": sent.text, "entities": entities}

    def _query_id(self) -> str:
        self.next_query += 1
        return str(self.next_query)

    def _message_id(self) -> int:
        self.next_message += 1
        return self.next_message - 1

    def _confirm(self, offset: int) -> None:
        if offset > 0:
            self.waiting = [each for each in self.waiting if each.update["update_id"] >= offset]
        elif offset < 0:
            self.waiting = self.waiting[offset:]

    def _ready(self, allowed: Sequence[str] | None) -> list[_Waiting]:
        self.waiting = [each for each in self.waiting if each.expires > self.now()]
        return [
            each
            for each in self.waiting
            if (each.kind in allowed if allowed else each.kind not in PRIVILEGED)
        ]


def member(user: dict[str, Any], status: str) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#chatmember, with the fields that each kind must have."""
    rights: dict[str, dict[str, Any]] = {
        "kicked": {"until_date": 0},
        "administrator": dict.fromkeys(ADMINISTRATOR_RIGHTS, False),
        "creator": {"is_anonymous": False},
    }
    return {"user": user, "status": status, **rights.get(status, {})}


def _found_entities(text: str) -> list[dict[str, Any]]:
    """Return the commands and mentions that Telegram's clients mark in what people type."""
    return [
        {
            "type": kind,
            "offset": units(text[: found.start()]),
            "length": units(found[0]),
        }
        for kind, pattern in (("bot_command", COMMAND), ("mention", MENTION))
        for found in pattern.finditer(text)
    ]
