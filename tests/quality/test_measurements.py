import io
import json
import lzma
import tarfile
from pathlib import Path

import pytest

from tests.qa.measuring.small import CORPUS, QUESTIONS, archive, dataset, question_file
from tests.quality.__main__ import main
from tests.quality.floors import Figure
from tests.quality.measurements import ASKINGS, SPECIAL, measure

GOOD = {"mirror": {"first_quote_right": 0, "answered_falsely_far": 1, "recall@1.zh": 0.9}}


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Invented data that lies as the real ones do."""
    for folder in ("corpus", "questions", "news"):
        (tmp_path / folder).mkdir()
    unpacked = archive(tmp_path / "unpacked")
    with tarfile.open(tmp_path / "corpus" / "articles.tar.xz", "w:xz") as packed:
        packed.add(unpacked, "articles")
    question_file(tmp_path / "questions" / "mirror.jsonl")
    question_file(tmp_path / "questions" / "news.jsonl")
    crud = dataset(tmp_path / "news" / "crud-dev", CORPUS, QUESTIONS)
    plain = crud / "corpus.jsonl"
    plain.with_suffix(".jsonl.xz").write_bytes(lzma.compress(plain.read_bytes()))
    plain.unlink()
    return tmp_path


def test_every_name_of_the_floors_is_measured() -> None:
    floors = json.loads(Path(__file__).with_name("floors.json").read_text(encoding="utf-8"))
    assert {*SPECIAL, *(name for asking in ASKINGS for name in asking.names)} == set(floors)


def test_sets_that_share_an_archive_are_asked_together(shared: Path) -> None:
    out = io.StringIO()
    measured = dict(measure(shared, ["crud-dev", "news"], out))
    assert list(measured) == ["crud-dev", "news"]
    assert measured["crud-dev"]["mrr@10"] == Figure(1, (1, 1))
    assert measured["news"]["mrr@10.en"].value == 1
    assert measured["news"]["bm25_articles_mrr@10.en"].value == 1
    assert "crud-dev: 4 questions, 3 articles, 3 passages\n" in out.getvalue()


def test_figures_are_compared_with_their_floors(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(shared), "mirror"], GOOD) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "mirror: 2 questions and 1 without an answer, 3 articles, 3 passages"
    assert lines[-1] == "3 passed, 0 failed"
    assert main([str(shared), "mirror"], {"mirror": {"first_quote_right": 1.1}}) == 1
    assert "FAILED" in capsys.readouterr().out


def test_floors_are_printed_anew(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(shared), "mirror", "--measure"], GOOD | {"news": {"auroc": 0.5}}) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {
        "mirror": {"first_quote_right": 0.97, "answered_falsely_far": 0.03, "recall@1.zh": 0.97},
        "news": {"auroc": 0.5},
    }
    assert "3 passed, 0 failed" in printed.err


def test_a_name_that_nobody_measures_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["anywhere", "mirrors"], GOOD)
    assert "expected names of mirror; found mirrors" in capsys.readouterr().err
