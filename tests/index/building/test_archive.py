"""The one door to an archive's index."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.articles.files import Reading
from index.building.archive import Archive, refreshed
from index.building.events import Encoded, Event, Finishing, Planned, Written
from index.building.options import Options
from index.building.plan import Changes
from index.building.status import Status
from index.encoders import transformer
from index.encoders.protocol import EncoderChoice
from index.errors import (
    ArchiveIndexError,
    EncoderUnavailable,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexOutdated,
    NothingToIndex,
    SourcesMissing,
)
from index.generations.damage import damaged_files
from index.generations.folders import current, generation_names
from index.generations.lock import write_lock
from index.generations.manifest import read_manifest
from index.parts.database import Store
from index.types import FileReport

LONG_AGO = 1_600_000_000
OPTIONS = Options(Reading(max_bytes=10_000, workers=1), target_chars=100, keep=9, dead_share=0.2)


def put(folder: Path, name: str, text: str) -> Path:
    """Write an article whose time can be trusted."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder of two article files and an empty one."""
    folder = tmp_path / "files"
    put(folder, "alma.md", "# Alma\n\nThe ferry Alma carries goats.\n")
    put(folder, "bella.md", "# Bella\n\nThe ferry Bella carries sheep.\n")
    put(folder, "empty.md", "")
    return folder


@pytest.fixture
def archive(files: Path, tmp_path: Path) -> Archive:
    """That folder, not yet indexed."""
    return Archive(tmp_path / "index", EncoderChoice(), OPTIONS, [files])


def texts(archive: Archive) -> list[str]:
    """Return the texts of all articles in the generation that answers."""
    store = Store(current(archive.index_dir))
    found = [store.article_text(article.id) for article in store.articles()]
    store.close()
    return found


ALMA, BELLA, CLARA = (
    f"The ferry {name} carries {what}."
    for name, what in (("Alma", "goats"), ("Bella", "sheep"), ("Clara", "geese"))
)


# Build.


def test_a_build_reads_the_archives_paths(archive: Archive, files: Path) -> None:
    manifest = archive.build()
    assert manifest == read_manifest(current(archive.index_dir))
    assert manifest.paths == (str(files),)
    assert (manifest.articles, manifest.skipped) == (2, {"empty file": 1})
    assert texts(archive) == [ALMA, BELLA]


def test_a_build_reads_other_paths_where_some_are_given(archive: Archive, tmp_path: Path) -> None:
    put(tmp_path / "other", "clara.md", "# Clara\n\nThe ferry Clara carries geese.\n")
    manifest = archive.build([tmp_path / "other"])
    assert manifest.paths == (str(tmp_path / "other"),)
    assert texts(archive) == [CLARA]


def test_paths_are_noted_absolute(
    archive: Archive, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files.parent)
    assert replace(archive, paths=[Path("files")]).build().paths == (str(files),)
    store = Store(current(archive.index_dir))
    assert [one.card.path for one in store.articles()] == [
        str(files / "alma.md"),
        str(files / "bella.md"),
    ]
    store.close()


def test_what_is_not_indexed_is_said_while_it_is_read(archive: Archive, files: Path) -> None:
    said: list[Event] = []
    replace(archive, say=said.append).build()
    report = FileReport(str(files / "empty.md"), "empty file")
    assert said == [
        Planned(3),
        Written(1, 1),
        Written(2, 2),
        report,
        Written(2, 2),
        Finishing(),
    ]


def test_where_nothing_is_an_article_the_index_is_left_as_it_was(
    archive: Archive, tmp_path: Path
) -> None:
    archive.build()
    before = current(archive.index_dir)
    with pytest.raises(NothingToIndex, match=f"found no article in {tmp_path}/nowhere"):
        archive.build([tmp_path / "nowhere"])
    assert current(archive.index_dir) == before


class Network:
    """A model as sentence-transformers would open it, without torch, which takes seconds."""

    max_seq_length = 9

    def encode(self, texts: str | list[str], **_: object) -> NDArray[np.float32]:
        return np.ones((3,) if isinstance(texts, str) else (len(texts), 3), np.float32)


def test_a_slow_encoder_says_how_far_it_is(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transformer, "_load", lambda *_: (Network(), "1"))
    said: list[Event] = []
    choice = EncoderChoice("a-network", batch_size=1)
    manifest = replace(archive, encoder=choice, say=said.append).build()
    assert manifest.encoder.name == choice.model
    encoded = [event for event in said if isinstance(event, Encoded)]
    assert [(event.done, event.total) for event in encoded] == [(1, 2), (2, 2)]


# Update and refresh.


def test_an_update_builds_where_there_is_no_index(archive: Archive) -> None:
    updated = archive.update()
    assert (updated.changes, updated.anew) == (None, True)
    assert updated.manifest == read_manifest(current(archive.index_dir))
    assert texts(archive) == [ALMA, BELLA]


@pytest.mark.parametrize("how", ["update", "refresh"])
def test_an_index_is_brought_up_to_its_files(archive: Archive, files: Path, how: str) -> None:
    archive.build()
    put(files, "clara.md", "# Clara\n\nThe ferry Clara carries geese.\n")
    (files / "alma.md").unlink()
    updated = getattr(archive, how)()
    assert (updated.changes, updated.anew) == (Changes(added=1, removed=1), False)
    assert texts(archive) == [BELLA, CLARA]
    before = current(archive.index_dir)
    updated = getattr(archive, how)()
    assert (updated.changes, updated.anew) == (None, False)
    assert current(archive.index_dir) == before


def test_an_index_that_is_outdated_is_built_anew_by_a_refresh_alone(
    archive: Archive, files: Path
) -> None:
    archive.build()
    put(files, "clara.md", "# Clara\n\nThe ferry Clara carries geese.\n")
    other = replace(archive, options=replace(OPTIONS, target_chars=200))
    with pytest.raises(IndexOutdated, match=r"passages\.target_chars is 200, it was 100"):
        other.update()
    assert texts(archive) == [ALMA, BELLA]
    updated = other.refresh()
    assert (updated.changes, updated.anew) == (None, True)
    assert updated.manifest.target_chars == 200
    assert texts(archive) == [ALMA, BELLA, CLARA]


def test_a_refresh_builds_anew_of_what_the_index_was_made_of(
    archive: Archive, tmp_path: Path
) -> None:
    put(tmp_path / "other", "clara.md", "# Clara\n\nThe ferry Clara carries geese.\n")
    archive.build([tmp_path / "other"])
    outdated = replace(archive, options=replace(OPTIONS, target_chars=200))
    assert outdated.refresh().anew
    assert texts(archive) == [CLARA]


def test_a_refresh_that_builds_anew_follows_the_settings(archive: Archive, tmp_path: Path) -> None:
    archive.build()
    other = put(
        tmp_path / "other", "clara.md", "# Clara\n\nThe ferry Clara carries geese.\n"
    ).parent
    outdated = replace(archive, options=replace(OPTIONS, target_chars=200))
    with pytest.raises(SourcesMissing, match="typo, which is not there"):
        replace(outdated, paths=[tmp_path / "typo", other]).refresh()
    assert texts(archive) == [ALMA, BELLA]
    updated = replace(outdated, paths=[other]).refresh()
    assert (updated.before, updated.anew) == ((str(archive.paths[0]),), True)
    assert texts(archive) == [CLARA]


def test_what_is_damaged_is_not_built_over(archive: Archive) -> None:
    archive.build()
    manifest = current(archive.index_dir) / "manifest.json"
    manifest.write_text("{}")
    # The models are not opened to find that out: those would be missing.
    other = replace(archive, encoder=EncoderChoice("/nowhere/model"))
    for call in (other.update, other.refresh):
        with pytest.raises(IndexDamaged, match=r"manifest\.json"):
            call()
    assert manifest.read_text() == "{}"
    assert len(generation_names(archive.index_dir)) == 1


def test_models_that_cannot_be_opened_are_told_when_they_are_wanted(archive: Archive) -> None:
    archive.build()
    with pytest.raises(EncoderUnavailable, match="/nowhere/model"):
        replace(archive, encoder=EncoderChoice("/nowhere/model")).update()


def test_a_refresh_can_be_told_who_listens(archive: Archive) -> None:
    said: list[Event] = []
    updated = refreshed(archive, said.append)
    assert updated.anew
    assert said[-2:] == [Written(2, 2), Finishing()]


# Status.


def test_the_status_says_what_the_index_holds(archive: Archive, files: Path) -> None:
    archive = replace(archive, options=replace(OPTIONS, dead_share=1.0))
    archive.build()
    first = current(archive.index_dir)
    (files / "bella.md").unlink()
    archive.update()
    second = current(archive.index_dir)
    assert any(path.stat().st_nlink == 2 for path in second.rglob("*.idx"))  # shared files count
    size = sum(path.stat().st_size for path in second.rglob("*") if path.is_file())
    assert archive.status() == Status(
        name=second.name,
        folder=second,
        manifest=read_manifest(second),
        generations=(first.name, second.name),
        remembered_files=2,
        bytes=size,
    )
    assert archive.status().manifest.articles == 1


def test_without_an_index_there_is_no_status(archive: Archive) -> None:
    with pytest.raises(IndexMissing):
        archive.status()
    assert not archive.index_dir.exists()


# Rollback.


@pytest.fixture
def thrice(archive: Archive, files: Path) -> tuple[Archive, list[str]]:
    """An index of three generations, and their names: of two, three and four articles."""
    archive.build()
    for name in ("clara", "dora"):
        put(files, f"{name}.md", f"# {name}\n\nThe ferry {name} carries geese.\n")
        archive.update()
    return archive, generation_names(archive.index_dir)


def test_the_generation_before_answers_again(thrice: tuple[Archive, list[str]]) -> None:
    archive, names = thrice
    assert archive.status().name == names[2]
    status = archive.rollback()
    assert status == archive.status()
    assert (status.name, status.manifest.articles) == (names[1], 3)
    assert status.generations == tuple(names)
    assert archive.rollback().name == names[0]
    assert texts(archive) == [ALMA, BELLA]


def test_any_generation_can_be_named(thrice: tuple[Archive, list[str]]) -> None:
    archive, names = thrice
    for name, articles in zip((names[0], names[2], names[1]), (2, 4, 3), strict=True):
        status = archive.rollback(name)
        assert (status.name, status.manifest.articles) == (name, articles)
        assert current(archive.index_dir).name == name


@pytest.mark.parametrize("name", ["20200101T000000.000000", "..", "gone.partial"])
def test_a_generation_that_is_not_there_is_refused_naming_those_that_are(
    thrice: tuple[Archive, list[str]], name: str
) -> None:
    archive, names = thrice
    (archive.index_dir / "generations" / "gone.partial").mkdir()
    with pytest.raises(ArchiveIndexError) as caught:
        archive.rollback(name)
    assert str(caught.value) == (
        f"there is no generation {name!r} in {archive.index_dir}; there are: {', '.join(names)}"
    )
    assert current(archive.index_dir).name == names[2]


def test_nothing_is_older_than_the_first(thrice: tuple[Archive, list[str]]) -> None:
    archive, names = thrice
    archive.rollback(names[0])
    with pytest.raises(ArchiveIndexError, match=f"no generation older than {names[0]} in"):
        archive.rollback()
    assert current(archive.index_dir).name == names[0]


@pytest.mark.parametrize("bit", [None, 1])
def test_a_generation_that_is_not_whole_does_not_answer(
    thrice: tuple[Archive, list[str]], bit: int | None
) -> None:
    archive, names = thrice
    file = archive.index_dir / "generations" / names[1] / "days.npy"
    content = file.read_bytes()
    file.unlink()
    if bit is not None:  # one bit of it has changed
        file.write_bytes(content[:-1] + bytes([content[-1] ^ bit]))
    with pytest.raises(IndexDamaged, match=r"days\.npy is damaged"):
        archive.rollback()
    assert current(archive.index_dir).name == names[2]


def test_an_update_goes_on_from_the_generation_that_answers(
    thrice: tuple[Archive, list[str]],
) -> None:
    archive, names = thrice
    archive.rollback(names[0])
    assert archive.update().changes == Changes(added=2)
    status = archive.status()
    assert status.generations == (*names, status.name)
    assert status.manifest.articles == 4


def test_nothing_is_rolled_back_without_an_index_or_while_it_is_written(
    archive: Archive,
) -> None:
    with pytest.raises(IndexMissing):
        archive.rollback()
    assert not archive.index_dir.exists()
    archive.build()
    with write_lock(archive.index_dir), pytest.raises(IndexLocked):
        archive.rollback()


# Prune and repair.


def test_pruning_keeps_the_newest_and_the_one_that_answers(
    thrice: tuple[Archive, list[str]],
) -> None:
    archive, names = thrice
    assert archive.prune(keep=3) == {}
    archive.rollback(names[1])
    freed = archive.prune(keep=1)
    assert sorted(freed) == [names[0], names[2]]
    assert all(size > 1000 for size in freed.values())
    assert archive.status().generations == (names[1],)
    assert current(archive.index_dir).name == names[1]


def test_nothing_is_pruned_while_another_process_writes(
    thrice: tuple[Archive, list[str]],
) -> None:
    archive, names = thrice
    partial = archive.index_dir / "generations" / "20200101T000000.partial"
    partial.mkdir()
    with write_lock(archive.index_dir), pytest.raises(IndexLocked):
        archive.prune(keep=1)
    assert partial.exists()
    assert generation_names(archive.index_dir) == names
    assert archive.prune(keep=3) == {partial.name: 0}
    assert not partial.exists()


def test_without_an_index_nothing_is_pruned_and_no_folder_made(archive: Archive) -> None:
    with pytest.raises(IndexMissing):
        archive.prune(keep=1)
    assert not archive.index_dir.exists()


def test_what_is_damaged_is_mended(archive: Archive) -> None:
    said: list[Event] = []
    archive.build()
    (current(archive.index_dir) / "days.npy").write_bytes(b"")
    replace(archive, say=said.append).repair()
    assert damaged_files(current(archive.index_dir)) == []
    assert texts(archive) == [ALMA, BELLA]
    assert any("days.npy is missing or damaged" in str(event) for event in said)
