"""``newsquote verify --repair``: from what is whole, or from the articles."""

import shutil
from pathlib import Path

import pytest

from index.generations.damage import damaged_files
from index.generations.folders import current, generation_names
from tests.crash import QUESTION, Workplace
from tests.program import Called, call

pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    """An index that shares files with the generation before it."""
    place = Workplace(tmp_path)
    place.finish("index", "build")
    place.advance()
    place.finish("index", "update")
    return place


def repaired(place: Workplace, *command: str) -> Called:
    done = call(*(command or ("verify",)), "--repair", cwd=place.folder)
    assert done.status == 0, done.err
    assert done.out.endswith("all word for word\n")
    assert damaged_files(current(place.index_dir)) == []
    assert place.held() == place.version
    asked = call("ask", QUESTION, cwd=place.folder)
    assert f"now {place.version * 100} goats" in asked.out
    return done


@pytest.mark.parametrize(
    "name", ["days.npy", "dense.f16.npy", "passage_words/words/*.term", "tokens.npy"]
)
def test_what_the_database_tells_needs_no_articles(place: Workplace, name: str) -> None:
    (path,) = list(current(place.index_dir).glob(name))[:1]
    path.write_bytes(b"\0" + path.read_bytes()[1:])
    before = {one: one.stat().st_ino for one in current(place.index_dir).rglob("*")}
    away = place.archive.rename(place.folder / "away")
    done = call("verify", "--repair", cwd=place.folder)
    away.rename(place.archive)
    assert f"{path.relative_to(place.folder)} is missing or damaged" in done.err
    assert "writing everything again" in done.err
    assert repaired(place).err == ""
    now = {one.stat().st_ino for one in current(place.index_dir).rglob("*") if one.is_file()}
    assert not now & set(before.values())


@pytest.mark.parametrize("name", ["archive.sqlite", "manifest.json"])
def test_without_the_database_the_articles_are_read_again(place: Workplace, name: str) -> None:
    path = current(place.index_dir) / name
    path.write_bytes(path.read_bytes()[:-200])
    names = generation_names(place.index_dir)
    away = place.archive.rename(place.folder / "away")
    refused = call("verify", "--repair", cwd=place.folder)
    assert refused.status == 2
    assert f"{path.relative_to(place.folder)}: it can only be made of the articles" in refused.err
    assert generation_names(place.index_dir) == names
    away.rename(place.archive)
    assert f"reading the articles in {place.archive} again" in repaired(place).err


def test_where_no_manifest_is_left_the_settings_say_what_to_read(place: Workplace) -> None:
    for path in place.index_dir.glob("generations/*/manifest.json"):
        path.unlink()
    (place.folder / "newsquote.toml").write_text('[archive]\npaths = ["archive"]\n')
    assert f"reading the articles in {place.archive} again" in repaired(place).err


@pytest.mark.parametrize("content", [None, "", "elsewhere\n", "..\n"])
def test_the_newest_whole_generation_answers_when_nothing_says_which(
    place: Workplace, content: str | None
) -> None:
    pointer = place.index_dir / "CURRENT"
    name = pointer.read_text()
    if content is None:
        pointer.unlink()
    else:
        pointer.write_text(content)
    asked = call("ask", QUESTION, cwd=place.folder)
    assert asked.status == 2
    assert "index-data/CURRENT" in asked.err
    assert "newsquote verify --repair" in asked.err
    assert f"the generation {name.strip()} answers" in repaired(place).err
    assert pointer.read_text() == name


def test_a_damaged_one_is_not_chosen(place: Workplace) -> None:
    (current(place.index_dir) / "days.npy").unlink()
    (place.index_dir / "CURRENT").unlink()
    older, _ = generation_names(place.index_dir)
    done = call("verify", "--repair", cwd=place.folder)
    assert f"the generation {older} answers" in done.err
    assert done.status == 1  # it holds other versions of the files
    assert call("index", "update", cwd=place.folder).status == 0
    assert place.held() == place.version


def test_nothing_is_done_to_a_whole_index(place: Workplace) -> None:
    before = current(place.index_dir)
    assert repaired(place, "index", "verify").err == ""
    assert current(place.index_dir) == before


def test_without_an_index_there_is_nothing_to_mend(place: Workplace) -> None:
    shutil.rmtree(place.index_dir)
    done = call("verify", "--repair", cwd=place.folder)
    assert done.status == 2
    assert "newsquote index build" in done.err
