"""Vectors of length 1."""

import numpy as np

from index.types import Vectors


def unit_rows(rows: Vectors) -> Vectors:
    """Scale rows to length 1 in place and return them; zero rows stay.

    :param rows: float32, shape (n, dim).
    """
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    np.divide(rows, lengths, out=rows, where=lengths > 0)
    return rows
