"""The trained network as an ONNX graph in 8 bits.

Weights have a scale for each column, pieces one for each row. What ONNX Runtime has in one operator is
one here: its "DynamicQuantizeMatMul" brings a matrix of floats into 8 bits and multiplies. Inside the
feed-forward layers some numbers are so large that one scale for a whole matrix spoils the others;
there, blocks have scales of their own.
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Floats = NDArray[np.float32]

_CONTRIBUTED = "com.microsoft"
_OPSET = 17
_IR_VERSION = 9
_MOST = 63
"""Weights have 7 bits: with 8, processors without VNNI would add up more than fits."""

_PIECE_MOST = 127

BLOCK, _BLOCK_MOST, BLOCK_ZERO = 128, 127, 128
_IN_8_BITS = 4
"""The level of accuracy at which "MatMulNBits" multiplies numbers of 8 bits."""

_TINY = 1e-12


class _Graph:
    """Collects nodes and constants."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def add(self, kind: str, name: str, *inputs: str, domain: str = "", **options: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name, domain=domain, **options))
        return name

    def linear(self, name: str, states: str, weight: Floats, bias: Floats) -> str:
        """Add a layer with weights in 7 bits, of shape (in, out); states have 8 and one scale."""
        scale = np.maximum(np.abs(weight).max(axis=0), _TINY) / _MOST
        return self.add(
            "DynamicQuantizeMatMul",
            name,
            states,
            self.constant(f"{name}.weight", np.rint(weight / scale).astype(np.int8)),
            self.constant(f"{name}.scale", scale.astype(np.float32)),
            "",
            self.constant(f"{name}.bias", bias),
            domain=_CONTRIBUTED,
        )

    def blockwise(self, name: str, states: str, weight: Floats, bias: Floats) -> str:
        """Add a layer in which every ``BLOCK`` weights and states have a scale of their own.

        It takes half as long again as ``linear``, and outliers do not spoil what stands beside them.
        """
        width, count = weight.shape
        blocks = weight.T.reshape(count, width // BLOCK, BLOCK)
        scale = np.maximum(np.abs(blocks).max(axis=2), _TINY) / _BLOCK_MOST
        numbers = np.rint(blocks / scale[..., None]) + BLOCK_ZERO
        return self.add(
            "MatMulNBits",
            name,
            states,
            self.constant(f"{name}.weight", numbers.astype(np.uint8)),
            self.constant(f"{name}.scale", scale.astype(np.float32)),
            "",
            "",
            self.constant(f"{name}.bias", bias),
            domain=_CONTRIBUTED,
            K=width,
            N=count,
            bits=8,
            block_size=BLOCK,
            accuracy_level=_IN_8_BITS,
        )


def export(
    weights: Mapping[str, Floats], path: Path, *, layers: int, heads: int, epsilon: float
) -> None:
    """Write a graph: "ids" and "mask", int64 and int32, to "answers", "starts" and "ends", float32.

    :param weights: of a ``ReaderNetwork``, by its names.
    """
    graph = _Graph()
    states = _embedded(graph, weights, epsilon)
    for number in range(layers):
        states = _layer(graph, weights, number, states, heads, epsilon)
    _heads(graph, weights, states)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "reader",
            [
                helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "length"]),
                helper.make_tensor_value_info("mask", TensorProto.INT32, ["n", "length"]),
            ],
            [
                helper.make_tensor_value_info("answers", TensorProto.FLOAT, ["n"]),
                helper.make_tensor_value_info("spans", TensorProto.FLOAT, ["n", "length", 2]),
            ],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIBUTED, 1)],
        ir_version=_IR_VERSION,
    )
    path.write_bytes(model.SerializeToString())


def _embedded(graph: _Graph, weights: Mapping[str, Floats], epsilon: float) -> str:
    """Add what begins: pieces, their places, and a norm."""
    of = "body.embeddings."
    pieces = weights[f"{of}word_embeddings.weight"]
    scale = np.maximum(np.abs(pieces).max(axis=1, keepdims=True), _TINY) / _PIECE_MOST
    table = graph.constant("pieces", np.rint(pieces / scale).astype(np.int8))
    scales = graph.constant("pieces.scale", scale.astype(np.float32))
    whole = graph.add("Cast", "whole", graph.add("Gather", "looked_up", table, "ids"), to=1)
    words = graph.add("Mul", "words", whole, graph.add("Gather", "lengths", scales, "ids"))
    places = weights[f"{of}position_embeddings.weight"][:512]
    places = places + weights[f"{of}token_type_embeddings.weight"][0]
    longest = graph.add("Shape", "shape", "ids")
    length = graph.add(
        "Gather", "length", longest, graph.constant("second", np.asarray(1, np.int64))
    )
    zero = graph.constant("zero", np.asarray(0, np.int64))
    one = graph.constant("one", np.asarray(1, np.int64))
    numbers = graph.add("Range", "numbers", zero, length, one)
    held = graph.add(
        "Cast",
        "held",
        graph.add(
            "Gather", "places", graph.constant("positions", places.astype(np.float16)), numbers
        ),
        to=1,
    )
    summed = graph.add("Add", "summed", words, held)
    return graph.add(
        "LayerNormalization",
        "embedded",
        summed,
        graph.constant("embedded.gamma", weights[f"{of}LayerNorm.weight"]),
        graph.constant("embedded.beta", weights[f"{of}LayerNorm.bias"]),
        epsilon=epsilon,
    )


def _layer(
    graph: _Graph,
    weights: Mapping[str, Floats],
    number: int,
    states: str,
    heads: int,
    epsilon: float,
) -> str:
    of, name = f"body.encoder.layer.{number}.", f"layer{number}."
    parts = []
    for part in ("query", "key", "value"):
        at = f"{of}attention.self.{part}."
        parts.append(
            graph.linear(f"{name}{part}", states, weights[f"{at}weight"].T, weights[f"{at}bias"])
        )
    seen = graph.add(
        "MultiHeadAttention",
        f"{name}seen",
        *parts,
        "",
        "mask",
        domain=_CONTRIBUTED,
        num_heads=heads,
    )
    at = f"{of}attention.output."
    told = graph.linear(
        f"{name}told", seen, weights[f"{at}dense.weight"].T, weights[f"{at}dense.bias"]
    )
    states = _norm(graph, weights, f"{at}LayerNorm", f"{name}first", (states, told), epsilon)
    at = f"{of}intermediate.dense."
    inner = graph.blockwise(f"{name}inner", states, weights[f"{at}weight"].T, weights[f"{at}bias"])
    bent = graph.add("Gelu", f"{name}bent", inner, domain=_CONTRIBUTED)
    at = f"{of}output."
    outer = graph.blockwise(
        f"{name}outer", bent, weights[f"{at}dense.weight"].T, weights[f"{at}dense.bias"]
    )
    return _norm(graph, weights, f"{at}LayerNorm", f"{name}second", (states, outer), epsilon)


def _norm(
    graph: _Graph,
    weights: Mapping[str, Floats],
    of: str,
    name: str,
    added: tuple[str, str],
    epsilon: float,
) -> str:
    return graph.add(
        "SkipLayerNormalization",
        name,
        *added,
        graph.constant(f"{name}.gamma", weights[f"{of}.weight"]),
        graph.constant(f"{name}.beta", weights[f"{of}.bias"]),
        domain=_CONTRIBUTED,
        epsilon=epsilon,
    )


def _heads(graph: _Graph, weights: Mapping[str, Floats], states: str) -> None:
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
