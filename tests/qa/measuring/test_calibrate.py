import gzip
from pathlib import Path

import pytest

from config.loading import load_settings
from index.text.tokens import SCRIPTS
from qa.measuring.calibrate import FEWEST, Sample, calibrate, collect
from qa.measuring.records import DatasetError
from qa.reading.reader import Reading
from qa.retrieval.calibration import DEFAULT
from qa.retrieval.hits import Hit
from tests.archive import models
from tests.qa.measuring.small import CORPUS, QUESTIONS, as_lines, dataset


def test_each_question_is_asked_with_and_without_its_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    small = dataset(tmp_path / "small", CORPUS, QUESTIONS)
    plain = small / "corpus.jsonl"
    plain.with_name("corpus.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    with pytest.raises(DatasetError, match="expected one corpus"):
        collect(small, load_settings(), models())
    plain.unlink()
    samples = collect(small, load_settings(), models())
    # First the archive holds the bridge alone, of which the first question asks; then the others.
    assert [sample.answerable for sample in samples] == [
        *(True, False, False, False),
        *(False, True, True, True),
    ]


@pytest.mark.parametrize(("asked", "row"), [("2022-03-04", 0), ("2022-05-07", 1)])
def test_a_question_is_asked_as_of_its_day(
    asked: str, row: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "The bridge over the Orm was closed to traffic, the council of Olm said."
    days = {"march": "2022/03/02", "may": "2022/05/06"}
    articles = [
        {"_id": name, "text": f"{text} It was {name}.", "metadata": {"date": day}}
        for name, day in days.items()
    ]
    others = [{"_id": name, "text": "Bees hum."} for name in ("bees", "more bees")]
    question = {
        "_id": "q",
        "text": "Which bridge was closed this week?",
        "metadata": {"date": asked},
    }
    (tmp_path / "corpus.jsonl").write_text(as_lines([*articles, *others]), encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(as_lines([question]), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("q\tmay\t1\n", encoding="utf-8")
    sample, *_ = collect(tmp_path, load_settings(), models())
    assert sample.hit.row == row


def sample(logit: float, *, answerable: bool, cross_script: bool) -> Sample:
    hit = Hit(
        0,
        score=0.5,
        relevance=1.0,
        margin=0.5,
        cross_script=cross_script,
        article=0,
        copies=0,
        reading=Reading(logit),
    )
    return Sample(hit, "latin", answerable)


@pytest.mark.parametrize("cross_script", [False, True])
def test_what_was_read_is_fitted_apart(
    cross_script: bool,  # noqa: FBT001 - a value of the table
) -> None:
    samples = [
        sample(sign * 3 + n % 5, answerable=sign > 0, cross_script=cross_script)
        for sign in (-1, 1)
        for n in range(FEWEST)
    ]
    fitted = calibrate(samples)
    others = [written for written in SCRIPTS if written != "latin"]
    read = fitted.read.of("latin", cross_script=cross_script)
    assert read.score(0.5, -3.0, 0.0) < 0.1
    assert read.score(0.5, 7.0, 0.0) > 0.9
    assert (fitted.own, fitted.cross_script) == (DEFAULT.own, DEFAULT.cross_script)
    untouched = fitted.read.of("latin", cross_script=not cross_script)
    assert untouched == DEFAULT.read.of("latin", cross_script=not cross_script)
    assert all(fitted.read.cross_script[one] == DEFAULT.read.cross_script[one] for one in others)


def test_with_few_questions_what_was_read_keeps_the_default() -> None:
    few = [
        sample(sign * 3.0, answerable=sign > 0, cross_script=False)
        for sign in (-1, 1)
        for _ in range(FEWEST - 1)
    ]
    assert calibrate(few) == DEFAULT
