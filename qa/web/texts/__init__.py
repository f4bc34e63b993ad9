"""Every sentence of the page, in each language. Plain text: the templates escape it."""

from types import MappingProxyType

from index.text.language import language
from qa.web.texts.english import ENGLISH
from qa.web.texts.russian import RUSSIAN
from qa.web.texts.sentences import Texts
from qa.web.texts.simplified import SIMPLIFIED
from qa.web.texts.traditional import TRADITIONAL

__all__ = ["ENGLISH", "TEXTS", "Texts", "texts_for", "texts_of"]

TEXTS = MappingProxyType(
    {texts.code: texts for texts in (SIMPLIFIED, TRADITIONAL, ENGLISH, RUSSIAN)}
)
"""By language."""

_TRADITIONAL_TAGS = frozenset({"hant", "tw", "hk", "mo"})


def texts_for(accepted: str) -> Texts:
    """Choose by what a browser accepts: ``ru, zh-TW;q=0.8, en;q=0.5``; English when in doubt.

    :param accepted: the header ``Accept-Language``, or one tag; whatever it holds.
    """
    for tag in sorted(accepted[:200].split(","), key=_weight, reverse=True):
        main, *rest = tag.partition(";")[0].strip().lower().split("-")
        if main == "zh":
            return TEXTS["zh-Hant" if _TRADITIONAL_TAGS.intersection(rest) else "zh-Hans"]
        if main in TEXTS:
            return TEXTS[main]
    return ENGLISH


def texts_of(text: str) -> Texts:
    """Choose the language that a text is written in."""
    return TEXTS.get(language(text), ENGLISH)


def _weight(tag: str) -> float:
    _, _, weight = tag.partition(";q=")
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0
