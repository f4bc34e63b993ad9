from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.encoders.protocol import EncoderInfo
from index.errors import EncoderMismatch, IndexDamaged, IndexMissing, IndexOutdated
from index.generations import opened
from index.generations.folders import current, generation_names, make_current, tidy
from index.generations.manifest import read_manifest
from index.generations.opened import Generation, open_generation
from index.types import Role, Vectors
from tests.archive import BEES, HARBOUR_EARLY, build_index, models


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    build_index(tmp_path, [HARBOUR_EARLY, BEES])
    return tmp_path


def test_a_generation_is_all_its_parts(index_dir: Path) -> None:
    generation = open_generation(index_dir, models())
    assert generation.folder == current(index_dir)
    assert generation.manifest == read_manifest(generation.folder)
    assert generation.models is models()
    passages = generation.manifest.passages
    parts = (
        generation.dense,
        generation.passage_words,
        generation.lists,
        generation.columns.articles,
    )
    assert passages > 2
    assert [len(part) for part in parts] == [passages] * 4
    assert len(generation.store.passages(range(passages))) == passages
    generation.close()


def test_nothing_has_been_built_yet(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        open_generation(tmp_path, models())


class OfAnotherSize:
    """An encoder that did not build any index."""

    table = None
    lasting = True
    info = EncoderInfo("other", "1", 7)

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        raise AssertionError((texts, role))


def test_another_encoder_is_refused(index_dir: Path) -> None:
    with pytest.raises(EncoderMismatch, match=r"built with bundled .*settings name other"):
        open_generation(index_dir, replace(models(), encoder=OfAnotherSize()))


@pytest.mark.parametrize("what", ["table", "tokenizer_version"])
def test_another_token_table_or_tokenizer_is_outdated(index_dir: Path, what: str) -> None:
    folder = current(index_dir)
    value = {"table": "another", "tokenizer_version": 0}[what]
    manifest = replace(read_manifest(folder), **{what: value})  # type: ignore[arg-type]  # by name
    (folder / "manifest.json").write_text(manifest.to_json())
    with pytest.raises(IndexOutdated, match=rf"was built with .*{value}.* this program has"):
        open_generation(index_dir, models())


@pytest.mark.parametrize("name", ["days.npy", "token_starts.npy", "passage_words/keys.npy"])
def test_a_part_of_another_length_is_damage(index_dir: Path, name: str) -> None:
    path = current(index_dir) / name
    np.save(path, np.load(path)[:-1])
    with pytest.raises(IndexDamaged, match=name):
        open_generation(index_dir, models())


def test_parts_that_do_not_fit_are_damage_even_if_each_is_what_the_manifest_says(
    index_dir: Path,
) -> None:
    folder = current(index_dir)
    manifest = replace(read_manifest(folder), passages=999)
    (folder / "manifest.json").write_text(manifest.to_json())
    with pytest.raises(IndexDamaged, match=r"expected 999 passages in each part, found \d+ in"):
        open_generation(index_dir, models())


def test_the_next_one_is_opened_when_one_is_pruned_in_the_same_moment(
    index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = current(index_dir)
    build_index(index_dir, [BEES])
    second = current(index_dir)
    make_current(index_dir, first.name)

    def pruned_before_it_is_opened(folder: Path, _models: object) -> Generation:
        if folder == first:
            make_current(index_dir, second.name)
            tidy(index_dir, keep=1)
        return whole(folder, models())

    whole = opened._open
    monkeypatch.setattr(opened, "_open", pruned_before_it_is_opened)
    generation = open_generation(index_dir, models())
    assert (generation.folder, generation_names(index_dir)) == (second, [second.name])
    generation.close()
