"""The model on disk, as sentence-transformers opens it.

Rows in int8, the row that each token has, and what the token counts for.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

_TOP = 127  # of int8; -128 is left out, to be symmetric
_HEAVY = 99  # percentile of the weights that becomes 1


def export(
    rows: NDArray[np.float32],
    tokenizer: Tokenizer,
    folder: Path,
    shared: NDArray[np.int32] | None = None,
) -> None:
    """Write the model of a table.

    :param rows: with their weights as lengths, float32, shape (size, dim); row 0, the unknown
        token's, is written as zeros.
    :param shared: for each token the one whose direction it has, often itself; None for all.
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
        folder / "model.safetensors",
    )
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    _write_json(
        folder / "config.json",
        {
            "model_type": "model2vec",
            "architectures": ["StaticModel"],
            "hidden_dim": rows.shape[1],
            "normalize": True,
            "embedding_dtype": "int8",
            "seq_length": 1_000_000,
        },
    )
    parts = [(".", "StaticEmbedding"), ("1_Normalize", "Normalize")]
    modules = [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for n, (path, kind) in enumerate(parts)
    ]
    _write_json(folder / "modules.json", modules)
    (folder / "1_Normalize").mkdir(exist_ok=True)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
