from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoders.bundled import BundledEncoder
from index.encoders.models import Models
from index.encoders.protocol import EncoderInfo
from index.encoders.token_table import TokenTable
from index.types import Role, Vectors
from tests.archive import models


@dataclass
class Lengths:
    """An encoder whose vectors tell how long a text is and whether it is a passage."""

    table: TokenTable | None = None
    lasting = False
    info = EncoderInfo("lengths", "1", 2)
    asked: list[Sequence[str]] = field(default_factory=list)

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        self.asked.append(texts)
        return np.array([[len(text), role == "passage"] for text in texts], np.float32)


TEXTS = ["雨停了", "The bridge opened.", ""]


def ids_of(texts: Sequence[str]) -> list[NDArray[np.int32]]:
    return models().table.ids(texts)


def test_the_bundled_models_are_one_table() -> None:
    opened = Models.bundled()
    assert isinstance(opened.encoder, BundledEncoder)
    assert opened.encoder.table is opened.table
    assert opened.table.revision == models().table.revision


def test_the_bundled_table_makes_vectors_of_the_tokens_given() -> None:
    found = models().encode_passages(["nobody", "reads", "these"], ids_of(TEXTS))
    np.testing.assert_array_equal(found, models().encoder.encode(TEXTS))
    assert found[:2].any(axis=1).all()
    assert not found[2].any()


@pytest.mark.parametrize("has_a_table", [False, True])
def test_another_encoder_makes_them_of_the_texts(has_a_table: bool) -> None:  # noqa: FBT001 - a case
    encoder = Lengths(TokenTable.open() if has_a_table else None)
    other = replace(models(), encoder=encoder)
    found = other.encode_passages(TEXTS, ids_of(["nobody", "reads", "these"]))
    assert found.tolist() == [[3, 1], [18, 1], [0, 1]]
    assert encoder.asked == [TEXTS]


def test_a_question_is_encoded_by_what_makes_the_vectors() -> None:
    """Its tokens, which are known already, are enough where that is the table itself."""
    table = models().table
    (ids,) = table.ids([TEXTS[1]])
    bundled = Models(BundledEncoder(table), table).encode_question("not read", ids)
    assert bundled.tolist() == table.vectors([ids])[0].tolist()
    other = Models(Lengths(), table).encode_question(TEXTS[1], ids)
    assert other.tolist() == [len(TEXTS[1]), False]
