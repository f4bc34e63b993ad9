"""``newsquote eval``, as a user calls it."""

import json
from pathlib import Path

import pytest

from index.generations.folders import generation_names
from qa.commands.evaluate import as_text
from qa.measuring.report import Figures, Report
from tests.program import call
from tests.qa.measuring.small import (
    ASKED,
    CORPUS,
    DISTRACTORS,
    QUESTIONS,
    archive,
    corpus_lines,
    dataset,
    question_file,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to call the program in, with a set, a question file and an archive."""
    dataset(tmp_path / "small", CORPUS, QUESTIONS)
    question_file(tmp_path / "asked.jsonl")
    archive(tmp_path / "archive")
    (tmp_path / "bare").mkdir()
    (tmp_path / "more.jsonl").write_text(corpus_lines(DISTRACTORS), encoding="utf-8")
    return tmp_path


def test_each_set_is_asked_of_its_own_corpus(folder: Path) -> None:
    dataset(folder / "other", DISTRACTORS, {"cheese of zone 3": ("other-3", "21 kinds")})
    done = call("eval", "small", "other", "--json", cwd=folder)
    reports = [json.loads(line) for line in done.out.splitlines()]
    assert (done.status, done.err) == (0, "")
    assert [(one["dataset"], one["questions"], one["passages"]) for one in reports] == [
        ("small", 4, 3),
        ("other", 1, 5),
    ]
    assert [one["metrics"]["mrr@10"] for one in reports] == [1, 1]
    assert reports[0]["intervals"]["mrr@10"] == [1, 1]


def test_sets_are_asked_of_an_archive_that_is_named(folder: Path) -> None:
    called = ("eval", "small", "asked.jsonl", "--archive", "archive", "--baseline", "bm25")
    done = call(*called, cwd=folder)
    lines = done.out.splitlines()
    assert (done.status, done.err) == (0, "")
    assert lines[0] == "small: 4 questions, 3 articles, 3 passages"
    assert "asked: 2 questions and 1 without an answer, 3 articles, 3 passages" in lines
    assert [line for line in lines if line.startswith("  BM25, articles: MRR@10")]
    assert not (folder / "index-data").exists()


def test_sets_are_asked_of_an_index_that_exists(folder: Path) -> None:
    assert call("index", "build", "archive", "--index", "made", cwd=folder).status == 0
    made = generation_names(folder / "made")
    done = call("eval", "asked.jsonl", "--index", "made", "--json", cwd=folder)
    report = json.loads(done.out)
    assert (report["questions"], report["unanswerable"], report["passages"]) == (2, 1, 3)
    assert report["metrics"]["first_quote_right"] == 1
    assert report["by_language"]["en"]["metrics"]["first_quote_right"] == 1
    assert generation_names(folder / "made") == made


def test_distractors_go_into_a_corpus_that_is_named(folder: Path) -> None:
    corpus = str(Path("small", "corpus.jsonl"))
    called = ("eval", "asked.jsonl", "--archive", corpus, "--distractors", "more.jsonl")
    assert call(*called, cwd=folder).out.startswith(
        "asked: 2 questions and 1 without an answer, 8 "
    )


def test_articles_that_the_archive_does_not_have_are_named(folder: Path) -> None:
    gone = [f"gone-{n}" for n in range(7)]
    question_file(folder / "asked.jsonl", [*ASKED, {"id": "4", "question": "Who?", "gold": gone}])
    done = call("eval", "asked.jsonl", "--archive", "archive", cwd=folder)
    assert done.status == 0
    assert done.err == (
        "asked: 7 of the articles that answer are not in the archive: "
        "gone-0, gone-1, gone-2, gone-3, gone-4 and 2 more\n"
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("gone",), "there is no gone"),
        (("small", "--archive", "gone"), "there is no gone"),
        (
            ("asked.jsonl",),
            "asked.jsonl is a question file, which has no articles of its own; name",
        ),
        (("small", "--index", "x", "--distractors", "more.jsonl"), "use --archive, not --index"),
        (
            ("small", "--archive", "archive", "--distractors", "more.jsonl"),
            "--distractors go beside a corpus, and archive holds article files",
        ),
        (("archive",), "archive has no queries.jsonl, so it is no question set; if it holds"),
        (("asked.jsonl", "--archive", "bare"), "bare: expected article files, found none"),
        (("small", "--index", "x"), "no index in x"),
    ],
)
def test_what_does_not_go_together_is_refused(
    folder: Path, args: tuple[str, ...], message: str
) -> None:
    done = call("eval", *args, cwd=folder)
    assert (done.status, done.out) == (2, "")
    assert message in done.err


def test_a_report_is_a_table_with_a_column_for_each_language() -> None:
    zh = Figures(2, 0, {"mrr@10": 0.5, "auroc": None}, {"mrr@10": (0.0, 1.0)})
    report = Report(
        questions=3,
        unanswerable=1,
        metrics={"mrr@10": 2 / 3, "auroc": 1.0, "answered_falsely_far": None},
        intervals={"mrr@10": (0.25, 0.875), "auroc": (1.0, 1.0)},
        dataset="asked",
        articles=5,
        passages=7,
        latency_ms={"p50": 1.25, "p95": 2.0},
        questions_per_second=800.0,
        by_language={"zh": zh},
    )
    assert as_text(report).splitlines() == [
        "asked: 3 questions and 1 without an answer, 5 articles, 7 passages",
        "                                 all (3)            zh (2)",
        "  MRR@10                         0.667 [0.25–0.88]  0.500 [0.00–1.00]",
        "  AUROC of the answer score      1.000 [1.00–1.00]  -",
        "  time of an answer              p50 1.2 ms, p95 2.0 ms",
        "  questions a second             800",
    ]
