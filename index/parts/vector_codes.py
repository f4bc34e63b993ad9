"""Vectors as 4-bit codes: product quantisation, in FAISS's lists, one for each script.

Every two numbers of a vector become the number of the nearest of 16 centroids. FAISS packs the codes
of 32 passages into a block ("fast scan"); taken out of their blocks, what an update keeps need not be
coded again, which takes fifteen times as long.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

from index.text.tokens import SCRIPTS
from index.types import Rows

Codes: TypeAlias = NDArray[np.uint8]
"""Codes of vectors, two to a byte, shape (n, size of a code)."""

_TRAINING_ROWS = 16 * 256  # what FAISS's k-means takes for 16 centroids; more changes nothing
_TRAINING_ROUNDS = 10  # of k-means: 15 more gain less recall than 100 more exact comparisons
_ROWS_AT_ONCE = 1 << 14  # coded together: bounds memory; whole blocks


def trained(vectors: NDArray[np.float16]) -> Any:
    """Return an index without codes whose centroids are those of some vectors.

    Inverted lists, because FAISS's flat form of the fast scan takes no selector. What the lists'
    own centroids are means nothing: each is searched whole or not at all.
    """
    dim = vectors.shape[1]
    first = faiss.IndexFlatL2(dim)
    first.add(np.zeros((len(SCRIPTS), dim), np.float32))
    codes = dim // 2 if dim % 2 == 0 else dim
    index: Any = faiss.IndexIVFPQFastScan(
        first, dim, len(SCRIPTS), codes, 4, faiss.METRIC_INNER_PRODUCT
    )
    index.pq.cp.niter = _TRAINING_ROUNDS
    # Evenly over the archive, so that every source and year is in it; the same rows each time.
    rows = np.linspace(0, len(vectors) - 1, min(_TRAINING_ROWS, len(vectors))).astype(np.int64)
    index.train(vectors[rows].astype(np.float32))
    return index


def coded(index: Any, vectors: NDArray[np.float16]) -> Codes:
    """Return the codes of some vectors."""
    return np.asarray(index.pq.compute_codes(vectors.astype(np.float32)))


def fill(index: Any, codes_of: Callable[[Rows], Codes], scripts: NDArray[np.int8]) -> None:
    """Put the codes of all passages into the lists of their scripts, which are empty.

    :param codes_of: returns the codes of rows; asked for some at once, which bounds memory.
    """
    packer = index.get_CodePacker()
    for script in range(len(SCRIPTS)):
        rows = np.flatnonzero(scripts == script)
        # FAISS itself adds whole blocks to an empty list alone.
        index.invlists.resize(script, len(rows))
        rows_of(index, script)[:] = rows
        blocks = _blocks_of(index, script, packer)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            codes = codes_of(rows[start : start + _ROWS_AT_ONCE])
            _pack(packer, codes, blocks[start // packer.nvec :])
    index.ntotal = len(scripts)


def _pack(packer: Any, codes: Codes, blocks: Codes) -> None:
    """Write codes into the first of some blocks."""
    flat = np.zeros((-(-len(codes) // packer.nvec), packer.nvec, codes.shape[1]), np.uint8)
    flat.reshape(-1, codes.shape[1])[: len(codes)] = codes
    for some, block in zip(flat, blocks, strict=False):
        packer.pack_all(faiss.swig_ptr(some), faiss.swig_ptr(block))


def unpacked(index: Any) -> Codes:
    """Return the codes of all passages, in the order of their rows."""
    packer = index.get_CodePacker()
    codes = np.empty((index.ntotal, index.code_size), np.uint8)
    for script in range(len(SCRIPTS)):
        rows, blocks = rows_of(index, script), _blocks_of(index, script, packer)
        flat = np.empty((len(blocks), packer.nvec, index.code_size), np.uint8)
        for some, block in zip(flat, blocks, strict=True):
            packer.unpack_all(faiss.swig_ptr(block), faiss.swig_ptr(some))
        codes[rows] = flat.reshape(-1, index.code_size)[: len(rows)]
    return codes


def rows_of(index: Any, script: int) -> Rows:
    """Return the rows of the passages in a list: FAISS's own memory."""
    size = index.invlists.list_size(script)
    if not size:  # FAISS has no pointer then
        return np.empty(0, np.int64)
    return np.asarray(faiss.rev_swig_ptr(index.invlists.get_ids(script), size))


def _blocks_of(index: Any, script: int, packer: Any) -> Codes:
    """Return the blocks of a list: FAISS's own memory, shape (blocks, size of a block)."""
    count = -(-index.invlists.list_size(script) // packer.nvec)
    if not count:
        return np.empty((0, packer.block_size), np.uint8)
    packed = faiss.rev_swig_ptr(index.invlists.get_codes(script), count * packer.block_size)
    return np.asarray(packed).reshape(count, packer.block_size)
