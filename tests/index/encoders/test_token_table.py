import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from index.encoders.bundled import BundledEncoder
from index.encoders.token_table import MODEL_FOLDER, TokenTable
from index.errors import EncoderUnavailable

TEXTS = [
    "镇长说，老桥下周一重新开放。",
    "鎮長說，老橋下週一重新開放。",
    "The mayor said that the old bridge reopens on Monday.",
    "Мэр сообщил, что старый мост откроют в понедельник.",
    "…… 🙂 !!!",
    "",
]


@pytest.fixture(scope="module")
def table() -> TokenTable:
    return TokenTable.open()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A model of three tokens and two dimensions, whose vectors a person can compute."""
    pieces = [("[UNK]", 0.0), ("雨", -1.0), ("rain", -1.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, 0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "config.json").write_text("{}")
    write_weights(
        tmp_path,
        np.array([[0, 0], [3, 4], [0, 100]], dtype=np.int8),
        np.array([0, 2, 0.1], dtype=np.float32),
    )
    return tmp_path


def write_weights(folder: Path, rows: NDArray[np.int8], scales: NDArray[np.float32]) -> None:
    entries, data = {}, b""
    for name, kind, array in (("weights", "F32", scales), ("embeddings", "I8", rows)):
        span = [len(data), len(data) + array.nbytes]
        entries[name] = {"dtype": kind, "shape": array.shape, "data_offsets": span}
        data += array.tobytes()
    header = json.dumps(entries).encode()
    header += b" " * (-len(header) % 8)
    (folder / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + data)


# Hand-computed.


def test_a_vector_is_the_sum_of_the_tokens_rows_scaled_to_length_one(small: Path) -> None:
    table = TokenTable.open(small)
    assert [ids.tolist() for ids in table.ids(["雨 rain", "rain ? rain", "？", ""])] == [
        [1, 2],
        [2, 2],
        [],
        [],
    ]
    vectors = table.vectors(table.ids(["雨 rain", "rain rain", "?", ""]))
    assert vectors.dtype == np.float32
    length = 360**0.5  # 2 * (3, 4) + 0.1 * (0, 100) = (6, 18)
    expected = np.array([[6 / length, 18 / length], [0, 1], [0, 0], [0, 0]])
    np.testing.assert_allclose(vectors, expected, atol=1e-6)


def test_a_row_has_a_direction_and_a_weight(small: Path) -> None:
    table = TokenTable.open(small)
    assert (table.size, table.dim) == (3, 2)
    np.testing.assert_allclose(table.weights_of(np.arange(3, dtype=np.int32)), [0, 10, 10])
    unit = table.unit(np.array([2, 1, 0], dtype=np.int32))
    assert unit.dtype == np.float32
    np.testing.assert_allclose(unit, np.array([[0, 1], [0.6, 0.8], [0, 0]]), atol=1e-6)


def test_a_row_may_be_a_power_of_the_weight_long(small: Path) -> None:
    ids = np.arange(3, dtype=np.int32)
    vectors = TokenTable.open(small).vectors([ids])
    (small / "config.json").write_text('{"newsquote_weight_power": 0.5}')
    table = TokenTable.open(small)
    np.testing.assert_allclose(table.weights_of(ids), [0, 100, 100], rtol=1e-6)
    np.testing.assert_array_equal(table.vectors([ids]), vectors)


def test_spans_count_in_the_text_as_it_was_given(small: Path) -> None:
    ids, spans = TokenTable.open(small).spans("㍿ ＲＡＩＮ… ? 雨\ud83d RAIN")
    assert ids.tolist() == [2, 1, 2]
    assert spans == [(2, 6), (10, 11), (13, 17)]


# The real model.


def test_rows_are_unit_or_zero_and_never_nan(table: TokenTable) -> None:
    vectors = BundledEncoder(table).encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), table.dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 1, 1, 0, 0], atol=1e-6)
    assert np.isfinite(vectors).all()
    assert BundledEncoder(table).encode([]).shape == (0, table.dim)


def test_both_scripts_are_one_and_languages_meet(table: TokenTable) -> None:
    simplified, traditional, english, russian = BundledEncoder(table).encode(TEXTS[:4])
    [other] = BundledEncoder(table).encode(["股市昨天收盘上涨。"])
    np.testing.assert_allclose(simplified, traditional, atol=1e-6)
    assert simplified @ english > simplified @ other
    assert english @ russian > english @ other


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Zoë in Malmö", "Zoe in Malmo"), ("Łódź", "Lodz"), ("за\u0301мок", "замок"), ("Ёж", "Еж")],
)
def test_accents_make_no_other_tokens(table: TokenTable, text: str, plain: str) -> None:
    assert [ids.tolist() for ids in table.ids([text])] == [
        ids.tolist() for ids in table.ids([plain])
    ]
    assert table.ids(["мой"])[0].tolist() != table.ids(["мои"])[0].tolist()  # no accent


def test_ids_and_spans_agree(table: TokenTable) -> None:
    for text, ids in zip(TEXTS, table.ids(TEXTS), strict=True):
        again, spans = table.spans(text)
        assert again.tolist() == ids.tolist()
        assert len(spans) == len(ids)
        assert all(text[start:end].strip() for start, end in spans)
    _, spans = table.spans(TEXTS[1])
    assert TEXTS[1][spans[0][0] : spans[0][1]] in {"鎮", "鎮長"}


def test_more_texts_than_one_batch_keep_their_order(table: TokenTable) -> None:
    texts = [f"{number} 座桥" for number in range(2500)]
    found = table.ids(texts)
    assert len(found) == len(texts)
    assert all(
        found[n].tolist() == table.ids([texts[n]])[0].tolist() for n in (0, 1023, 1024, 2499)
    )


def test_a_question_with_a_lone_surrogate_is_encoded(table: TokenTable) -> None:
    vectors = BundledEncoder(table).encode(["桥\udcff开放", "桥?开放"])
    np.testing.assert_array_equal(vectors[0], vectors[1])


def test_rows_are_a_power_of_their_weights_long(table: TokenTable) -> None:
    some = np.array([1, 500, table.size - 1], dtype=np.int32)
    rows = table.stored(some).astype(np.float32) * table.scales[some][:, None]
    lengths = np.linalg.norm(rows, axis=1)
    np.testing.assert_allclose(table.weights_of(some) ** 0.7, lengths, rtol=1e-5)
    np.testing.assert_allclose(rows / lengths[:, None], table.unit(some), atol=1e-5)


def test_the_table_stays_int8_and_mapped(table: TokenTable) -> None:
    assert table.rows_int8.dtype == np.int8
    assert not table.rows_int8.flags.owndata
    assert not table.rows_int8.flags.writeable


@pytest.mark.slow
def test_sentence_transformers_gives_the_same_vectors(table: TokenTable) -> None:
    library = pytest.importorskip("sentence_transformers")
    model = library.SentenceTransformer(str(MODEL_FOLDER), device="cpu")
    theirs = model.encode(TEXTS[:4], show_progress_bar=False)
    np.testing.assert_allclose(BundledEncoder(table).encode(TEXTS[:4]), theirs, atol=1e-3)


def test_neither_torch_nor_transformers_is_imported() -> None:
    program = (
        "import sys\n"
        "from index.encoders.opening import open_models\n"
        "from index.encoders.protocol import EncoderChoice\n"
        "assert open_models(EncoderChoice()).encoder.encode(['雨']).shape == (1, 304)\n"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


# The record.


def test_the_revision_follows_weights_and_tokenizer(small: Path, tmp_path: Path) -> None:
    first = TokenTable.open(small).revision
    copy = shutil.copytree(small, tmp_path / "copy")
    assert TokenTable.open(copy).revision == first
    (copy / "tokenizer.json").write_text((copy / "tokenizer.json").read_text() + "\n")
    second = TokenTable.open(copy).revision
    write_weights(copy, np.ones((3, 2), dtype=np.int8), np.ones(3, dtype=np.float32))
    assert len({first, second, TokenTable.open(copy).revision}) == 3


def test_the_info_names_the_model(table: TokenTable) -> None:
    info = BundledEncoder(table).info
    assert (info.name, info.dim, info.max_tokens) == ("bundled", 304, None)
    assert (info.query_prefix, info.passage_prefix) == ("", "")
    assert info.revision == table.revision != ""
    assert BundledEncoder(table).lasting


# Damage.


def test_a_missing_file_is_named(small: Path) -> None:
    for name in ("tokenizer", "config"):
        (small / f"{name}.json").unlink()
        with pytest.raises(EncoderUnavailable, match=rf"cannot read .*{name}\.json"):
            TokenTable.open(small)
    with pytest.raises(EncoderUnavailable, match=r"cannot read .*model\.safetensors"):
        TokenTable.open(small / "nowhere")


@pytest.mark.parametrize("power", ["0", "-1", '"0.7"', "null"])
def test_a_power_that_is_none_is_refused(small: Path, power: str) -> None:
    (small / "config.json").write_text(f'{{"newsquote_weight_power": {power}}}')
    with pytest.raises(EncoderUnavailable, match=r"above 0 and at most 1, found .*power"):
        TokenTable.open(small)


@pytest.mark.parametrize("content", ["", "[]", "{"])
def test_a_damaged_configuration_is_refused(small: Path, content: str) -> None:
    (small / "config.json").write_text(content)
    with pytest.raises(EncoderUnavailable, match="Install newsquote again"):
        TokenTable.open(small)


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 64, b"\x02" + b"\0" * 7 + b"{}", b"\x01\0\0\0\0\0\0\0x"]
)
def test_damaged_weights_are_refused(small: Path, content: bytes) -> None:
    (small / "model.safetensors").write_bytes(content)
    with pytest.raises(EncoderUnavailable, match="Install newsquote again"):
        TokenTable.open(small)


def test_truncated_weights_are_refused(small: Path) -> None:
    path = small / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(EncoderUnavailable, match="Install newsquote again"):
        TokenTable.open(small)


@pytest.mark.parametrize(("rows", "scales"), [(2, 2), (2, 3), (3, 2)])
def test_weights_for_another_vocabulary_are_refused(small: Path, rows: int, scales: int) -> None:
    write_weights(small, np.ones((rows, 2), dtype=np.int8), np.ones(scales, dtype=np.float32))
    with pytest.raises(EncoderUnavailable, match="for 3 tokens, found"):
        TokenTable.open(small)


def test_a_missing_tensor_is_named(small: Path) -> None:
    path = small / "model.safetensors"
    path.write_bytes(path.read_bytes().replace(b"embeddings", b"embeddingz"))
    with pytest.raises(EncoderUnavailable, match="has no tensor 'embeddings'"):
        TokenTable.open(small)


def test_a_damaged_tokenizer_is_refused(small: Path) -> None:
    (small / "tokenizer.json").write_text("{}")
    with pytest.raises(EncoderUnavailable, match="Install newsquote again"):
        TokenTable.open(small)
