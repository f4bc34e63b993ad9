"""``newsquote index rollback``: an older generation answers again."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from index.generations.folders import current, generation_names
from index.generations.lock import write_lock
from index.generations.manifest import MANIFEST, load_manifest
from tests.conftest import newsquote
from tests.program import call

DAYS = ("Monday", "Tuesday", "Wednesday")
QUESTION = "When does the ferry sail?"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three generations that answer differently."""
    folder = tmp_path_factory.mktemp("rollback")
    (folder / "newsquote.toml").write_text("[index]\nkeep_generations = 3\n", encoding="utf-8")
    (folder / "archive").mkdir()
    (folder / "index-data").mkdir()
    for day in DAYS:
        text = f"# Ferry\n\nThe ferry sails on {day}.\n"
        (folder / "archive" / "ferry.md").write_text(text, encoding="utf-8")
        assert call("index", "build", cwd=folder).status == 0
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A copy of it to call the program in."""
    return shutil.copytree(built, tmp_path / "copy")


def names(folder: Path) -> list[str]:
    return generation_names(folder / "index-data")


def day_told(folder: Path) -> str:
    """The day that the index which answers names."""
    answer = json.loads(call("ask", QUESTION, "--json", cwd=folder).out)
    (quote,) = answer["quotes"]
    return str(quote["text"].removeprefix("The ferry sails on ").rstrip("."))


def test_the_one_before_answers_again(folder: Path) -> None:
    first, second, third = names(folder)
    assert day_told(folder) == "Wednesday"
    for name, day in ((second, "Tuesday"), (first, "Monday")):
        done = newsquote("index", "rollback", cwd=folder)
        assert (done.returncode, done.stderr) == (0, "")
        told = json.loads(call("index", "status", "--json", cwd=folder).out)
        assert (told["generation"], told["generations"]) == (name, [first, second, third])
        assert done.stdout == f"{name} answers, built {told['created']}\n"
        asked = newsquote("ask", QUESTION, cwd=folder)
        assert asked.stdout.startswith(f"1. The ferry sails on {day}.\n")
    done = newsquote("index", "rollback", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"newsquote: there is no generation older than {first} in index-data; "
        f"there are: {first}, {second}, {third}\n"
    )
    assert day_told(folder) == "Monday"


def test_a_name_leads_back_and_forth(folder: Path) -> None:
    first, _, third = names(folder)
    for name, day in ((first, "Monday"), (third, "Wednesday"), (third, "Wednesday")):
        done = call("index", "rollback", name, cwd=folder)
        assert (done.status, done.err) == (0, "")
        assert done.out.startswith(f"{name} answers, built 2")
        assert current(folder / "index-data").name == name
        assert day_told(folder) == day


@pytest.mark.parametrize("name", ["20000101T000000.000000", "../generations", ".", "CURRENT"])
def test_an_unknown_name_is_an_error_that_names_those_there_are(folder: Path, name: str) -> None:
    done = call("index", "rollback", name, cwd=folder)
    assert (done.status, done.out) == (2, "")
    listed = ", ".join(names(folder))
    assert done.err == (
        f"newsquote: there is no generation {name!r} in index-data; there are: {listed}\n"
    )
    assert day_told(folder) == "Wednesday"


def test_a_generation_that_is_not_whole_is_not_rolled_back_to(folder: Path) -> None:
    _, second, third = names(folder)
    (folder / "index-data" / "generations" / second / "days.npy").unlink()
    done = call("index", "rollback", cwd=folder)
    assert (done.status, done.out) == (2, "")
    assert (
        f"{second}/days.npy is damaged: its SHA-256 is not the one in the manifest; mend it with"
        in done.err
    )
    assert current(folder / "index-data").name == third
    assert day_told(folder) == "Wednesday"


def test_it_waits_for_nobody_who_writes(folder: Path) -> None:
    with write_lock(folder / "index-data"):
        done = call("index", "rollback", cwd=folder)
    assert (done.status, done.out) == (2, "")
    assert "another process is writing the index in index-data; wait until" in done.err
    assert day_told(folder) == "Wednesday"


def test_without_an_index_nothing_is_made(tmp_path: Path) -> None:
    done = call("index", "rollback", cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert "/newsquote/index yet; make one with" in done.err
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_next_is_newer_than_all(folder: Path) -> None:
    call("index", "rollback", names(folder)[0], cwd=folder)
    before = names(folder)
    assert call("index", "update", cwd=folder).status == 0
    (new,) = set(names(folder)) - set(before)
    assert new > max(before)
    assert day_told(folder) == "Wednesday"


def test_the_generations_are_listed(folder: Path) -> None:
    first, second, third = names(folder)
    (folder / "index-data" / "generations" / second / "days.npy").unlink()
    done = call("index", "generations", cwd=folder)
    assert (done.status, done.err) == (0, "")
    one, two, three = done.out.splitlines()
    assert one.startswith(f"kept     {first}  built 2")
    assert "  1 articles, 1 passages  " in one
    assert one.endswith(" MB")
    assert f" cannot answer: index-data/generations/{second}/days.npy is missing" in two
    assert three.startswith(f"answers  {third}  built 2")
    call("index", "rollback", first, cwd=folder)
    told = [
        json.loads(line)
        for line in call("index", "generations", "--json", cwd=folder).out.splitlines()
    ]
    assert [(each["generation"], each["answers"]) for each in told] == [
        (first, True),
        (second, False),
        (third, False),
    ]
    assert [bool(each["fault"]) for each in told] == [False, True, False]
    assert told[2]["articles"] == 1
    assert told[2]["paths"] == [str(built_from(folder))]


def built_from(folder: Path) -> Path:
    status = json.loads(call("index", "status", "--json", cwd=folder).out)
    return Path(status["paths"][0])


def test_the_generations_are_listed_when_nothing_tells_which_answers(folder: Path) -> None:
    (folder / "index-data" / "CURRENT").unlink()
    done = call("index", "generations", cwd=folder)
    assert done.status == 0
    assert [line.split()[:2] for line in done.out.splitlines()] == [
        ["kept", name] for name in names(folder)
    ]
    name = names(folder)[1]
    assert call("index", "rollback", name, cwd=folder).status == 0
    assert day_told(folder) == "Tuesday"


def test_without_an_index_there_are_no_generations(tmp_path: Path) -> None:
    done = call("index", "generations", cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert "/newsquote/index yet; make one with" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_generation_that_could_not_be_asked_is_not_rolled_back_to(folder: Path) -> None:
    _, second, third = names(folder)
    path = folder / "index-data" / "generations" / second
    manifest = load_manifest(path)
    for other, reason in (
        (replace(manifest, encoder=replace(manifest.encoder, revision="olm-net")), "olm-net"),
        (replace(manifest, tokenizer_version=0), "tokenizer version 0"),
        (replace(manifest, schema_version=1), "another version of the program built this index"),
    ):
        (path / MANIFEST).write_text(other.to_json(), encoding="utf-8")
        done = call("index", "rollback", cwd=folder)
        assert (done.status, done.out) == (2, "")
        assert reason in done.err
        assert current(folder / "index-data").name == third


def test_what_answered_before_is_kept_by_what_is_written_next(folder: Path) -> None:
    first, _, third = names(folder)
    (folder / "newsquote.toml").write_text("[index]\nkeep_generations = 2\n", encoding="utf-8")
    call("index", "rollback", first, cwd=folder)
    assert call("index", "build", cwd=folder).status == 0
    new = current(folder / "index-data").name
    assert new > third
    assert names(folder) == [first, new]  # not the one that was rolled back
    assert call("index", "rollback", cwd=folder).status == 0
    assert day_told(folder) == "Monday"
