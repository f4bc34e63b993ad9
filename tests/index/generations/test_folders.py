import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.encoders.protocol import EncoderInfo
from index.errors import ArchiveIndexError, IndexDamaged, IndexLocked, IndexMissing
from index.generations.damage import damaged_files
from index.generations.folders import (
    Manifest,
    current,
    generation_names,
    prune,
    read_manifest,
    write_generation,
    write_lock,
)


def manifest(files: dict[str, str]) -> Manifest:
    return Manifest(
        created="2022-01-01T00:00:00+00:00",
        paths=("/archive",),
        articles=1,
        passages=2,
        skipped={"empty file": 3},
        encoder=EncoderInfo("bundled", "abc", 4),
        table="abc",
        tokenizer_version=1,
        target_chars=300,
        files=files,
    )


def fill(content: str) -> Callable[[Path], Callable[[dict[str, str]], Manifest]]:
    def write(folder: Path) -> Callable[[dict[str, str]], Manifest]:
        (folder / "lexical").mkdir()
        (folder / "lexical" / "words").write_text(content)
        return manifest

    return write


def test_nothing_built_yet_says_how_to_build(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="newsquote index build"):
        current(tmp_path / "none")


def test_a_generation_becomes_current_with_its_manifest(tmp_path: Path) -> None:
    written = write_generation(tmp_path, fill("one"), keep=2)
    folder = current(tmp_path)
    assert read_manifest(folder) == written
    # echo -n one | sha256sum
    digest = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    assert written.files == {"lexical/words": digest}


def test_a_failed_build_leaves_the_last_one_in_place(tmp_path: Path) -> None:
    write_generation(tmp_path, fill("one"), keep=2)
    before = current(tmp_path)

    def fail(folder: Path) -> Callable[[dict[str, str]], Manifest]:
        (folder / "half").write_text("written")
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        write_generation(tmp_path, fail, keep=2)
    assert current(tmp_path) == before
    assert [path.name for path in before.parent.iterdir()] == [before.name]


def test_leftovers_of_a_killed_build_are_removed(tmp_path: Path) -> None:
    leftover = tmp_path / "generations" / "20200101T000000-abc.partial"
    leftover.mkdir(parents=True)
    write_generation(tmp_path, fill("one"), keep=2)
    assert not leftover.exists()


def test_only_the_last_generations_are_kept(tmp_path: Path) -> None:
    for content in ("one", "two", "three"):
        write_generation(tmp_path, fill(content), keep=2)
    kept = sorted((tmp_path / "generations").iterdir())
    assert len(kept) == 2
    assert current(tmp_path) in kept
    assert (current(tmp_path) / "lexical" / "words").read_text() == "three"


def test_damage_is_found_and_named(tmp_path: Path) -> None:
    write_generation(tmp_path, fill("one"), keep=1)
    folder = current(tmp_path)
    assert damaged_files(folder) == []
    (folder / "lexical" / "words").write_text("0ne")
    assert damaged_files(folder) == ["lexical/words"]
    (folder / "lexical" / "words").unlink()
    with pytest.raises(IndexDamaged, match=r"lexical/words is missing.*newsquote index build"):
        read_manifest(folder)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", json.dumps({"schema_version": 0}), '{"schema_version": 1}']
)
def test_a_broken_manifest_is_damage(tmp_path: Path, text: str) -> None:
    write_generation(tmp_path, fill("one"), keep=1)
    (current(tmp_path) / "manifest.json").write_text(text)
    with pytest.raises(IndexDamaged, match=r"manifest\.json"):
        read_manifest(current(tmp_path))


def test_a_pointer_to_nowhere_is_damage(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("gone\n")
    with pytest.raises(IndexDamaged, match="'gone'"):
        current(tmp_path)


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with (
        write_lock(tmp_path),
        pytest.raises(IndexLocked, match="another process"),
        write_lock(tmp_path),
    ):
        pass
    with write_lock(tmp_path):
        pass


def test_a_dead_process_keeps_no_lock(tmp_path: Path) -> None:
    code = (
        "import os, sys, pathlib; from index.generations.folders import write_lock\n"
        "with write_lock(pathlib.Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == -9
    with write_lock(tmp_path):
        pass


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveIndexError, match=r"cannot write the index.*--index"):
        write_generation(tmp_path / "file", fill("one"), keep=1)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_shared_files_are_not_hashed_again(tmp_path: Path) -> None:
    write_generation(tmp_path, fill("one"), keep=2)
    previous = current(tmp_path)
    # Nothing but a file whose hash is taken from the manifest can have this one.
    known = read_manifest(previous)
    files = {name: digest.replace("7692c3ad", "00000000") for name, digest in known.files.items()}
    (previous / "manifest.json").write_text(replace(known, files=files).to_json())

    def share(folder: Path) -> Callable[[dict[str, str]], Manifest]:
        (folder / "lexical").mkdir()
        (folder / "lexical" / "words").hardlink_to(previous / "lexical" / "words")
        (folder / "lexical" / "copy").write_text("one")
        return manifest

    files = write_generation(tmp_path, share, keep=2, previous=previous).files
    assert files["lexical/words"].startswith("00000000")
    assert files["lexical/copy"].startswith("7692c3ad")


def test_pruning_keeps_the_newest_and_the_current_one(tmp_path: Path) -> None:
    for content in ("one", "two", "three", "four"):
        write_generation(tmp_path, fill(content), keep=9)
    names = generation_names(tmp_path)
    assert prune(tmp_path, keep=9) == {}
    freed = prune(tmp_path, keep=2)
    assert list(freed) == names[:2]
    assert all(size > 100 for size in freed.values())
    assert generation_names(tmp_path) == names[2:]
    (tmp_path / "CURRENT").write_text(names[2])
    assert list(prune(tmp_path, keep=1)) == names[3:]
    assert current(tmp_path).name == names[2]


def test_nothing_is_pruned_while_another_process_writes(tmp_path: Path) -> None:
    write_generation(tmp_path, fill("one"), keep=9)
    partial = tmp_path / "generations" / "20200101T000000.partial"
    partial.mkdir()
    with write_lock(tmp_path), pytest.raises(IndexLocked):
        prune(tmp_path, keep=1)
    assert partial.exists()
