"""Every sentence in every language."""

import pytest

from bot.showing.blocks import render_text
from bot.showing.texts import ENGLISH, RUSSIAN, SIMPLIFIED, TEXTS, TRADITIONAL, texts_for
from tests.botapi.markup import parse_html


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("zh-hans", SIMPLIFIED),
        ("zh", SIMPLIFIED),
        ("zh-CN", SIMPLIFIED),
        ("zh-hant", TRADITIONAL),
        ("zh-TW", TRADITIONAL),
        ("zh_HK", TRADITIONAL),
        ("ru", RUSSIAN),
        ("ru-RU", RUSSIAN),
        ("en-GB", ENGLISH),
        ("de", ENGLISH),
        (None, ENGLISH),
    ],
)
def test_language_is_chosen_by_the_users_app(code: str | None, texts: object) -> None:
    assert texts_for(code) is texts


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_every_sentence_fits_a_message(language: str) -> None:
    texts = TEXTS[language]
    for name in texts.__slots__:
        value = getattr(texts, name)
        if isinstance(value, str):
            assert parse_html(render_text(value))[0] == value
