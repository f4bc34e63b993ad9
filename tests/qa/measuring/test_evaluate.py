import gzip
import json
import lzma
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.loading import load_settings
from config.settings import Settings
from qa.measuring.dataset import DatasetError
from qa.measuring.evaluate import Report, auroc, evaluate, false_answers
from tests.archive import models

CORPUS = {
    "bridge": "桥梁局星期一宣布，奥尔姆大桥将于六月一日通车。",
    "bees": "Пчеловод Гордей Лунин вывел породу пчёл, которая переносит морозы.",
    "mirror": "The observatory on Mount Tessel will close because its mirror has lost its silver.",
}
QUESTIONS = {  # question -> its document and a string that answers it
    "奥尔姆大桥什么时候通车？": ("bridge", "六月一日"),
    "Who bred bees that survive frost?": ("bees", "Лунин"),
    "Why will the observatory close?": ("mirror", "lost its silver"),
    "天文台为什么关闭？": ("mirror", "never written"),
}
STRANGE = {"How do you bake sourdough bread?": ("x", "flour"), "谁赢得了象棋冠军？": ("y", "")}
DISTRACTORS = {
    f"other-{n}": f"Zone {n} of the market sells {n * 7} kinds of cheese." for n in range(5)
}


def lines(documents: Mapping[str, str]) -> str:
    return "".join(json.dumps({"_id": key, "text": text}) + "\n" for key, text in documents.items())


def dataset(
    folder: Path, corpus: Mapping[str, str], questions: Mapping[str, tuple[str, str]]
) -> Path:
    folder.mkdir()
    (folder / "corpus.jsonl").write_text(lines(corpus), encoding="utf-8")
    records = [
        {"_id": str(n), "text": text, "metadata": {"answers": [answer]}}
        for n, (text, (_, answer)) in enumerate(questions.items())
    ]
    (folder / "queries.jsonl").write_text(
        "".join(json.dumps(record) + "\n" for record in records), encoding="utf-8"
    )
    judged = (f"{n}\t{document}\t1\n" for n, (document, _) in enumerate(questions.values()))
    (folder / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\n" + "".join(judged), encoding="utf-8"
    )
    return folder


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return load_settings()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return dataset(tmp_path / "small", CORPUS, QUESTIONS)


def measured(path: Path, settings: Settings, **extra: Path) -> Report:
    return evaluate(path, settings, models(), **extra)


def test_a_question_set_is_measured(small: Path, settings: Settings) -> None:
    report = measured(small, settings)
    assert (report.dataset, report.questions, report.passages) == ("small", 4, 3)
    # Every right document is first, in its own language and in another.
    for name in ("mrr@10", "recall@1", "recall@5", "recall@10", "ndcg@10"):
        assert report.metrics[name] == 1
    # The fourth answer stands nowhere.
    assert report.metrics["answer_in_quote"] == 0.75
    assert report.metrics["answer_in_highlight"] == 0.75
    assert report.metrics["auroc"] is None
    assert report.metrics["false_answers_at_90"] is None
    assert 0 < report.latency_ms["p50"] <= report.latency_ms["p95"] <= report.latency_ms["p99"]
    assert report.questions_per_second > 0
    assert json.loads(json.dumps(report.to_dict()))["metrics"]["recall@1"] == 1


def test_what_is_not_found_lowers_the_measure(tmp_path: Path, settings: Settings) -> None:
    questions = {
        "奥尔姆大桥什么时候通车？": ("bridge", "六月一日"),
        "Why will the observatory close?": ("gone", "六月一日"),  # not in the corpus
        "2021年12月的报道怎么说大桥？": (
            "bridge",
            "六月一日",
        ),  # documents have no date: all are searched
        "哪座天文台要关闭？": ("bridge", "六月一日"),  # the second best at most
    }
    metrics = measured(dataset(tmp_path / "set", CORPUS, questions), settings).metrics
    assert metrics["recall@1"] == 0.5
    assert metrics["recall@10"] == 0.75
    assert 0.5 + 1 / 12 <= (metrics["mrr@10"] or 0) <= 0.5 + 1 / 8  # second or third of three
    assert metrics["answer_in_quote"] == 0.5


@pytest.mark.parametrize(
    ("name", "pack"),
    [("d.jsonl", bytes), ("d.jsonl.gz", gzip.compress), ("d.jsonl.xz", lzma.compress)],
)
def test_distractors_are_indexed_too(
    small: Path, settings: Settings, tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / name).write_bytes(pack(lines(DISTRACTORS).encode()))
    report = measured(small, settings, distractors=tmp_path / name)
    assert (report.questions, report.passages) == (4, 3 + 5)
    assert report.metrics["recall@1"] == 1


def test_questions_that_cannot_be_answered_are_asked_too(
    small: Path, settings: Settings, tmp_path: Path
) -> None:
    strange = dataset(tmp_path / "strange", {"x": "unseen", "y": "unseen"}, STRANGE)
    report = measured(small, settings, unanswerable=strange)
    assert (report.questions, report.passages) == (4, 3)  # its documents are not indexed
    assert report.metrics["auroc"] == 1
    assert report.metrics["false_answers_at_90"] == 0


def test_a_set_without_questions_is_no_error(tmp_path: Path, settings: Settings) -> None:
    report = measured(dataset(tmp_path / "set", CORPUS, {}), settings)
    assert (report.questions, report.questions_per_second) == (0, 0)
    assert set(report.metrics.values()) == {None}


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(small: Path, settings: Settings, name: str) -> None:
    (small / name).unlink()
    with pytest.raises(DatasetError, match=name):
        measured(small, settings)


def test_the_index_it_measures_leaves_nothing_behind(
    small: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    before: Sequence[Path] = sorted(tmp_path.iterdir())
    measured(small, settings)
    assert list(folder.iterdir()) == []
    assert sorted(tmp_path.iterdir()) == before
