"""What collections hold, and how a generation is told from the others.

    PREFIX_l<line>_passages     a row a passage
    PREFIX_l<line>_articles     a row an article; one that is long has more, numbered from 1
    PREFIX_l<line>_words        how many passages hold each word, many words a row
    PREFIX_g<number>            a generation: no rows, what is known of it stands in a property
    PREFIX_current              alias of the generation that answers
    PREFIX_lease_<n>            alias: who won it may write (``lease``)

A *line* is a set of three collections that several generations share. A build begins a new line, an
update goes on with the one there is. A row is in generation g when ``since <= g < until``.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from index.parts.filters import NO_DAY, Wanted

FOREVER = 2**63 - 1
"""The end of a row that no generation has given up."""

PASSAGES, ARTICLES, WORDS = "passages", "articles", "words"
DATA = (PASSAGES, ARTICLES, WORDS)

Kind: TypeAlias = Literal["number", "text", "dense", "sparse"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a collection.

    :ivar indexed: rows are looked up by it.
    :ivar parts: rows of different values lie apart, each part with indexes of its own.
    """

    name: str
    kind: Kind
    indexed: bool = False
    parts: bool = False


_SPAN = (Field("content", "number"), Field("since", "number"), Field("until", "number"))
"""Of every row: the number of what it says, and the generations that it is in."""

FIELDS: dict[str, tuple[Field, ...]] = {
    PASSAGES: (
        *_SPAN,
        Field("vector", "dense"),
        Field("words", "sparse"),
        # A graph of vectors is no good with a filter that leaves little: so each script has its own.
        Field("script", "number", parts=True),
        Field("day", "number"),
        Field("source", "number"),
        Field("article", "number"),
        Field("copies", "number", indexed=True),
        Field("first", "number"),
        Field("last", "number"),
        Field("start", "number"),
        Field("stop", "number"),
        Field("tokens", "text"),
    ),
    ARTICLES: (
        *_SPAN,
        Field("words", "sparse"),
        Field("piece", "number"),
        Field("pieces", "number"),
        Field("sha256", "text", indexed=True),
        Field("day", "number"),
        Field("source", "number"),
        Field("body", "text"),
    ),
    WORDS: (
        *_SPAN,
        Field("words", "sparse"),
        Field("bucket", "number", indexed=True),
        Field("frequencies", "text"),
    ),
}
"""The fields of each collection besides ``id``, its primary key.

``words`` of the last is there because a collection must have a vector."""


def collection(prefix: str, line: str, data: str) -> str:
    """Return the name of one of a line's collections."""
    return f"{prefix}_l{line}_{data}"


def generation_collection(prefix: str, number: int) -> str:
    """Return the name of the collection that stands for a generation."""
    return f"{prefix}_g{number}"


def current_alias(prefix: str) -> str:
    """Return the alias of the generation that answers."""
    return f"{prefix}_current"


def in_generation(number: int) -> str:
    """Return the condition that a row is in a generation."""
    return f"since <= {number} and until > {number}"


def begun_with(number: int) -> str:
    """Return the condition that a row is in a generation and in none before it."""
    return f"since == {number}"


def one_of(field: str, numbers: list[int]) -> str:
    """Return the condition that a field is one of some numbers."""
    return f"{field} in [{', '.join(map(str, numbers))}]"


def conditions(wanted: Wanted) -> list[str]:
    """Return a filter as conditions of Milvus, all of which must hold."""
    found = []
    if wanted.days is not None:
        first, last = wanted.days
        inside = [f"day > {NO_DAY}" if first is None else f"day >= {first}"]
        if last is not None:
            inside.append(f"day <= {last}")
        days = " and ".join(inside)
        found.append(f"(day == {NO_DAY} or ({days}))" if wanted.undated else days)
    if wanted.source is not None:
        found.append(f"source == {wanted.source}")
    return found
