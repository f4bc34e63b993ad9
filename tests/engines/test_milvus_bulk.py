"""Generations that a Milvus server imports from files: what is written, refused, gone on with.

milvus-lite imports nothing, so ``tests.milvus_rest`` does it in its place, as Milvus would. A real
server is asked too when one is named, and a folder that is its bucket.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha512
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pyarrow.parquet as pq
import pytest

from index.building.events import silent
from index.building.shares import Share
from index.building.update import build_archive
from index.engines.local import LocalFiles
from index.engines.milvus.bulk_files import MANIFEST, read_files
from index.engines.milvus.bulk_write import _Writer
from index.engines.milvus.engine import MilvusServer
from index.engines.milvus.faults import Absent
from index.engines.milvus.jobs import Jobs
from index.engines.milvus.records import Records
from index.engines.milvus.rows import word_row
from index.engines.milvus.schema import ARTICLES, PASSAGES, WORDS
from index.errors import (
    ArchiveIndexError,
    EngineUnavailable,
    FilesDamaged,
    ImportFailed,
    IndexNotWritten,
    IndexOutdated,
)
from index.generations.opened import open_generation
from index.text.tokens import tokens
from index.types import Article
from tests import milvus
from tests.archive import ARTICLES as ALL
from tests.archive import (
    BEES,
    HARBOUR_EARLY,
    HARBOUR_LATE,
    OBSERVATORY,
    article,
    build_index,
    models,
)
from tests.engines.publishing import Imported, Published, quiet
from tests.engines.suite import EngineSuite, IndexedEngine
from tests.index.building.test_update import Archive as Files
from tests.milvus_rest import Bucket, importing

REAL = "NEWSQUOTE_TEST_MILVUS_URI"
"""Names a real server; NEWSQUOTE_TEST_MILVUS_TOKEN its token."""

BUCKET = "NEWSQUOTE_TEST_MILVUS_BUCKET"
"""Names the folder that the real server has for a bucket."""

SERVERS = ["milvus-lite", *(["real"] if REAL in os.environ and BUCKET in os.environ else [])]


@pytest.fixture(scope="module", params=SERVERS)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """Where a server is, and its bucket."""
    if request.param == "real":
        yield os.environ[REAL], Path(os.environ[BUCKET])
        return
    bucket = Bucket(tmp_path_factory.mktemp("bucket"), looks=0)
    with importing(tmp_path_factory.mktemp("milvus"), bucket) as uri:
        yield uri, bucket.folder


@pytest.fixture(scope="module")
def new_engine(
    place: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], IndexedEngine]]:
    made = list[MilvusServer]()
    uri, bucket = place

    def make() -> IndexedEngine:
        token = os.environ.get("NEWSQUOTE_TEST_MILVUS_TOKEN", "")
        made.append(MilvusServer.at(milvus.address(uri, f"test_{uuid4().hex[:12]}", token=token)))
        return Imported(tmp_path_factory.mktemp("index"), made[-1], bucket=bucket)

    yield make
    for engine in made:  # a real server goes on
        for name in engine.client.collections():
            engine.client.drop(name)
        engine.client.close()


class TestImported(EngineSuite):
    """All that any engine must do."""


@pytest.mark.skipif(
    REAL not in os.environ or BUCKET not in os.environ,
    reason=f"{REAL} and {BUCKET} name no Milvus server and its bucket",
)
def test_a_real_server_is_tested() -> None:
    """Only says so where none is."""


# What goes wrong, and what is gone on with.


@pytest.fixture(scope="module")
def shared_bucket(tmp_path_factory: pytest.TempPathFactory) -> Bucket:
    return Bucket(tmp_path_factory.mktemp("bucket"))


@pytest.fixture(scope="module")
def uri(shared_bucket: Bucket, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with importing(tmp_path_factory.mktemp("milvus"), shared_bucket) as where:
        yield where


@pytest.fixture
def bucket(shared_bucket: Bucket) -> Bucket:
    """The bucket of the server at ``uri``, whose jobs behave well at first."""
    shared_bucket.token, shared_bucket.looks, shared_bucket.failing = "", 0, ""
    shared_bucket.jobs.clear()
    return shared_bucket


@pytest.fixture
def made(uri: str, bucket: Bucket, tmp_path: Path) -> Iterator[Imported]:
    engine = MilvusServer.at(milvus.address(uri, f"test_{uuid4().hex[:12]}"))
    yield Imported(tmp_path / "index", engine, bucket=bucket.folder)
    engine.client.close()


def paths(made: Published) -> list[str]:
    searcher = made.engine.open(models())
    return sorted(one.card.path for one in searcher.listed(0, 99))


def named(*articles: Article) -> list[str]:
    return sorted(one.card.path for one in articles)


def build(made: Imported, articles: Sequence[Article]) -> Path:
    """Build an index of articles, and write its files; return their folder."""
    build_index(made.index_dir, articles)
    return made.write()


def rows(engine: MilvusServer, data: str, fields: Sequence[str]) -> list[tuple[Any, ...]]:
    """What all rows of a collection say in some fields, in an order of its own."""
    records = Records(engine.client)
    (line,) = records.lines()
    found = engine.client.every(records.collection(line, data), "since >= 0", fields)
    return sorted(tuple(row[name] for name in fields) for row in found)


@pytest.mark.slow
def test_what_is_imported_is_what_would_have_been_sent(made: Imported, uri: str) -> None:
    # Of what cannot be compressed, so that it takes more than one row.
    lines = (sha512(str(n).encode()).hexdigest() for n in range(1_000))
    long = article("long.md", *lines)
    made.index([*ALL, long])
    sent = Published(
        made.index_dir, MilvusServer.at(milvus.address(uri, f"test_{uuid4().hex[:12]}"))
    )
    sent.publish()
    for data, fields in (
        (PASSAGES, ["script", "day", "source", "copies", "first", "last", "start", "stop"]),
        (ARTICLES, ["content", "piece", "pieces", "sha256", "day", "source", "body"]),
        (WORDS, ["bucket", "frequencies"]),
    ):
        assert rows(made.engine, data, fields) == rows(sent.engine, data, fields)
    assert max(row[0] for row in rows(made.engine, ARTICLES, ["piece"])) > 0
    one, other = made.engine.open(models()), sent.engine.open(models())
    assert one.days == other.days
    assert replace(one.manifest, files={}) == replace(other.manifest, files={})
    assert one.sources == other.sources
    assert list(made.engine.faults()) == []
    passages = [
        {
            (row["start"], row["tokens"]): (row["vector"], sorted(row["words"]))
            for row in engine.client.every(
                Records(engine.client).collection(Records(engine.client).lines()[0], PASSAGES),
                "since >= 0",
                ["start", "tokens", "vector", "words"],
            )
        }
        for engine in (made.engine, sent.engine)
    ]
    assert passages[0].keys() == passages[1].keys()
    for key, (vector, words) in passages[0].items():
        assert words == passages[1][key][1]
        np.testing.assert_allclose(vector, passages[1][key][0], atol=1e-3)  # half precision
    sent.engine.client.close()


def test_files_are_as_large_as_they_are_wanted(tmp_path: Path) -> None:
    writer = _Writer(tmp_path, WORDS, 5_000)
    for number in range(11):
        writer.add([word_row(number * 1_000 + n, 7, n, "") for n in range(1_000)])
    writer.close()
    assert [(one.name, one.data, one.rows) for one in writer.files] == [
        ("words-0001.parquet", WORDS, 5_000),
        ("words-0002.parquet", WORDS, 5_000),
        ("words-0003.parquet", WORDS, 1_000),
    ]
    read = [pq.read_table(tmp_path / one.name)["content"].to_pylist() for one in writer.files]
    assert [number for some in read for number in some] == list(range(11_000))


@pytest.mark.slow
def test_shares_become_one_generation(uri: str, bucket: Bucket, tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    for number in range(len(ALL)):
        files.write(f"{number}.md", number)
    shares, folders = [Share(1, 2), Share(2, 2)], []
    engine = MilvusServer.at(milvus.address(uri, f"test_{uuid4().hex[:12]}"))
    for share in shares:
        part = Imported(tmp_path / f"part-{share.number}", engine, bucket=bucket.folder)
        options = replace(files._options, share=share)
        build_archive([files.files], part.index_dir, files.models, options, silent)
        folders.append(part.write(name=f"{uuid4().hex}-{share.number}"))
    for some in (folders[:1], [folders[0], folders[0]]):
        with pytest.raises(ArchiveIndexError, match="expected the shares 1/2, 2/2, each once"):
            engine.import_files(some, "", quiet, keep=100)
    engine.import_files(folders, "", quiet, keep=100)
    files.build()
    whole = open_generation(files.index_dir, models())
    searcher = engine.open(models())
    assert searcher.manifest.articles == whole.manifest.articles == len(ALL)
    assert len(searcher.every_passage()) == searcher.manifest.passages == whole.manifest.passages
    assert searcher.manifest.share is None
    assert searcher.days == whole.columns.span()
    assert set(searcher.sources) == set(whole.store.sources)
    words = {word for one in ALL for word in tokens(one.text)}
    local = LocalFiles(files.index_dir).open(models())
    assert searcher.word_weights(words) == pytest.approx(local.word_weights(words))
    assert list(engine.faults()) == []
    other = json.loads((folders[1] / MANIFEST).read_text())
    whole.close()
    local.close()
    searcher.close()
    engine.client.close()
    assert other["number"] != json.loads((folders[0] / MANIFEST).read_text())["number"]


def test_a_share_that_was_built_in_another_way_is_refused(
    uri: str, bucket: Bucket, tmp_path: Path
) -> None:
    files, folders = Files(tmp_path / "files"), []
    for number in range(4):
        files.write(f"{number}.md", number)
    engine = MilvusServer.at(milvus.address(uri, f"test_{uuid4().hex[:12]}"))
    for share, chars in ((Share(1, 2), 100), (Share(2, 2), 300)):
        files.target_chars = chars
        part = Imported(tmp_path / f"part-{share.number}", engine, bucket=bucket.folder)
        options = replace(files._options, share=share)
        build_archive([files.files], part.index_dir, files.models, options, silent)
        folders.append(part.write())
    with pytest.raises(IndexOutdated, match="its passages' length: expected 100, found 300"):
        engine.import_files(folders, "", quiet, keep=100)
    assert bucket.jobs == []
    engine.client.close()


def test_what_is_not_in_the_bucket_is_imported_once_it_is(made: Imported, bucket: Bucket) -> None:
    made.index([BEES])
    folder = build(made, [OBSERVATORY])
    away = made.index_dir.parent / folder.name
    shutil.copytree(folder, away)
    (folder / "passages-0001.parquet").unlink()
    bucket.jobs.clear()
    with pytest.raises(ImportFailed, match=r"passages-0001\.parquet.*specified key does not exist"):
        made.engine.import_files([away], "", quiet, keep=100)
    assert paths(made) == named(BEES)
    shutil.copy(away / "passages-0001.parquet", folder)
    made.engine.import_files([away], "", quiet, keep=100)
    assert paths(made) == named(OBSERVATORY)
    # Articles, which had been imported, are not imported again.
    assert [files for _, files in bucket.jobs] == [
        [f"{folder.name}/articles-0001.parquet"],
        [f"{folder.name}/passages-0001.parquet"],
        [f"{folder.name}/passages-0001.parquet"],
    ]


def test_the_folder_may_lie_anywhere_in_the_bucket(made: Imported, bucket: Bucket) -> None:
    folder = build(made, [BEES])
    (bucket.folder / "news" / "2026").mkdir(parents=True)
    moved = folder.rename(bucket.folder / "news" / "2026" / folder.name)
    made.engine.import_files([moved], "/news/2026/", quiet, keep=100)
    assert bucket.jobs[0][1] == [f"news/2026/{folder.name}/articles-0001.parquet"]
    assert paths(made) == named(BEES)


def test_a_job_that_fails_says_why_and_is_tried_again(made: Imported, bucket: Bucket) -> None:
    made.index([BEES])
    folder = build(made, [OBSERVATORY])
    bucket.failing = "out of memory on node 7"
    with pytest.raises(ImportFailed, match="out of memory on node 7; the generation that answered"):
        made.engine.import_files([folder], "", quiet, keep=100)
    assert paths(made) == named(BEES)
    made.engine.import_files([folder], "", quiet, keep=100)
    assert paths(made) == named(OBSERVATORY)


class Stopped(Exception):
    """A test stops the command."""


def test_a_job_that_still_runs_is_waited_for_and_not_asked_for_again(
    made: Imported, bucket: Bucket
) -> None:
    folder = build(made, [BEES])
    bucket.looks = 3

    def stop(_done: int, _of: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        made.engine.import_files([folder], "", stop, keep=100)
    assert len(bucket.jobs) == 1  # and it is running
    told: list[tuple[int, int]] = []
    made.engine.import_files([folder], "", lambda *counts: told.append(counts), keep=100)
    assert [one.rpartition("_")[2] for one, _ in bucket.jobs] == [ARTICLES, PASSAGES]
    assert paths(made) == named(BEES)
    total = made.engine.open(models()).manifest.passages + 1
    assert told[-1] == (total, total)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_what_answers_already_is_not_imported_again(made: Imported, bucket: Bucket) -> None:
    folder = build(made, [BEES])
    first = made.engine.import_files([folder], "", quiet, keep=100)
    made.index([OBSERVATORY])
    asked = len(bucket.jobs)
    assert made.engine.import_files([folder], "", quiet, keep=100) == first == made.engine.current()
    assert len(bucket.jobs) == asked
    assert paths(made) == named(BEES)


def test_other_files_of_the_same_name_do_not_answer(made: Imported) -> None:
    made.index([BEES])
    folder = build(made, [OBSERVATORY])
    here = made.index_dir.parent / folder.name
    shutil.copytree(folder, here)
    again = made.write(name=folder.name)  # the same rows, with another number
    newer = made.index_dir.parent / "newer" / folder.name
    shutil.copytree(again, newer)
    with pytest.raises(ImportFailed, match="what lies in the object store is not what was written"):
        made.engine.import_files([here], "", quiet, keep=100)
    assert paths(made) == named(BEES)
    assert [line for line in Records(made.engine.client).lines() if "files" in line] == [
        made.engine.open(models())._record.line  # of the first one; nothing is left of the other
    ]
    made.engine.import_files([newer], "", quiet, keep=100)
    assert paths(made) == named(OBSERVATORY)


def test_rows_that_nobody_wrote_do_not_answer(made: Imported, bucket: Bucket) -> None:
    made.index([BEES])
    folder, other = build(made, [OBSERVATORY]), made.write()

    def ask_besides(done: int, _of: int) -> None:
        """Let something else be imported as well, once passages are."""
        if done and len(bucket.jobs) == 2:
            name, _ = bucket.jobs[-1]
            jobs = Jobs(made.engine.client.address)
            number = jobs.create(name, [f"{other.name}/passages-0001.parquet"])
            while not jobs.read(number).is_over:
                pass

    bucket.jobs.clear()
    bucket.looks = 1
    with pytest.raises(ImportFailed, match=r"expected 2 rows in .*, found 4"):
        made.engine.import_files([folder], "", ask_besides, keep=100)
    assert paths(made) == named(BEES)


def test_files_that_are_not_as_they_were_written_are_refused(
    made: Imported, bucket: Bucket
) -> None:
    folder = build(made, [BEES])
    path = folder / "passages-0001.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(FilesDamaged, match=r"passages-0001\.parquet is damaged"):
        made.engine.import_files([folder], "", quiet, keep=100)
    path.unlink()  # it lies in the bucket alone
    (folder / "words.npy").unlink()
    with pytest.raises(FilesDamaged, match=r"words\.npy: expected a file"):
        made.engine.import_files([folder], "", quiet, keep=100)
    (folder / MANIFEST).write_text("{}")
    with pytest.raises(FilesDamaged, match="expected what is told of files for a server"):
        made.engine.import_files([folder], "", quiet, keep=100)
    (folder / MANIFEST).unlink()
    with pytest.raises(FilesDamaged, match="which is written when all of them are"):
        made.engine.import_files([folder], "", quiet, keep=100)
    assert bucket.jobs == []


def test_files_of_another_version_are_refused(made: Imported) -> None:
    folder = build(made, [BEES])
    values = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**values, "format": 0}))
    with pytest.raises(IndexOutdated, match="has the format 0, not 1"):
        made.engine.import_files([folder], "", quiet, keep=100)


def test_files_are_written_over_older_ones_and_over_nothing_else(made: Imported) -> None:
    folder = build(made, [BEES])

    def stop(_done: int, _of: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        made.write(stop, folder.name)
    with pytest.raises(FilesDamaged):
        read_files(folder)
    made.write(name=folder.name)
    read_files(folder).check()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(IndexNotWritten, match=r"found 'notes\.txt'"):
        made.write(name=folder.name)
    read_files(folder).check()
    with pytest.raises(IndexNotWritten, match="cannot be written to"):
        made.write(name=f"{folder.name}/notes.txt")


def test_a_generation_that_was_imported_is_updated_by_rows(made: Imported, bucket: Bucket) -> None:
    made.index([BEES, HARBOUR_EARLY])
    asked = len(bucket.jobs)
    build_index(made.index_dir, [BEES, HARBOUR_LATE])
    made.publish(anew=False)
    assert paths(made) == named(BEES, HARBOUR_LATE)
    assert len(bucket.jobs) == asked
    assert len(Records(made.engine.client).lines()) == 1
    with made.engine.writing() as writing:
        writing.prune(1)
    assert paths(made) == named(BEES, HARBOUR_LATE)


def test_an_import_that_was_given_up_is_in_nobodys_way(made: Imported, bucket: Bucket) -> None:
    folder = build(made, [BEES])
    bucket.failing = "a fault"
    with pytest.raises(ImportFailed):
        made.engine.import_files([folder], "", quiet, keep=100)
    Published.publish(made, anew=True)
    assert paths(made) == named(BEES)
    records = Records(made.engine.client)
    assert len(records.lines()) == 2
    with made.engine.writing() as writing:
        writing.prune(1)
    assert len(records.lines()) == 1


def test_a_wrong_token_is_said_to_be_one(made: Imported, bucket: Bucket) -> None:
    folder = build(made, [BEES])
    bucket.token = "root:right"
    with pytest.raises(EngineUnavailable, match="refuses the token"):
        made.engine.import_files([folder], "", quiet, keep=100)
    right = MilvusServer.at(replace(made.engine.client.address, token="root:right"))
    right.import_files([folder], "", quiet, keep=100)
    right.client.close()
    assert paths(made) == named(BEES)


def test_what_is_no_server_is_told_from_one(made: Imported, tmp_path: Path) -> None:
    folder = build(made, [BEES])
    lite = MilvusServer.at(milvus.address(str(tmp_path / "archive.db")))
    with pytest.raises(EngineUnavailable, match="milvus-lite imports no files"):
        lite.import_files([folder], "", quiet, keep=100)
    lite.client.close()
    with milvus.serving(tmp_path / "grpc") as running:
        alone = MilvusServer.at(milvus.address(running.uri))
        with pytest.raises(EngineUnavailable, match="cannot be reached, or does not answer"):
            alone.import_files([folder], "", quiet, keep=100)
        alone.client.close()


def test_a_collection_that_is_not_there_is_said_not_to_be(uri: str) -> None:
    with pytest.raises(Absent, match="does not have it"):
        Jobs(milvus.address(uri)).begun("test_of_nobody")
    with pytest.raises(EngineUnavailable, match="import job does not exist"):
        Jobs(milvus.address(uri)).read("1")


def test_an_answer_that_is_none_of_milvus_is_told(uri: str) -> None:
    address = replace(milvus.address(uri), uri=f"{uri}/elsewhere")
    with pytest.raises(EngineUnavailable, match="404 page not found"):
        Jobs(address).begun("test")
