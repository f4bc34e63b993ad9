"""The real bot process: what counts as a question, whose it is, and which answer it continues."""

import json
from typing import Any

import pytest

from bot.showing.texts import ENGLISH
from tests.botapi import BotApiServer
from tests.botapi.chatting import BRIDGE, ask, replies
from tests.botapi.process import BotProcess

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("bot")]

QUESTION = "Who opened the Heron Bridge?"
FERRY = "渡轮为什么停航？"
PHOTO: dict[str, Any] = {
    "photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
}
ANONYMOUS = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
"""Whom Telegram gives as the sender where an administrator stays anonymous."""


def answered(server: BotApiServer, chat: int) -> list[int]:
    """Return which messages the bot's messages in a chat reply to."""
    return [json.loads(sent.params["reply_parameters"])["message_id"] for sent in server.sent(chat)]


def test_a_reply_to_an_earlier_answer_continues_that_answer(server: BotApiServer) -> None:
    first = ask(server, 301, QUESTION)
    ask(server, 301, FERRY)
    server.world.say("and in 2021?", 301, reply_to=first)
    follow_up = replies(server, 301, 3)[2]
    assert follow_up.text.startswith(f"Understood as: {QUESTION}")
    # What was said last goes on from there; and a reply to that, from that.
    assert ask(server, 301, "and in December?").text.startswith(f"Understood as: {QUESTION}")
    ask(server, 301, "/new")
    server.world.say("and in 2021?", 301, reply_to=first)
    assert replies(server, 301, 6)[5].text.startswith(f"Understood as: {QUESTION}")


def test_anybodys_answer_in_a_group_is_continued_by_a_reply(server: BotApiServer) -> None:
    server.world.say(f"/ask {QUESTION}", 302, group=-1302)
    (first,) = replies(server, -1302)
    server.world.say("and in 2021?", 303, group=-1302, reply_to=first)
    assert replies(server, -1302, 2)[1].text.startswith(f"Understood as: {QUESTION}")


def test_a_caption_is_a_question(server: BotApiServer) -> None:
    server.world.say("", 304, caption=QUESTION, **PHOTO)
    assert BRIDGE in replies(server, 304)[0].text
    server.world.say("", 304, caption=f"/ask {QUESTION}", **PHOTO)
    assert BRIDGE in replies(server, 304, 2)[1].text
    for caption in (QUESTION, f"@quotes_test_bot {QUESTION}", f"/ask {QUESTION}"):
        server.world.say("", 304, group=-1304, caption=caption, **PHOTO)
    assert all(BRIDGE in sent.text for sent in replies(server, -1304, 2))
    assert ask(server, 304, "/new").text == ENGLISH.forgotten
    assert len(server.sent(-1304)) == 2  # the first was not said to the bot


@pytest.mark.parametrize(("group", "words"), [(-1305, "/ask"), (-1306, "@quotes_test_bot")])
def test_ask_or_a_mention_in_reply_answers_that_message(
    server: BotApiServer, group: int, words: str
) -> None:
    world = server.world
    world.say(QUESTION, 305, group=group)
    asked = world.said[-1]
    world.say(words, 306, group=group, reply_to_message=asked)
    assert BRIDGE in replies(server, group)[0].text
    world.say("", 305, group=group, caption=QUESTION, **PHOTO)
    world.say(words, 306, group=group, reply_to_message=world.said[-1])
    assert BRIDGE in replies(server, group, 2)[1].text
    world.say(f"{words} {FERRY}", 306, group=group, reply_to_message=asked)
    assert "顾望川" in replies(server, group, 3)[2].text
    world.say(f"Good morning. {FERRY} {QUESTION}", 305, group=group)
    quoted = {"text": FERRY, "position": 14}
    world.say(words, 306, group=group, reply_to_message=world.said[-1], quote=quoted)
    assert "顾望川" in replies(server, group, 4)[3].text
    world.say("", 305, group=group, dice={"emoji": "🎲", "value": 3})
    world.say(words, 306, group=group, reply_to_message=world.said[-1])
    assert replies(server, group, 5)[4].text == ENGLISH.ask_usage
    world.say(
        words, 306, group=group, reply_to=server.sent(group)[0]
    )  # its own words are no question
    assert replies(server, group, 6)[5].text == ENGLISH.ask_usage


def test_an_album_is_one_question(server: BotApiServer) -> None:
    for caption in ("", QUESTION, "", FERRY):
        server.world.say("", 307, caption=caption, media_group_id="one", **PHOTO)
    assert BRIDGE in replies(server, 307)[0].text
    for _ in range(3):
        server.world.say("", 307, media_group_id="two", **PHOTO)
    assert replies(server, 307, 2)[1].text == ENGLISH.only_text
    server.world.say("", 307, **PHOTO)
    server.world.say("", 307, **PHOTO)
    replies(server, 307, 4)
    assert ask(server, 307, "/new").text == ENGLISH.forgotten
    texts = [sent.text for sent in server.sent(307)][1:]
    assert texts == [ENGLISH.only_text] * 3 + [ENGLISH.forgotten]


def test_administrators_who_stay_anonymous_are_told_apart_by_their_groups(
    server: BotApiServer, bot: BotProcess
) -> None:
    def say(text: str, group: int) -> None:
        chat = {"id": group, "type": "supergroup", "title": "A group"}
        fields: dict[str, Any] = {"from": ANONYMOUS, "sender_chat": chat}
        server.world.say(text, group=group, **fields)

    say("/since@quotes_test_bot 2021", -1308)
    replies(server, -1308)
    say(f"/ask {QUESTION}", -1308)
    sent = replies(server, -1308, 2)[1]
    assert sent.text.startswith("Period: 2021-01-01…")
    say("/ask and in 2021?", -1309)
    other = replies(server, -1309)[0]
    assert "Understood as" not in other.text
    assert "Period" not in other.text
    # Buttons are pressed by users: any administrator of that group may.
    server.world.administrators.add((-1308, 310))
    server.world.administrators.add((-1309, 311))
    for user, may in ((310, True), (311, False), (312, False)):
        query = server.world.press(sent, sent.button("👍"), user)
        server.wait_for(lambda: query in server.world.answered)  # noqa: B023 - at once
        expected = ENGLISH.noted if may else ENGLISH.not_yours
        assert server.world.answered[query]["text"] == expected
    assert "Traceback" not in bot.output()


def test_who_writes_as_a_channel_is_not_another_who_does(server: BotApiServer) -> None:
    channel_bot = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
    for channel in (-1320, -1321):
        sender = {"id": channel, "type": "channel", "title": "A channel"}
        fields: dict[str, Any] = {"from": channel_bot, "sender_chat": sender}
        server.world.say(
            f"/ask {QUESTION if channel == -1320 else 'and in 2021?'}", group=-1310, **fields
        )
        replies(server, -1310, 1 if channel == -1320 else 2)
    first, second = server.sent(-1310)
    assert BRIDGE in first.text
    assert "Understood as" not in second.text
    query = server.world.press(first, first.button("👍"), 313)  # who is behind it nobody tells
    server.wait_for(lambda: query in server.world.answered)
    assert server.world.answered[query]["text"] == ENGLISH.noted


def test_where_the_bot_may_not_write_is_said_once(server: BotApiServer, bot: BotProcess) -> None:
    world = server.world
    world.closed |= {(-1311, 5), (-1312, None)}
    ask(server, 314, "/new")
    for _ in range(3):
        world.say(f"/ask {QUESTION}", 314, group=-1311, topic=5)
        world.say(f"/ask {QUESTION}", 315, group=-1312)  # who has never written to the bot
    world.say(f"/ask {QUESTION}", 314, group=-1311, topic=6)
    assert BRIDGE in replies(server, -1311)[0].text
    assert replies(server, 314, 2)[1].text == ENGLISH.no_rights.format(chat="A group")
    assert ask(server, 314, "/new").text == ENGLISH.forgotten
    assert len(server.sent(314)) == 3
    assert bot.output().count("the bot may not write in chat -1311, topic 5: Not enough") == 1
    server.wait_for(lambda: "the bot may not write in chat -1312: Not enough" in bot.output())
    assert "Traceback" not in bot.output()
