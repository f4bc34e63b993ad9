"""Readers ask on while the index is built, updated, killed and pruned under them."""

import json
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from config.loading import load_settings
from qa.opening import open_service
from tests.archive import models
from tests.crash import QUESTION, Workplace, articles, paragraph
from tests.program import call

pytestmark = pytest.mark.slow

ROUNDS = 4
ANSWERS = Path("answers.jsonl")
_SPAWN = multiprocessing.get_context("spawn")


def _ask_on(folder: Path, orders: Connection) -> None:
    """Ask one service that stays open, and one that is opened anew each time, until told to end."""
    os.chdir(folder)
    settings = load_settings()
    with open_service(settings, models()) as held, ANSWERS.open("w") as answers:
        orders.send("ready")
        last = False
        while not last:
            last = orders.poll()
            with open_service(settings, models()) as fresh:
                for service in (held, fresh):
                    answer = service.answer(QUESTION, quotes=50)
                    quotes = {Path(q.article.path).name: q.text for q in answer.quotes}
                    answers.write(json.dumps(quotes) + "\n")


@contextmanager
def asked(folder: Path) -> Iterator[list[dict[str, str]]]:
    """Let a process ask for as long as the block lasts; then give its answers, by file."""
    here, there = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_ask_on, args=(folder, there))
    process.start()
    there.close()
    answers: list[dict[str, str]] = []
    try:
        assert here.recv() == "ready"
        yield answers
        here.send("end")
        process.join()
        assert process.exitcode == 0
        answers += map(json.loads, (folder / ANSWERS).read_text().splitlines())
    finally:
        process.kill()
        process.join()


def version_of(answer: dict[str, str]) -> int:
    """Return the version of the archive that an answer is from; fail if there is no such one."""
    version = int(answer["alma.md"].split()[1].rstrip(":"))
    texts = {name: paragraph(text) for name, text in articles(version).items()}
    assert answer.items() <= texts.items()
    return version


def test_every_answer_is_from_one_generation(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    settings = (tmp_path / "newsquote.toml").read_text()
    (tmp_path / "newsquote.toml").write_text(settings + "keep_generations = 1\n")
    place.finish("index", "build")
    with asked(tmp_path) as answers:
        for instant in ("os.rename:CURRENT", "shutil.rmtree:generations") * (ROUNDS // 2):
            place.advance()
            place.killed(instant, "index", "update")
            place.check_after_kill()
            place.finish("index", "update")
            assert call("index", "prune", "--keep", "1", cwd=tmp_path).status == 0
    versions = [version_of(answer) for answer in answers]
    assert versions == sorted(versions)
    assert versions[0] == 1
    assert versions[-1] == 1 + ROUNDS
