"""Generations in Milvus: what is written, who sees it, what stays when something is interrupted."""

import pickle
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from index.articles.files import Reading
from index.building.archive import Archive
from index.building.options import Options
from index.encoders.protocol import EncoderChoice
from index.engines.local import LocalFiles
from index.engines.milvus.engine import MilvusServer
from index.engines.milvus.lease import Lease, lease
from index.engines.milvus.packing import pieces_of
from index.engines.milvus.records import Records, line_key
from index.engines.milvus.schema import ARTICLES, DATA, FIELDS, PASSAGES
from index.engines.milvus.searcher import MilvusSearcher
from index.engines.registry import MILVUS, EngineChoice
from index.errors import (
    ArchiveIndexError,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexNotWritten,
)
from index.parts.filters import ANY
from index.text.tokens import tokens
from index.types import Article, Rows, Scores
from tests import milvus
from tests.archive import (
    ARTICLES as ALL,
)
from tests.archive import (
    BEES,
    HARBOUR_EARLY,
    HARBOUR_LATE,
    LIGHTHOUSE,
    OBSERVATORY,
    TARGET_CHARS,
    article,
    build_index,
    models,
)
from tests.engines.publishing import Published
from tests.patience import PATIENCE_S


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[milvus.Running]:
    with milvus.serving(tmp_path_factory.mktemp("milvus")) as running:
        yield running


@pytest.fixture
def made(server: milvus.Running, tmp_path: Path) -> Iterator[Published]:
    engine = MilvusServer.at(milvus.address(server.uri, f"test_{uuid4().hex[:12]}"))
    yield Published(tmp_path / "index", engine)
    engine.client.close()


def opened(made: Published) -> MilvusSearcher:
    return made.engine.open(models())


def paths(searcher: MilvusSearcher) -> list[str]:
    """The files of all articles, as the passages and as the articles tell them."""
    rows = searcher.every_passage().tolist()
    of_passages = {one.article.card.path for one in searcher.passages(rows)}
    of_articles = [one.card.path for one in searcher.listed(0, 99)]
    assert of_passages == set(of_articles)
    return sorted(of_articles)


def named(*articles: Article) -> list[str]:
    return sorted(one.card.path for one in articles)


def rows(made: Published, data: str) -> dict[int, int]:
    """The rows of all lines: what each says, by its id."""
    records, found = Records(made.engine.client), {}
    for line in records.lines():
        name = records.collection(line, data)
        for row in made.engine.client.every(name, "since >= 0", ["content"]):
            found[row["id"]] = row["content"]
    return found


def check_weights(made: Published, articles: Sequence[Article]) -> None:
    """Check that words weigh what they do in the folder's files."""
    words = {word for one in (*ALL, *articles) for word in tokens(f"{one.card.title} {one.text}")}
    local = LocalFiles(made.index_dir).open(models())
    assert opened(made).word_weights(words) == pytest.approx(local.word_weights(words))
    local.close()


def test_an_update_writes_what_has_changed_and_nothing_else(made: Published) -> None:
    made.index([BEES, HARBOUR_EARLY, OBSERVATORY])
    before = {data: set(rows(made, data)) for data in DATA}
    made.index([BEES, HARBOUR_LATE, OBSERVATORY])
    after = {data: set(rows(made, data)) for data in DATA}
    assert all(before[data] <= after[data] for data in DATA)  # older generations go on
    assert len(after[ARTICLES] - before[ARTICLES]) == 1
    (new,) = after[ARTICLES] - before[ARTICLES]
    searcher = opened(made)
    assert searcher.articles([new])[0].card == HARBOUR_LATE.card
    written = searcher.passages(sorted(after[PASSAGES] - before[PASSAGES]))
    assert {one.article.card.path for one in written} == set(named(HARBOUR_LATE))
    assert paths(searcher) == named(BEES, HARBOUR_LATE, OBSERVATORY)
    check_weights(made, [HARBOUR_EARLY])


def test_what_is_published_again_is_not_written_again(made: Published) -> None:
    made.index(ALL)
    before = {data: rows(made, data) for data in DATA}
    made.publish()
    assert {data: rows(made, data) for data in DATA} == before


def test_what_was_given_up_and_comes_back_is_in_its_generations_alone(made: Published) -> None:
    seen = []
    for articles in ([BEES, OBSERVATORY], [OBSERVATORY], [BEES, OBSERVATORY], [BEES]):
        made.index(articles)
        seen.append((opened(made), named(*articles)))
    for searcher, awaited in seen:
        assert paths(searcher) == awaited
    check_weights(made, [])


def test_after_a_rollback_an_update_goes_on_from_the_files(made: Published) -> None:
    made.index([BEES])
    first = made.engine.current()
    made.index([BEES, OBSERVATORY])
    second = made.engine.current()
    with made.engine.writing() as writing:
        writing.make_current(first)
    assert made.engine.current() == first
    assert paths(opened(made)) == named(BEES)
    made.index([BEES, HARBOUR_EARLY])
    assert paths(opened(made)) == named(BEES, HARBOUR_EARLY)
    check_weights(made, [])
    with made.engine.writing() as writing:
        writing.make_current(second)
    assert paths(opened(made)) == named(BEES, OBSERVATORY)
    with made.engine.writing() as writing, pytest.raises(ArchiveIndexError, match="no generation"):
        writing.make_current("20200101T000000000000")


def test_pruning_leaves_the_rows_of_the_generations_that_are_kept(made: Published) -> None:
    kept = []
    for articles in ([BEES, HARBOUR_EARLY], [BEES, OBSERVATORY], [BEES, HARBOUR_LATE]):
        made.index(articles)
        kept.append((opened(made), named(*articles)))
    with made.engine.writing() as writing:
        assert writing.prune(2) == [kept[0][0].generation]
    assert [one.name for one in made.engine.kept()] == [one[0].generation for one in kept[1:]]
    for searcher, awaited in kept[1:]:
        assert paths(searcher) == awaited
    with made.engine.writing() as writing:
        writing.prune(1)
    assert paths(opened(made)) == named(BEES, HARBOUR_LATE)
    assert len(rows(made, ARTICLES)) == 2
    assert len(rows(made, PASSAGES)) == opened(made).manifest.passages


def test_a_newer_generation_that_is_pruned_leaves_nothing_to_the_next(made: Published) -> None:
    made.index([BEES, HARBOUR_EARLY])
    first = made.engine.current()
    made.index([BEES, OBSERVATORY])
    with made.engine.writing() as writing:
        writing.make_current(first)
        writing.prune(1)
    assert paths(opened(made)) == named(BEES, HARBOUR_EARLY)
    assert len(rows(made, ARTICLES)) == 2
    made.index([HARBOUR_EARLY])
    assert paths(opened(made)) == named(HARBOUR_EARLY)
    check_weights(made, [])


def test_a_build_writes_new_collections_which_go_with_their_last_generation(
    made: Published,
) -> None:
    made.index([BEES])
    build_index(made.index_dir, [BEES, OBSERVATORY])
    made.publish(anew=True)
    records = Records(made.engine.client)
    assert len(records.lines()) == 2
    with made.engine.writing() as writing:
        writing.prune(1)
    assert len(records.lines()) == 1
    assert paths(opened(made)) == named(BEES, OBSERVATORY)


def test_collections_that_were_begun_and_not_finished_are_not_written_to(made: Published) -> None:
    build_index(made.index_dir, [BEES])
    manifest = LocalFiles(made.index_dir).open(models()).manifest
    key = line_key(manifest.encoder, manifest.table, manifest.tokenizer_version)
    records = Records(made.engine.client)
    made.engine.client.create(records.collection(f"{key}_1", PASSAGES), FIELDS[PASSAGES], dim=304)
    made.publish()
    assert paths(opened(made)) == named(BEES)
    assert len(records.lines()) == 2
    with made.engine.writing() as writing:
        writing.prune(1)
    assert len(records.lines()) == 1


class Interrupted(Exception):
    pass


def interrupt(_done: int, _of: int) -> None:
    raise Interrupted


@pytest.mark.parametrize("anew", [False, True])
def test_what_is_interrupted_is_seen_by_nobody_and_gone_on_with(
    made: Published, *, anew: bool
) -> None:
    made.index([BEES, HARBOUR_EARLY])
    build_index(made.index_dir, [BEES, OBSERVATORY])
    before = rows(made, PASSAGES)
    with pytest.raises(Interrupted):
        made.publish(interrupt, anew=anew)
    left = rows(made, PASSAGES)
    assert len(left) > len(before)
    assert paths(opened(made)) == named(BEES, HARBOUR_EARLY)
    made.publish(anew=anew)
    assert paths(opened(made)) == named(BEES, OBSERVATORY)
    assert rows(made, PASSAGES) == left  # nothing was written twice
    check_weights(made, [HARBOUR_EARLY])


def test_what_an_interrupted_update_left_and_nobody_wants_is_removed(made: Published) -> None:
    made.index([BEES])
    before = {data: rows(made, data) for data in DATA}
    build_index(made.index_dir, [BEES, *LIGHTHOUSE])
    with pytest.raises(Interrupted):
        made.publish(interrupt)
    made.index([BEES])
    assert {data: rows(made, data) for data in DATA} == before
    assert paths(opened(made)) == named(BEES)
    check_weights(made, LIGHTHOUSE)


def test_what_is_not_all_there_does_not_answer(made: Published) -> None:
    made.index([BEES])
    before, held = made.engine.current(), set(rows(made, PASSAGES))
    build_index(made.index_dir, [BEES, OBSERVATORY])

    def lose(_done: int, _of: int) -> None:
        (line,) = Records(made.engine.client).lines()
        name = Records(made.engine.client).collection(line, PASSAGES)
        made.engine.client.delete(name, [min(set(rows(made, PASSAGES)) - held)])

    with pytest.raises(IndexNotWritten, match=r"expected \d+ passages in .*, found \d+"):
        made.publish(lose)
    assert made.engine.current() == before
    made.publish()
    assert paths(opened(made)) == named(BEES, OBSERVATORY)


def test_a_long_article_is_stored_in_pieces(made: Published) -> None:
    chance = np.random.default_rng(7)
    words = ["".join(map(chr, chance.integers(0x4E00, 0x9FFF, 60))) for _ in range(900)]
    long = article("long.md", *words, title="长文")
    made.index([BEES, long])
    assert len(rows(made, ARTICLES)) > 3
    searcher = opened(made)
    (stored,) = (one for one in searcher.listed(0, 9) if one.card == long.card)
    assert len(searcher.listed(0, 9)) == 2
    assert searcher.article_text(stored.id) == long.text
    made.index([BEES])
    with made.engine.writing() as writing:
        writing.prune(1)
    assert len(rows(made, ARTICLES)) == 1


def test_a_machine_that_has_only_the_address_answers(made: Published) -> None:
    made.index(ALL)
    other = MilvusServer.at(made.engine.client.address)
    found, _ = other.open(models()).by_words({"telescop": 1.0}, 9, ANY)
    assert len(found) == 1
    other.client.close()


def test_an_archive_that_was_asked_goes_to_another_process(made: Published) -> None:
    """The bot asks how the index is, and updates it in a process of its own."""
    made.index([BEES])
    address = made.engine.client.address
    choice = EngineChoice(MILVUS, made.index_dir, uri=address.uri, prefix=address.prefix)
    archive = Archive(
        made.index_dir,
        EncoderChoice(),
        Options(Reading(max_bytes=9), TARGET_CHARS, keep=2, dead_share=0.2),
        engine=choice,
    )
    assert archive.status().manifest.articles == 1
    other = pickle.loads(pickle.dumps(archive))  # noqa: S301 - our own
    assert other.status() == archive.status()
    for one in (archive, other):
        assert isinstance(one.home, MilvusServer)
        one.home.client.close()


def test_what_is_missing_is_said(made: Published) -> None:
    made.index([BEES, OBSERVATORY])
    assert made.engine.missing() == []
    searcher = opened(made)
    row = int(searcher.every_passage()[0])
    name = Records(made.engine.client).collection(searcher._record.line, PASSAGES)
    made.engine.client.delete(name, [row])
    awaited = searcher.manifest.passages
    with pytest.raises(IndexDamaged, match=rf"row {row} .* is not in it"), searcher.diagnosed():
        searcher.passages([row])
    with (
        pytest.raises(IndexDamaged, match=f"expected {awaited} passages .* found {awaited - 1}"),
        searcher.diagnosed(),
    ):
        raise ValueError("whatever reading it did")
    (missing,) = made.engine.missing()
    assert f"expected {awaited} passages" in missing


def test_a_body_that_is_not_what_was_written_is_damage(made: Published) -> None:
    made.index([BEES])
    searcher = opened(made)
    (stored,) = searcher.listed(0, 1)
    name = Records(made.engine.client).collection(searcher._record.line, ARTICLES)
    (row,) = made.engine.client.where(name, f"id == {stored.id}", ["body"])
    body = row["body"]
    changed = body[:40] + ("A" if body[40] != "A" else "B") + body[41:]
    made.engine.client.change(name, [{"id": stored.id, "body": changed}])
    with pytest.raises(IndexDamaged, match="not what was written"):
        opened(made).article_text(stored.id)
    (fault,) = made.engine.faults()
    assert str(stored.id) in fault


@pytest.mark.parametrize(
    ("data", "change"),
    [(PASSAGES, {"stop": 5}), (ARTICLES, {"body": pieces_of(BEES.card, "x")[0]})],
)
def test_a_row_that_says_something_else_is_a_fault(
    made: Published, data: str, change: dict[str, object]
) -> None:
    made.index([BEES, OBSERVATORY])
    assert list(made.engine.faults()) == []
    row = min(rows(made, data))
    name = Records(made.engine.client).collection(opened(made)._record.line, data)
    made.engine.client.change(name, [{"id": row, **change}])
    (fault,) = made.engine.faults()
    assert fault == f"{name}, row {row}: it is not what was written"


def test_searches_are_waited_for_together(made: Published) -> None:
    made.index([BEES])
    searcher, met = opened(made), threading.Barrier(2)

    def search() -> tuple[Rows, Scores]:
        met.wait(PATIENCE_S)  # nobody comes past it alone
        return searcher.by_words({"x": 1.0}, 1, ANY)

    assert len(searcher.at_once(search, search)) == 2
    searcher.close()


# The lease.


def test_one_process_at_a_time_writes(made: Published) -> None:
    with made.engine.writing():
        other = MilvusServer.at(made.engine.client.address)
        with pytest.raises(IndexLocked, match=r"process \d+ on .* is writing"), other.writing():
            pass
        other.client.close()
    with made.engine.writing():  # it was given back
        pass


def test_of_several_that_begin_at_once_one_writes(made: Published) -> None:
    ready, won, lost = threading.Barrier(4), [], []

    def take() -> None:
        own = MilvusServer.at(made.engine.client.address)
        held = Lease(own.client, 60)
        ready.wait()
        try:
            held.take()
            won.append(held)
        except IndexLocked as error:
            lost.append(error)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 3)


def run_out(made: Published) -> None:
    """Let the lease that is held be one that was not renewed in time."""
    for name in made.engine.client.collections():
        if "_lease_by_" in name:
            made.engine.client.set_properties(name, {"newsquote.lease": '{"until": 0}'})


def test_a_lease_that_ran_out_is_taken_and_its_holder_writes_no_more(made: Published) -> None:
    made.index([BEES])
    before = made.engine.current()
    slow = Lease(made.engine.client, 600)
    slow.take()
    run_out(made)
    with made.engine.writing():
        with pytest.raises(IndexLocked, match="ran out"):
            slow.check()
        slow.give_back()
        with pytest.raises(IndexLocked):
            Lease(made.engine.client, 60).take()  # the other's still holds
    assert made.engine.current() == before


def test_a_lease_is_renewed_while_it_is_held(made: Published) -> None:
    with lease(made.engine.client, 600, renewed_s=0.01) as held:
        first = held._until
        while held._until == first:  # renewed by the thread, not by us
            time.sleep(0.01)
        held.check()


def test_a_generation_does_not_answer_when_the_lease_was_lost(made: Published) -> None:
    made.index([BEES])
    before = made.engine.current()
    build_index(made.index_dir, [OBSERVATORY])

    def lose(_done: int, _of: int) -> None:
        run_out(made)
        Lease(made.engine.client, 60).take()

    with pytest.raises(IndexLocked, match="ran out"):
        made.publish(lose)
    assert made.engine.current() == before
    assert paths(opened(made)) == named(BEES)


def test_without_a_generation_nothing_is_kept(made: Published) -> None:
    with pytest.raises(IndexMissing, match="holds no index named"):
        made.engine.kept()
    assert made.engine.made_of() == ""
    with made.engine.writing() as writing, pytest.raises(IndexMissing):
        writing.prune(1)
