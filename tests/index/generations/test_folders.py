import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from index.encoders.protocol import EncoderInfo
from index.errors import IndexDamaged, IndexMissing, IndexNotWritten, IndexUnfinished
from index.generations.folders import (
    current,
    generation_folders,
    generation_names,
    make_current,
    new_generation,
    tidy,
)
from index.generations.manifest import Manifest, read_manifest
from tests.full_disk import files_of_at_most

MANIFEST = Manifest(
    created="2022-01-01T00:00:00+00:00",
    paths=("/archive",),
    articles=1,
    passages=2,
    skipped={"empty file": 3},
    encoder=EncoderInfo("bundled", "abc", 4),
    table="abc",
    tokenizer_version=1,
    target_chars=300,
)


def write(index_dir: Path, content: str, *, keep: int) -> Manifest:
    """Write a generation of one file."""
    with new_generation(index_dir, keep=keep) as draft:
        (draft.folder / "passage_words").mkdir()
        (draft.folder / "passage_words" / "words").write_text(content)
        draft.manifest = MANIFEST
    assert draft.manifest is not None
    return draft.manifest


def test_nothing_has_been_built_yet(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=f"there is no index in {tmp_path}/none yet"):
        current(tmp_path / "none")


def test_a_generation_becomes_current_with_its_manifest(tmp_path: Path) -> None:
    written = write(tmp_path, "one", keep=2)
    folder = current(tmp_path)
    assert read_manifest(folder) == written
    # echo -n one | sha256sum
    digest = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    assert written == replace(MANIFEST, files={"passage_words/words": digest})
    assert generation_folders(tmp_path) == [folder]


def test_a_lock_that_a_library_left_is_no_file_of_the_generation(tmp_path: Path) -> None:
    with new_generation(tmp_path, keep=2) as draft:
        (draft.folder / "words").write_text("one")
        (draft.folder / ".tantivy-meta.lock").touch()
        draft.manifest = MANIFEST
    assert set(read_manifest(current(tmp_path)).files) == {"words"}


def test_nothing_is_current_before_the_draft_ends(tmp_path: Path) -> None:
    with new_generation(tmp_path, keep=2) as draft:
        assert draft.folder.is_dir()
        assert generation_names(tmp_path) == []
        with pytest.raises(IndexMissing):
            current(tmp_path)
        draft.manifest = MANIFEST
    assert generation_names(tmp_path) == [current(tmp_path).name]
    assert not draft.folder.exists()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failed_build_leaves_the_last_one_in_place(
    tmp_path: Path, error: type[BaseException]
) -> None:
    write(tmp_path, "one", keep=2)
    before = current(tmp_path)

    def fail() -> None:
        with new_generation(tmp_path, keep=2) as draft:
            (draft.folder / "half").write_text("written")
            draft.manifest = MANIFEST
            raise error("stop")

    with pytest.raises(error, match="stop"):
        fail()
    assert current(tmp_path) == before
    assert [path.name for path in before.parent.iterdir()] == [before.name]


def test_a_draft_without_a_manifest_is_no_generation(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="without a manifest"),
        new_generation(tmp_path, keep=2) as draft,
    ):
        (draft.folder / "words").write_text("one")
    assert list((tmp_path / "generations").iterdir()) == []
    with pytest.raises(IndexMissing):
        current(tmp_path)


def test_leftovers_of_a_killed_build_are_removed(tmp_path: Path) -> None:
    leftover = tmp_path / "generations" / "20200101T000000-abc.partial"
    leftover.mkdir(parents=True)
    write(tmp_path, "one", keep=2)
    assert not leftover.exists()


def test_only_the_last_generations_are_kept(tmp_path: Path) -> None:
    for content in ("one", "two", "three"):
        write(tmp_path, content, keep=2)
    kept = sorted((tmp_path / "generations").iterdir())
    assert len(kept) == 2
    assert current(tmp_path) in kept
    assert (current(tmp_path) / "passage_words" / "words").read_text() == "three"


def test_names_sort_by_age_even_when_the_clock_went_back(tmp_path: Path) -> None:
    later = tmp_path / "generations" / "29990101T000000.000000"
    later.mkdir(parents=True)
    write(tmp_path, "one", keep=9)
    write(tmp_path, "two", keep=9)
    names = generation_names(tmp_path)
    assert names == [later.name, f"{later.name}+", f"{later.name}++"]
    assert current(tmp_path).name == names[-1]


@pytest.mark.parametrize("name", ["gone", "", ".", "..", "../generations"])
def test_a_pointer_to_nowhere_is_damage(tmp_path: Path, name: str) -> None:
    write(tmp_path, "one", keep=1)
    (tmp_path / "CURRENT").write_text(f"{name}\n")
    with pytest.raises(IndexDamaged, match=f"CURRENT names the generation '{name}', which"):
        current(tmp_path)


def test_generations_without_a_pointer_are_an_unfinished_index(tmp_path: Path) -> None:
    write(tmp_path, "one", keep=1)
    (tmp_path / "CURRENT").unlink()
    with pytest.raises(IndexUnfinished, match="CURRENT is missing, and nothing else tells which"):
        current(tmp_path)
    shutil.rmtree(tmp_path / "generations")
    with pytest.raises(IndexMissing):
        current(tmp_path)


def test_another_generation_can_be_made_current(tmp_path: Path) -> None:
    for content in ("one", "two"):
        write(tmp_path, content, keep=2)
    first, second = generation_names(tmp_path)
    make_current(tmp_path, first)
    assert current(tmp_path).name == first
    write(tmp_path, "three", keep=9)
    assert generation_names(tmp_path)[:2] == [first, second]
    assert current(tmp_path).name == generation_names(tmp_path)[2]


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        IndexNotWritten, match=r"cannot write the index in .*/file: Not a directory"
    ):
        write(tmp_path / "file", "one", keep=1)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_is_explained_and_leaves_nothing(tmp_path: Path) -> None:
    write(tmp_path, "one", keep=2)
    before = current(tmp_path)
    with (
        files_of_at_most(100),
        pytest.raises(IndexNotWritten, match=r"File too large; the previous one.* still answers"),
    ):
        write(tmp_path, "x" * 1000, keep=2)
    assert current(tmp_path) == before
    assert generation_folders(tmp_path) == [before]
    assert [path.name for path in before.parent.iterdir()] == [before.name]


def test_shared_files_are_not_hashed_again(tmp_path: Path) -> None:
    with new_generation(tmp_path, keep=2) as draft:
        for name in ("shared", "rewritten"):
            (draft.folder / name).write_text("one")
        draft.manifest = MANIFEST
    previous = current(tmp_path)
    # Nothing but a file whose hash is taken from the manifest can have this one.
    known = replace(read_manifest(previous), files=dict.fromkeys(("shared", "rewritten"), "0" * 64))
    (previous / "manifest.json").write_text(known.to_json())
    with new_generation(tmp_path, keep=2, previous=previous) as draft:
        (draft.folder / "shared").hardlink_to(previous / "shared")
        for name in ("rewritten", "new"):
            (draft.folder / name).write_text("one")
        draft.manifest = MANIFEST
    assert draft.manifest is not None
    digest = sha256(b"one").hexdigest()
    assert draft.manifest.files == {"shared": "0" * 64, "rewritten": digest, "new": digest}
    assert read_manifest(current(tmp_path)) == draft.manifest


def test_tidying_keeps_the_newest_and_the_current_one(tmp_path: Path) -> None:
    for content in ("one", "two", "three", "four"):
        write(tmp_path, content, keep=9)
    names = generation_names(tmp_path)
    assert tidy(tmp_path, keep=9) == {}
    freed = tidy(tmp_path, keep=2)
    assert list(freed) == names[:2]
    assert all(size > 100 for size in freed.values())
    assert generation_names(tmp_path) == names[2:]
    make_current(tmp_path, names[2])
    assert list(tidy(tmp_path, keep=1)) == names[3:]
    assert current(tmp_path).name == names[2]


def test_tidying_removes_what_a_killed_build_left(tmp_path: Path) -> None:
    write(tmp_path, "one", keep=9)
    partial = tmp_path / "generations" / "20200101T000000.partial"
    partial.mkdir()
    (partial / "half").write_bytes(b"x" * 1000)
    assert tidy(tmp_path, keep=1) == {partial.name: 1000}
    assert not partial.exists()


def test_what_another_generation_shares_frees_nothing(tmp_path: Path) -> None:
    write(tmp_path, "x" * 1000, keep=9)
    first = current(tmp_path)
    with new_generation(tmp_path, keep=9, previous=first) as draft:
        (draft.folder / "words").hardlink_to(first / "passage_words" / "words")
        draft.manifest = MANIFEST
    size = (first / "manifest.json").stat().st_size
    assert tidy(tmp_path, keep=1) == {first.name: size}


def test_without_an_index_there_is_nothing_to_tidy(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        tidy(tmp_path, keep=1)
