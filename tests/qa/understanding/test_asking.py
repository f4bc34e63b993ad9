import pytest

from qa.understanding.asking import is_question


@pytest.mark.parametrize(
    "text",
    [
        "大桥什么时候通车",
        "橋有多長",
        "谁设计了大桥",
        "誰設計了大橋",
        "通车了吗",
        "大桥由哪几个部分组成",
        "工期为何推迟",
        "Who built the bridge",
        "In which year did the bridge open",
        "did the mayor resign",
        "The bridge opened?",
        "Кто построил мост",
        "В каком году открыли мост",
        "Правда ли, что мост закрыт",
        "大橋？",
    ],
)
def test_questions(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "大桥",
        "海底铁路 通车",
        "几何学",
        "NFT",
        "bridge opening",
        "Arvenian minister rejects strait tunnel",
        "мост через пролив",
        "Какаду",
        "",
        "zzzqq",
    ],
)
def test_keywords_names_and_headlines_ask_nothing(text: str) -> None:
    assert not is_question(text)


def test_a_long_text_is_judged_at_once() -> None:
    assert not is_question("bridge " * 5000)
    assert not is_question("桥" * 5000 + " " * 5000)
