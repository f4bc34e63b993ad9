"""A generation of the index folder, written to Milvus, where it then answers.

What is written while this is interrupted belongs to no generation: nobody sees it, and the next time
it is found and kept. Rows are only ever added, or told that a generation is their last. So whoever
reads an older generation reads the same as before, until ``prune`` removes it.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from index.engines.home import Told
from index.engines.milvus.client import Client, Row
from index.engines.milvus.difference import Difference, There, difference
from index.engines.milvus.frequencies import Changes, buckets_for
from index.engines.milvus.lease import Lease
from index.engines.milvus.numbers import number_of, source_number
from index.engines.milvus.packing import frequencies_of_text
from index.engines.milvus.records import Record, Records, can_go_on, line_key, problems
from index.engines.milvus.rows import Staged, article_row, word_row
from index.engines.milvus.schema import (
    ARTICLES,
    DATA,
    FOREVER,
    PASSAGES,
    WORDS,
    in_generation,
    one_of,
)
from index.errors import IndexNotWritten
from index.generations.opened import Generation
from index.types import Rows

_WRITTEN_AT_ONCE = 500
"""Rows held back until they are written together: about two megabytes."""


@dataclass(frozen=True, slots=True)
class _Line:
    """The collections that a generation is written to.

    :ivar newest: the newest generation in them; None when there is none.
    """

    name: str
    exact: bool
    newest: Record | None


class Publisher:
    """Writes one generation.

    :param lease: held, and looked at before the new generation answers.
    """

    def __init__(self, client: Client, lease: Lease, generation: Generation) -> None:
        self._client = client
        self._lease = lease
        self._records = Records(client)
        self._generation = generation
        self._staged = Staged(generation)

    def publish(self, told: Told, *, anew: bool, exact: bool) -> Record:
        """Write the generation and let it answer.

        :param anew: into new collections; else those of the newest generation are gone on with, when
            the same models made it.
        :param exact: compare every vector in new collections; else make a graph of them.
        :raises IndexLocked: if the lease was lost.
        :raises IndexNotWritten: if not all that was written is there.
        """
        line = self._line(anew=anew, exact=exact)
        newest = line.newest.number if line.newest else -1
        there = {data: self._there(line.name, data, newest) for data in DATA}
        number = _next(self._records.numbers(), there)
        articles = difference(self._staged.articles, there[ARTICLES], newest)
        known = articles.ids_of(self._staged.articles)
        ids = np.where(
            known < 0,
            [article_row(content, number, 0) for content in self._staged.articles.tolist()],
            known,
        )
        contents = self._staged.passages(ids)
        passages = difference(contents, there[PASSAGES], newest)
        changes = Changes()
        self._count(line.name, passages, changes)
        self._write_new(line.name, number, known < 0, ids, contents, passages, changes, told)
        self._settle(line.name, ARTICLES, articles, number)
        self._settle(line.name, PASSAGES, passages, number)
        buckets = line.newest.buckets if line.newest else buckets_for(len(changes))
        self._write_frequencies(line, number, buckets, changes, there[WORDS])
        for data in DATA:
            self._client.flush(self._records.collection(line.name, data))
        record = self._record(number, line, buckets)
        self._check_whole(record)
        self._records.add(record)
        self._lease.check()
        self._records.make_current(number)
        return record

    def _line(self, *, anew: bool, exact: bool) -> _Line:
        """Return the line to be written to; make it, if it is a new one.

        One that no generation has come of is what an interrupted build has left: it is gone on with.
        """
        manifest = self._generation.manifest
        key = line_key(manifest.encoder, manifest.table, manifest.tokenizer_version)
        records = [self._records.read(number) for number in self._records.numbers()]
        if not anew and records and records[-1].line.startswith(key):
            return _Line(records[-1].line, records[-1].exact, records[-1])
        used = {record.line for record in records}
        begun = [line for line in self._records.lines() if can_go_on(line, key)]
        for line in begun:
            if line not in used and self._records.ready(line) is exact:
                return _Line(line, exact, None)
        name = f"{key}_{_now()}"
        self._records.make_line(name, dim=manifest.encoder.dim, exact=exact)
        return _Line(name, exact, None)

    def _there(self, line: str, data: str, newest: int) -> There:
        fields = ["content", "since", "until", *(["piece"] if data == ARTICLES else [])]
        found = [
            (row["id"], row["content"], row["since"], row["until"], row.get("piece", 0))
            for row in self._client.every(
                self._records.collection(line, data), f"until > {newest}", fields
            )
        ]
        values = np.array(found, np.int64).reshape(-1, 5)
        return There(*values.T)

    def _count(self, line: str, passages: Difference, changes: Changes) -> None:
        """Count the words of passages that are there: those given up, and those left over."""
        name = self._records.collection(line, PASSAGES)
        for ids, count in ((passages.lost, changes.lose), (passages.gained, changes.gain)):
            for begin in range(0, len(ids), _WRITTEN_AT_ONCE):
                some = ids[begin : begin + _WRITTEN_AT_ONCE].tolist()
                for row in self._client.rows(name, some, ["words"]).values():
                    count(row["words"])

    def _write_new(
        self,
        line: str,
        number: int,
        new_articles: np.ndarray[tuple[int], np.dtype[np.bool_]],
        ids: Rows,
        contents: Rows,
        passages: Difference,
        changes: Changes,
        told: Told,
    ) -> None:
        new = passages.ids_of(contents) < 0
        waiting: dict[str, list[Row]] = {ARTICLES: [], PASSAGES: []}
        done, total = 0, int(np.count_nonzero(new))

        def write() -> None:
            nonlocal done
            for data, rows in waiting.items():  # articles first: a passage points at one
                self._client.insert(self._records.collection(line, data), rows)
            done += len(waiting[PASSAGES])
            told(done, total)
            for rows in waiting.values():
                rows.clear()

        for made in self._staged.made(
            self._client.stored, number, new_articles, ids, contents, new
        ):
            waiting[ARTICLES] += made.articles
            waiting[PASSAGES] += made.passages
            for words in made.words:
                changes.gain(words)
            if len(waiting[PASSAGES]) >= _WRITTEN_AT_ONCE:
                write()
        write()

    def _settle(self, line: str, data: str, found: Difference, number: int) -> None:
        """Give up what the new generation does not hold, and remove what none does."""
        name = self._records.collection(line, data)
        self._client.change(name, [{"id": i, "until": FOREVER} for i in found.reopened.tolist()])
        self._client.change(name, [{"id": i, "until": number} for i in found.given_up.tolist()])
        self._client.delete(name, found.left_over.tolist())

    def _write_frequencies(
        self, line: _Line, number: int, buckets: int, changes: Changes, there: There
    ) -> None:
        """Write the buckets that have changed; the others stay as they are."""
        name = self._records.collection(line.name, WORDS)
        newest = line.newest.number if line.newest else -1
        held: dict[int, tuple[int, str]] = {}  # content and frequencies of each touched bucket

        def read(touched: list[int]) -> Mapping[int, Mapping[int, int]]:
            for begin in range(0, len(touched), _WRITTEN_AT_ONCE):
                some = one_of("bucket", touched[begin : begin + _WRITTEN_AT_ONCE])
                for row in self._client.where(
                    name,
                    f"{some} and {in_generation(newest)}",
                    ["bucket", "content", "frequencies"],
                ):
                    held[row["bucket"]] = row["content"], row["frequencies"]
            return {
                bucket: frequencies_of_text(held[bucket][1]) if bucket in held else {}
                for bucket in touched
            }

        made = changes.applied(buckets, read)
        old = there.contents[(there.since <= newest) & (there.until > newest)]
        kept = old[~np.isin(old, [held[bucket][0] for bucket in made if bucket in held])]
        contents = {number_of(buckets, bucket, text): bucket for bucket, text in made.items()}
        wanted = np.concatenate([kept, np.array(list(contents), np.int64)])
        found = difference(wanted, there, newest)
        new = wanted[found.ids_of(wanted) < 0].tolist()
        rows = [
            word_row(content, number, contents[content], made[contents[content]]) for content in new
        ]
        self._client.insert(name, rows)
        self._settle(line.name, WORDS, found, number)

    def _record(self, number: int, line: _Line, buckets: int) -> Record:
        columns, store = self._generation.columns, self._generation.store
        return Record(
            number=number,
            line=line.name,
            exact=line.exact,
            buckets=buckets,
            days=columns.span(),
            sources={name: source_number(name) for name in store.sources},
            made_of=self._generation.folder.name,
            manifest=self._generation.manifest,
        )

    def _check_whole(self, record: Record) -> None:
        """Make sure that the generation's rows are there before it answers."""
        for problem in problems(self._client, record):
            raise IndexNotWritten(f"{problem}; the generation that answered still does")


def _next(numbers: list[int], there: Mapping[str, There]) -> int:
    """Return the number of a new generation: the time, or what follows any that is in use."""
    used = [*numbers, 0]
    for rows in there.values():
        used += [
            int(rows.since.max(initial=0)),
            int(rows.until[rows.until < FOREVER].max(initial=0)),
        ]
    return max(_now(), max(used) + 1)


def _now() -> int:
    return time.time_ns() // 1000
