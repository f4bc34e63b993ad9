"""Files that ``bulk_files`` has written, imported by a server; then they are a generation like others.

What has been imported is asked of the server: each row says by its number which folder it is from. So
an interrupted import is gone on with by looking again, and a job that still runs is waited for. Of a
job's files a server imports all or nothing, but what it is asked to import twice, it imports twice.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.engines.home import Told
from index.engines.milvus.bulk_files import BulkFiles
from index.engines.milvus.client import Client
from index.engines.milvus.frequencies import Changes, buckets_for
from index.engines.milvus.jobs import FAILED, Job, Jobs
from index.engines.milvus.lease import Lease
from index.engines.milvus.numbers import number_of
from index.engines.milvus.records import Record, Records, imported_line, line_key, problems
from index.engines.milvus.rows import word_row
from index.engines.milvus.schema import ARTICLES, PASSAGES, WORDS, begun_with
from index.errors import EngineUnavailable, ImportFailed
from index.generations.manifest import Manifest

_POLLED_S = (0.2, 5.0)
"""Seconds between two looks at a job: at first, and at most."""

_LOADED_S = 1800.0
"""How long a server may take to load what it has imported."""

_KEPT = "the generation that answered still does"


@dataclass(frozen=True, slots=True)
class Importer:
    """Lets a server import folders of files, which become one generation.

    :ivar lease: held, and looked at before the new generation answers.
    :ivar parts: one folder that holds all, or one for each share; built alike.
    :ivar at: where the folders lie in the server's object store; empty = at its root.
    """

    client: Client
    lease: Lease
    parts: Sequence[BulkFiles]
    at: str = ""

    def run(self, told: Told) -> Record:
        """Import what is not there yet, and let the generation answer.

        :raises IndexLocked: if the lease was lost.
        :raises ImportFailed: if the server cannot import a file, or not all of it is there.
        """
        jobs, records = Jobs(self.client.address), Records(self.client)
        number = max(part.number for part in self.parts)
        if number not in records.numbers():
            self._import(jobs, records, number, told)
        record = records.read(number)
        for problem in problems(self.client, record):
            raise ImportFailed(f"{problem}; {_KEPT}")
        self.lease.check()
        records.make_current(number)
        return record

    def _import(self, jobs: Jobs, records: Records, number: int, told: Told) -> None:
        """Fill a line of its own, and make a generation of it."""
        manifest = joined([part.manifest for part in self.parts])
        exact = all(part.exact for part in self.parts)
        key = line_key(manifest.encoder, manifest.table, manifest.tokenizer_version)
        line = imported_line(key, number)
        if records.ready(line) is None:
            records.drop_line(line)
            records.make_line(line, dim=manifest.encoder.dim, exact=exact)
        total = sum(part.rows(data) for part in self.parts for data in (ARTICLES, PASSAGES))
        done = 0
        for data in (ARTICLES, PASSAGES):
            name = records.collection(line, data)
            _wait_for_others(jobs, name)
            self._load(name)
            for part in self.parts:
                self._import_part(
                    jobs, name, part, data, _after(done, total, part.rows(data), told)
                )
                done += part.rows(data)
                told(done, total)
        self._check(records, line)
        buckets = self._write_words(records, line, number)
        records.add(
            Record(
                number=number,
                line=line,
                exact=exact,
                buckets=buckets,
                days=_span([part.days for part in self.parts]),
                sources={name: one for part in self.parts for name, one in part.sources.items()},
                made_of=self.parts[0].made_of if len(self.parts) == 1 else "",
                manifest=manifest,
            )
        )

    def _import_part(self, jobs: Jobs, name: str, part: BulkFiles, data: str, told: Told) -> None:
        """Let the server import a folder's rows of a collection, if it has not."""
        if not part.rows(data) or self.client.count(name, begun_with(part.number)):
            return
        base = "/".join(filter(None, [self.at.strip("/"), part.folder.resolve().name]))
        files = [f"{base}/{one.name}" for one in part.of(data)]
        job = _finished(jobs, jobs.create(name, files), told)
        if job.state == FAILED:
            raise ImportFailed(
                f"Milvus at {self.client.address.uri} cannot import {files[0]}"
                f"{f' and {len(files) - 1} more' if len(files) > 1 else ''}: {job.reason}; {_KEPT}"
            )
        self._load(name)

    def _load(self, name: str) -> None:
        """Wait until all that the server has imported is found."""
        self.client.refresh(name)
        for pause in _pauses(_LOADED_S):
            if self.client.count(name, "since >= 0") >= self.client.rows_on_disk(name):
                return
            time.sleep(pause)
        raise EngineUnavailable(
            f"Milvus at {self.client.address.uri} has not loaded what it imported into {name} in "
            f"{_LOADED_S:.0f} s; {_KEPT}, and what is imported is not imported again"
        )

    def _check(self, records: Records, line: str) -> None:
        """Make sure that the rows are those that were written, each once; else they are removed."""
        for data in (ARTICLES, PASSAGES):
            name = records.collection(line, data)
            for part in self.parts:
                found = self.client.count(name, begun_with(part.number))
                if found != part.rows(data):
                    self._give_up(
                        records,
                        line,
                        f"expected {part.rows(data)} rows of {part.folder} in {name}, found {found}",
                    )
            everything = sum(part.rows(data) for part in self.parts)
            found = self.client.count(name, "since >= 0")
            if found != everything:
                self._give_up(records, line, f"expected {everything} rows in {name}, found {found}")

    def _give_up(self, records: Records, line: str, why: str) -> None:
        """Remove what was imported, so that the next time it is begun anew."""
        records.drop_line(line)
        raise ImportFailed(f"{why}: what lies in the object store is not what was written; {_KEPT}")

    def _write_words(self, records: Records, line: str, number: int) -> int:
        """Write how many passages hold each word; return among how many buckets."""
        changes = Changes()
        for part in self.parts:
            changes.gain_all(part.frequencies())
        buckets = buckets_for(len(changes))
        made = changes.applied(buckets, lambda touched: {bucket: {} for bucket in touched})
        name = records.collection(line, WORDS)
        rows = [
            word_row(number_of(buckets, bucket, text), number, bucket, text)
            for bucket, text in made.items()
        ]
        self.client.insert(name, rows)
        self.client.flush(name)
        return buckets


def joined(manifests: Sequence[Manifest]) -> Manifest:
    """Return what parts that were built alike are together."""
    first = manifests[0]
    skipped: dict[str, int] = {}
    for one in manifests:
        for reason, count in one.skipped.items():
            skipped[reason] = skipped.get(reason, 0) + count
    return replace(
        first,
        created=max(one.created for one in manifests),
        articles=sum(one.articles for one in manifests),
        passages=sum(one.passages for one in manifests),
        title_only=sum(one.title_only for one in manifests),
        skipped=skipped,
        share=None,
        files={},
    )


def _span(days: Sequence[tuple[int, int] | None]) -> tuple[int, int] | None:
    known = [one for one in days if one]
    return (min(one[0] for one in known), max(one[1] for one in known)) if known else None


def _wait_for_others(jobs: Jobs, name: str) -> None:
    """Wait for what an import that was interrupted has begun."""
    for job in jobs.begun(name):
        if not job.is_over:
            _finished(jobs, job.id, lambda _done, _of: None)


def _finished(jobs: Jobs, number: str, told: Told) -> Job:
    """Return a job when nothing more will come of it."""
    for pause in _pauses():
        job = jobs.read(number)
        told(job.percent, 100)
        if job.is_over:
            return job
        time.sleep(pause)
    raise AssertionError


def _pauses(in_all: float = math.inf) -> Iterator[float]:
    """Yield seconds to wait, each twice as long as the one before, until it is so long in all."""
    pause, most = _POLLED_S
    waited = 0.0
    while waited < in_all:
        yield pause
        waited += pause
        pause = min(2 * pause, most)


def _after(done: int, total: int, rows: int, told: Told) -> Told:
    """Return what tells of a job's percents as of rows of the whole."""
    return lambda percent, _of: told(done + rows * percent // 100, total)
