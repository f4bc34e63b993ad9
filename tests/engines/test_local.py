"""The files of a folder as an engine."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.engines.local import LocalFiles
from index.engines.protocol import Engine
from index.engines.registry import EngineChoice, open_engine
from index.errors import IndexDamaged
from index.generations.folders import current
from index.types import Article
from tests.archive import BEES, build_index, models
from tests.engines.suite import EngineSuite, IndexedEngine


@dataclass
class Indexed:
    """A folder for an index."""

    index_dir: Path

    @property
    def engine(self) -> Engine:
        return open_engine(EngineChoice("local", self.index_dir))

    def index(self, articles: Sequence[Article]) -> None:
        build_index(self.index_dir, articles)


@pytest.fixture(scope="module")
def new_engine(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], IndexedEngine]:
    folder, numbers = tmp_path_factory.mktemp("engines"), itertools.count()
    return lambda: Indexed(folder / str(next(numbers)))


class TestLocalFiles(EngineSuite):
    """All that any engine must do."""


def test_the_registry_knows_it_by_its_name(tmp_path: Path) -> None:
    assert open_engine(EngineChoice("local", tmp_path)) == LocalFiles(tmp_path)


def test_a_generation_is_named_by_its_folder(tmp_path: Path) -> None:
    build_index(tmp_path, [BEES])
    engine = open_engine(EngineChoice("local", tmp_path))
    assert engine.current() == current(tmp_path).name


def test_damage_is_named(tmp_path: Path) -> None:
    build_index(tmp_path, [BEES])
    searcher = open_engine(EngineChoice("local", tmp_path)).open(models())
    (current(tmp_path) / "tokens.npy").write_bytes(b"")
    with (
        pytest.raises(IndexDamaged, match=r"tokens\.npy: missing or damaged"),
        searcher.diagnosed(),
    ):
        raise ValueError("whatever reading it did")
    searcher.close()
    with pytest.raises(IndexDamaged, match=r"tokens\.npy"):
        open_engine(EngineChoice("local", tmp_path)).open(models())


def test_a_pointer_to_nowhere_is_damage(tmp_path: Path) -> None:
    build_index(tmp_path, [BEES])
    (tmp_path / "CURRENT").write_text("gone\n")
    with pytest.raises(IndexDamaged, match="'gone'"):
        open_engine(EngineChoice("local", tmp_path)).current()
