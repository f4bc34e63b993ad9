import numpy as np
import pytest

from index.parts.arrays import distinct, first_places


@pytest.mark.parametrize(
    ("values", "once", "places"),
    [
        ([5, 3, 5, 5, 1, 3], [1, 3, 5], [0, 1, 4]),
        ([7], [7], [0]),
        ([2, 2, 2], [2], [0]),
        ([], [], []),
    ],
)
def test_each_value_counts_once(values: list[int], once: list[int], places: list[int]) -> None:
    array = np.array(values, np.int32)
    assert distinct(array).tolist() == once
    assert distinct(array).dtype == np.int32
    assert first_places(array).tolist() == places
    assert array.tolist() == values


def test_any_array_is_treated_as_by_numpy() -> None:
    values = np.random.default_rng(7).integers(0, 50, 1000)
    expected, first = np.unique(values, return_index=True)
    np.testing.assert_array_equal(distinct(values), expected)
    np.testing.assert_array_equal(first_places(values), np.sort(first))
