"""The local server's rules about rich messages."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.botapi import BotApiServer
from tests.botapi.client import call, refusal

BUTTON = {"text": "x", "callback_data": "y"}


@pytest.fixture
def server() -> Iterator[BotApiServer]:
    with BotApiServer(rich=True) as running:
        running.world.say("hello")
        yield running


def nested(depth: int) -> Any:  # a rich text
    return {"type": "bold", "text": nested(depth - 1)} if depth else "x"


@pytest.mark.parametrize(
    ("blocks", "refused"),
    [
        ([], "RICH_MESSAGE_EMPTY"),
        ([{"type": "paragraph", "text": " "}], "RICH_MESSAGE_EMPTY"),
        (
            [{"type": "poem", "text": "x"}],
            'can\'t parse InputRichBlock: type "poem" is unsupported',
        ),
        ([{"type": "paragraph"}], "can't parse InputRichBlock: Can't find field \"text\""),
        (
            [{"type": "paragraph", "text": "x", "size": 1}],
            "unknown fields ['size'] (Telegram would ignore them)",
        ),
        (
            [{"type": "paragraph", "text": {"type": "plain", "text": "x"}}],
            "can't parse RichText: Unsupported rich text type",
        ),
        (
            [{"type": "paragraph", "text": {"type": "url", "text": "x", "url": "nowhere"}}],
            "RICH_MESSAGE_URL_INVALID",
        ),
        ([{"type": "paragraph", "text": "x" * 32_769}], "RICH_MESSAGE_TEXT_TOO_LONG"),
        ([{"type": "paragraph", "text": "x"}] * 501, "RICH_MESSAGE_BLOCKS_TOO_MANY"),
        ([{"type": "paragraph", "text": nested(16)}], "RICH_MESSAGE_DEPTH_TOO_MUCH"),
        ([{"type": "expandable_blockquote", "text": ""}], "RICH_MESSAGE_BLOCK_EMPTY"),
        (
            [{"type": "blockquote", "blocks": [{"type": "expandable_blockquote", "text": "x"}]}],
            'a quotation holds a block of type "expandable_blockquote"',
        ),
        ([{"type": "buttons", "buttons": [BUTTON] * 9}], "RICH_MESSAGE_BUTTONS_INVALID"),
        ([{"type": "buttons", "buttons": []}], "RICH_MESSAGE_BUTTONS_INVALID"),
        (
            [{"type": "buttons", "buttons": [{"text": "x", "copy_text": {"text": "y" * 257}}]}],
            "BUTTON_COPY_TEXT_INVALID",
        ),
        (
            [
                {
                    "type": "buttons",
                    "buttons": [{"text": "x", "url": "https://a.example", "style": "link"}],
                }
            ],
            "the style link is allowed only for callback buttons",
        ),
    ],
)
def test_rich_messages_that_are_refused(
    server: BotApiServer, blocks: list[dict[str, Any]], refused: str
) -> None:
    given = json.dumps({"blocks": blocks})
    assert refusal(server, "sendRichMessage", chat_id=7, rich_message=given) == (
        f"400 Bad Request: {refused}"
    )


def test_a_rich_message_is_shown_and_edited(server: BotApiServer) -> None:
    blocks = [
        {
            "type": "blockquote",
            "blocks": [{"type": "paragraph", "text": ["a ", {"type": "marked", "text": "b"}]}],
            "credit": "c",
        },
        {"type": "buttons", "buttons": [BUTTON]},
        {"type": "expandable_blockquote", "text": "d"},
    ]
    given = json.dumps({"blocks": blocks, "skip_entity_detection": True})
    assert call(server, "sendRichMessage", chat_id=7, rich_message=given)[0] == 200
    (sent,) = server.sent()
    assert sent.text == "a b\nc\nd"
    assert [(each.type, each.offset, each.length) for each in sent.entities] == [
        ("blockquote", 0, 3),
        ("marked", 2, 1),
        ("expandable_blockquote", 6, 1),
    ]
    assert (sent.inside, sent.button("x")) == ([(6, [BUTTON])], "y")
    where = {"chat_id": 7, "message_id": sent.message_id}
    same = refusal(server, "editMessageText", rich_message=given, **where)
    assert "message is not modified" in same
    assert call(server, "editMessageText", text="plain", **where)[0] == 200
    assert (sent.text, sent.rich, sent.inside) == ("plain", False, [])


def test_an_older_server_has_none() -> None:
    with BotApiServer() as server:
        server.world.say("hello")
        given = json.dumps({"blocks": [{"type": "paragraph", "text": "x"}]})
        assert refusal(server, "sendRichMessage", chat_id=7, rich_message=given) == (
            "404 Not Found: method not found"
        )
        call(server, "sendMessage", chat_id=7, text="x")
        number = server.sent()[0].message_id
        refused = refusal(
            server, "editMessageText", chat_id=7, message_id=number, rich_message=given
        )
        assert refused == "400 Bad Request: message text is empty"
