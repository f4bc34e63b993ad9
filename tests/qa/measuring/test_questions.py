import json
from pathlib import Path
from typing import Any

import pytest

from qa.measuring.questions import (
    Question,
    read_question_file,
    unknown_articles,
    with_paths,
)
from qa.measuring.records import DatasetError

ANSWERABLE = {
    "id": "q1",
    "lang": "zh",
    "question": "奥尔姆大桥什么时候通车？",
    "answerable": True,
    "gold": ["2022/bridge.md", "b7"],
    "answers": ["六月一日", "6月1日"],
    "kind": "date",
    "note": "invented",
}
NEAR = {
    "id": 2,
    "lang": "en",
    "question": "What did the bridge cost?",
    "answerable": False,
    "scope": "near",
    "about": ["2022/bridge.md"],
    "gold": [],
    "answers": [],
}


def written(folder: Path, *records: dict[str, Any]) -> Path:
    path = folder / "asked.jsonl"
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_questions_are_read_in_their_order(tmp_path: Path) -> None:
    far = {"id": "f", "question": "Как испечь хлеб?", "answerable": False, "scope": "far"}
    unsaid = {"id": "u", "question": "Who?", "answerable": False}
    short = {"id": "s", "question": "Where?", "gold": ["b7"]}
    path = written(tmp_path, ANSWERABLE, NEAR, far, unsaid, short)
    assert read_question_file(path) == [
        Question(
            "q1",
            "奥尔姆大桥什么时候通车？",
            ("六月一日", "6月1日"),
            {"2022/bridge.md": 1, "b7": 1},
            "zh",
        ),
        Question("2", "What did the bridge cost?", (), {}, "en", answerable=False, scope="near"),
        Question("f", "Как испечь хлеб?", (), {}, None, answerable=False, scope="far"),
        Question("u", "Who?", (), {}, None, answerable=False, scope="near"),
        Question("s", "Where?", (), {"b7": 1}, None),
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answerable": "yes"}, "expected answerable to be true or false, found 'yes'"),
        ({"gold": "b7"}, "expected gold to be a list, found 'b7'"),
        ({"answers": "june"}, "expected answers to be a list, found 'june'"),
        ({"gold": []}, "expected at least one article in gold, as answerable is true, found"),
        ({"answerable": False}, r"expected no article in gold, as answerable is false, found \['2"),
        (
            {"answerable": False, "gold": [], "scope": "wide"},
            "expected scope to be near or far, found 'wide'",
        ),
        ({"date": "soon"}, "expected a date such as 2023-07-28, found 'soon'"),
    ],
)
def test_a_field_that_is_wrong_is_named(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    path = written(tmp_path, NEAR, ANSWERABLE | change)
    with pytest.raises(DatasetError, match=rf"asked\.jsonl:3: {message}"):
        read_question_file(path)


@pytest.mark.parametrize("name", ["id", "question"])
def test_a_field_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, {key: value for key, value in NEAR.items() if key != name})
    with pytest.raises(
        DatasetError, match=rf"asked\.jsonl:1: expected a question, but it has no '{name}'"
    ):
        read_question_file(path)


PATHS = ["/a/2022/bridge.md", "/a/2021/bridge.md", "/a/b7.html", "b8", "/a/b8.md", "/a/xb7.md"]


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("/a/b7.html", {"/a/b7.html"}),  # a whole path
        ("2022/bridge.md", {"/a/2022/bridge.md"}),  # the end of one
        ("bridge.md", {"/a/2022/bridge.md", "/a/2021/bridge.md"}),
        ("022/bridge.md", {"022/bridge.md"}),  # not from a folder on: no article
        ("bridge", {"/a/2022/bridge.md", "/a/2021/bridge.md"}),  # without its suffix
        ("b7", {"/a/b7.html"}),
        ("b8", {"b8"}),  # a whole path wins
        ("gone", {"gone"}),
    ],
)
def test_articles_are_named_by_the_end_of_their_path(name: str, paths: set[str]) -> None:
    (question,) = with_paths([Question("q", "?", (), {name: 2})], PATHS)
    assert question == Question("q", "?", (), dict.fromkeys(paths, 2))


def test_what_is_named_and_not_there_is_told_once() -> None:
    questions = [
        Question("1", "?", (), {"b8": 1, "gone": 1}),
        Question("2", "?", (), {"lost": 1, "gone": 1}),
    ]
    assert unknown_articles(questions, PATHS) == ["gone", "lost"]
