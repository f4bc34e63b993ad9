from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.bundled import BundledEncoder, TokenTable
from index.encoder import EncoderInfo
from index.types import Role, Vectors
from qa.vector_cache import CachedEncoder, cache_folder


class Counting:
    """A real encoder that keeps count of what it is asked for."""

    def __init__(self) -> None:
        self.encoder = BundledEncoder(TokenTable.open())
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


def test_the_folder_is_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "newsquote"
