import numpy as np
import pytest

from index.encoders.bundled import BundledEncoder
from index.encoders.centred import CentredEncoder
from index.encoders.token_table import TokenTable
from index.encoders.unit import unit_rows
from index.types import Role


@pytest.fixture(scope="module")
def plain() -> BundledEncoder:
    return BundledEncoder(TokenTable.open())


@pytest.mark.parametrize("role", ["query", "passage"])
def test_the_mean_of_a_texts_script_and_role_is_taken_away(
    plain: BundledEncoder, role: Role
) -> None:
    centred = CentredEncoder(plain)
    texts = ["渡轮停航三天。", "The ferry has stopped.", "Паром стоит."]
    means = [
        plain.encode(centred.texts[role][written], role).mean(axis=0)
        for written in ("han", "latin", "cyrillic")
    ]
    expected = unit_rows(plain.encode(texts, role) - np.stack(means))
    assert centred.encode(texts, role) == pytest.approx(expected, abs=1e-6)


def test_a_text_without_a_known_token_still_has_no_vector(plain: BundledEncoder) -> None:
    assert not CentredEncoder(plain).encode([""]).any()
    assert CentredEncoder(plain).encode([]).shape[0] == 0


def test_an_index_of_it_is_not_one_of_the_plain_encoder(plain: BundledEncoder) -> None:
    centred = CentredEncoder(plain)
    assert centred.info.revision != plain.info.revision
    assert centred.table is None


def test_there_are_as_many_texts_of_each_script() -> None:
    for texts in CentredEncoder(BundledEncoder(TokenTable.open())).texts.values():
        assert {len(some) for some in texts.values()} == {16}
        assert all(len(set(some)) == len(some) for some in texts.values())
