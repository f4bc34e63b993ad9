"""Every sentence a user sees, in each language. Plain text: whoever shows it escapes it."""

from types import MappingProxyType

from bot.showing.texts.english import ENGLISH
from bot.showing.texts.russian import RUSSIAN
from bot.showing.texts.sentences import Texts
from bot.showing.texts.simplified import SIMPLIFIED
from bot.showing.texts.traditional import TRADITIONAL

__all__ = [
    "ENGLISH",
    "MENUS",
    "RUSSIAN",
    "SIMPLIFIED",
    "TEXTS",
    "TRADITIONAL",
    "Texts",
    "texts_for",
]

TEXTS = MappingProxyType(
    {"en": ENGLISH, "zh-Hans": SIMPLIFIED, "zh-Hant": TRADITIONAL, "ru": RUSSIAN}
)
"""By language."""

MENUS = MappingProxyType({"": ENGLISH, "zh": SIMPLIFIED, "ru": RUSSIAN})
"""Menus of commands by Telegram's two-letter code; the empty one is for everybody else."""

TRADITIONAL_TAGS = frozenset({"hant", "tw", "hk", "mo"})


def texts_for(language_code: str | None) -> Texts:
    """Choose by the IETF tag of a user's app, such as ``zh-hant``; English when in doubt."""
    language, *rest = (language_code or "").lower().replace("_", "-").split("-")
    if language == "zh":
        return TRADITIONAL if TRADITIONAL_TAGS.intersection(rest) else SIMPLIFIED
    return TEXTS.get(language, ENGLISH)
