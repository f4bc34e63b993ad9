import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.encoders.bundled import BundledEncoder
from index.encoders.cached import CachedEncoder, cache_folder, forget_vectors
from index.encoders.protocol import EncoderInfo
from index.encoders.token_table import TokenTable
from index.types import Role, Vectors


class Counting:
    """A real encoder that keeps count of what it is asked for."""

    lasting = False

    def __init__(self) -> None:
        self.encoder = BundledEncoder(TokenTable.open())
        self.table = self.encoder.table
        self.asked: list[str] = []

    @property
    def info(self) -> EncoderInfo:
        return self.encoder.info

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        self.asked += texts
        return self.encoder.encode(texts, role)


TEXTS = ["大桥通车了", "the bridge opened", "大桥通车了", ""]


def test_vectors_are_those_of_the_encoder_and_asked_for_once(tmp_path: Path) -> None:
    counting = Counting()
    first = CachedEncoder(counting, tmp_path)
    expected = counting.encoder.encode(TEXTS)
    assert np.array_equal(first.encode(TEXTS), expected)
    assert counting.asked == ["大桥通车了", "the bridge opened", ""]
    first.close()
    again = CachedEncoder(counting, tmp_path)
    assert np.array_equal(again.encode([*TEXTS, "new"])[:4], expected)
    assert counting.asked[3:] == ["new"]


def test_it_is_the_encoder_that_it_asks_but_lasting(tmp_path: Path) -> None:
    counting = Counting()
    cached = CachedEncoder(counting, tmp_path)
    assert cached.info == counting.info
    assert cached.table is counting.table
    assert cached.lasting


def test_a_question_is_not_a_passage(tmp_path: Path) -> None:
    counting = Counting()
    cached = CachedEncoder(counting, tmp_path)
    cached.encode(["大桥"], "query")
    cached.encode(["大桥"], "passage")
    assert counting.asked == ["大桥", "大桥"]


def test_more_texts_than_one_statement_takes(tmp_path: Path) -> None:
    counting = Counting()
    texts = [f"text {n}" for n in range(1200)]
    cached = CachedEncoder(counting, tmp_path)
    assert cached.encode(texts).shape == (1200, cached.info.dim)
    cached.encode(texts)
    assert len(counting.asked) == 1200
    assert cached.encode([]).shape == (0, cached.info.dim)


def test_what_was_encoded_before_an_interruption_is_not_encoded_again(tmp_path: Path) -> None:
    counting = Counting()
    cached = CachedEncoder(Failing(counting, after=2), tmp_path)
    texts = [f"text {n}" for n in range(1500)]  # too many to be encoded in two steps
    with pytest.raises(RuntimeError, match="switched off"):
        cached.encode(texts)
    cached.close()
    assert 0 < len(counting.asked) < len(texts)
    again = CachedEncoder(counting, tmp_path)
    assert np.array_equal(again.encode(texts), counting.encoder.encode(texts))
    assert counting.asked == texts


class Failing:
    """An encoder that stops working after a number of calls."""

    lasting = False

    def __init__(self, encoder: Counting, after: int) -> None:
        self.encoder = encoder
        self.table = encoder.table
        self.info = encoder.info
        self.left = after

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        if not self.left:
            raise RuntimeError("switched off")
        self.left -= 1
        return self.encoder.encode(texts, role)


def test_a_vector_that_was_damaged_is_encoded_again(tmp_path: Path) -> None:
    counting = Counting()
    cached = CachedEncoder(counting, tmp_path)
    expected = cached.encode(["one", "two"])
    cached.close()
    (path,) = tmp_path.iterdir()
    with sqlite3.connect(path, isolation_level=None) as db:
        first = db.execute("SELECT min(text) FROM vectors").fetchone()
        db.execute("UPDATE vectors SET vector = zeroblob(length(vector)) WHERE text = ?", first)
    db.close()
    again = CachedEncoder(counting, tmp_path)
    assert np.array_equal(again.encode(["one", "two"]), expected)
    assert counting.asked[2:] in (["one"], ["two"])
    assert np.array_equal(again.encode(["one", "two"]), expected)
    assert len(counting.asked) == 3


def test_a_file_that_is_no_cache_is_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    counting = Counting()
    CachedEncoder(counting, tmp_path).close()
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    cached = CachedEncoder(counting, tmp_path)
    assert cached.encode(["one"]).any()
    assert "encoding begins anew" in caplog.text


def test_vectors_are_forgotten_and_nothing_else(tmp_path: Path) -> None:
    CachedEncoder(Counting(), tmp_path).close()
    (tmp_path / "CURRENT").write_text("")
    forget_vectors(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["CURRENT"]


def test_the_folder_is_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "newsquote"
