import pickle

import pytest

from index.building.events import (
    Encoded,
    Event,
    Finishing,
    Mended,
    Note,
    Planned,
    Written,
    silent,
)
from index.types import FileReport

EVENTS = (
    Planned(3),
    Written(1, 2),
    Finishing(),
    Mended(FileReport("a.md", "unreadable date", "'soon'", 3)),
    Encoded(1, 2, 3.5),
    Note("reading again"),
    FileReport("a.md", "empty file", "0 bytes", 3, "ab"),
)


@pytest.mark.parametrize("event", EVENTS)
def test_events_cross_to_another_process(event: Event) -> None:
    again = pickle.loads(pickle.dumps(event))  # noqa: S301 - our own
    assert again == event
    assert str(again) == str(event)


def test_a_note_is_its_text() -> None:
    assert str(Note("reading again")) == "reading again"


@pytest.mark.parametrize("event", EVENTS)
def test_nobody_hears_of_it(event: Event, capsys: pytest.CaptureFixture[str]) -> None:
    silent(event)
    assert capsys.readouterr() == ("", "")
