"""What is exported can be read back, and trained further."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tools.train_reader.export import export
from tools.train_reader.shipped import averaged, read_weights

WIDTH, INNER, PIECES, PLACES = 128, 256, 40, 512
SHAPES = {
    "attention.self.query": (WIDTH, WIDTH),
    "attention.self.key": (WIDTH, WIDTH),
    "attention.self.value": (WIDTH, WIDTH),
    "attention.output.dense": (WIDTH, WIDTH),
    "intermediate.dense": (INNER, WIDTH),
    "output.dense": (WIDTH, INNER),
    "attention.output.LayerNorm": (WIDTH,),
    "output.LayerNorm": (WIDTH,),
}


@pytest.fixture(scope="module")
def weights() -> dict[str, NDArray[np.float32]]:
    random = np.random.default_rng(1)
    of = "body.embeddings."
    shapes: dict[str, tuple[int, ...]] = {
        f"{of}word_embeddings.weight": (PIECES, WIDTH),
        f"{of}position_embeddings.weight": (PLACES, WIDTH),
        f"{of}token_type_embeddings.weight": (2, WIDTH),
        f"{of}LayerNorm.weight": (WIDTH,),
        f"{of}LayerNorm.bias": (WIDTH,),
        "answers.weight": (1, WIDTH),
        "answers.bias": (1,),
        "span.weight": (2, WIDTH),
        "span.bias": (2,),
    }
    for number in range(2):
        for name, shape in SHAPES.items():
            shapes[f"body.encoder.layer.{number}.{name}.weight"] = shape
            shapes[f"body.encoder.layer.{number}.{name}.bias"] = shape[:1]
    return {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def test_weights_come_back_but_for_their_last_bits(
    weights: dict[str, NDArray[np.float32]], tmp_path: Path
) -> None:
    export(weights, tmp_path / "network.onnx", layers=2, heads=2, epsilon=1e-12)
    back = read_weights(tmp_path / "network.onnx")
    of = "body.embeddings."
    summed = f"{of}position_embeddings.weight"
    kinds = weights[f"{of}token_type_embeddings.weight"]
    assert set(back) == set(weights) - {f"{of}word_embeddings.weight"}
    assert np.allclose(back[summed], weights[summed] + kinds[0], atol=0.01)
    assert not back[f"{of}token_type_embeddings.weight"].any()
    for name in set(back) - {summed, f"{of}token_type_embeddings.weight"}:
        assert back[name].shape == weights[name].shape
        assert np.allclose(back[name], weights[name], atol=np.abs(weights[name]).max() / 63), name


def test_an_average_has_a_share_of_each() -> None:
    one, other = {"w": np.array([0.0, 4.0], np.float32)}, {"w": np.array([8.0, 4.0], np.float32)}
    assert averaged([one, other], [0.75, 0.25])["w"].tolist() == [2.0, 4.0]
