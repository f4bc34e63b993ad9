"""The model on disk, as sentence-transformers opens it.

Rows in int8, the row that each token has, and what the token counts for.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from index.encoders.token_table import CONFIG_FILE, TOKENIZER_FILE, WEIGHT_POWER, WEIGHTS_FILE

_TOP = 127  # of int8; -128 is left out, to be symmetric
_DECIMALS = 5  # of the logarithm of a probability; with 3, pieces tie
_HEAVY = 99  # percentile of the weights that becomes 1


def export(
    rows: NDArray[np.float32],
    tokenizer: Tokenizer,
    folder: Path,
    shared: NDArray[np.int32] | None = None,
    weight_power: float = 1.0,
) -> None:
    """Write the model of a table.

    :param rows: with their weights as lengths, float32, shape (size, dim); row 0, the unknown
        token's, is written as zeros.
    :param shared: for each token the one whose direction it has, often itself; None for all.
    :param weight_power: power of the tokens' weights that their rows are long.
    """
    folder.mkdir(parents=True, exist_ok=True)
    own = np.arange(len(rows), dtype=np.int32)
    owners, mapping = np.unique(own if shared is None else shared, return_inverse=True)
    lengths = np.linalg.norm(rows, axis=1)
    lengths[0] = 0
    lengths /= np.percentile(lengths, _HEAVY)
    directions = rows[owners] / np.maximum(np.linalg.norm(rows[owners], axis=1), 1e-12)[:, None]
    scales = np.maximum(np.abs(directions).max(axis=1), 1e-12) / _TOP
    save_file(
        {
            "embeddings": np.rint(directions / scales[:, None]).astype(np.int8),
            "mapping": mapping.astype(np.int32),
            "weights": (lengths * scales[mapping]).astype(np.float32),
        },
        folder / WEIGHTS_FILE,
    )
    _write_json(folder / TOKENIZER_FILE, _short(json.loads(tokenizer.to_str())), None)
    _write_json(
        folder / CONFIG_FILE,
        {
            "model_type": "model2vec",
            "architectures": ["StaticModel"],
            "hidden_dim": rows.shape[1],
            "normalize": True,
            "embedding_dtype": "int8",
            "seq_length": 1_000_000,
            WEIGHT_POWER: weight_power,
        },
    )
    parts = [(".", "StaticEmbedding"), ("1_Normalize", "Normalize")]
    modules = [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for n, (path, kind) in enumerate(parts)
    ]
    _write_json(folder / "modules.json", modules)
    (folder / "1_Normalize").mkdir(exist_ok=True)


def _short(tokenizer: dict[str, Any]) -> dict[str, Any]:
    """Return a tokenizer's description with its scores rounded: as good, and a quarter shorter."""
    pieces = tokenizer["model"]["vocab"]
    rounded = [[piece, round(score, _DECIMALS)] for piece, score in pieces]
    return tokenizer | {"model": tokenizer["model"] | {"vocab": rounded}}


def _write_json(path: Path, value: object, indent: int | None = 1) -> None:
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    path.write_text(text + "\n", encoding="utf-8")
