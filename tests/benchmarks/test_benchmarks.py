"""Each figure runs on a tiny archive: how much it is depends on the machine, what it means does not."""

import importlib
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from benchmarks import measure
from benchmarks.__main__ import FIGURES, keep, shown, table
from benchmarks.archive import article_file, article_path, questions, write_archive
from benchmarks.building import parse_alone
from benchmarks.cold import check
from benchmarks.measure import (
    Cost,
    Memory,
    cost_and_peak_of_program,
    cost_of_call,
    cost_of_program,
    in_new_process,
    medians,
    memory,
    taking_turns,
)
from benchmarks.recall import recall
from benchmarks.report import TABLES, plot, with_tables
from benchmarks.workplace import Archive, Bench, Row, made_archive
from index.articles.files import read_article
from index.encoders.token_table import TokenTable
from index.text.tokens import tokens
from index.types import Article
from tests.feed_server import feed_server

pytestmark = pytest.mark.slow

PASSAGES = 60
MEASURED = tuple(name for name in FIGURES if name != "peers")  # it needs an environment of its own


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("bench")
    archive = made_archive(folder, PASSAGES)
    archive.ensure_index()
    return Bench((archive,), 1, folder)


@pytest.fixture(scope="module")
def results(bench: Bench) -> dict[str, list[Row]]:
    return {
        name: list(importlib.import_module(f"benchmarks.{name}").measure(bench))
        for name in MEASURED
    }


def test_an_archive_is_the_beginning_of_a_larger_one(tmp_path: Path) -> None:
    write_archive(tmp_path / "small", 3)
    write_archive(tmp_path / "large", 5)
    for number in range(3):
        small, large = (article_path(tmp_path / name, number) for name in ("small", "large"))
        assert small.read_bytes() == large.read_bytes()
    assert len(list((tmp_path / "large").rglob("*.md"))) == 5


def test_its_articles_are_read_without_complaint(tmp_path: Path) -> None:
    write_archive(tmp_path, 40)
    articles = [read_article(path, max_bytes=10**6) for path in sorted(tmp_path.rglob("*.md"))]
    assert all(isinstance(article, Article) for article in articles)
    read = [article for article in articles if isinstance(article, Article)]
    assert all(one.card.date and one.card.source and one.paragraphs for one in read)
    assert {"zh-Hans", "en"} <= {article.card.language for article in read}


def test_words_follow_zipfs_law() -> None:
    """Of half of all words there are few, and half of the words occur once."""
    text = "".join(article_file(number) for number in range(300))
    words, counts = np.unique(
        np.array([word for word in text.split() if word.isalpha() and word.isascii()]),
        return_counts=True,
    )
    counts = np.sort(counts)[::-1]
    assert counts[: len(words) // 50].sum() > counts.sum() / 4
    assert (counts == 1).mean() > 0.3


def test_questions_are_pieces_of_the_texts() -> None:
    texts = [
        "鹽石公司在安塞爾港建了一座新工廠，明年投產。",
        "The Bank of Belmora cut its rate to six percent again.",
    ]
    asked = questions(texts, 2)
    assert sorted(any(one.rstrip("?") in text for text in texts) for one in asked) == [True, True]
    assert asked == questions(texts, 2)


def numbers(row: Row) -> dict[str, float]:
    return {name: value for name, value in row.items() if not isinstance(value, str)}


@pytest.mark.parametrize("name", MEASURED)
def test_a_row_names_its_archive_and_has_no_empty_figure(
    name: str, bench: Bench, results: dict[str, list[Row]]
) -> None:
    assert results[name]
    for row in results[name]:
        assert (row["archive"], row["passages"]) == ("60", bench.archives[0].passages())
        assert np.isfinite(list(numbers(row).values())).all()
        assert min(numbers(row).values()) >= 0


def test_what_a_build_costs(bench: Bench, results: dict[str, list[Row]]) -> None:
    (row,) = map(numbers, results["building"])
    assert row["articles"] == len(list(bench.folder.glob("articles-60/**/*.md"))) > 5
    assert row["passages_per_s_wall"] * row["build_wall_s"] == pytest.approx(row["passages"])
    for kind in ("cpu", "wall"):
        assert row[f"ratio_{kind}"] == pytest.approx(
            row[f"build_{kind}_s"] / row[f"floor_{kind}_s"]
        )
        assert row[f"ratio_{kind}"] > 1  # the program parses too
    generation = (bench.folder / "index-60" / "CURRENT").read_text().strip()
    files = [*(bench.folder / "index-60" / "generations" / generation).glob("**/*")]
    assert row["index_mb"] * 1e6 == sum(file.stat().st_size for file in files if file.is_file())
    assert row["peak_mb"] > 30  # Python, with its libraries


def test_what_an_update_costs(bench: Bench) -> None:
    measured = importlib.import_module("benchmarks.updating").measure(bench)
    row = numbers(next(measured))
    assert row["ratio_cpu"] == pytest.approx(row["update_cpu_s"] / row["build_cpu_s"])
    assert row["changed"] == 1  # of eleven, at least one
    # Three updates, and each file that was changed has come into the index.
    changed = Archive("changed", (bench.folder / "changed",), bench.folder / "changed" / "index")
    added = "This paragraph was added to the report afterwards."
    assert sum(added in path.read_text("utf-8") for path in changed.files()) == 3
    assert "".join(changed.texts(range(changed.passages()))).count(added) == 3
    assert list(measured) == []
    assert not (bench.folder / "changed").exists()


def test_what_a_question_to_a_new_process_costs(results: dict[str, list[Row]]) -> None:
    (row,) = map(numbers, results["cold"])
    for kind in ("cpu", "wall"):
        assert row[f"ratio_{kind}"] == pytest.approx(
            row[f"ask_{kind}_ms"] / row[f"floor_{kind}_ms"]
        )
        assert row[f"floor_{kind}_ms"] > 10  # no machine imports them faster


def test_what_a_question_to_a_running_process_costs(results: dict[str, list[Row]]) -> None:
    (row,) = map(numbers, results["warm"])
    for stage in ("answer", "bare", "candidates", "encode", "faiss", "tantivy"):
        assert 0 < row[f"{stage}_p50_ms"] < row[f"{stage}_p95_ms"]
    for part in ("encode", "faiss", "tantivy"):  # an answer takes all of them, and more
        assert row["answer_p50_ms"] > row[f"{part}_p50_ms"]
    for quantile in ("p50", "p95"):
        answer = row[f"answer_{quantile}_ms"]
        assert row[f"ratio_{quantile}"] == pytest.approx(answer / row[f"bare_{quantile}_ms"])
        assert row[f"ratio_candidates_{quantile}"] == pytest.approx(
            answer / row[f"candidates_{quantile}_ms"]
        )


def test_what_serving_takes_of_memory(results: dict[str, list[Row]]) -> None:
    (row,) = map(numbers, results["serving"])
    assert row["rss_mb"] > row["pss_mb"] > row["private_mb"] > 10
    assert row["pss_of_two_mb"] > row["private_mb"] / 2


def test_what_a_passage_holds(bench: Bench, results: dict[str, list[Row]]) -> None:
    (row,) = map(numbers, results["holding"])
    archive = bench.archives[0]
    texts = archive.texts(range(archive.passages()))
    assert row["chars"] == pytest.approx(np.mean([len(text) for text in texts]))
    assert row["words"] == pytest.approx(np.mean([len(set(tokens(text))) for text in texts]))
    ids = TokenTable.open().ids(texts)
    assert row["tokens"] == pytest.approx(np.mean([len(set(one.tolist())) for one in ids]))
    assert row["words"] < row["article_words"] < row["words"] * row["passages"] / row["articles"]
    head = 128  # bytes of a NumPy file before its numbers
    assert row["vectors_b"] == pytest.approx(2 * 304 + head / row["passages"])
    parts = sum(value for name, value in row.items() if name.endswith("_b") and name != "all_b")
    assert 0.5 * row["all_b"] < parts < row["all_b"]


def test_what_each_sort_of_index_finds(results: dict[str, list[Row]]) -> None:
    rows = {row["index"]: numbers(row) for row in results["recall"]}
    filters = ("all", "10.0%", "1.0%", "0.1%", "rarer scripts")
    for name in ("exact", "4-bit codes"):  # which compares so few passages exactly too
        assert [rows[name][f"recall {one}"] for one in filters] == [1] * 5
    for count in (100, 300, 600):  # each as many as there are
        assert [rows[f"HNSW,SQ8, {count} in sight"][f"recall {one}"] for one in filters] == [1] * 5
    probed = [rows[f"IVF,SQ8, {share}% probed"]["recall all"] for share in (10, 20, 40)]
    assert 0 < probed[0] < probed[1] < probed[2] <= 1  # the more is probed, the more is found


@pytest.mark.parametrize("name", TABLES)
def test_a_table_names_columns_that_are_measured(name: str, results: dict[str, list[Row]]) -> None:
    figure, columns = TABLES[name]
    if figure in results:
        assert set(columns) <= set(results[figure][0])


def test_results_are_kept_and_shown(results: dict[str, list[Row]], tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    for _ in range(2):  # the second time in the place of the first
        for name, rows in results.items():
            for row in rows:
                keep(path, name, row)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert {name: len(rows) for name, rows in kept["figures"].items()} == {
        name: len(rows) for name, rows in results.items()
    }
    text = (
        "# Cost\n\n<!-- cold -->\nstale\n<!-- end -->\n\nafter\n\n<!-- machine -->\n<!-- end -->\n"
    )
    written = with_tables(text, kept)
    assert "stale" not in written
    assert "| 60 |" in written
    assert with_tables(written, kept) == written
    plot(kept["figures"], tmp_path / "plot.png")
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")


def test_a_question_that_speaks_to_the_network_is_an_error(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = bench.archives[0]
    check(archive, "谁？")
    monkeypatch.setenv("NEWSQUOTE_ENCODER__MODEL", "made-up/tiny")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    with feed_server() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url(""))
        with pytest.raises(RuntimeError, match=r"came to .*socket\.connect"):
            check(archive, "谁？")


def test_costs_are_the_systems() -> None:
    busy = cost_of_call(lambda: sum(range(10**6)))
    assert busy.cpu > 0.001
    asleep = cost_of_call(lambda: time.sleep(0.05))
    assert asleep.wall >= 0.05 > asleep.cpu
    assert cost_of_program(["true"]).wall > 0
    with pytest.raises(RuntimeError, match="ended with 2"):
        cost_of_program(["sh", "-c", "exit 2"])


def test_medians_and_turns() -> None:
    assert medians([Cost(1, 9), Cost(3, 7), Cost(2, 8)]) == Cost(2, 8)
    order: list[str] = []

    def measured(name: str) -> Cost:
        order.append(name)
        return Cost(len(order), 0)

    first, second = taking_turns(3, lambda: measured("a"), lambda: measured("b"))
    assert order == ["a", "b"] * 3
    assert (first.cpu, second.cpu) == (3, 4)


def test_memory_is_the_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = memory()
    block = np.ones(10_000_000, np.float64)
    after = memory()
    assert 78 < after.private - before.private < 90
    assert after.rss >= after.pss >= after.private > 0
    del block
    # A child of a child counts too. It ends when somebody has looked often enough to have seen it.
    code = (
        "import pathlib, time; block = b'1' * 50_000_000; pathlib.Path('ready').touch()\n"
        "while not pathlib.Path('seen').exists(): time.sleep(0.01)"
    )
    looks = 0

    def look(process: int | str = "self") -> Memory:
        nonlocal looks
        looks += Path("ready").exists()
        if looks > 4:  # at the shell and its child, at least once each
            Path("seen").touch()
        return memory(process)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(measure, "memory", look)
    _, peak = cost_and_peak_of_program(["sh", "-c", f'{sys.executable} -c "{code}"; true'])
    assert peak > 50
    assert in_new_process(abs, -3) == 3


@pytest.mark.parametrize("given", [None, "3"])
def test_a_process_that_is_measured_has_the_programs_environment(
    given: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "OPENBLAS_NUM_THREADS"
    monkeypatch.setenv(name, given) if given else monkeypatch.delenv(name, raising=False)
    assert in_new_process(os.getenv, name) == (given or "1")
    assert os.environ.get(name) == given


def test_recall_counts_what_was_found() -> None:
    wanted = [np.array([1, 2]), np.array([3, 4]), np.array([], np.int64)]
    assert recall([np.array([2, 1]), np.array([4, 5]), np.array([], np.int64)], wanted) == 0.75
    assert recall([np.array([], np.int64)], [np.array([], np.int64)]) == 1


def test_the_floor_of_a_build_parses_every_body(tmp_path: Path) -> None:
    write_archive(tmp_path, 4)
    cost = parse_alone(sorted(tmp_path.rglob("*.md")))
    assert cost.wall > 0
    assert cost.cpu > 0


def test_tables_line_up() -> None:
    rows: list[Row] = [{"archive": "1,000", "ms": 0.12345}, {"archive": "10", "ms": 12345.6}]
    assert table(rows) == "archive      ms\n  1,000   0.123\n     10  12,346"
    assert shown(7) == "7"
    assert table([]) == "nothing was measured"


def test_an_archive_of_ones_own_is_taken_as_it_is(tmp_path: Path) -> None:
    write_archive(tmp_path / "own", 2)
    archive = Archive("own", (tmp_path / "own",), tmp_path / "index")
    archive.ensure_index()
    assert len(archive.files()) == 2
    assert archive.passages() > 0
