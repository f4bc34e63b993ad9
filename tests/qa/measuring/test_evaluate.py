import gzip
import json
import lzma
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from config.loading import load_settings
from config.settings import Settings
from qa.measuring.evaluate import archive_at, evaluate, read_set, strangers_of
from qa.measuring.questions import QuestionSet
from qa.measuring.records import DatasetError
from qa.measuring.report import Report
from tests.archive import models
from tests.qa.measuring.small import (
    CORPUS,
    DISTRACTORS,
    QUESTIONS,
    STRANGE,
    archive,
    corpus_lines,
    dataset,
    question_file,
)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return load_settings()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return dataset(tmp_path / "small", CORPUS, QUESTIONS)


def measured(
    path: Path,
    settings: Settings,
    *,
    on: Path | None = None,
    distractors: Path | None = None,
    unanswerable: Path | None = None,
    baseline: bool = False,
) -> Report:
    one = read_set(path)
    strangers = strangers_of(unanswerable) if unanswerable else []
    with archive_at(on or path, settings, models(), distractors=distractors) as service:
        (report,) = evaluate(service, [one], strangers=strangers, baseline=baseline)
    return report


def test_a_question_set_is_measured(small: Path, settings: Settings) -> None:
    report = measured(small, settings)
    assert (report.dataset, report.questions, report.unanswerable) == ("small", 4, 0)
    assert report.passages == 3
    # Every right document is first, in its own language and in another.
    for name in ("mrr@10", "recall@1", "recall@5", "recall@10", "ndcg@10"):
        assert report.metrics[name] == 1
        assert report.intervals[name] == (1, 1)
    # The fourth answer stands nowhere.
    for name in ("answer_in_quote", "answer_in_highlight"):
        assert report.metrics[name] == 0.75
        assert report.intervals[name] == (0.25, 1)
    assert report.metrics["auroc"] is None
    assert report.metrics["false_answers_at_90"] is None
    assert report.metrics["answered_falsely"] is None
    assert set(report.intervals) == {
        name for name, value in report.metrics.items() if value is not None
    }
    assert (report.by_language, report.not_in_archive) == ({}, ())
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
    report = measured(dataset(tmp_path / "set", CORPUS, questions), settings)
    metrics = report.metrics
    assert metrics["recall@1"] == 0.5
    assert metrics["recall@10"] == 0.75
    assert 0.5 + 1 / 12 <= (metrics["mrr@10"] or 0) <= 0.5 + 1 / 8  # second or third of three
    assert metrics["answer_in_quote"] == 0.5
    assert report.not_in_archive == ("gone",)


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_a_set_may_have_its_corpus_compressed(
    small: Path, settings: Settings, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    plain = small / "corpus.jsonl"
    plain.with_name(f"corpus.jsonl{suffix}").write_bytes(pack(plain.read_bytes()))
    plain.unlink()
    report = measured(small, settings)
    assert (report.passages, report.metrics["recall@1"]) == (3, 1)


def test_whole_articles_keep_their_date_title_link_and_paragraphs(
    tmp_path: Path, settings: Settings
) -> None:
    date = "2022-05-06T00:00:00+00:00"
    text = f"{CORPUS['bridge']}\n\n  {CORPUS['bees']} \n"
    lines = [
        {
            "_id": "a",
            "title": "桥",
            "text": text,
            "metadata": {"date": date, "url": "https://e.org"},
        }
    ]
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with archive_at(path, settings, models()) as service:
        (contents,) = service.contents()
        (quote, *_) = service.answer("2022年5月奥尔姆大桥什么时候通车？").quotes
    assert (contents.card.path, contents.card.title) == ("a", "桥")
    assert contents.card.date is not None
    assert contents.card.date.isoformat() == date
    assert contents.card.url == "https://e.org"
    assert contents.text == f"{CORPUS['bridge']}\n{CORPUS['bees']}"
    assert quote.article.date == contents.card.date


@pytest.mark.parametrize("dated", [True, False])
def test_a_date_in_a_question_is_that_of_its_article(
    *, dated: bool, tmp_path: Path, settings: Settings
) -> None:
    """Two articles say the same but for the day; only their dates tell which is meant."""
    days = {"may": "2022/05/06", "march": "2022/03/02"}
    records = [
        {
            "_id": name,
            "text": f"The bridge over the Orm was {verb} to traffic, the council of Olm said.",
            **({"metadata": {"date": day}} if dated else {}),
        }
        for (name, day), verb in zip(days.items(), ("opened", "closed"), strict=True)
    ]
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    with archive_at(path, settings, models()) as service:
        for name, month in (("may", "May"), ("march", "March")):
            answer = service.answer(f"What did the council say of the bridge in {month} 2022?")
            assert not answer.widened
            if dated:
                assert [quote.article.path for quote in answer.quotes] == [name]
            else:  # any of them may be meant
                assert answer.quotes


@pytest.mark.parametrize(("asked", "right"), [("2022-05-07", 1.0), ("2022-03-04", 0.0)])
def test_this_week_is_that_of_the_day_on_which_a_question_was_asked(
    asked: str, right: float, tmp_path: Path, settings: Settings
) -> None:
    days = {"may": "2022/05/06", "march": "2022/03/02"}
    text = "The bridge over the Orm was closed to traffic, the council of Olm said."
    articles = [
        {"_id": name, "text": f"{text} It was {name}.", "metadata": {"date": day}}
        for name, day in days.items()
    ]
    question = {
        "id": "q",
        "question": "Which bridge was closed to traffic this week?",
        "gold": ["may"],
        "answers": ["may"],
        "date": asked,
    }
    for name, lines in (("corpus.jsonl", articles), ("asked.jsonl", [question])):
        written = "".join(json.dumps(line) + "\n" for line in lines)
        (tmp_path / name).write_text(written, encoding="utf-8")
    report = measured(tmp_path / "asked.jsonl", settings, on=tmp_path / "corpus.jsonl")
    assert report.metrics["recall@1"] == right
    assert report.metrics["first_quote_right"] == right


@pytest.mark.parametrize(
    ("name", "pack"),
    [("d.jsonl", bytes), ("d.jsonl.gz", gzip.compress), ("d.jsonl.xz", lzma.compress)],
)
def test_distractors_are_indexed_too(
    small: Path, settings: Settings, tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / name).write_bytes(pack(corpus_lines(DISTRACTORS).encode()))
    report = measured(small, settings, distractors=tmp_path / name)
    assert (report.questions, report.passages) == (4, 3 + 5)
    assert report.metrics["recall@1"] == 1


def test_questions_that_cannot_be_answered_are_asked_too(
    small: Path, settings: Settings, tmp_path: Path
) -> None:
    strange = dataset(tmp_path / "strange", {"x": "unseen", "y": "unseen"}, STRANGE)
    report = measured(small, settings, unanswerable=strange)
    assert (report.questions, report.unanswerable) == (4, 2)
    assert report.passages == 3  # its documents are not indexed
    assert report.metrics["auroc"] == 1
    assert report.metrics["false_answers_at_90"] == 0
    assert report.metrics["answered_falsely"] == 0
    assert report.metrics["answered_falsely_far"] is None  # nobody says of which kind they are
    assert report.metrics["recall@1"] == 1  # they have no right document


def test_a_set_without_questions_is_no_error(tmp_path: Path, settings: Settings) -> None:
    report = measured(dataset(tmp_path / "set", CORPUS, {}), settings)
    assert (report.questions, report.questions_per_second) == (0, 0)
    assert set(report.metrics.values()) == {None}
    assert report.intervals == {}


def test_a_question_file_is_asked_of_article_files(tmp_path: Path, settings: Settings) -> None:
    asked = question_file(tmp_path / "asked.jsonl")
    report = measured(asked, settings, on=archive(tmp_path / "archive"))
    assert (report.dataset, report.questions, report.unanswerable) == ("asked", 2, 1)
    assert report.passages == 3
    assert report.not_in_archive == ()
    for name in ("mrr@10", "recall@1", "first_quote_right", "highlight_right", "auroc"):
        assert report.metrics[name] == 1
    for name in ("declined", "answered_falsely", "answered_falsely_far"):
        assert report.metrics[name] == 0
    assert report.metrics["answered_falsely_near"] is None
    assert {name: one.questions for name, one in report.by_language.items()} == {"en": 1, "zh": 1}
    assert report.by_language["en"].metrics["auroc"] == 1
    assert report.by_language["zh"].metrics["auroc"] is None


def test_a_question_file_is_asked_of_a_corpus(small: Path, settings: Settings) -> None:
    records = [{"id": "1", "question": "为什么天文台关闭？", "gold": ["mirror"], "answers": []}]
    report = measured(question_file(small / "asked.jsonl", records), settings, on=small)
    assert (report.questions, report.metrics["recall@1"]) == (1, 1)
    assert report.metrics["first_quote_right"] is None  # nobody says what answers it


def test_a_set_may_be_asked_of_another_archive(
    small: Path, settings: Settings, tmp_path: Path
) -> None:
    report = measured(small, settings, on=archive(tmp_path / "archive"))
    assert (report.metrics["recall@1"], report.not_in_archive) == (1, ())


def test_several_sets_are_asked_of_one_archive(small: Path, settings: Settings) -> None:
    one = read_set(small)
    halves = [QuestionSet("a", one.questions[:1]), QuestionSet("b", one.questions[1:])]
    with archive_at(small, settings, models()) as service:
        reports = list(evaluate(service, halves, baseline=True))
    assert [(report.dataset, report.questions) for report in reports] == [("a", 1), ("b", 3)]
    assert [report.metrics["bm25_articles_mrr@10"] for report in reports] == [1, 1 / 3]


def test_bm25_is_measured_in_the_same_run(small: Path, settings: Settings) -> None:
    metrics = measured(small, settings, baseline=True).metrics
    # Two questions share words with their document; the others are in another language.
    for name in ("bm25_articles", "bm25_passages"):
        assert metrics[f"{name}_mrr@10"] == 0.5
        assert metrics[f"{name}_recall@5"] == 0.5
    assert metrics["mrr@10"] == 1


def test_a_question_file_may_be_compressed(tmp_path: Path) -> None:
    plain = question_file(tmp_path / "of.2022.jsonl")
    packed = tmp_path / "of.2022.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_set(packed) == read_set(plain)
    assert read_set(plain).name == "of.2022"


@pytest.mark.parametrize("name", ["queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(small: Path, name: str) -> None:
    (small / name).unlink()
    with pytest.raises(DatasetError, match=name):
        read_set(small)


def test_a_missing_corpus_is_named(small: Path, settings: Settings) -> None:
    (small / "corpus.jsonl").unlink()
    with pytest.raises(DatasetError, match=r"small: expected one of corpus\.jsonl"):
        archive_at(small, settings, models())


@pytest.mark.parametrize("files", [False, True])
def test_the_index_it_measures_leaves_nothing_behind(
    small: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, files: bool
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    on = archive(tmp_path / "archive") if files else small
    before: Sequence[Path] = sorted(tmp_path.rglob("*"))
    measured(small, settings, on=on)
    assert list(folder.iterdir()) == []
    assert sorted(tmp_path.rglob("*")) == before
