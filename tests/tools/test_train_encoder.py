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

from tools.train_encoder import slimming, training, vocabulary
from tools.train_encoder.batches import Sizes, draw, draw_chunks
from tools.train_encoder.export import export
from tools.train_encoder.folding import folding
from tools.train_encoder.joining import joined, sample, sums
from tools.train_encoder.losses import Bags, Crowd, dense_loss, late_loss, text_vectors
from tools.train_encoder.material import Archive, read_material
from tools.train_encoder.neighbours import nearest_chunks
from tools.train_encoder.ragged import Ragged, Replacements, cut, join, ragged, thin
from tools.train_encoder.recipe import NO_ANCHOR, Recipe, make_model
from tools.train_encoder.sources import RESEARCH_ONLY, licence, read_articles, read_pairs
from tools.train_encoder.translations import towards_translations

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


def pieces_of(out: Path) -> list[str]:
    tokenizer = Tokenizer.from_file(str(out / "model" / "tokenizer.json"))
    return [str(tokenizer.id_to_token(n)) for n in range(tokenizer.get_vocab_size())]


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
    trained = torch.load(made / "work" / "checkpoint.pt", weights_only=True)["table"]
    directions = trained["directions"][0].numpy()[slimming.forms(pieces_of(made))]
    rows = np.exp(trained["log_weights"][0].numpy()) * directions
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    some = np.arange(1, table.size, dtype=np.int32)
    np.testing.assert_allclose(table.unit(some), unit[1:], atol=0.01)
    weights = table.weights_of(np.arange(table.size, dtype=np.int32))
    ratio = weights[1:] / np.linalg.norm(rows, axis=1)[1:]
    np.testing.assert_allclose(ratio, ratio[0], rtol=0.01)
    assert weights[0] == 0


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


def test_a_model_is_joined_with_an_older_one(made: Path, data: Path, tmp_path: Path) -> None:
    old = TokenTable.open(made / "model")
    recipe = replace(RECIPE, start=str(made / "model"), size=old.size - 20, dim=24, trained_dim=12)
    report = make_model(data, tmp_path, recipe)
    new = TokenTable.open(tmp_path / "model")
    assert (new.size, new.dim, report["vocabulary"]) == (old.size - 20, 24, old.size - 20)
    texts = [
        "老桥重新开放",
        "渡轮停航",
        "镇长宣布",
        "the old bridge is open",
        "мост открыт",
        "学习修桥",
    ]
    before, after = (BundledEncoder(table).encode(texts) for table in (old, new))
    # What the older table says of two texts is still most of what is said.
    pairs = np.triu_indices(len(texts), 1)
    assert np.corrcoef((before @ before.T)[pairs], (after @ after.T)[pairs])[0, 1] > 0.7


def test_joined_rows_say_what_both_tables_say(data: Path, made: Path) -> None:
    tokenizer = Tokenizer.from_file(str(made / "model" / "tokenizer.json"))
    material = read_material(read_articles(data), read_pairs(data), tokenizer)
    rng = np.random.default_rng(0)
    first, second = (
        rng.standard_normal((material.size, dim)).astype(np.float32) * factor
        for dim, factor in ((6, 5.0), (4, 0.1))
    )
    wide = joined(first, second, 0.5, 10, material)
    texts = sample(material)
    one, other, both = (sums(rows, texts) for rows in (first, second, wide))
    one /= np.linalg.norm(one, axis=1).mean()
    other *= 0.5 / np.linalg.norm(other, axis=1).mean()
    # All ten directions are kept, so that nothing but the axes has changed.
    np.testing.assert_allclose(both @ both.T, one @ one.T + other @ other.T, atol=1e-3)
    narrow = sums(joined(first, second, 0.5, 8, material), texts)
    assert 0.8 < (narrow**2).sum() / (both**2).sum() < 1


def test_words_move_towards_their_translations(data: Path, made: Path) -> None:
    tokenizer = Tokenizer.from_file(str(made / "model" / "tokenizer.json"))
    material = read_material(read_articles(data), read_pairs(data), tokenizer)
    vocabulary_of = tokenizer.get_vocab()
    bridge, qiao, most, open_ = (vocabulary_of[word] for word in ("bridge", "桥", "мост", "open"))
    rows = np.zeros((material.size, 4), np.float32)
    for axis, token in enumerate((bridge, qiao, most, open_)):
        rows[token, axis] = 2.0
    moved = towards_translations(rows, pieces_of(made), material, 0.5)
    length = 2 / 1.25**0.5
    np.testing.assert_allclose(moved[bridge], [length, length / 2, 0, 0], atol=1e-5)
    # Of "bridge", which itself stands for the Chinese word by then.
    np.testing.assert_allclose(moved[most], [0, length / 2, length, 0], atol=1e-5)
    np.testing.assert_array_equal(moved[[qiao, open_]], rows[[qiao, open_]])


def test_a_family_has_the_mean_of_its_directions(data: Path, made: Path) -> None:
    tokenizer = Tokenizer.from_file(str(made / "model" / "tokenizer.json"))
    material = read_material(read_articles(data), [], tokenizer)
    vocabulary_of = tokenizer.get_vocab()
    ferry, bridge = vocabulary_of["ferry"], vocabulary_of["bridge"]  # never met here
    rows = np.ones((material.size, 2), np.float32)
    rows[ferry], rows[bridge] = [3, 0], [0, 1]
    shared = np.arange(material.size, dtype=np.int32)
    shared[ferry] = bridge
    found = slimming.family_rows(rows, shared, material)
    np.testing.assert_allclose(found[[ferry, bridge]], [[4.5**0.5] * 2, [0.5**0.5] * 2], rtol=1e-5)
    np.testing.assert_allclose(found[0], [1, 1], rtol=1e-5)


def test_forms_of_a_word_share_its_row() -> None:
    words = "city cities close closing closings news new bring bringing мосты мост planned plan бы"
    pieces = words.split()
    shared = [pieces[n] for n in slimming.forms(pieces)]
    assert shared == [
        *("city", "city", "close", "close", "close", "news", "new", "bring", "bring"),
        *("мост", "мост", "plan", "plan", "бы"),
    ]


def test_pieces_that_their_parts_replace_leave_first(data: Path) -> None:
    vocabulary_of = [
        *(("[UNK]", 0.0), ("老", -5.0), ("桥", -5.0), ("渡轮", -5.0), ("开放", -5.0)),
        *(("停航", -5.0), ("从此", -5.0), ("从此停航", -6.0), ("老桥", -6.0), ("無", -9.0)),
    ]
    tokenizer = Tokenizer(models.Unigram(vocabulary_of, unk_id=0, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    material = read_material(read_articles(data), read_pairs(data), tokenizer)
    old = [piece for piece, _ in vocabulary_of]
    slimmed, kept = slimming.slim(tokenizer, material, 7)
    # Singles that are met stay, and so does what nothing else can spell.
    assert [old[n] for n in kept] == ["[UNK]", "老", "桥", "渡轮", "开放", "停航", "从此"]
    assert slimmed.encode("从此停航").tokens == ["从此", "停航"]


def test_forms_share_a_row_of_the_file_but_not_a_weight(tmp_path: Path) -> None:
    tokenizer = Tokenizer(models.Unigram([("[UNK]", 0.0), ("city", -1.0), ("cities", -2.0)], 0))
    rows = np.array([[0, 0], [3, 4], [0.6, 0.8]], np.float32)
    export(rows, tokenizer, tmp_path, np.array([0, 1, 1], np.int32))
    table = TokenTable.open(tmp_path)
    assert len(table.rows_int8) == 2
    weights = table.weights_of(np.arange(3, dtype=np.int32))
    np.testing.assert_allclose(weights / weights[1], [0, 1, 0.2], atol=1e-6)
    np.testing.assert_allclose(table.unit(np.array([1, 2])), [[0.6, 0.8]] * 2, atol=0.01)


def test_neighbours_are_of_other_articles_and_say_something_else() -> None:
    angles = np.radians([0, 5, 10, 40, 90])  # of one chunk each, of one token each
    tokens = ragged([np.array([n], np.int32) for n in range(5)])
    archive = Archive(
        titles=tokens, sentences=tokens, chunks=np.arange(6), articles=np.array([0, 0, 1, 2, 3])
    )
    rows = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    near = nearest_chunks(archive, rows, 1, seed=0)[:, 0]
    # 5 degrees is the same article; 10 degrees may be the same news.
    assert near[[0, 1, 2, 4]].tolist() == [3, 3, 3, 3]
    assert near[3] == 2


def test_neighbours_are_drawn_beside_their_chunks(data: Path, made: Path) -> None:
    tokenizer = Tokenizer.from_file(str(made / "model" / "tokenizer.json"))
    material = read_material(read_articles(data), [], tokenizer)
    near = np.repeat((np.arange(32, dtype=np.int32)[:, None] + 1) % 32, 4, axis=1)
    drawn = draw_chunks(material, 16, np.random.default_rng(0), near)
    assert len(drawn) == 16
    groups = drawn[:8].reshape(2, 4)
    np.testing.assert_array_equal(groups[:, 1:], (groups[:, :1] + 1).repeat(3, axis=1) % 32)


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
    options = [
        "--anchor",
        "none",
        "--dim",
        "8",
        "--size",
        "0",
        "--steps",
        "1",
        "--leave-out",
        RESEARCH_ONLY,
    ]
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
    one, other = text_vectors(bags([0], [1]), table), text_vectors(bags([0, 0], [0]), table)
    assert dense_loss(one, one).item() == pytest.approx(np.log(1 + np.exp(-20)), abs=1e-6)
    assert dense_loss(one, other).item() == pytest.approx(
        # Each question against two equal passages; each passage against 1 and 0.
        (np.log(2) + (np.log(1 + np.exp(-20)) + np.log(1 + np.exp(20))) / 2) / 2,
        abs=1e-4,
    )


def test_a_crowd_is_kept_out_of_but_for_its_own_article() -> None:
    questions = passages = torch.eye(2)
    crowd = Crowd(torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([7, 8]))
    alone = dense_loss(questions, passages).item()
    # Question 0 is of article 7, which its equal in the crowd is of too; question 1 meets its equal.
    met = dense_loss(questions, passages, crowd, torch.tensor([7, 9])).item()
    plain = np.log(1 + np.exp(-20))
    assert alone == pytest.approx(plain, abs=1e-6)
    expected = ((np.log(1 + 2 * np.exp(-20)) + np.log(2 + 2 * np.exp(-20))) / 2 + plain) / 2
    assert met == pytest.approx(expected, abs=1e-5)


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
    torch.testing.assert_close(table.directions.values, directions.detach(), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(
        table.log_weights.values[:, 0], logarithms.detach(), atol=1e-5, rtol=1e-4
    )


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
    rng = np.random.default_rng(3)
    pairs = draw(material, sizes, [draw_chunks(material, 200, rng) for _ in range(2)], rng)
    assert [len(questions) for questions, _ in pairs] == [200, 200, 50, 50]
    assert [len(passages) for _, passages in pairs] == [200, 200, 50, 50]
    asked = set(pairs[1][0].flat.tolist())
    assert {tokenizer.token_to_id("bridge"), tokenizer.token_to_id("рек")} <= asked
    entries = {
        (*sorted((tokenizer.decode(q), tokenizer.decode(p))),)
        for q, p in zip(lists(pairs[3][0]), lists(pairs[3][1]), strict=True)
    }
    assert ("bridge", "桥") in entries
