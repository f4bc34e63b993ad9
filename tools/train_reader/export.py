"""The trained network as an ONNX graph in 8 bits: ``index.encoders.bert_graph`` with pieces and heads.

Pieces have one scale for each row.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from index.encoders.bert_graph import INNER, OUTER, TINY, Bert, Graph

Floats = NDArray[np.float32]

_PIECE_MOST = 127


def export(
    weights: Mapping[str, Floats], path: Path, *, layers: int, heads: int, epsilon: float
) -> None:
    """Write a graph: "ids" and "mask", int64 and int32, to "answers", "starts" and "ends", float32.

    :param weights: of a ``ReaderNetwork``, by its names.
    """
    graph = Graph()
    body = Bert(weights, "body.", heads, epsilon, mask="mask", fused=True)
    states = body.embedded(graph, _words(graph, weights), "ids")
    for number in range(layers):
        states = body.layer(graph, number, states, blockwise={INNER, OUTER})
    _heads(graph, weights, states)
    path.write_bytes(
        graph.serialized(
            "reader",
            [
                helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "length"]),
                helper.make_tensor_value_info("mask", TensorProto.INT32, ["n", "length"]),
            ],
            [
                helper.make_tensor_value_info("answers", TensorProto.FLOAT, ["n"]),
                helper.make_tensor_value_info("spans", TensorProto.FLOAT, ["n", "length", 2]),
            ],
        )
    )


def _words(graph: Graph, weights: Mapping[str, Floats]) -> str:
    """Add the vectors of the pieces."""
    pieces = weights["body.embeddings.word_embeddings.weight"]
    scale = np.maximum(np.abs(pieces).max(axis=1, keepdims=True), TINY) / _PIECE_MOST
    table = graph.constant("pieces", np.rint(pieces / scale).astype(np.int8))
    scales = graph.constant("pieces.scale", scale.astype(np.float32))
    whole = graph.add("Cast", "whole", graph.add("Gather", "looked_up", table, "ids"), to=1)
    return graph.add("Mul", "words", whole, graph.add("Gather", "lengths", scales, "ids"))


def _heads(graph: Graph, weights: Mapping[str, Floats], states: str) -> None:
    first = graph.add("Gather", "first", states, "zero", axis=1)
    logit = graph.add(
        "Gemm",
        "logit",
        first,
        graph.constant("answers.weight", weights["answers.weight"].T),
        graph.constant("answers.bias", weights["answers.bias"]),
    )
    graph.add("Squeeze", "answers", logit, graph.constant("last", np.asarray([1], np.int64)))
    spans = graph.add(
        "MatMul", "spanned", states, graph.constant("span.weight", weights["span.weight"].T)
    )
    graph.add("Add", "spans", spans, graph.constant("span.bias", weights["span.bias"]))
