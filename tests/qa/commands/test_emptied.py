"""An archive that is empty, or is no longer where it was: what the program says, and keeps."""

import json
import os
import shutil
from pathlib import Path

import pytest

from index.generations.folders import current, generation_names
from tests.program import call

QUESTION = "When does the ferry sail?"
SAILS = "The ferry sails on Monday."


def put(folder: Path, name: str, text: str) -> Path:
    """Write an article whose time can be trusted."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"# News\n\n{text}\n")
    os.utime(path, (1_600_000_000, 1_600_000_000))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to call the program in, with an archive of two folders and its index."""
    put(tmp_path / "archive", "ferry.md", SAILS)
    put(tmp_path / "more", "bridge.md", "The bridge opens in June.")
    set_paths(tmp_path, "archive", "more")
    (tmp_path / "index-data").mkdir()
    assert call("index", "build", cwd=tmp_path).status == 0
    return tmp_path


def set_paths(folder: Path, *paths: str) -> None:
    (folder / "newsquote.toml").write_text(f"[archive]\npaths = {json.dumps(paths)}\n")


def sources(folder: Path) -> list[str]:
    told = json.loads(call("index", "status", "--json", cwd=folder).out)
    return [str(Path(path).relative_to(folder)) for path in told["paths"]]


def emptied(path: Path) -> None:
    shutil.rmtree(path)
    path.mkdir()


# A build.


@pytest.mark.parametrize("paths", [(), ("archive",), ("archive", "more")])
def test_a_build_does_not_replace_an_index_by_none(folder: Path, paths: tuple[str, ...]) -> None:
    before = current(folder / "index-data")
    emptied(folder / "archive")
    done = call("index", "build", *paths, cwd=folder)
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        f"newsquote: {folder}/archive held 1 articles of the index and now no file of it can be "
        "found; the index is left as it was; is a disk not mounted? If the articles are really "
        "gone, make a new index with 'newsquote index build --force PATH...'\n"
    )
    assert current(folder / "index-data") == before
    assert SAILS in call("ask", QUESTION, cwd=folder).out


def test_nor_by_that_of_another_folder_without_articles(folder: Path) -> None:
    before = current(folder / "index-data")
    (folder / "empty").mkdir()
    done = call("index", "build", "empty", cwd=folder)
    assert done.status == 2
    assert f"found no article in {folder}/empty; the index is left as it was;" in done.err
    assert "'newsquote index build --force'" in done.err
    assert current(folder / "index-data") == before


@pytest.mark.parametrize("manifest", ["{}", '{"schema_version": 1}'])
def test_nor_one_of_which_nothing_is_known(folder: Path, manifest: str) -> None:
    (folder / "empty").mkdir()
    (current(folder / "index-data") / "manifest.json").write_text(manifest)
    done = call("index", "build", "empty", cwd=folder)
    assert done.status == 2
    assert "found no article" in done.err
    assert len(generation_names(folder / "index-data")) == 1


def test_it_does_when_it_is_told_to(folder: Path) -> None:
    emptied(folder / "archive")
    done = call("index", "build", "--force", cwd=folder)
    assert (done.status, done.out) == (0, "")  # of the other folder
    assert done.err.startswith("1 articles, 1 passages in ")
    emptied(folder / "more")
    assert call("index", "build", cwd=folder).status == 2
    done = call("index", "build", "--force", cwd=folder)
    assert done.status == 1
    assert done.err.startswith("0 articles, 0 passages in ")


def test_what_is_really_gone_needs_no_force_where_the_folder_is_not_named(folder: Path) -> None:
    emptied(folder / "more")
    assert call("index", "build", "archive", cwd=folder).status == 0
    assert sources(folder) == ["archive"]


# An index without articles.


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A folder with an index of nothing."""
    (tmp_path / "archive").mkdir()
    (tmp_path / "index-data").mkdir()
    assert call("index", "build", cwd=tmp_path).status == 1
    return tmp_path


def test_a_question_to_an_empty_index_is_told_so(empty: Path) -> None:
    done = call("ask", QUESTION, cwd=empty)
    assert (done.status, done.err) == (1, "")
    assert done.out.startswith("The index is empty: no article was found when it was built.")
    as_json = json.loads(call("ask", QUESTION, "--json", cwd=empty).out)
    assert (as_json["empty"], as_json["quotes"]) == (True, [])
    put(empty / "archive", "ferry.md", SAILS)
    assert call("index", "update", cwd=empty).status == 0
    done = call("ask", QUESTION, "--json", cwd=empty)
    assert (done.status, json.loads(done.out)["empty"]) == (0, False)


def test_an_empty_index_proves_nothing(empty: Path) -> None:
    said = f"the index is empty: no article was found in {empty}/archive\n"
    done = call("verify", cwd=empty)
    assert (done.status, done.out, done.err) == (1, f"0 files, 0 passages: {said}", "")
    done = call("verify", "--json", cwd=empty)
    assert (done.status, done.out, done.err) == (1, "", said)
    done = call("verify", "--passage", "0", cwd=empty)
    assert (done.status, done.out) == (2, "")
    assert done.err == "newsquote: there is no passage in the index: it is empty\n"


# Paths that change in the settings.


def test_an_update_follows_the_settings_and_says_so(folder: Path) -> None:
    put(folder / "new", "lamp.md", "The lamp was lit again.")
    set_paths(folder, "archive", "new")
    done = call("index", "update", cwd=folder)
    assert (done.status, done.out) == (0, "")
    said, summary = done.err.splitlines()
    assert said == (
        "archive.paths has changed since the index was built: it was made of "
        f"{folder}/archive, {folder}/more and now follows {folder}/archive, {folder}/new"
    )
    assert summary.startswith("1 added, 1 removed; 2 articles")
    assert sources(folder) == ["archive", "new"]
    again = call("index", "update", cwd=folder)
    assert again.err == "nothing has changed; the index is up to date\n"


def test_it_follows_where_the_files_are_the_same(folder: Path) -> None:
    put(folder / "archive" / "deep", "lamp.md", "The lamp was lit again.")
    (folder / "archive" / "ferry.md").unlink()
    assert call("index", "update", cwd=folder).status == 0
    set_paths(folder, "archive/deep", "more")
    assert "archive.paths has changed" in call("index", "update", cwd=folder).err
    assert sources(folder) == ["archive/deep", "more"]
    again = call("index", "update", cwd=folder)
    assert again.err == "nothing has changed; the index is up to date\n"


def test_paths_named_for_one_build_are_no_change_of_the_settings(
    folder: Path, tmp_path: Path
) -> None:
    put(folder / "other", "lamp.md", "The lamp was lit again.")
    assert call("index", "build", "other", cwd=folder).status == 0
    put(folder / "other", "ferry.md", SAILS)
    done = call("index", "update", cwd=folder)
    assert done.err.startswith("1 added; 2 articles")
    assert sources(folder) == ["other"]
    # Nor is another working directory, from which the same setting leads elsewhere.
    away = tmp_path / "away"
    away.mkdir()
    shutil.copy(folder / "newsquote.toml", away)
    done = call("index", "update", "--index", str(folder / "index-data"), cwd=away)
    assert done.err == "nothing has changed; the index is up to date\n"
    set_paths(folder, "archive")
    assert "now follows" in call("index", "update", cwd=folder).err
    assert sources(folder) == ["archive"]


def test_where_nobody_has_set_the_paths_the_index_keeps_its_own(folder: Path) -> None:
    away = folder / "away"
    away.mkdir()
    done = call("index", "update", "--index", str(folder / "index-data"), cwd=away)
    assert (done.status, done.err) == (0, "nothing has changed; the index is up to date\n")
    put(away / "archive", "lamp.md", "The lamp was lit again.")  # what the default names
    done = call("index", "update", "--index", str(folder / "index-data"), cwd=away)
    assert f"and now follows {away}/archive" in done.err


@pytest.mark.parametrize(
    ("path", "reason"),
    [("typo", "typo, which is not there;"), ("empty", "found no article in")],
)
def test_a_slip_in_the_settings_empties_nothing(folder: Path, path: str, reason: str) -> None:
    (folder / "empty").mkdir()
    set_paths(folder, path)
    done = call("index", "update", cwd=folder)
    assert (done.status, done.out) == (2, "")
    assert reason in done.err
    assert sources(folder) == ["archive", "more"]
    assert SAILS in call("ask", QUESTION, cwd=folder).out


# Edits that keep size and time.


def test_hashes_tell_edits_that_keep_size_and_time(folder: Path) -> None:
    ferry = folder / "archive" / "ferry.md"
    assert call("index", "update", cwd=folder).status == 0
    ferry.write_text(ferry.read_text().replace("Monday", "Sunday"))
    os.utime(ferry, (1_600_000_000, 1_600_000_000))
    assert call("index", "update", cwd=folder).status == 0
    put(folder / "archive", "ferry.md", "The ferry sails on Friday.")
    done = call("index", "update", cwd=folder)
    assert done.err == "nothing has changed; the index is up to date\n"
    done = call("index", "update", "--check", cwd=folder)
    assert done.err.startswith("1 changed; 2 articles")
    assert "sails on Friday" in call("ask", QUESTION, cwd=folder).out
    done = call("index", "update", "--check", cwd=folder)
    assert done.err == "nothing has changed; the index is up to date\n"
