"""The record that ties an index to the model that built it."""

from dataclasses import replace

import pytest

from index.encoders.protocol import EncoderInfo, check
from index.errors import EncoderMismatch

INFO = EncoderInfo("made/up-model", "abc123", 384, "query: ", "passage: ", 512)


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
def test_another_model_is_refused_naming_both_sides(other: EncoderInfo) -> None:
    with pytest.raises(EncoderMismatch) as caught:
        check(INFO, other)
    assert str(caught.value) == f"the index was built with {INFO}, but the settings name {other}"
    assert str(INFO) != str(other)


def test_the_same_model_passes_wherever_it_lies() -> None:
    check(INFO, INFO)
    check(INFO, replace(INFO, name="/models/copy-of-it"))
    unknown = replace(INFO, revision="")
    check(unknown, unknown)
    with pytest.raises(EncoderMismatch):
        check(unknown, replace(unknown, name="/models/copy-of-it"))
