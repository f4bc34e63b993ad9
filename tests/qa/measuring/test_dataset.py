import gzip
import lzma
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from qa.measuring.dataset import Document, corpus_at, corpus_of, read_beir, read_documents
from qa.measuring.questions import Question
from qa.measuring.records import DatasetError
from qa.service import noon

CORPUS = (
    '{"_id": "d1", "title": "桥", "text": "大桥通车了。"}\n'
    "\n"
    '{"_id": 2, "title": null, "text": "It opened.\\nAt noon.", "metadata": {}}\n'
    '{"_id": "d3", "text": "", "metadata": {"date": "2022/05/06", "url": "https://example.org/3"}}\n'
    '{"_id": "d4", "text": "x", "date": "2021-12-03T10:00:00+08:00", "url": "https://example.org"}\n'
)
DOCUMENTS = [
    Document("d1", "桥", "大桥通车了。"),
    Document("2", "", "It opened.\nAt noon."),
    Document("d3", "", "", datetime(2022, 5, 6, tzinfo=UTC), "https://example.org/3"),
    Document(
        "d4",
        "",
        "x",
        datetime(2021, 12, 3, 10, tzinfo=timezone(timedelta(hours=8))),
        "https://example.org",
    ),
]
QUERIES = (
    '{"_id": "q2", "text": "Второй?", "metadata": {"answers": ["да", 7], "date": "2022/05/06"}}\n'
    '{"_id": "q1", "text": "第一？"}\n'
    '{"_id": "q3", "text": "Judged irrelevant?", "metadata": null}\n'
    '{"_id": "q4", "text": "Never judged?"}\n'
)
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td1\t2\r\nq2\t2\t1\nq2\td3\t0\nq3\td1\t0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "queries.jsonl").write_text(QUERIES, encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("corpus.jsonl", bytes),
        ("corpus.jsonl.gz", gzip.compress),
        ("corpus.jsonl.xz", lzma.compress),
    ],
)
def test_documents_plain_and_compressed(
    tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / name).write_bytes(pack(CORPUS.encode()))
    assert list(read_documents(tmp_path / name)) == DOCUMENTS


@pytest.mark.parametrize("name", ["corpus.jsonl", "corpus.jsonl.gz", "corpus.jsonl.xz"])
def test_a_set_has_one_corpus_plain_or_compressed(folder: Path, name: str) -> None:
    with pytest.raises(DatasetError, match=r"there is no folder .*away"):
        corpus_of(folder / "away")
    with pytest.raises(DatasetError, match=r"expected one of corpus\.jsonl, .*, found none"):
        corpus_of(folder)
    (folder / name).touch()
    (folder / "corpus.jsonl.bak").touch()
    assert corpus_of(folder) == folder / name


def test_a_path_names_a_corpus_or_article_files(folder: Path) -> None:
    (folder / "articles" / "corpus").mkdir(parents=True)
    (folder / "corpus.jsonl.xz").touch()
    (folder / "more.jsonl.gz").touch()
    assert corpus_at(folder) == folder / "corpus.jsonl.xz"
    assert corpus_at(folder / "more.jsonl.gz") == folder / "more.jsonl.gz"
    assert corpus_at(folder / "articles") is None
    assert corpus_at(folder / "article.md") is None
    (folder / "corpus.jsonl.xz").unlink()
    with pytest.raises(DatasetError, match="found none"):  # it has qrels.tsv: it is a set
        corpus_at(folder)


def test_two_corpora_are_one_too_many(folder: Path) -> None:
    (folder / "corpus.jsonl").touch()
    (folder / "corpus.jsonl.xz").touch()
    with pytest.raises(
        DatasetError, match=r"found corpus\.jsonl and corpus\.jsonl\.xz; remove all but one"
    ):
        corpus_of(folder)


def test_questions_with_a_relevant_document_in_their_order(folder: Path) -> None:
    assert read_beir(folder) == [
        Question("q2", "Второй?", ("да", "7"), {"d1": 2, "2": 1}, asked=noon(date(2022, 5, 6))),
        Question("q1", "第一？", (), {"d1": 1}),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"corpus\.jsonl:2: expected a line of JSON"),
        ("[1]", r"corpus\.jsonl:2: expected a JSON object, found '\[1\]'"),
        ('{"text": "x"}', r"corpus\.jsonl:2: expected a document, but it has no '_id'"),
        ('{"_id": "x"}', r"corpus\.jsonl:2: expected a document, but it has no 'text'"),
        (
            '{"_id": "x", "text": "", "date": "soon"}',
            r"corpus\.jsonl:2: expected a date such as 2023-07-28, found 'soon'",
        ),
        (
            '{"_id": "x", "text": "", "metadata": "2021"}',
            r"corpus\.jsonl:2: expected metadata to be an object, found '2021'",
        ),
    ],
)
def test_a_line_that_is_no_document_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text(f'{{"_id": "1", "text": "a"}}\n{line}\n', encoding="utf-8")
    documents = read_documents(path)
    assert next(documents) == Document("1", "", "a")
    with pytest.raises(DatasetError, match=message):
        next(documents)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("qrels.tsv", "q1\td1\n", r"qrels\.tsv:1: expected question, document and grade"),
        ("qrels.tsv", "q1\t0\td1\t1\n", r"qrels\.tsv:1: .* found 'q1\\t0\\td1\\t1'"),
        ("qrels.tsv", "q1\td1\tmuch\n", r"qrels\.tsv:1: expected question, document and grade"),
        ("queries.jsonl", '{"_id": "q1"}\n', r"queries\.jsonl:1: .*no 'text'"),
        ("queries.jsonl", '{"text": "?"}\n', r"queries\.jsonl:1: .*no '_id'"),
        (
            "queries.jsonl",
            '{"_id": "q1", "text": "?", "metadata": {"answers": "yes"}}\n',
            r"queries\.jsonl:1: expected metadata\.answers to be a list, found 'yes'",
        ),
        (
            "queries.jsonl",
            '{"_id": "q1", "text": "?", "metadata": [1]}\n',
            r"queries\.jsonl:1: expected metadata to be an object, found \[1\]",
        ),
    ],
)
def test_a_line_that_is_no_question_is_named(
    folder: Path, name: str, text: str, message: str
) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=message):
        read_beir(folder)


@pytest.mark.parametrize("name", ["queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(DatasetError, match=rf"{name}: cannot be read.*No such file"):
        read_beir(folder)


def flipped(data: bytes) -> bytes:
    return data[:100] + bytes(byte ^ 0xFF for byte in data[100:108]) + data[108:]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
@pytest.mark.parametrize(
    "damage", [flipped, lambda data: data[:-20], lambda _: b"not compressed at all"]
)
def test_a_damaged_archive_is_named(
    tmp_path: Path, pack: Callable[[bytes], bytes], damage: Callable[[bytes], bytes]
) -> None:
    suffix = {gzip.compress: ".gz", lzma.compress: ".xz"}[pack]
    path = tmp_path / f"corpus.jsonl{suffix}"
    lines = (f'{{"_id": "{n}", "text": "{n**9}"}}\n' for n in range(300))
    path.write_bytes(damage(pack("".join(lines).encode())))
    with pytest.raises(DatasetError, match=rf"corpus\.jsonl\{suffix}"):
        list(read_documents(path))


def test_text_that_is_not_utf_8_is_named(folder: Path) -> None:
    (folder / "qrels.tsv").write_bytes("q1\t文\t1\n".encode("gb18030"))
    with pytest.raises(DatasetError, match=r"qrels\.tsv: cannot be read"):
        read_beir(folder)
