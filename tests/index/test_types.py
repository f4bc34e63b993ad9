import pickle

import pytest

from index.types import Paragraph, Passage


@pytest.mark.parametrize(
    "value",
    [
        Paragraph("The ferry sails at nine.", "Timetable"),
        Paragraph("Nothing stands above this."),
        Passage("at nine.", paragraphs=(2, 3), start=16, end=24),
    ],
)
def test_what_processes_hand_each_other_arrives_unchanged(value: Paragraph | Passage) -> None:
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own
