"""``docs/bot.md`` shows what the real bot process shows."""

from pathlib import Path

import pytest

from tests.botapi.screen import COLUMNS, columns
from tests.botapi.screens import ACTION, DOCUMENT, FENCE, played, prepared


@pytest.mark.slow
def test_the_screens_of_the_document_are_what_a_phone_shows(tmp_path: Path) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    prepared(text, tmp_path)
    assert played(text, tmp_path) == text


def test_every_screen_is_as_wide_as_a_phone() -> None:
    screens = [fence[2] for fence in FENCE.finditer(DOCUMENT.read_text(encoding="utf-8"))]
    assert len(screens) > 9
    for line in (line for screen in screens for line in screen.splitlines()):
        if not (ACTION.match(line) or line.startswith("[")):
            assert columns(line) <= COLUMNS + 4, line  # and the signs for bold and underlined
