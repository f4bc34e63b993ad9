"""The program with its index in Milvus."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.engines.milvus.engine import MilvusServer
from tests import milvus
from tests.archive import models
from tests.conftest import EXAMPLES, newsquote
from tests.milvus_rest import Bucket, importing
from tests.patience import PATIENCE_S

QUESTION = "How much did the spring tea harvest fall because of the drought?"


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with milvus.serving(tmp_path_factory.mktemp("milvus")) as server:
        yield {"NEWSQUOTE_INDEX__ENGINE": "milvus", "NEWSQUOTE_MILVUS__URI": server.uri}


@pytest.fixture(scope="module")
def built(env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("builder")
    shutil.copytree(EXAMPLES / "articles", folder / "archive")
    (folder / "index-data").mkdir()
    made = newsquote("index", "build", cwd=folder, env=env)
    assert made.returncode == 0, made.stderr
    return folder


def answers(folder: Path, env: dict[str, str]) -> list[dict[str, object]]:
    asked = newsquote("ask", QUESTION, "--json", cwd=folder, env=env)
    assert asked.returncode == 0, asked.stderr
    quotes = json.loads(asked.stdout)["quotes"]
    return [{key: value for key, value in quote.items() if key != "passage_id"} for quote in quotes]


@pytest.mark.slow
def test_answers_are_those_of_local_files_on_a_machine_without_the_folder(
    built: Path, env: dict[str, str], tmp_path: Path
) -> None:
    from_milvus = answers(tmp_path, env)
    assert from_milvus
    local = answers(built, {})
    for quote, other in zip(from_milvus, local, strict=True):
        assert quote.pop("score") == pytest.approx(other.pop("score"), abs=1e-3)
        assert quote == other


@pytest.mark.slow
def test_it_is_verified_and_mended(built: Path, env: dict[str, str], tmp_path: Path) -> None:
    whole = newsquote("verify", cwd=built, env=env)
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "all word for word" in whole.stdout
    elsewhere = newsquote("verify", cwd=tmp_path, env=env)
    assert (elsewhere.returncode, elsewhere.stderr) == (0, "")
    assert "all as it was written" in elsewhere.stdout
    engine = MilvusServer.at(milvus.address(env["NEWSQUOTE_MILVUS__URI"], "newsquote"))
    client, searcher = engine.client, engine.open(models())
    row = searcher.every_passage().tolist()[0]
    (name,) = (name for name in client.collections() if name.endswith("_passages"))
    client.delete(name, [row])
    searcher.close()
    client.close()
    for folder in (built, tmp_path):
        found = newsquote("verify", cwd=folder, env=env)
        assert found.returncode == 1
        assert "passages in" in found.stderr
    mended = newsquote("verify", "--repair", cwd=built, env=env)
    assert mended.returncode == 0, mended.stderr
    assert newsquote("verify", cwd=tmp_path, env=env).returncode == 0
    assert answers(tmp_path, env)


@pytest.mark.slow
def test_generations_are_those_of_milvus(built: Path, env: dict[str, str], tmp_path: Path) -> None:
    first = newsquote("index", "generations", "--json", cwd=tmp_path, env=env)
    *_, one = map(json.loads, first.stdout.splitlines())
    assert one["answers"]
    told = newsquote("index", "status", cwd=tmp_path, env=env)
    assert told.returncode == 0, told.stderr
    assert f"generation  {one['generation']}" in told.stdout
    assert "on another machine" in told.stdout
    for gone in (built / "archive" / "hexo").glob("Strait*"):
        gone.unlink()
    updated = newsquote("index", "update", cwd=built, env=env)
    assert "1 removed" in updated.stderr
    status = json.loads(newsquote("index", "status", "--json", cwd=built, env=env).stdout)
    assert status["articles"] == one["articles"] - 1
    assert status["generations"][-2:] == [one["generation"], status["generation"]]
    again = newsquote("index", "update", cwd=built, env=env)
    assert "nothing has changed" in again.stderr
    back = newsquote("index", "rollback", cwd=tmp_path, env=env)
    assert back.stdout.startswith(f"{one['generation']} answers"), back.stderr
    # The files have not changed, and what answers is not what they say.
    newsquote("index", "update", cwd=built, env=env)
    status = json.loads(newsquote("index", "status", "--json", cwd=built, env=env).stdout)
    assert status["articles"] == one["articles"] - 1
    assert status["generations"][0] == one["generation"]  # which answered until now
    pruned = newsquote("index", "prune", "--keep", "1", cwd=tmp_path, env=env)
    assert pruned.stdout.startswith(f"removed {one['generation']}"), pruned.stderr
    assert "generations left: 1" in pruned.stdout


@pytest.mark.slow
def test_a_server_imports_what_was_written_in_two_shares(built: Path, tmp_path: Path) -> None:
    (tmp_path / "bucket").mkdir()
    (tmp_path / "elsewhere").mkdir()
    bucket = Bucket(tmp_path / "bucket")
    with importing(tmp_path / "milvus", bucket) as uri:
        env = {"NEWSQUOTE_INDEX__ENGINE": "milvus", "NEWSQUOTE_MILVUS__URI": uri}
        for share in ("1/2", "2/2"):
            name = f"files-{share[0]}"
            written = newsquote(
                "index", "build", "--share", share, "--bulk", name, "--index", f"part-{share[0]}",
                cwd=built, env=env,
            )  # fmt: skip
            assert written.returncode == 0, written.stderr
            shutil.copytree(built / name, bucket.folder / "news" / name)
        imported = newsquote(
            "index", "import", "files-1", "files-2", "--at", "news", cwd=built, env=env
        )
        assert imported.returncode == 0, imported.stderr
        assert " answers: " in imported.stderr
        assert len(bucket.jobs) == 4  # articles and passages of each
        from_milvus = answers(tmp_path / "elsewhere", env)
    assert from_milvus
    for quote, other in zip(from_milvus, answers(built, {}), strict=True):
        assert quote.pop("score") == pytest.approx(other.pop("score"), abs=1e-3)
        assert quote == other


def test_the_extra_is_named_when_it_is_missing(tmp_path: Path) -> None:
    asked = without("pymilvus", tmp_path, {"NEWSQUOTE_INDEX__ENGINE": "milvus"})
    assert asked.returncode == 2
    assert "newsquote[milvus]" in asked.stderr
    assert "pymilvus" in asked.stderr


def test_an_address_is_needed(tmp_path: Path) -> None:
    asked = newsquote("ask", "x", cwd=tmp_path, env={"NEWSQUOTE_INDEX__ENGINE": "milvus"})
    assert asked.returncode == 2
    assert "milvus.uri is empty" in asked.stderr


@pytest.mark.parametrize("uri", ["localhost:19530", "ftp://x", "http://", "x.sqlite"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, uri: str) -> None:
    asked = newsquote("ask", "x", cwd=tmp_path, env={"NEWSQUOTE_MILVUS__URI": uri})
    assert asked.returncode == 2
    assert 'expected "http://host:19530", or a file whose name ends in ".db"' in asked.stderr


@pytest.mark.slow
def test_an_archive_that_is_made_to_measure_on_is_no_business_of_the_server(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text(
        '{"id": "1", "question": "When does the ferry sail?", "gold": ["ferry.md"]}\n'
    )
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "ferry.md").write_text("# Ferry\n\nThe ferry sails on Monday.\n")
    away = {"NEWSQUOTE_INDEX__ENGINE": "milvus", "NEWSQUOTE_MILVUS__URI": "http://127.0.0.1:9"}
    done = newsquote("eval", "questions.jsonl", "--archive", "archive", cwd=tmp_path, env=away)
    assert done.returncode == 0, done.stderr


def test_local_files_need_nothing_of_milvus(demo_index: Path) -> None:
    asked = without("pymilvus", demo_index, {}, "grpc", "pandas", "pyarrow", "index.engines.milvus")
    assert asked.returncode == 0, asked.stderr


def without(
    library: str, cwd: Path, env: dict[str, str], *more: str
) -> subprocess.CompletedProcess[str]:
    """Ask where to import some modules is an error."""
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({[library, *more]!r}));"
        "import qa.cli; sys.argv = ['newsquote', 'ask', sys.argv[1]]; sys.exit(qa.cli.program())"
    )
    clean = {key: value for key, value in os.environ.items() if not key.startswith("NEWSQUOTE_")}
    return subprocess.run(
        [sys.executable, "-c", program, QUESTION],
        cwd=cwd,
        env={**clean, "PYTHONUTF8": "1", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
