"""Which generations Milvus holds, and which of them answers.

A generation is a collection without rows: what is known of it stands in a property, given to it when
it is made. So it is there whole or not at all, and to list generations nothing needs to be loaded.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from index.encoders.protocol import EncoderInfo
from index.engines.milvus.client import Client
from index.engines.milvus.faults import Absent
from index.engines.milvus.packing import pack, unpack
from index.engines.milvus.schema import (
    ARTICLES,
    DATA,
    FIELDS,
    PASSAGES,
    WORDS,
    collection,
    current_alias,
    generation_collection,
    in_generation,
)
from index.errors import IndexDamaged, IndexMissing, IndexOutdated
from index.generations.manifest import Manifest

_FORMAT = 1
"""Raised when rows change shape: older generations are then built again."""

_PROPERTY = "newsquote.generation"
_READY = "newsquote.ready"
_NAME = "%Y%m%dT%H%M%S%f"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a generation.

    :ivar number: microseconds since 1970 when it was begun; newer ones have higher numbers.
    :ivar line: its collections, which it may share with older ones.
    :ivar exact: every vector of the line is compared; else a graph of them is walked.
    :ivar buckets: rows among which the frequencies of words are spread.
    :ivar days: of the first and last article that has a date; None without any.
    :ivar sources: number of each source, by its name.
    :ivar made_of: name of the generation in the folder that it was published from.
    """

    number: int
    line: str
    exact: bool
    buckets: int
    days: tuple[int, int] | None
    sources: Mapping[str, int]
    made_of: str
    manifest: Manifest

    @property
    def name(self) -> str:
        """Its name, which tells when it was begun."""
        return name_of(self.number)


def name_of(number: int) -> str:
    """Return the name of a generation."""
    return (_EPOCH + timedelta(microseconds=number)).strftime(_NAME)


def line_key(encoder: EncoderInfo, table: str, tokenizer: int) -> str:
    """Return what rows that can stand in the same collections have in common, as eight hex digits."""
    values = json.dumps([_FORMAT, asdict(encoder), table, tokenizer], sort_keys=True)
    return hashlib.sha256(values.encode()).hexdigest()[:8]


def imported_line(key: str, number: int) -> str:
    """Return the name of the line into which a server imports files.

    :param number: of the generation that it becomes.
    """
    return f"{key}_files_{number}"


def can_go_on(line: str, key: str) -> bool:
    """Return whether rows may be sent to a line that no generation has come of.

    Not to one into which a server may still be importing files.
    """
    return line.startswith(key) and not line.startswith(f"{key}_files_")


class Records:
    """The generations of one archive."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._prefix = client.address.prefix

    def current(self) -> int:
        """Return the number of the generation that answers.

        :raises IndexMissing: if none does.
        """
        try:
            name = self._client.pointed_at(current_alias(self._prefix))
        except Absent as error:
            raise IndexMissing(
                f"Milvus at {self._client.address.uri} holds no index named {self._prefix!r} yet"
            ) from error
        return int(name.rpartition("_g")[2])

    def numbers(self) -> list[int]:
        """Return the numbers of all generations, oldest first."""
        pattern = re.compile(rf"{re.escape(self._prefix)}_g(\d+)")
        found = map(pattern.fullmatch, self._client.collections())
        return sorted(int(match[1]) for match in found if match)

    def read(self, number: int) -> Record:
        """Return what is known of a generation.

        :raises IndexMissing: if it is not there any more.
        :raises IndexOutdated: if another version of the program wrote it.
        :raises IndexDamaged: if it cannot be read.
        """
        name = generation_collection(self._prefix, number)
        try:
            packed = self._client.properties(name)[_PROPERTY]
        except Absent as error:
            raise IndexMissing(f"generation {name_of(number)} is not in Milvus any more") from error
        except KeyError as error:
            raise IndexDamaged(f"{name}: expected the record of a generation") from error
        values = unpack(packed)
        try:
            if values["format"] != _FORMAT:
                raise IndexOutdated(f"{name} has the format {values['format']}, not {_FORMAT}")
            return Record(
                number=number,
                line=values["line"],
                exact=values["exact"],
                buckets=values["buckets"],
                days=tuple(values["days"]) if values["days"] else None,
                sources=values["sources"],
                made_of=values["made_of"],
                manifest=Manifest.from_json(values["manifest"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise IndexDamaged(
                f"{name}: expected a record of a generation, but {error!r}"
            ) from error

    def add(self, record: Record) -> None:
        """Make a generation: from now on it is there, and does not answer yet."""
        values = {
            "format": _FORMAT,
            "line": record.line,
            "exact": record.exact,
            "buckets": record.buckets,
            "days": record.days,
            "sources": dict(record.sources),
            "made_of": record.made_of,
            "manifest": record.manifest.to_json(),
        }
        self._client.create(
            generation_collection(self._prefix, record.number),
            FIELDS[WORDS],
            loaded=False,
            properties={_PROPERTY: pack(values)},
        )

    def make_current(self, number: int) -> None:
        """Let a generation answer from now on, in one step."""
        self._client.point(current_alias(self._prefix), generation_collection(self._prefix, number))

    def remove(self, number: int) -> None:
        """Remove a generation; its rows stay."""
        self._client.drop(generation_collection(self._prefix, number))

    def lines(self) -> list[str]:
        """Return the lines of which any collection is there."""
        pattern = re.compile(rf"{re.escape(self._prefix)}_l(\w+)_(?:{'|'.join(DATA)})")
        found = map(pattern.fullmatch, self._client.collections())
        return sorted({match[1] for match in found if match})

    def make_line(self, line: str, *, dim: int, exact: bool) -> None:
        """Make the collections of a line.

        :param dim: length of a passage's vector.
        :param exact: compare every vector; else make a graph of them.
        """
        for data in DATA:
            self._client.create(self.collection(line, data), FIELDS[data], dim=dim, exact=exact)
        self._client.set_properties(
            self.collection(line, DATA[-1]), {_READY: json.dumps({"exact": exact})}
        )

    def drop_line(self, line: str) -> None:
        """Remove the collections of a line, those that are there."""
        for data in DATA:
            self._client.drop(self.collection(line, data))

    def ready(self, line: str) -> bool | None:
        """Return whether a line was made to be exact; None if not all of it was made."""
        try:
            told = self._client.properties(self.collection(line, DATA[-1])).get(_READY)
        except Absent:
            return None
        return bool(json.loads(told)["exact"]) if told else None

    def collection(self, line: str, data: str) -> str:
        """Return the name of one of a line's collections."""
        return collection(self._prefix, line, data)


def problems(client: Client, record: Record) -> list[str]:
    """Return what is missing in a generation, one line each."""
    manifest, records = record.manifest, Records(client)
    found = []
    for data, awaited, more in (
        (PASSAGES, manifest.passages, ""),
        (ARTICLES, manifest.articles, " and piece == 0"),
    ):
        name = records.collection(record.line, data)
        there = client.count(name, in_generation(record.number) + more)
        if there != awaited:
            found.append(
                f"generation {name_of(record.number)}: expected {awaited} {data} in {name}, found "
                f"{there}"
            )
    return found
