from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex
from index.errors import IndexDamaged

VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8], [0, 0]], np.float32)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    index = DenseIndex.empty(2)
    index.add(VECTORS[:2])
    index.add(VECTORS[2:])
    index.save(tmp_path / "dense.faiss")
    return tmp_path / "dense.faiss"


def test_nearest_rows_come_first_with_their_cosine(saved: Path) -> None:
    rows, scores = DenseIndex.open(saved).search(np.array([1, 0], np.float32), 3)
    assert rows.tolist() == [0, 2, 1]
    assert scores == pytest.approx([1, 0.6, 0], abs=1e-3)


def test_only_allowed_rows_are_searched(saved: Path) -> None:
    allowed = np.array([False, True, True, False])
    rows, _ = DenseIndex.open(saved).search(np.array([1, 0], np.float32), 4, allowed)
    assert rows.tolist() == [2, 1]


def test_a_zero_vector_finds_nothing(saved: Path) -> None:
    rows, scores = DenseIndex.open(saved).search(np.zeros(2, np.float32), 3)
    assert rows.tolist() == scores.tolist() == []


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    DenseIndex.empty(2).save(tmp_path / "empty")
    rows, _ = DenseIndex.open(tmp_path / "empty").search(np.array([1, 0], np.float32), 3)
    assert rows.tolist() == []


@pytest.mark.parametrize("keep", [0, 10])
def test_a_damaged_file_is_named(saved: Path, keep: int) -> None:
    saved.write_bytes(saved.read_bytes()[:keep])
    with pytest.raises(IndexDamaged, match=r"dense\.faiss.*newsquote index build"):
        DenseIndex.open(saved)
