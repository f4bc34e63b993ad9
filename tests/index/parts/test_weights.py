from index.parts.weights import heaviest


def test_the_heaviest_come_first() -> None:
    weights = {"a": 1.0, "b": 3.0, "c": 2.0, "d": 3.0}
    assert list(heaviest(weights, 3).items()) == [("b", 3.0), ("d", 3.0), ("c", 2.0)]
    assert heaviest(weights, 9) == weights
    assert heaviest(weights, 0) == {}
