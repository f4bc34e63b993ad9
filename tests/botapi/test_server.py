"""The local server refuses what Telegram refuses. Expected refusals are written out by hand."""

import json
import threading
import time
from collections.abc import Iterator
from http.client import RemoteDisconnected

import pytest

from tests.botapi import TOKEN, ApiError, BotApiServer
from tests.botapi.client import Reply, call, http, refusal, send
from tests.botapi.markup import Entity, parse_html
from tests.patience import PATIENCE_S


@pytest.fixture
def server() -> Iterator[BotApiServer]:
    with BotApiServer() as running:
        running.world.say("hello")
        yield running


# Transport.


def test_a_method_is_reached_in_every_form(server: BotApiServer) -> None:
    boundary = "edge"
    multipart = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("chat_id", "7"), ("text", "four ✓"))
    )
    path = f"/bot{TOKEN}/sendMessage"
    replies = [
        http(server, f"{path}?chat_id=7&text=one"),
        http(server, path, "chat_id=7&text=two"),
        http(server, path, '{"chat_id": 7, "text": "three"}', "application/json"),
        http(
            server,
            path,
            f"{multipart}--{boundary}--\r\n",
            f"multipart/form-data; boundary={boundary}",
        ),
        http(server, f"/bot{TOKEN}/SENDmessage?chat_id=7", "text=five"),
    ]
    assert [status for status, _, _ in replies] == [200] * 5
    assert [message.text for message in server.sent()] == ["one", "two", "three", "four ✓", "five"]


def test_bad_addresses_are_refused(server: BotApiServer) -> None:
    assert http(server, "/bot1:wrong/getMe")[:2] == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized: invalid token specified"},
    )
    assert refusal(server, "sendPoem") == "404 Not Found: method not found"
    assert http(server, "/elsewhere")[0] == 404
    path = f"/bot{TOKEN}/getMe"
    assert http(server, path, "{", "application/json")[1]["description"] == (
        "Bad Request: can't parse JSON object"
    )


def test_unknown_parameters_are_refused_and_recorded(server: BotApiServer) -> None:
    assert refusal(server, "getMe", colour="red").startswith("400 Bad Request: unknown parameters")
    assert server.called("getMe")[0].params == {"colour": "red"}


# getUpdates.


def test_updates_come_until_they_are_confirmed(server: BotApiServer) -> None:
    server.world.say("again")

    def ids(**params: object) -> list[int]:
        return [update["update_id"] for update in call(server, "getUpdates", **params)[1]["result"]]

    assert ids() == [1000, 1001]
    assert ids(limit=1) == [1000]
    assert ids(offset=1001) == [1001]
    assert ids(offset=1002) == []
    assert ids() == []


def test_updates_are_waited_for(server: BotApiServer) -> None:
    answers: list[Reply] = []

    def poll() -> None:
        answers.append(call(server, "getUpdates", offset=1001, timeout=50))

    thread = threading.Thread(target=poll)
    thread.start()
    server.wait_for(lambda: server.world.poller == 1)
    assert answers == []
    server.world.say("late")
    thread.join(PATIENCE_S)
    ((_, answer),) = answers
    assert answer["result"][0]["message"]["text"] == "late"


def test_only_allowed_kinds_come(server: BotApiServer) -> None:
    server.world.push("edited_message", {})
    kinds = json.dumps(["edited_message"])
    (update,) = call(server, "getUpdates", allowed_updates=kinds)[1]["result"]
    assert "edited_message" in update


def test_updates_expire(server: BotApiServer) -> None:
    server.world.advance(24 * 3600 - 60)
    assert len(call(server, "getUpdates")[1]["result"]) == 1
    server.world.advance(120)
    assert call(server, "getUpdates")[1]["result"] == []


def test_the_first_of_two_pollers_is_terminated(server: BotApiServer) -> None:
    first: list[str] = []

    def poll() -> None:
        first.append(refusal(server, "getUpdates", offset=1001, timeout=10))

    thread = threading.Thread(target=poll)
    thread.start()
    server.wait_for(lambda: server.world.poller == 1)
    assert call(server, "getUpdates", offset=1001)[0] == 200
    thread.join(PATIENCE_S)
    assert first.pop() == (
        "409 Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )


def test_a_webhook_forbids_polling(server: BotApiServer) -> None:
    assert call(server, "setWebhook", url="https://bot.example/hook")[0] == 200
    assert refusal(server, "getUpdates") == (
        "409 Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    assert call(server, "deleteWebhook")[0] == 200
    assert call(server, "getUpdates")[0] == 200


# sendMessage.


def test_empty_and_long_texts_are_refused(server: BotApiServer) -> None:
    assert send(server, "") == "400 Bad Request: message text is empty"
    assert send(server, " \n ") == "400 Bad Request: text must be non-empty"
    assert send(server, "<b> </b>", parse_mode="HTML") == "400 Bad Request: text must be non-empty"
    assert send(server, "x" * 4097) == "400 Bad Request: message is too long"
    assert send(server, "😀" * 2049) == "400 Bad Request: message is too long"
    assert call(server, "sendMessage", chat_id=7, text="😀" * 2048)[0] == 200
    assert call(server, "sendMessage", chat_id=7, text="<b>&lt;")[0] == 200
    assert server.sent()[-1].text == "<b>&lt;"
    marked = f"<b>{'&lt;' * 4096}</b>"
    assert call(server, "sendMessage", chat_id=7, text=marked, parse_mode="html")[0] == 200


def test_chats_that_cannot_be_written_to(server: BotApiServer) -> None:
    assert refusal(server, "sendMessage", text="x") == "400 Bad Request: chat_id is empty"
    assert refusal(server, "sendMessage", text="x", chat_id=8) == "400 Bad Request: chat not found"
    server.world.blocked.add(7)
    assert send(server, "x") == "403 Forbidden: bot was blocked by the user"
    server.world.say("hello", 9, group=-5)
    refused = refusal(server, "sendMessage", text="x", chat_id=9)
    assert refused == "403 Forbidden: bot can't initiate conversation with a user"
    server.world.upgrade(-5, -1005)
    status, answer = call(server, "sendMessage", text="x", chat_id=-5)
    assert (status, answer["parameters"]) == (400, {"migrate_to_chat_id": -1005})
    assert call(server, "sendMessage", text="x", chat_id=-1005)[0] == 200


def test_a_topic_must_be_there_and_open(server: BotApiServer) -> None:
    def reply(topic: int) -> str:
        params = {"chat_id": -5, "message_thread_id": topic}
        return refusal(server, "sendMessage", text="x", **params)

    server.world.say("hello", 9, group=-5, topic=3)
    assert reply(4) == "400 Bad Request: message thread not found"
    server.world.closed.add((-5, 3))
    assert reply(3) == "400 Bad Request: not enough rights to send text messages to the chat"


def test_a_reply_needs_a_message_and_quotes_it_word_for_word(server: BotApiServer) -> None:
    def reply(**parameters: object) -> dict[str, object]:
        text = json.dumps({"message_id": 1, **parameters})
        return call(server, "sendMessage", chat_id=7, text="x", reply_parameters=text)[1]

    assert reply()["ok"]
    assert reply(quote="hel")["ok"]
    assert reply(quote="hallo")["description"] == "Bad Request: QUOTE_TEXT_INVALID"
    assert reply(quote="h" * 1025)["description"] == "Bad Request: QUOTE_TEXT_INVALID"
    missing = "Bad Request: message to be replied not found"
    assert reply(message_id=99)["description"] == missing
    assert reply(message_id=99, allow_sending_without_reply=True)["ok"]


def test_a_group_hears_twenty_messages_a_minute(server: BotApiServer) -> None:
    server.world.say("hello", 9, group=-5)
    for _ in range(20):
        assert call(server, "sendMessage", chat_id=-5, text="x")[0] == 200
        assert call(server, "sendMessage", chat_id=7, text="x")[0] == 200
    status, answer = call(server, "sendMessage", chat_id=-5, text="x")
    assert (status, answer["parameters"]["retry_after"] > 0) == (429, True)
    server.world.advance(61)
    assert call(server, "sendMessage", chat_id=-5, text="x")[0] == 200


def test_who_administers_a_group_is_told(server: BotApiServer) -> None:
    server.world.say("hello", 9, group=-5)
    server.world.administrators.add((-5, 9))
    for user, status in ((9, "administrator"), (10, "member")):
        answer = call(server, "getChatMember", chat_id=-5, user_id=user)[1]
        assert answer["result"]["status"] == status
    refused = refusal(server, "getChatMember", chat_id=-5, user_id=0)
    assert refused == "400 Bad Request: invalid user_id specified"


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("é<br>x", 'Unsupported start tag "br" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=ü>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<i =x>y</i>", 'Empty attribute name in the tag "i" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "<blockquote>a<blockquote>b</blockquote></blockquote>",
            "Nested blockquote at byte offset 13",
        ),
        (
            "&#xd83d;",
            "Text contains invalid Unicode characters after decoding HTML entities, check for "  # noqa: ISC004 - one sentence
            "unmatched surrogate code units",
        ),
    ],
)
def test_markup_that_is_refused(server: BotApiServer, source: str, refused: str) -> None:
    assert send(server, source, parse_mode="HTML") == (
        f"400 Bad Request: can't parse entities: {refused}"
    )


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("a &lt;&gt;&amp;&quot; b", 'a <>&" b', []),
        ("&ge; &nbsp; & &#65; &#x42 &lt", "&ge; &nbsp; & A B <", []),
        ("&#12345678;", "&#12345678;", []),
        ("&#00000065;", "&#00000065;", []),
        ("😀<b>😀</b>", "😀😀", [Entity(2, 2, "bold")]),
        ("<B>x</B>", "x", [Entity(0, 1, "bold")]),
        ("<b>x</>", "x", [Entity(0, 1, "bold")]),
        ("<b>a<i>b</i></b>", "ab", [Entity(0, 2, "bold"), Entity(1, 1, "italic")]),
        ("<blockquote expandable>x</blockquote>", "x", [Entity(0, 1, "expandable_blockquote")]),
        ('<span class="tg-spoiler">x</span>', "x", [Entity(0, 1, "spoiler")]),
        (
            '<a href="https://x.example/?a=1&amp;b=2">x</a>',
            "x",
            [Entity(0, 1, "text_link", "https://x.example/?a=1&b=2")],
        ),
        ("<a href='nowhere'>x</a>", "x", []),
        ("<b></b>x", "x", []),
        (" \n a\r\tb \n", "a b", []),
        (" <b> a </b> ", " a", [Entity(0, 2, "bold")]),
        ("<b>a\r\u202eb</b>c", "abc", [Entity(0, 2, "bold")]),
    ],
)
def test_markup_that_is_understood(source: str, text: str, entities: list[Entity]) -> None:
    assert parse_html(source) == (text, entities)


def test_entities_beyond_a_hundred_are_dropped() -> None:
    assert len(parse_html("<b>x</b> " * 101)[1]) == 100


# The other methods.


def test_an_edit_must_change_something(server: BotApiServer) -> None:
    sent = call(server, "sendMessage", chat_id=7, text="<b>x</b>", parse_mode="HTML")[1]["result"]
    where = {"chat_id": 7, "message_id": sent["message_id"]}
    same = refusal(server, "editMessageText", text="<b>x</b>", parse_mode="HTML", **where)
    assert same == (
        "400 Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )
    assert call(server, "editMessageText", text="x", **where)[0] == 200
    assert server.sent()[0].entities == []
    gone = refusal(server, "editMessageText", chat_id=7, message_id=999, text="x")
    assert gone == "400 Bad Request: message to edit not found"


def test_callback_queries_grow_stale(server: BotApiServer) -> None:
    stale = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
    sent = server.world.deliver(7, "x", [], {})
    fresh, old = server.world.press(sent, "a"), server.world.press(sent, "b")
    assert call(server, "answerCallbackQuery", callback_query_id=fresh, text="t" * 200)[0] == 200
    assert refusal(server, "answerCallbackQuery", callback_query_id=fresh) == stale
    assert refusal(server, "answerCallbackQuery", callback_query_id=old, text="t" * 201) == (
        "400 Bad Request: MESSAGE_TOO_LONG"
    )
    server.world.advance(151)
    assert refusal(server, "answerCallbackQuery", callback_query_id=old) == stale


def test_chat_actions_are_known_ones(server: BotApiServer) -> None:
    assert refusal(server, "sendChatAction", chat_id=7, action="dancing") == (
        "400 Bad Request: wrong parameter action in request"
    )
    assert call(server, "sendChatAction", chat_id=7, action="typing")[0] == 200
    assert server.world.actions == [(7, "typing")]


@pytest.mark.parametrize(
    ("command", "description", "refused"),
    [
        ("", "x", "command must be non-empty"),
        ("a" * 33, "x", "command length must not exceed 32"),
        ("ask", " ", "command description must be non-empty"),
        ("ask", "x" * 257, "command description length must not exceed 256"),
        ("Ask", "x", "BOT_COMMAND_INVALID"),
    ],
)
def test_commands_that_are_refused(
    server: BotApiServer, command: str, description: str, refused: str
) -> None:
    commands = json.dumps([{"command": command, "description": description}])
    assert refusal(server, "setMyCommands", commands=commands) == f"400 Bad Request: {refused}"


def test_commands_are_kept_by_scope_and_language(server: BotApiServer) -> None:
    commands = [{"command": "ask", "description": "x" * 256}]
    shown = json.dumps(commands)
    assert call(server, "setMyCommands", commands=shown, language_code="zh")[0] == 200
    assert server.world.commands == {("default", "zh"): commands}
    assert refusal(server, "setMyCommands", commands=shown, language_code="zh-hans") == (
        "400 Bad Request: invalid language code specified"
    )
    assert refusal(server, "setMyCommands", commands=json.dumps(commands * 101)) == (
        "400 Bad Request: BOT_COMMANDS_TOO_MUCH"
    )


# What can go wrong on purpose.


def test_flood_control(server: BotApiServer) -> None:
    server.flood("sendMessage", 3)
    status, answer, headers = http(server, f"/bot{TOKEN}/sendMessage", "chat_id=7&text=x")
    assert (status, headers["Retry-After"]) == (429, "3")
    assert answer == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }
    assert call(server, "sendMessage", chat_id=7, text="x")[0] == 200


def test_refused_slow_cut_and_lost_calls(server: BotApiServer) -> None:
    server.refuse("sendMessage", ApiError(502, "Bad Gateway"))
    assert send(server, "x") == "502 Bad Gateway"
    server.slow("sendMessage", 0.2)
    began = time.monotonic()
    assert call(server, "sendMessage", chat_id=7, text="slow")[0] == 200
    assert time.monotonic() - began >= 0.2
    server.cut("sendMessage")
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        call(server, "sendMessage", chat_id=7, text="cut")
    server.lose("sendMessage")
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        call(server, "sendMessage", chat_id=7, text="lost")
    assert [message.text for message in server.sent()] == ["slow", "lost"]
