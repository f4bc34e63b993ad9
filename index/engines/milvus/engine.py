"""Milvus as an ``Engine``, and as the ``Home`` of what is built in a folder."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from index.encoders.models import Models
from index.engines.home import Kept, Told
from index.engines.milvus.bulk_files import read_files
from index.engines.milvus.bulk_import import Importer
from index.engines.milvus.client import Address, Client
from index.engines.milvus.lease import Lease, lease
from index.engines.milvus.proof import faults
from index.engines.milvus.publish import Publisher
from index.engines.milvus.records import Record, Records, name_of, problems
from index.engines.milvus.schema import DATA
from index.engines.milvus.searcher import MilvusSearcher
from index.errors import ArchiveIndexError, IndexMissing
from index.generations.complete import check_alike, check_complete
from index.generations.opened import Generation, check_fits


@dataclass(frozen=True, slots=True)
class _Writing:
    """The right to write, and the connection."""

    client: Client
    lease: Lease

    def publish(self, generation: Generation, told: Told, *, anew: bool, exact: bool) -> str:
        """Write a generation of the folder and let it answer; return its name."""
        publisher = Publisher(self.client, self.lease, generation)
        return publisher.publish(told, anew=anew, exact=exact).name

    def make_current(self, name: str) -> None:
        """Let a generation answer from now on."""
        records = Records(self.client)
        number = _numbered(records, name)
        record = records.read(number)
        missing = problems(self.client, record)
        if missing:
            raise ArchiveIndexError(f"{'; '.join(missing)}: it cannot answer")
        self.lease.check()
        records.make_current(number)

    def prune(self, keep: int, before: str = "") -> list[str]:
        """Remove old generations, and the rows that none of the others holds."""
        records = Records(self.client)
        answers = records.current()
        numbers = records.numbers()
        others = sorted(
            (number for number in numbers if number != answers),
            key=lambda number: (name_of(number) == before, number),
        )
        gone = others[: max(len(others) - keep + 1, 0)]
        # What is known of them goes first: nobody opens one whose rows are going.
        for number in gone:
            records.remove(number)
        kept = [records.read(number) for number in numbers if number not in gone]
        for line in records.lines():
            self._sweep(line, [record.number for record in kept if record.line == line])
        return [name_of(number) for number in gone]

    def _sweep(self, line: str, kept: Sequence[int]) -> None:
        """Remove the rows of a line that no generation holds; the line too, if none is in it."""
        records = Records(self.client)
        for data in DATA:
            name = records.collection(line, data)
            if not kept:
                self.client.drop(name)
                continue
            for condition in _between(kept):
                ids = [row["id"] for row in self.client.every(name, condition, [])]
                self.client.delete(name, ids)


def _between(kept: Sequence[int]) -> Iterator[str]:
    """Yield the conditions of rows that are in none of some generations, ascending."""
    before = -1
    for number in kept:
        yield f"since > {before} and until <= {number}"
        before = number
    yield f"since > {before}"


@dataclass(frozen=True, slots=True)
class MilvusServer:
    """Milvus, with the index of one archive in it."""

    client: Client

    @classmethod
    def at(cls, address: Address) -> "MilvusServer":
        """Return it; the connection is made when it is first used."""
        return cls(Client(address))

    def current(self) -> str:
        """Return the name of the generation that answers."""
        return name_of(Records(self.client).current())

    def open(self, models: Models) -> MilvusSearcher:
        """Open the generation that answers; the next one, if it is pruned in the same moment."""
        record = self._current()
        check_fits(f"generation {record.name} in Milvus", record.manifest, models)
        return MilvusSearcher(self.client, record, models)

    def _current(self) -> Record:
        records = Records(self.client)
        number = records.current()
        try:
            return records.read(number)
        except IndexMissing:
            if records.current() == number:
                raise
            return self._current()

    def made_of(self) -> str:
        """Return the name of the folder's generation that answers; empty when none does."""
        try:
            return self._current().made_of
        except ArchiveIndexError:
            return ""

    def kept(self) -> list[Kept]:
        """Return the generations that are there, oldest first."""
        records = Records(self.client)
        answers = records.current()
        found = []
        for number in records.numbers():
            try:
                manifest, fault = records.read(number).manifest, ""
            except ArchiveIndexError as error:
                manifest, fault = None, str(error)
            found.append(Kept(name_of(number), number == answers, manifest, fault))
        return found

    def missing(self) -> list[str]:
        """Return what is missing in the generation that answers, one line each."""
        return problems(self.client, self._current())

    def faults(self) -> Iterator[str]:
        """Yield what is missing or damaged in the generation that answers; all of it is read."""
        yield from faults(self.client, self._current())

    def write_files(self, generation: Generation, folder: Path, told: Told, *, exact: bool) -> None:
        """Write a generation of the folder as files for a server, which is not asked for anything."""
        # Who asks questions does not pay for the library that writes the files.
        from index.engines.milvus.bulk_write import write_files  # noqa: PLC0415

        write_files(generation, folder, told, number=time.time_ns() // 1000, exact=exact)

    def import_files(self, folders: Sequence[Path], at: str, told: Told, *, keep: int) -> str:
        """Let the server import what was written to folders, and let it answer; return its name."""
        parts = [read_files(folder) for folder in folders]
        manifests = [part.manifest for part in parts]
        if len(parts) > 1 or manifests[0].share:
            check_complete(folders, manifests)
        for part in parts:
            check_alike(part.folder, part.manifest, manifests[0])
            part.check()
        with lease(self.client) as held:
            before = ""
            with suppress(IndexMissing):
                before = self.current()
            name = Importer(self.client, held, parts, at).run(told).name
            _Writing(self.client, held).prune(keep, before)
        return name

    @contextmanager
    def writing(self) -> Iterator[_Writing]:
        """Be the only process that writes."""
        with lease(self.client) as held:
            yield _Writing(self.client, held)


def _numbered(records: Records, name: str) -> int:
    numbers = {name_of(number): number for number in records.numbers()}
    if name not in numbers:
        raise ArchiveIndexError(
            f"there is no generation {name!r} in Milvus; there are: {', '.join(numbers)}"
        )
    return numbers[name]
