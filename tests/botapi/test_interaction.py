"""The local server's rules about buttons, inline mode, files and webhooks."""

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest

from tests.botapi import TOKEN, BotApiServer
from tests.botapi.client import call, refusal, send
from tests.patience import PATIENCE_S


@pytest.fixture
def server() -> Iterator[BotApiServer]:
    with BotApiServer() as running:
        running.world.say("hello")
        yield running


@pytest.mark.parametrize(
    ("buttons", "refused"),
    [
        (
            [[{"text": "x"}]],
            "can't parse inline keyboard button: text buttons are unallowed in the inline keyboard",
        ),
        (
            [[{"text": " ", "callback_data": "x"}]],
            "can't parse inline keyboard button: text must be non-empty",
        ),
        (
            [[{"text": "x", "callback_data": "y", "style": "pink"}]],
            "can't parse inline keyboard button: invalid button style specified",
        ),
        ([[{"text": "x", "callback_data": ""}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "x", "callback_data": "é" * 33}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "x", "url": "nowhere"}]], "BUTTON_URL_INVALID"),
        ([[{"text": "x", "url": f"https://a.example/{'x' * 2048}"}]], "BUTTON_URL_INVALID"),
        ([[{"text": "x", "copy_text": {"text": ""}}]], "BUTTON_COPY_TEXT_INVALID"),
        ([[{"text": "x", "copy_text": {"text": "😀" * 129}}]], "BUTTON_COPY_TEXT_INVALID"),
        (
            [[{"text": "x", "copy_text": "y"}]],
            'can\'t parse inline keyboard button: Field "copy_text" must be of type Object',
        ),
        (
            [[{"text": "x", "url": "https://a.example", "callback_data": "y"}]],
            "a button has several types: ['callback_data', 'url']",
        ),
        (
            [[{"text": "x", "switch_inline_query": "y" * 257}]],
            "an inline query of more than 256 characters",
        ),
        ([[{"text": "x", "url": "https://a.example"}] * 9], "a row has more than 8 buttons"),
        ([[{"text": "x", "url": "https://a.example"}] * 8] * 13, "REPLY_MARKUP_TOO_LONG"),
    ],
)
def test_keyboards_that_are_refused(
    server: BotApiServer, buttons: list[object], refused: str
) -> None:
    markup = json.dumps({"inline_keyboard": buttons})
    assert send(server, "x", reply_markup=markup) == f"400 Bad Request: {refused}"


def test_a_keyboard_can_be_pressed_and_changed(server: BotApiServer) -> None:
    def markup(data: str) -> str:
        return json.dumps({"inline_keyboard": [[{"text": "A b", "callback_data": data}]]})

    call(server, "sendMessage", chat_id=7, text="x", reply_markup=markup("é" * 32))
    (sent,) = server.sent()
    assert sent.button("A") == "é" * 32
    assert sent.labels() == ["A b"]
    where = {"chat_id": 7, "message_id": sent.message_id, "text": "x"}
    same = refusal(server, "editMessageText", reply_markup=markup("é" * 32), **where)
    assert "message is not modified" in same
    assert call(server, "editMessageText", reply_markup=markup("y"), **where)[0] == 200
    assert (sent.button("A"), sent.versions) == ("y", ["x"])
    only = {"chat_id": 7, "message_id": sent.message_id}
    same = refusal(server, "editMessageReplyMarkup", reply_markup=markup("y"), **only)
    assert "message is not modified" in same
    assert call(server, "editMessageReplyMarkup", reply_markup=markup("z"), **only)[0] == 200
    assert (sent.button("A"), sent.versions) == ("z", ["x"])


RESULT = {
    "type": "article",
    "id": "1",
    "title": "T",
    "input_message_content": {"message_text": "x"},
}


@pytest.mark.parametrize(
    ("results", "params", "refused"),
    [
        ([RESULT] * 51, {}, "RESULTS_TOO_MUCH"),
        ([RESULT, RESULT], {}, "RESULT_ID_DUPLICATE"),
        ([RESULT | {"id": ""}], {}, "RESULT_ID_INVALID"),
        ([RESULT | {"id": "x" * 65}], {}, "RESULT_ID_INVALID"),
        ([RESULT | {"title": ""}], {}, "can't parse inline query result: title must be non-empty"),
        ([RESULT | {"input_message_content": {}}], {}, "message text is empty"),
        ([RESULT], {"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ([], {"button": '{"text": "x", "start_parameter": ""}'}, "START_PARAM_INVALID"),
        ([], {"button": '{"text": "x", "start_parameter": "a b"}'}, "START_PARAM_INVALID"),
        (
            [],
            {"button": '{"text": "", "start_parameter": "a"}'},
            "can't parse inline query results button: text must be non-empty",
        ),
        (
            [RESULT],
            {"is_personal": "false"},
            "is_personal is missing: the answer would be shown to strangers",
        ),
    ],
)
def test_inline_answers_that_are_refused(
    server: BotApiServer, results: list[object], params: dict[str, str], refused: str
) -> None:
    query = server.world.ask_inline("x")
    given = {"inline_query_id": query, "results": json.dumps(results), "is_personal": "true"}
    assert refusal(server, "answerInlineQuery", **(given | params)) == (
        f"400 Bad Request: {refused}"
    )


def test_inline_queries_are_answered_once_and_soon(server: BotApiServer) -> None:
    one, other = server.world.ask_inline("x"), server.world.ask_inline("y")
    given = {"results": json.dumps([RESULT]), "is_personal": "true"}
    assert call(server, "answerInlineQuery", inline_query_id=one, **given)[0] == 200
    stale = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert refusal(server, "answerInlineQuery", inline_query_id=one, **given) == stale
    server.world.advance(31)
    assert refusal(server, "answerInlineQuery", inline_query_id=other, **given) == stale
    assert len(call(server, "getUpdates")[1]["result"]) == 1


def test_files(server: BotApiServer) -> None:
    server.world.send_document("a.md", b"content")
    found = call(server, "getFile", file_id="file0")[1]["result"]
    address = urlsplit(server.url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=PATIENCE_S)
    for token, status, content in ((TOKEN, 200, b"content"), ("1:wrong", 404, None)):
        connection.request("GET", f"/file/bot{token}/{found['file_path']}")
        response = connection.getresponse()
        assert response.status == status
        assert content in (None, response.read())
    connection.close()
    assert refusal(server, "getFile", file_id="other") == "400 Bad Request: invalid file_id"
    server.world.files["file0"] = b"x" * 20_000_001
    assert refusal(server, "getFile", file_id="file0") == "400 Bad Request: file is too big"


@pytest.mark.parametrize(
    ("params", "refused"),
    [
        ({"url": "http://bot.example/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://bot.example:8080/"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"secret_token": "x" * 257}, "secret token is too long"),
        ({"secret_token": "ä"}, "secret token contains unallowed characters"),
    ],
)
def test_webhooks_that_are_refused(
    server: BotApiServer, params: dict[str, str], refused: str
) -> None:
    given = {"url": "https://bot.example/"} | params
    assert refusal(server, "setWebhook", **given) == f"400 Bad Request: {refused}"


def test_updates_are_pushed_until_they_are_taken(server: BotApiServer) -> None:
    came: list[tuple[str, str | None, int]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            secret = self.headers["X-Telegram-Bot-Api-Secret-Token"]
            came.append((self.path, secret, update["update_id"]))
            self.send_response(500 if len(came) == 1 else 200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as receiver:
        threading.Thread(target=receiver.serve_forever, args=(0.02,), daemon=True).start()
        server.proxy = f"http://127.0.0.1:{receiver.server_address[1]}"
        server.world.say("again")
        call(server, "setWebhook", url="https://bot.example/hook", secret_token="s")
        server.wait_for(lambda: len(came) == 3 and not server.world.waiting)
        receiver.shutdown()
    assert came == [("/hook", "s", 1000), ("/hook", "s", 1000), ("/hook", "s", 1001)]
