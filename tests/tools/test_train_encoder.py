"""The whole recipe on a data folder of a few articles: everything but the size is real."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from index.bundled import BundledEncoder, TokenTable

pytest.importorskip("torch")
pytest.importorskip("jieba")
pytest.importorskip("sentencepiece")

import torch

from tools.train_encoder import training, vocabulary
from tools.train_encoder.batches import Sizes, draw
from tools.train_encoder.folding import folding
from tools.train_encoder.losses import Bags, dense_loss, late_loss
from tools.train_encoder.material import read_material
from tools.train_encoder.ragged import Ragged, Replacements, cut, join, ragged, thin
from tools.train_encoder.recipe import NO_ANCHOR, Recipe, make_model
from tools.train_encoder.sources import RESEARCH_ONLY, licence, read_articles, read_pairs

TRAINING = training.Options(
    steps=12, warmup=2, late_size=8, batch=Sizes(archive=16, switched=16, sentence=8, entry=8)
)
RECIPE = Recipe(
    anchor=NO_ANCHOR,
    dim=16,
    checkpoint_every=4,
    pieces=vocabulary.Sizes(han_words=200, english=100, russian=60),
    training=TRAINING,
)

ENTRIES = [
    ("dict", "zh", "桥", "en", "bridge"),
    ("dict", "zh", "渡轮", "en", "ferry"),
    ("dict", "zh", "镇长", "en", "mayor"),
    ("dict", "ru", "мост", "en", "bridge"),
    ("dict", "ru", "паром", "en", "ferry"),
    ("dict", "zh", "河", "ru", "река"),
    ("name", "zh", "柳溪镇", "en", "Willowbrook"),
    ("tat", "zh", "老桥开放了。", "en", "The old bridge is open."),
    ("ntrex", "ru", "Мост открыт.", "en", "The bridge is open."),
    ("wmt21-ref", "zh", "渡轮停航了。", "en", "The ferryboats no longer run."),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    places = ("柳溪镇", "杨湾镇", "松岭镇", "梅渡镇")
    articles = [
        {
            "title": f"{place}老橋第{number}次開放",
            "paragraphs": [
                (
                    f"{place}的镇长在第{number}天宣布，河上的老桥重新开放。居民可以步行过河，不用再等渡轮。"
                    f"{place}的渡轮从此停航。船长说他要去学习修桥。"
                ),
                f"老桥建成已经{number + 40}年。木匠们用了三个月换掉所有的木板。镇上的学校也放假一天。",
            ],
        }
        for number in range(1, 9)
        for place in places
    ]
    write_lines(folder / "archive.jsonl", articles)
    keys = ("kind", "lang_a", "a", "lang_b", "b")
    write_lines(folder / "pairs.jsonl", [dict(zip(keys, entry, strict=True)) for entry in ENTRIES])
    return folder


@pytest.fixture(scope="module")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made")
    make_model(data, out, RECIPE)
    return out


def write_lines(path: Path, objects: Sequence[Mapping[str, object]]) -> None:
    path.write_text("".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects), "utf-8")


def bits(out: Path) -> bytes:
    return (out / "model" / "model.safetensors").read_bytes()


# The whole recipe.


def test_the_loss_falls_and_the_report_says_what_was_used(made: Path) -> None:
    report = json.loads((made / "report.json").read_text())
    losses = report["losses"]
    assert [loss["step"] for loss in losses] == [4, 8, 12]
    assert losses[-1]["dense"] < losses[0]["dense"]
    assert losses[-1]["late"] < losses[0]["late"]
    assert report["sources"]["wmt21-ref"] == {"licence": RESEARCH_ONLY, "pairs": 1}
    assert report["chunks"] == 32
    files = [path for path in (made / "model").rglob("*") if path.is_file()]
    assert report["bytes"] == sum(path.stat().st_size for path in files)


def test_the_model_is_read_alike_with_and_without_sentence_transformers(made: Path) -> None:
    library = pytest.importorskip("sentence_transformers")
    texts = ["鎮長說老橋開放", "镇长说老桥开放", "the mayor and the bridge", "мост и паром"]
    model = library.SentenceTransformer(str(made / "model"), device="cpu")
    theirs = model.encode(texts, show_progress_bar=False)
    ours = BundledEncoder(TokenTable.open(made / "model")).encode(texts)
    np.testing.assert_allclose(ours, theirs, atol=1e-3)
    np.testing.assert_allclose(ours[0], ours[1], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)


def test_int8_rows_stand_for_the_trained_ones(made: Path) -> None:
    table = TokenTable.open(made / "model")
    trained = torch.load(made / "work" / "checkpoint.pt", weights_only=True)["table"]["values"]
    rows = (torch.exp(trained[:, -1:]) * trained[:, :-1]).numpy()
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    some = np.arange(1, table.size, dtype=np.int32)
    np.testing.assert_allclose(table.unit(some), unit[1:], atol=0.01)
    ratio = table.weights[1:] / np.linalg.norm(rows, axis=1)[1:]
    np.testing.assert_allclose(ratio, ratio[0], rtol=0.01)
    assert table.weights[0] == 0


def test_the_same_recipe_gives_the_same_model(made: Path, data: Path, tmp_path: Path) -> None:
    make_model(data, tmp_path / "again", RECIPE)
    assert bits(tmp_path / "again") == bits(made)
    other = replace(RECIPE, training=replace(TRAINING, seed=1))
    make_model(data, tmp_path / "other", other)
    assert bits(tmp_path / "other") != bits(made)


def test_an_interrupted_run_ends_as_an_uninterrupted_one(
    made: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = training._train_step

    def interrupted(table: training.Table, *rest: object) -> Iterator[tuple[str, float]]:
        if table.step == 6:  # between the checkpoints of steps 4 and 8
            raise KeyboardInterrupt
        return step(table, *rest)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(training, "_train_step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        make_model(data, tmp_path, RECIPE)
    monkeypatch.undo()
    report = make_model(data, tmp_path, RECIPE)
    assert bits(tmp_path) == bits(made)
    assert report["losses"] == json.loads((made / "report.json").read_text())["losses"]


def test_a_run_with_other_options_is_not_resumed(data: Path, made: Path) -> None:
    with pytest.raises(ValueError, match="other options"):
        make_model(data, made, replace(RECIPE, dim=8))


def test_a_model_can_be_trained_on(made: Path, data: Path, tmp_path: Path) -> None:
    make_model(data, tmp_path, replace(RECIPE, start=str(made / "model")))
    first, second = TokenTable.open(made / "model"), TokenTable.open(tmp_path / "model")
    some = np.arange(1, first.size, dtype=np.int32)
    cosines = (first.unit(some) * second.unit(some)).sum(axis=1)
    assert 0.9 < cosines.mean() < 0.99999
    assert (made / "model" / "tokenizer.json").read_bytes() == (
        tmp_path / "model" / "tokenizer.json"
    ).read_bytes()


def test_a_licence_is_left_out_of_everything(data: Path, tmp_path: Path) -> None:
    assert len(read_pairs(data)) == len(ENTRIES)
    report = make_model(
        data,
        tmp_path,
        replace(RECIPE, leave_out=(RESEARCH_ONLY,), training=replace(TRAINING, steps=1)),
    )
    assert set(report["sources"]) == {"dict", "name", "tat", "ntrex"}
    pieces = Tokenizer.from_file(str(tmp_path / "model" / "tokenizer.json")).get_vocab()
    assert "bridge" in pieces
    assert "ferryboats" not in pieces  # only the pair left out has it


def test_the_command_makes_a_model(data: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.train_encoder", str(data), "--out", str(tmp_path)]
    options = ["--anchor", "none", "--dim", "8", "--steps", "1", "--leave-out", RESEARCH_ONLY]
    subprocess.run([*command, *options], check=True, capture_output=True, timeout=100)
    assert TokenTable.open(tmp_path / "model").dim == 8


# An English model as the anchor.


def test_words_of_three_languages_begin_at_their_common_meaning(data: Path, tmp_path: Path) -> None:
    library = pytest.importorskip("sentence_transformers")
    modules = pytest.importorskip("sentence_transformers.models")
    words = ["[UNK]", "bridge", "ferry", "mayor", "river"]
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    rows = np.random.default_rng(5).standard_normal((5, 32)).astype(np.float32)
    anchor = modules.StaticEmbedding(tokenizer, embedding_weights=rows)
    library.SentenceTransformer(modules=[anchor]).save(str(tmp_path / "anchor"))
    recipe = replace(RECIPE, anchor=str(tmp_path / "anchor"), training=replace(TRAINING, steps=1))
    make_model(data, tmp_path / "out", recipe)
    table = TokenTable.open(tmp_path / "out" / "model")
    ids = np.concatenate(table.ids(["bridge", "桥", "мост", "ferry"]))
    cosines = table.cosines(ids, ids)
    assert cosines[0, 1] > 0.6
    assert cosines[0, 2] > 0.6
    assert cosines[0, 3] < 0.6


# Sources.


def test_every_kind_has_a_licence() -> None:
    assert licence("wmt22-pivot") == licence("wmt") == RESEARCH_ONLY
    assert licence("dict") == "CC-BY-SA-4.0"
    with pytest.raises(ValueError, match=r"found 'squad'.*sources\.py"):
        licence("squad")


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"archive\.jsonl"):
        list(read_articles(tmp_path))


# Vocabulary.


def test_folding_is_inside_the_tokenizer() -> None:
    assert folding().normalize_str("ＡＢ 臺灣的Ёлка") == "ab 台湾的елка"


def test_stems_keep_three_letters() -> None:
    assert vocabulary.stem("защита") == "защит"
    assert vocabulary.stem("мосты") == "мост"
    assert vocabulary.stem("мы") == "мы"


# Losses, by hand.


def bags(*rows: list[int]) -> Bags:
    table = ragged([np.array(row, np.int32) for row in rows])
    return Bags.of(table, np.arange(10))


def test_the_dense_loss() -> None:
    table = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    assert dense_loss(bags([0], [1]), bags([0], [1]), table).item() == pytest.approx(
        np.log(1 + np.exp(-20)), abs=1e-6
    )
    assert dense_loss(bags([0], [1]), bags([0], [0]), table).item() == pytest.approx(
        # Each question against two equal passages; each passage against 1 and 0.
        (np.log(2) + (np.log(1 + np.exp(-20)) + np.log(1 + np.exp(20))) / 2) / 2,
        abs=1e-4,
    )


def test_the_late_loss_weighs_tokens_by_the_length_of_their_rows() -> None:
    # Tokens 0 and 1 are at right angles; 0 weighs three times as much.
    table = torch.tensor([[3.0, 0.0], [0.0, 1.0]])
    loss = late_loss(bags([0, 1, 1], [0, 1]), bags([0], [1]), table).item()
    # A met token scores 1 + 0.1 * (1 / 0.55 - 1), however often asked; an unmet one 0.
    met = 1 + 0.1 * (1 / 0.55 - 1)
    first, second = 20 * met * 0.75, 20 * met * 0.25
    expected = (np.log(1 + np.exp(second - first)) + np.log(1 + np.exp(first - second))) / 2
    assert loss == pytest.approx(expected, rel=1e-4)


def test_the_late_loss_moves_towards_the_passage_that_meets() -> None:
    table = torch.randn(6, 8, generator=torch.Generator().manual_seed(1))
    questions, passages = bags([0, 1], [2]), bags([5], [3, 4])
    moved = table.clone().requires_grad_()
    before = late_loss(questions, passages, moved)
    before.backward()  # type: ignore[no-untyped-call]  # torch's own
    assert moved.grad is not None
    assert late_loss(questions, passages, table - 0.01 * moved.grad) < 0.99 * before


def test_the_table_steps_as_adam_does() -> None:
    rng = np.random.default_rng(0)
    rows, weights = rng.standard_normal((3, 4)).astype(np.float32), np.zeros(3, np.float32)
    table = training.Table(rows, weights)
    directions = torch.from_numpy(rows.copy()).requires_grad_()
    logarithms = torch.from_numpy(weights.copy()).requires_grad_()
    adam = torch.optim.Adam(
        [{"params": [directions], "lr": 0.1}, {"params": [logarithms], "lr": 0.2}]
    )
    target = torch.from_numpy(rng.standard_normal((3, 4)).astype(np.float32))
    which = torch.arange(3)
    for _ in range(3):
        adam.zero_grad()
        expected = torch.exp(logarithms)[:, None] * directions
        ((expected - target) ** 2).sum().backward()  # type: ignore[no-untyped-call]  # torch's own
        adam.step()
        table.update(which, 2 * (table.rows() - target), 0.1, 0.2)
    torch.testing.assert_close(table.values[:, :-1], directions.detach(), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(table.values[:, -1], logarithms.detach(), atol=1e-5, rtol=1e-4)


# Rows of different lengths.


def lists(rows: Ragged) -> list[list[int]]:
    return [rows.flat[a:b].tolist() for a, b in zip(rows.bounds, rows.bounds[1:], strict=False)]


def test_ragged_rows() -> None:
    rows = ragged([np.array(row, np.int32) for row in ([1, 2], [], [3, 4, 5])])
    assert lists(rows) == [[1, 2], [], [3, 4, 5]]
    assert lists(rows.take(np.array([2, 2, 1]))) == [[3, 4, 5], [3, 4, 5], []]
    assert lists(rows.keep(rows.flat % 2 == 1)) == [[1], [], [3, 5]]
    assert lists(join(rows, rows.take(np.array([1, 2, 0])))) == [[1, 2], [3, 4, 5], [3, 4, 5, 1, 2]]
    assert lists(cut(rows.flat, np.array([3, 0]), np.array([2, 1]))) == [[4, 5], [1]]
    rng = np.random.default_rng(0)
    long = ragged([np.arange(5000, dtype=np.int32), np.arange(10, dtype=np.int32)])
    first, second = thin(long, 0.0, rng, 100).lengths
    assert 60 < first < 140
    assert second == 10


def test_tokens_are_replaced_by_their_options() -> None:
    options = Replacements.of(6, [(3, np.array([5, 5], np.int32)), (1, np.array([4], np.int32))])
    rows = ragged([np.array(row, np.int32) for row in ([1, 2, 3], [], [2], [3])])
    rng = np.random.default_rng(0)
    assert lists(options.apply(rows, rng, kept=1.0)) == [[4, 2, 5, 5], [], [2], [5, 5]]
    assert lists(options.apply(rows, rng, kept=0.0)) == [[4, 5, 5], [], [], [5, 5]]
    assert lists(options.apply(rows, rng, kept=1.0, replaced=0.0)) == lists(rows)


# Batches.


def test_a_cloze_hides_its_sentence_and_foreign_questions_are_foreign(
    data: Path, made: Path
) -> None:
    tokenizer = Tokenizer.from_file(str(made / "model" / "tokenizer.json"))
    material = read_material(read_articles(data), read_pairs(data), tokenizer)
    sizes = Sizes(archive=200, switched=200, sentence=50, entry=50)
    pairs = draw(material, sizes, np.random.default_rng(3))
    assert [len(questions) for questions, _ in pairs] == [200, 200, 50, 50]
    assert [len(passages) for _, passages in pairs] == [200, 200, 50, 50]
    asked = set(pairs[1][0].flat.tolist())
    assert {tokenizer.token_to_id("bridge"), tokenizer.token_to_id("рек")} <= asked
    entries = {
        (*sorted((tokenizer.decode(q), tokenizer.decode(p))),)
        for q, p in zip(lists(pairs[3][0]), lists(pairs[3][1]), strict=True)
    }
    assert ("bridge", "桥") in entries
