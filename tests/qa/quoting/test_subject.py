"""The archive says nothing of what is asked, but mentions what it is asked about."""

from collections.abc import Iterator

import pytest

from index.engines.local import LocalFiles
from index.engines.protocol import Searcher
from qa.quoting.subject import mention
from qa.types import Mention
from tests.archive import article, build_index, models

TEXTS = (
    "奥尔姆港的港务长米雷娜·达斯科表示，新码头明年开放。",
    "米雷娜·达斯科出席了开工仪式。",
    "Halvik bans rental scooters, says Mayor Tessa Brandt.",
    "Мэр Тесса Брандт запретила самокаты в Хальвике.",
    "OceanGate 3 came back on Sunday.",
)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("mentions")
    build_index(folder, [article(f"{n}.md", text) for n, text in enumerate(TEXTS)])
    opened = LocalFiles(folder).open(models())
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("米雷娜·达斯科身高多少？", Mention("米雷娜·达斯科", 2)),
        ("奧爾姆港有多少員工？", Mention("奧爾姆港", 1)),
        ("新码头是谁设计的？", Mention("新码头", 1)),
        ("How tall is Tessa Brandt?", Mention("Tessa Brandt", 1)),
        ("Where is Halvik?", Mention("Halvik", 1)),
        ("Who owns OceanGate?", Mention("OceanGate", 1)),
        ("Сколько лет мэру по имени Тесса Брандт?", Mention("Тесса Брандт", 1)),
        ("澄池市长是谁？", None),
        ("How tall is the Mayor of Dornlund?", Mention("Mayor", 1)),
        ("How old is Hal?", None),
        ("Who is it?", None),
        ("？", None),
    ],
)
def test_the_name_in_a_question(searcher: Searcher, question: str, found: Mention | None) -> None:
    assert mention(question, TEXTS, searcher) == found


def test_a_name_is_looked_for_in_what_came_near(searcher: Searcher) -> None:
    assert mention("How tall is Tessa Brandt?", TEXTS[:2], searcher) is None
