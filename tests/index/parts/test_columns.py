from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexDamaged
from index.parts.columns import Columns
from index.parts.filters import ANY, NO_DAY, Wanted


@pytest.fixture
def columns(tmp_path: Path) -> Columns:
    Columns(
        articles=np.array([0, 0, 1], np.int32),
        days=np.array([10, 20, NO_DAY], np.int32),
        sources=np.array([1, 2, 1], np.int32),
        scripts=np.array([0, 1, 2], np.int8),
        copies=np.array([0, 1, 0], np.int32),
    ).save(tmp_path)
    return Columns.open(tmp_path)


def test_no_filter_allows_everything(columns: Columns) -> None:
    assert columns.allowed(Wanted()) is None
    assert columns.allowed(ANY) is None


@pytest.mark.parametrize(
    ("days", "source", "expected"),
    [
        ((10, 15), None, [True, False, False]),
        ((None, None), None, [True, True, False]),
        ((11, None), None, [False, True, False]),
        ((None, 10), None, [True, False, False]),
        (None, 1, [True, False, True]),
        ((None, 30), 1, [True, False, False]),
        (None, -1, [False, False, False]),
    ],
)
def test_filters(
    columns: Columns,
    days: tuple[int | None, int | None] | None,
    source: int | None,
    expected: list[bool],
) -> None:
    allowed = columns.allowed(Wanted(days, source))
    assert allowed is not None
    assert allowed.tolist() == expected


def test_near_copies_are_the_others_of_a_group(columns: Columns) -> None:
    assert [columns.near_copies(row).tolist() for row in range(3)] == [[2], [], [0]]


def test_a_missing_file_is_named(columns: Columns, tmp_path: Path) -> None:
    assert len(columns.days) == 3
    (tmp_path / "days.npy").unlink()
    with pytest.raises(IndexDamaged, match=r"days\.npy"):
        Columns.open(tmp_path)
