"""Chat programs choose newsquote as a model."""

import json

import pytest

from tests.qa.web.serving import Server

QUESTION = "塔罗2022年5月怎么评价自己去年的通胀判断？"
SAYS = "我在去年12月说通胀是暂时的，那个判断是错的，责任在我。"


def complete(server: Server, *questions: str, **options: object) -> dict[str, object]:
    messages = [{"role": "system", "content": "Be brief."}]
    for question in questions:
        messages += [{"role": "user", "content": question}, {"role": "assistant", "content": "..."}]
    body = {"model": "newsquote", "messages": messages[:-1], "temperature": 0.7, **options}
    answered = server.client.post("/v1/chat/completions", json=body)
    assert answered.status_code == 200, answered.text
    return dict(answered.json())


def content(completion: dict[str, object]) -> str:
    choices = completion["choices"]
    assert isinstance(choices, list)
    (choice,) = choices
    assert choice["finish_reason"] == "stop"
    return str(choice["message"]["content"])


def test_the_archive_is_listed_as_a_model(server: Server) -> None:
    models = server.get("/v1/models", headers={"authorization": "Bearer sk-none"}).json()
    assert [model["id"] for model in models["data"]] == ["newsquote"]


def test_an_answer_is_quotes_with_their_sources(server: Server) -> None:
    completion = complete(server, QUESTION)
    text = content(completion)
    assert SAYS in text
    assert (
        "> — [贝尔莫拉央行升息50个基点 行长承认误判通胀](<https://www.example.com/velmarwire/"
        in text
    )
    assert "维社中文网, 2022-05-12" in text
    message = completion["choices"][0]["message"]  # type: ignore[index]
    cited = [one["url_citation"]["title"] for one in message["annotations"]]
    assert "贝尔莫拉央行升息50个基点 行长承认误判通胀" in cited


def test_an_answer_streams(server: Server) -> None:
    body = {
        "model": "newsquote",
        "messages": [{"role": "user", "content": [{"type": "text", "text": QUESTION}]}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    with server.client.stream("POST", "/v1/chat/completions", json=body) as streamed:
        assert streamed.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in streamed.iter_lines() if line]
    assert lines[-1] == "data: [DONE]"
    chunks = [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks if chunk["choices"]]
    assert deltas[0]["role"] == "assistant"
    text = "".join(delta.get("content", "") for delta in deltas)
    assert text == content(complete(server, QUESTION))
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["usage"]["completion_tokens"] == len(text)


def test_follow_ups_lean_on_the_messages_before(server: Server) -> None:
    first = complete(server, "瓦尔切克怎么评价海底铁路？")
    follow = complete(server, "瓦尔切克怎么评价海底铁路？", "为什么？")
    asked = follow["newsquote"]["interpreted"]["text"]  # type: ignore[index]
    assert "海底铁路" in asked
    onward = complete(server, "瓦尔切克怎么评价海底铁路？", "继续")
    shown = {quote["text"] for quote in first["newsquote"]["quotes"]}  # type: ignore[index]
    further = {quote["text"] for quote in onward["newsquote"]["quotes"]}  # type: ignore[index]
    assert shown
    assert not shown & further


def test_what_is_not_answered_is_said_in_the_questions_language(server: Server) -> None:
    assert "档案中没有能回答这个问题的内容" in content(complete(server, "怎样在家里做酸种面包？"))
    assert "В архиве нет ответа" in content(complete(server, "Как испечь хлеб на закваске дома?"))
    assert "Ask a question about the archive" in content(complete(server, "hello"))


@pytest.mark.parametrize(
    "body",
    [
        {"messages": []},
        {"messages": [{"role": "system", "content": "x"}]},
        {"messages": [{"role": "user", "content": "x" * 1001}]},
        {"messages": [{"role": "user", "content": None}]},
        {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
        {},
    ],
)
def test_errors_are_those_that_chat_programs_read(server: Server, body: dict[str, object]) -> None:
    refused = server.client.post("/v1/chat/completions", json={"model": "newsquote", **body})
    assert refused.status_code == 422
    assert refused.json()["error"]["type"] == "invalid_request_error"
    assert refused.json()["error"]["message"] == refused.json()["detail"]
