"""The weights of readers that were exported, to be trained further."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from index.encoders.bert_graph import BLOCK, BLOCK_ZERO

Floats = NDArray[np.float32]

_PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "told": "attention.output.dense",
    "first": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "second": "output.LayerNorm",
}
"""Parts of a layer, by their names in the graph."""


def averaged(weights: Sequence[Mapping[str, Floats]], shares: Sequence[float]) -> dict[str, Floats]:
    """Return what networks that come from the same training have in common, each with its share.

    The average of a network and of what it became by further training keeps most of what both know
    (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").

    :param shares: they add up to 1.
    """
    return {
        name: np.sum(
            [share * of[name] for share, of in zip(shares, weights, strict=True)],
            axis=0,
            dtype=np.float32,
        )
        for name in weights[0]
    }


def read_weights(path: Path) -> dict[str, Floats]:
    """Return what ``export`` wrote, by the names of a ``ReaderNetwork``, in as many bits as it kept.

    Pieces are not among them: they are e5's own. What every place has in common with the kind of token
    was added up by ``export``, and is all with the places here.

    :param path: of the graph.
    """
    constants = {
        constant.name: numpy_helper.to_array(constant)
        for constant in onnx.load(path).graph.initializer
    }
    places = constants["positions"]
    weights = {
        "body.embeddings.position_embeddings.weight": places,
        "body.embeddings.token_type_embeddings.weight": np.zeros((2, places.shape[1])),
        "body.embeddings.LayerNorm.weight": constants["embedded.gamma"],
        "body.embeddings.LayerNorm.bias": constants["embedded.beta"],
        "answers.weight": constants["answers.weight"].T,
        "answers.bias": constants["answers.bias"],
        "span.weight": constants["span.weight"].T,
        "span.bias": constants["span.bias"],
    }
    layers = sum(name.endswith(".query.weight") for name in constants)
    for number in range(layers):
        for part, of in _PARTS.items():
            name, to = f"layer{number}.{part}", f"body.encoder.layer.{number}.{of}"
            if f"{name}.gamma" in constants:
                weights[f"{to}.weight"] = constants[f"{name}.gamma"]
                weights[f"{to}.bias"] = constants[f"{name}.beta"]
            else:
                weights[f"{to}.weight"] = _linear(constants, name)
                weights[f"{to}.bias"] = constants[f"{name}.bias"]
    return {name: np.array(values, np.float32) for name, values in weights.items()}


def _linear(constants: dict[str, NDArray[np.generic]], name: str) -> Floats:
    """Return the weights of a layer, shape (out, in)."""
    numbers, scale = constants[f"{name}.weight"], constants[f"{name}.scale"].astype(np.float32)
    if numbers.dtype == np.int8:
        return (numbers.astype(np.float32) * scale).T
    blocks = (numbers.astype(np.float32) - BLOCK_ZERO) * scale.reshape(numbers.shape[:-1])[
        ..., None
    ]
    return blocks.reshape(len(numbers), -1, BLOCK).reshape(len(numbers), -1)
