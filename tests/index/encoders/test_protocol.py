import json
import sys
from dataclasses import replace

import numpy as np
import pytest

from index.encoders.protocol import (
    EncoderInfo,
    check,
    encodable,
    open_encoder,
    show_progress,
    unit_rows,
)
from index.errors import EncoderMismatch

INFO = EncoderInfo("made/up-model", "abc123", 384, "query: ", "passage: ", 512)


def test_the_record_survives_json() -> None:
    for info in (INFO, replace(INFO, max_tokens=None)):
        assert EncoderInfo.from_dict(json.loads(json.dumps(info.to_dict()))) == info


@pytest.mark.parametrize(
    "change",
    [{"dim": "384"}, {"name": None}, {"revision": 1}, {"max_tokens": "512"}, {"colour": "red"}],
)
def test_a_record_of_another_shape_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        EncoderInfo.from_dict({**INFO.to_dict(), **change})


def test_a_record_without_a_field_is_refused() -> None:
    values = INFO.to_dict()
    del values["query_prefix"]
    with pytest.raises(ValueError, match="expected the fields"):
        EncoderInfo.from_dict(values)


@pytest.mark.parametrize(
    "other",
    [
        replace(INFO, revision="def456"),
        replace(INFO, dim=256),
        replace(INFO, query_prefix=""),
        replace(INFO, passage_prefix=""),
        replace(INFO, max_tokens=256),
        replace(INFO, name="made/other-model", revision=""),
    ],
)
def test_another_model_is_refused_naming_both_sides_and_the_remedy(other: EncoderInfo) -> None:
    with pytest.raises(EncoderMismatch) as caught:
        check(INFO, other)
    message = str(caught.value)
    assert str(INFO) in message
    assert str(other) in message
    assert str(INFO) != str(other)
    assert "`newsquote index build`" in message
    assert "encoder.model" in message


def test_the_same_model_passes_wherever_it_lies() -> None:
    check(INFO, INFO)
    check(INFO, replace(INFO, name="/models/copy-of-it"))
    unknown = replace(INFO, revision="")
    check(unknown, unknown)
    with pytest.raises(EncoderMismatch):
        check(unknown, replace(unknown, name="/models/copy-of-it"))


def test_the_bundled_model_is_the_default() -> None:
    encoder = open_encoder()
    assert encoder.info == open_encoder("bundled").info
    assert encoder.info.name == "bundled"
    np.testing.assert_array_equal(
        encoder.encode(["雨停了"], role="query"), encoder.encode(["雨停了"], role="passage")
    )


def test_rows_are_scaled_in_place_and_zero_rows_stay() -> None:
    rows = np.array([[3, 4], [0, 0], [0, -2]], dtype=np.float32)
    assert unit_rows(rows) is rows
    np.testing.assert_allclose(rows, np.array([[0.6, 0.8], [0, 0], [0, -1]]), atol=1e-7)


def test_lone_surrogates_are_replaced_one_for_one() -> None:
    assert encodable(["a\ud83d雨\udcff", "😀"]) == ["a?雨?", "😀"]


def test_progress_goes_to_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    show_progress(1, 2, 61)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    show_progress(1500, 20000, 61.4)
    show_progress(20000, 20000, 0)
    assert capsys.readouterr() == (
        "",
        "\r\x1b[Kencoding 1,500 of 20,000 passages, 1:01 left\r\x1b[K",
    )
