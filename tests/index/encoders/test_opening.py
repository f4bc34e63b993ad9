import numpy as np
import pytest

from index.encoders.bundled import BundledEncoder
from index.encoders.opening import open_models
from index.encoders.protocol import EncoderChoice
from index.errors import EncoderUnavailable


def test_the_bundled_model_is_the_default() -> None:
    models = open_models(EncoderChoice())
    assert isinstance(models.encoder, BundledEncoder)
    assert models.encoder.table is models.table
    assert models.encoder.info == open_models(EncoderChoice("bundled")).encoder.info
    assert models.encoder.info.name == "bundled"
    np.testing.assert_array_equal(
        models.encoder.encode(["雨停了"], role="query"),
        models.encoder.encode(["雨停了"], role="passage"),
    )


def test_a_model_that_is_not_there_is_an_error_that_says_what_to_set() -> None:
    with pytest.raises(EncoderUnavailable, match=r"'/nowhere/model'.*set encoder\.model to"):
        open_models(EncoderChoice("/nowhere/model"))
