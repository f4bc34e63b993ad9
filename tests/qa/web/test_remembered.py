from datetime import date
from pathlib import Path

from qa.types import Answer, Query
from qa.web.asking import Asked
from qa.web.remembered import MOST, Key, Remembered
from tests.archive import HARBOUR_EARLY, HARBOUR_LATE, build_index
from tests.qa.web.serving import ASKING_MUCH, Server

QUESTION = "新码头什么时候开放？"


def key(number: int) -> Key:
    return "one", date(2022, 5, 6), Asked(str(number)), True, True


def test_answers_are_not_kept_without_end() -> None:
    kept = Remembered()
    answer = Answer(Query("q", "q"), ())
    for number in range(MOST):
        kept.keep(key(number), answer)
    assert kept.find(key(0)) is answer
    kept.keep(key(MOST), answer)
    assert kept.find(key(0)) is answer
    assert kept.find(key(1)) is None
    generation, day, asked, *_ = key(0)
    assert kept.find(("two", day, asked, True, True)) is None
    assert kept.find((generation, date(2022, 5, 7), asked, True, True)) is None
    assert kept.find((generation, day, asked, False, True)) is None


def test_a_new_index_answers_anew(tmp_path: Path) -> None:
    index = tmp_path / "index-data"
    build_index(index, [HARBOUR_EARLY])
    settings = {**ASKING_MUCH, "ANSWER__THRESHOLD": "0", "INDEX__DIR": str(index)}
    with Server(tmp_path, settings) as server:

        def titles() -> set[str]:
            answer = server.get("/api/ask", params={"q": QUESTION}).json()
            return {quote["article"]["title"] for quote in answer["quotes"]}

        assert titles() == titles() == {HARBOUR_EARLY.card.title}
        build_index(index, [HARBOUR_EARLY, HARBOUR_LATE])
        assert titles() == {HARBOUR_EARLY.card.title, HARBOUR_LATE.card.title}
