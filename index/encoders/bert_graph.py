"""BERT as an ONNX graph in 8 bits: what the reader and e5 have in common.

Weights have a scale for each column. What ONNX Runtime has in one operator is one here: its
"DynamicQuantizeMatMul" brings a matrix of floats into 8 bits and multiplies. Inside feed-forward layers
some numbers are so large that one scale for a whole matrix spoils the others; there, blocks have
scales of their own.
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]

CONTRIBUTED = "com.microsoft"
_OPSET = 17
_IR_VERSION = 9
_MOST = 63
"""Weights have 7 bits: with 8, processors without VNNI would add up more than fits."""

BLOCK, _BLOCK_MOST, BLOCK_ZERO = 128, 127, 128
_IN_8_BITS = 4
"""The level of accuracy at which "MatMulNBits" multiplies numbers of 8 bits."""

TINY = 1e-12

INNER, OUTER = "inner", "outer"
"""The two matrices of a feed-forward layer."""


class Graph:
    """Collects nodes and constants."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        """Add a constant; return its name."""
        self._constants.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def add(self, kind: str, name: str, *inputs: str, domain: str = "", **options: Any) -> str:
        """Add a node; return the name of what comes out of it, which is its own."""
        self._nodes.append(helper.make_node(kind, inputs, [name], name, domain=domain, **options))
        return name

    def linear(self, name: str, states: str, weight: Floats, bias: Floats) -> str:
        """Add a layer with weights in 7 bits, of shape (in, out); states have 8 and one scale."""
        scale = np.maximum(np.abs(weight).max(axis=0), TINY) / _MOST
        return self.add(
            "DynamicQuantizeMatMul",
            name,
            states,
            self.constant(f"{name}.weight", np.rint(weight / scale).astype(np.int8)),
            self.constant(f"{name}.scale", scale.astype(np.float32)),
            "",
            self.constant(f"{name}.bias", bias),
            domain=CONTRIBUTED,
        )

    def blockwise(self, name: str, states: str, weight: Floats, bias: Floats) -> str:
        """Add a layer in which every ``BLOCK`` weights and states have a scale of their own.

        It takes half as long again as ``linear``, and outliers do not spoil what stands beside them.
        """
        width, count = weight.shape
        blocks = weight.T.reshape(count, width // BLOCK, BLOCK)
        scale = np.maximum(np.abs(blocks).max(axis=2), TINY) / _BLOCK_MOST
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
            domain=CONTRIBUTED,
            K=width,
            N=count,
            bits=8,
            block_size=BLOCK,
            accuracy_level=_IN_8_BITS,
        )

    def serialized(
        self,
        name: str,
        inputs: Sequence[onnx.ValueInfoProto],
        outputs: Sequence[onnx.ValueInfoProto],
    ) -> bytes:
        """Return the file that ONNX Runtime reads."""
        graph = helper.make_graph(self._nodes, name, inputs, outputs, self._constants)
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(CONTRIBUTED, 1)],
            ir_version=_IR_VERSION,
        )
        return bytes(model.SerializeToString())


@dataclass(frozen=True, slots=True)
class Bert:
    """A network whose layers are added to a graph.

    :ivar weights: by the names that BERT has for them, shape (out, in).
    :ivar of: what stands before each name.
    :ivar epsilon: of the norms.
    :ivar mask: the input that says which tokens are seen; "" = all are.
    :ivar fused: whether a sum and its norm are one operator. ONNX Runtime has one for both, which
        takes four times as long as the two.
    """

    weights: Weights
    of: str
    heads: int
    epsilon: float
    mask: str = ""
    fused: bool = False

    def embedded(self, graph: Graph, words: str, counted: str) -> str:
        """Add what begins: places are added to pieces, and a norm.

        :param words: vectors of the pieces.
        :param counted: an input whose second dimension is how many they are.
        """
        of = f"{self.of}embeddings."
        places = self.weights[f"{of}position_embeddings.weight"][:512]
        places = places + self.weights[f"{of}token_type_embeddings.weight"][0]
        longest = graph.add("Shape", "shape", counted)
        length = graph.add(
            "Gather", "length", longest, graph.constant("second", np.asarray(1, np.int64))
        )
        zero = graph.constant("zero", np.asarray(0, np.int64))
        one = graph.constant("one", np.asarray(1, np.int64))
        numbers = graph.add("Range", "numbers", zero, length, one)
        table = graph.constant("positions", places.astype(np.float16))
        held = graph.add("Cast", "held", graph.add("Gather", "places", table, numbers), to=1)
        summed = graph.add("Add", "summed", words, held)
        return graph.add(
            "LayerNormalization",
            "embedded",
            summed,
            graph.constant("embedded.gamma", self.weights[f"{of}LayerNorm.weight"]),
            graph.constant("embedded.beta", self.weights[f"{of}LayerNorm.bias"]),
            epsilon=self.epsilon,
        )

    def layer(self, graph: Graph, number: int, states: str, blockwise: Collection[str]) -> str:
        """Add a layer.

        :param blockwise: which of ``INNER`` and ``OUTER`` have scales for blocks.
        """
        of, name = f"{self.of}encoder.layer.{number}.", f"layer{number}."
        parts = [
            self._linear(graph, f"{name}{part}", states, f"{of}attention.self.{part}.")
            for part in ("query", "key", "value")
        ]
        seen = graph.add(
            "MultiHeadAttention",
            f"{name}seen",
            *parts,
            *(("", self.mask) if self.mask else ()),
            domain=CONTRIBUTED,
            num_heads=self.heads,
        )
        at = f"{of}attention.output."
        told = self._linear(graph, f"{name}told", seen, f"{at}dense.")
        states = self._norm(graph, f"{at}LayerNorm", f"{name}first", states, told)
        inner = self._linear(
            graph,
            f"{name}inner",
            states,
            f"{of}intermediate.dense.",
            blockwise=INNER in blockwise,
        )
        bent = graph.add("Gelu", f"{name}bent", inner, domain=CONTRIBUTED)
        outer = self._linear(
            graph, f"{name}outer", bent, f"{of}output.dense.", blockwise=OUTER in blockwise
        )
        return self._norm(graph, f"{of}output.LayerNorm", f"{name}second", states, outer)

    def _linear(
        self, graph: Graph, name: str, states: str, of: str, *, blockwise: bool = False
    ) -> str:
        add = graph.blockwise if blockwise else graph.linear
        return add(name, states, self.weights[f"{of}weight"].T, self.weights[f"{of}bias"])

    def _norm(self, graph: Graph, of: str, name: str, one: str, other: str) -> str:
        added = (one, other) if self.fused else (graph.add("Add", f"{name}.sum", one, other),)
        return graph.add(
            "SkipLayerNormalization" if self.fused else "LayerNormalization",
            name,
            *added,
            graph.constant(f"{name}.gamma", self.weights[f"{of}.weight"]),
            graph.constant(f"{name}.beta", self.weights[f"{of}.bias"]),
            domain=CONTRIBUTED if self.fused else "",
            epsilon=self.epsilon,
        )
