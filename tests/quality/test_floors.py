import pytest

from tests.quality.floors import Figure, Floors, raised, verdicts

FLOORS: Floors = {
    "a": {"mrr@10": 0.5, "declined": 0.4, "leaks": 3, "f1": 0.9},
    "b": {"answered_falsely_near": 1, "auroc.en": 0},
}


def test_a_figure_is_held_from_its_worse_side() -> None:
    measured = {
        "a": {name: Figure(value) for name, value in FLOORS["a"].items()},
        "b": {"answered_falsely_near": Figure(1.1), "auroc.en": Figure(-0.1), "new": Figure(0)},
    }
    rows = [(row.figure, row.good) for row in verdicts(measured, FLOORS)]
    assert rows == [
        *((name, True) for name in FLOORS["a"]),
        ("answered_falsely_near", False),
        ("auroc.en", False),
    ]
    over = {"a": {"mrr@10": Figure(0.49), "declined": Figure(0.41), "leaks": Figure(4)}}
    only = {"a": {name: FLOORS["a"][name] for name in over["a"]}}
    assert [row.good for row in verdicts(over, only)] == [False] * 3


def test_a_figure_that_was_not_measured_is_no_pass() -> None:
    with pytest.raises(KeyError, match="declined"):
        list(verdicts({"a": {"mrr@10": Figure(1)}}, FLOORS))


@pytest.mark.parametrize(
    ("name", "figure", "old", "new"),
    [
        ("mrr@10", Figure(0.8, (0.7, 0.85)), 0, 0.75),  # half the way to its lower end
        ("mrr@10", Figure(0.8, (0.799, 0.85)), 0, 0.79),  # at least .01 away
        ("mrr@10", Figure(0.80049, (0.7, 0.9)), 0, 0.75),  # rounded away from the figure
        ("mrr@10", Figure(0.8, (0.7, 0.85)), 0.79, 0.79),  # never lowered
        ("mrr@10", Figure(0.8), 0.5, 0.5),  # without an interval
        ("declined.ru", Figure(0.3, (0.1, 0.4)), 1, 0.35),  # half the way to its upper end
        ("answered_falsely_far", Figure(0.0, (0.0, 0.0)), 1, 0.03),  # all agree
        ("auroc", Figure(1.0, (1.0, 1.0)), 0, 0.97),
        ("declined", Figure(0.3, (0.1, 0.4)), 0.31, 0.31),
        ("false_answers_at_90", Figure(0.30001, (0.1, 0.4)), 1, 0.351),
    ],
)
def test_a_floor_is_raised_by_the_rule(name: str, figure: Figure, old: float, new: float) -> None:
    assert raised({"set": {name: figure}}, {"set": {name: old}}) == {"set": {name: new}}


def test_what_was_not_measured_keeps_its_floor() -> None:
    assert raised({}, FLOORS) == FLOORS
