import numpy as np

from index.encoders.unit import unit_rows


def test_rows_are_scaled_in_place_and_zero_rows_stay() -> None:
    rows = np.array([[3, 4], [0, 0], [0, -2]], dtype=np.float32)
    assert unit_rows(rows) is rows
    np.testing.assert_allclose(rows, np.array([[0.6, 0.8], [0, 0], [0, -1]]), atol=1e-7)
