"""An index after any updates is the index that a build of the same files makes."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.loading import load_settings
from index.articles import files
from index.articles.files import Outcome, Reading
from index.building import writer
from index.building.events import Event, Mended, Written
from index.building.options import Options
from index.building.plan import Changes
from index.building.update import build_archive, update_archive
from index.encoders.bundled import BundledEncoder
from index.encoders.models import Models
from index.encoders.opening import open_models
from index.encoders.protocol import Encoder, EncoderChoice, EncoderInfo
from index.encoders.token_table import TokenTable
from index.errors import IndexDamaged, IndexMissing, IndexOutdated, SourcesMissing
from index.generations.folders import current
from index.generations.manifest import SCHEMA_VERSION, read_manifest
from index.generations.opened import Generation, open_generation
from index.text.tokens import tokens
from index.types import FileReport, Role, Vectors
from qa.opening import open_service
from tests.archive import ARTICLES, TARGET_CHARS, table
from tests.models import save_tiny_bert

NAMES = tuple(article.card.path for article in ARTICLES)
QUESTIONS = (
    "多少根钢桩存在裂缝？",
    "Why did the lighthouse on Cape Brell go dark?",
    "Кто вывел морозостойких пчёл?",
    "港务局 渔民协会 奥尔姆晚报",
)
TITLE_ONLY = "---\ntitle: {title}\ndate: {day}\nsource: Coast Wire\n---\n<div>{title}</div>\n"
HELD = len(NAMES) + 2
"""Articles at the start: of two there is only a title."""
LONG_AGO = 1_600_000_000


class Counting:
    """A real encoder, though not the bundled one to those who ask, that notes what it encodes."""

    table: TokenTable | None = None
    lasting = False

    def __init__(self, encoder: Encoder | None = None) -> None:
        self._encoder = encoder or BundledEncoder(table())
        self.encoded: list[str] = []

    @property
    def info(self) -> EncoderInfo:
        return self._encoder.info

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        self.encoded += texts
        return self._encoder.encode(texts, role)


class Archive:
    """A folder of real article files with an index.

    :ivar read: the files that the last build or update has read.
    :ivar said: what it said.
    """

    def __init__(self, folder: Path) -> None:
        self.files = folder / "files"
        self.index_dir = folder / "index"
        self.read: list[str] = []
        self.said: list[Event] = []
        self.encoder: Encoder = BundledEncoder(table())
        self.dead_share = 0.2
        self.target_chars = TARGET_CHARS
        self.zone: ZoneInfo | None = None
        self.files.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, number: int, extra: str = "") -> None:
        """Write an article as a file whose time has long passed."""
        article = ARTICLES[number]
        card = article.card
        day = f"date: {card.date.isoformat()}\n" if card.date else ""
        source = f"source: {card.source}\n" if card.source else ""
        body = "\n\n".join(paragraph.text for paragraph in article.paragraphs)
        title = "" if number % 2 else f"title: {card.title}\n"
        text = f"---\n{title}{day}{source}---\n{body}\n\n{extra}\n"
        self.put(name, text)

    def put(self, name: str, text: str) -> None:
        path = self.files / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (LONG_AGO + len(self.read), LONG_AGO))

    @property
    def models(self) -> Models:
        return Models(self.encoder, table())

    @property
    def reports(self) -> list[FileReport]:
        """What the last build or update said of files."""
        said = (event.report if isinstance(event, Mended) else event for event in self.said)
        return [event for event in said if isinstance(event, FileReport)]

    def build(self) -> None:
        """Index all files."""
        with self._noting():
            build_archive(
                [self.files], self.index_dir, self.models, self._options, self.said.append
            )

    def update(self) -> Changes | None:
        """Index what has changed."""
        with self._noting():
            updated = update_archive(self.index_dir, self.models, self._options, self.said.append)
        assert updated.manifest == read_manifest(current(self.index_dir))
        assert not updated.anew
        return updated.changes

    @property
    def _options(self) -> Options:
        return Options(
            Reading(max_bytes=100_000, workers=1, zone=self.zone),
            target_chars=self.target_chars,
            keep=2,
            dead_share=self.dead_share,
        )

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Note what is read and said in the block."""
        self.read.clear()
        self.said.clear()
        read_article = files.read_article

        def noted(path: Path, **limits: Any) -> Outcome:
            self.read.append(str(path.relative_to(self.files)))
            return read_article(path, **limits)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "read_article", noted)
            yield

    def open(self) -> Generation:
        return open_generation(self.index_dir, self.models)

    def built_anew(self) -> "Archive":
        """Return the same files with an index that was built from nothing."""
        fresh = Archive(self.index_dir.parent / "fresh")
        fresh.files = self.files
        shutil.rmtree(fresh.index_dir, ignore_errors=True)
        fresh.build()
        return fresh


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path)
    for number, name in enumerate(NAMES):
        archive.write(f"one/{name}", number)
    archive.put("one/empty.md", "")
    archive.put("one/first.md", TITLE_ONLY.format(title="达斯科谈钢桩", day="2021-03-01"))
    archive.put("one/title.md", TITLE_ONLY.format(title="The reef of Brell", day="2021-11-20"))
    archive.build()
    return archive


def same(updated: Archive, fresh: Archive) -> None:
    """Compare everything that two indexes hold."""
    one, other = updated.open(), fresh.open()
    try:
        assert stored(one) == stored(other)
        assert columns(one) == columns(other)
        rows = np.arange(one.manifest.passages)
        assert [one.lists[row].tolist() for row in range(len(rows))] == [
            other.lists[row].tolist() for row in range(len(rows))
        ]
        assert np.array_equal(one.dense.vectors(rows), other.dense.vectors(rows))
        for question in QUESTIONS:
            same_words(one, other, question)
    finally:
        one.close()
        other.close()
    assert answers(updated) == answers(fresh)


def stored(generation: Generation) -> dict[str, list[tuple[object, ...]]]:
    db = sqlite3.connect(generation.folder / "archive.sqlite")
    try:
        tables = {"articles": "*", "passages": "*", "skipped": "*", "sources": "name"}
        return {
            name: db.execute(f"SELECT {what} FROM {name} ORDER BY 1").fetchall()  # noqa: S608 - constants
            for name, what in tables.items()
        }
    finally:
        db.close()


def columns(generation: Generation) -> dict[str, list[object]]:
    names = {number: name for name, number in generation.store.sources.items()}
    kept = {
        name: getattr(generation.columns, name).tolist()
        for name in ("articles", "days", "scripts", "copies")
    }
    # The number of a source is a generation's own affair.
    return {**kept, "sources": [names.get(n) for n in generation.columns.sources.tolist()]}


def same_words(one: Generation, other: Generation, question: str) -> None:
    for updated, built in (
        (one.passage_words, other.passage_words),
        (one.article_words, other.article_words),
    ):
        terms = tokens(question)
        weights = built.weights(terms)
        assert updated.weights(terms) == weights
        everything = 1000
        found, expected = (
            dict(zip(*(a.tolist() for a in words.search(weights, everything)), strict=True))
            for words in (updated, built)
        )
        assert found == pytest.approx(expected)
        rows = np.arange(len(built))
        assert updated.sums(weights, rows) == pytest.approx(built.sums(weights, rows))


def answers(archive: Archive) -> list[object]:
    chosen = load_settings().with_flags(index={"dir": archive.index_dir}, answer={"threshold": 0})
    with open_service(chosen, archive.models) as service:
        return [
            [(q.text, q.score, q.article, q.also, q.highlights) for q in service.answer(ask).quotes]
            for ask in QUESTIONS
        ]


def test_nothing_is_read_and_no_generation_written_when_nothing_has_changed(
    archive: Archive,
) -> None:
    before = current(archive.index_dir)
    assert archive.update() is None
    assert current(archive.index_dir) == before
    for path in archive.files.rglob("*.md"):  # as git does it: other times, the same content
        os.utime(path, (LONG_AGO, LONG_AGO + 5))
    assert archive.update() is None
    assert (archive.read, current(archive.index_dir)) == ([], before)
    path = archive.files / "one/bees.md"  # the same size and time: it is not even hashed
    path.write_bytes(path.read_bytes().replace(b"a", b"b"))
    os.utime(path, (LONG_AGO, LONG_AGO + 5))
    assert archive.update() is None


def test_what_is_wrong_with_a_file_is_said_when_it_is_read(archive: Archive) -> None:
    assert [str(report) for report in archive.reports] == [
        f"{archive.files}/one/empty.md: empty file"
    ]
    counts = [event for event in archive.said if isinstance(event, Written)]
    manifest = read_manifest(current(archive.index_dir))
    assert counts[-1] == Written(manifest.articles, manifest.passages)
    assert len(counts) == HELD + 1
    archive.put("one/mended.md", "---\ntitle: 'It's here'\n---\nThe ferry sails again.\n")
    (archive.files / "one/loop.md").symlink_to("loop.md")
    assert archive.update() == Changes(added=2)
    assert [(Path(report.path).name, report.reason) for report in archive.reports] == [
        ("loop.md", "directory loop"),
        ("mended.md", "broken front matter"),
    ]
    assert archive.update() is None
    assert archive.said == []


def test_a_file_that_was_changed_just_now_is_read_whatever_its_time(archive: Archive) -> None:
    path = archive.files / "one/bees.md"
    soon = time.time() + 3600  # so that it is new to however slow a machine
    os.utime(path, (soon, soon))
    assert archive.update() is None
    status = path.stat()
    path.write_bytes(path.read_bytes().replace("ульи".encode(), "сани".encode()))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert archive.update() == Changes(changed=1)


def test_a_folder_that_has_gone_empties_no_index(archive: Archive) -> None:
    away = archive.files.with_name("away")
    archive.files.rename(away)
    with pytest.raises(SourcesMissing, match=rf"{archive.files} held 11 articles of the index"):
        archive.update()
    archive.files.mkdir()  # where a disk was mounted
    with pytest.raises(SourcesMissing, match=rf"{archive.files} held 11 articles of the index"):
        archive.update()
    archive.files.rmdir()
    away.rename(archive.files)
    assert archive.update() is None


def test_files_are_added_changed_and_removed(archive: Archive) -> None:
    archive.put("one/new.md", "# News\n\nThe ferry to Tessel sails again from Monday.\n")
    archive.write("one/bees.md", NAMES.index("bees.md"), "Мёд собирают в августе.")
    (archive.files / "one/harbour-late.md").unlink()
    archive.put("one/void.md", " ")
    assert archive.update() == Changes(added=2, changed=1, removed=1)
    assert sorted(archive.read) == ["one/bees.md", "one/new.md", "one/void.md"]
    assert read_manifest(current(archive.index_dir)).skipped == {"empty file": 2}
    same(archive, archive.built_anew())
    assert archive.update() is None


def test_a_moved_file_is_not_read(archive: Archive) -> None:
    (archive.files / "one").rename(archive.files / "two")
    assert archive.update() == Changes(moved=HELD + 1)
    assert archive.read == ["two/empty.md"]
    same(archive, archive.built_anew())


def test_a_renamed_file_has_the_title_of_its_name(archive: Archive) -> None:
    archive.encoder = counting = Counting()
    untitled = archive.files / "one" / NAMES[1]
    untitled.rename(archive.files / "one" / "码头.md")
    assert archive.update() == Changes(moved=1)
    assert archive.read == ["one/码头.md"]
    assert counting.encoded == []
    generation = archive.open()
    assert "码头" in [one.card.title for one in generation.store.articles()]
    generation.close()
    same(archive, archive.built_anew())


def test_only_new_passages_are_encoded(archive: Archive) -> None:
    archive.encoder = counting = Counting()
    more = (
        "The keeper of the light at Cape Brell has retired after forty years, and nobody applied."
    )
    archive.write("one/lighthouse-0.md", 2, more)
    shutil.copy(archive.files / "one/bees.md", archive.files / "one/bees again.md")
    archive.update()
    (encoded,) = counting.encoded
    assert encoded.endswith(more)
    same(archive, archive.built_anew())


@pytest.mark.slow
def test_a_transformer_encodes_what_has_changed_and_nothing_else(
    archive: Archive, tmp_path: Path
) -> None:
    library = pytest.importorskip("sentence_transformers")
    save_tiny_bert(tmp_path / "plain", "BertModel")
    library.SentenceTransformer(str(tmp_path / "plain"), device="cpu").save(str(tmp_path / "tiny"))
    choice = EncoderChoice(str(tmp_path / "tiny"), device="cpu")
    archive.encoder = counting = Counting(open_models(choice).encoder)
    archive.build()
    assert counting.encoded
    before = archive.open()
    vectors = before.dense.vectors(np.arange(before.manifest.passages))
    before.close()
    counting.encoded.clear()
    new = "The barge that carried the mirror of the telescope has arrived in Olm, Voss said."
    archive.put("one/zz.md", f"# Barge\n\n{new}\n")
    (archive.files / "one").rename(archive.files / "two")
    archive.update()
    assert counting.encoded == [new]
    after = archive.open()
    assert np.array_equal(after.dense.vectors(np.arange(len(vectors))), vectors)
    assert len(after.dense) == len(vectors) + 1
    after.close()


def test_damage_is_not_carried_on(archive: Archive) -> None:
    path = current(archive.index_dir) / "days.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    (archive.files / "one/bees.md").unlink()
    with pytest.raises(IndexDamaged, match=r"days\.npy is damaged"):
        archive.update()


def test_dead_words_are_cleared_away_beyond_a_share(archive: Archive) -> None:
    archive.dead_share = 0.4
    (archive.files / "one/observatory.md").unlink()
    archive.update()
    dead = read_manifest(current(archive.index_dir)).dead
    assert dead > 0
    segments = set((current(archive.index_dir) / "passage_words/words").glob("*.idx"))
    assert all(path.stat().st_nlink == 2 for path in segments)
    same(archive, archive.built_anew())
    for name in ("harbour-early.md", "harbour-late.md"):
        (archive.files / "one" / name).unlink()
    archive.update()
    assert read_manifest(current(archive.index_dir)).dead == 0
    same(archive, archive.built_anew())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda archive: setattr(archive, "target_chars", 200), "passages.target_chars is 200"),
        (lambda archive: setattr(archive, "encoder", Other()), "the encoder is other"),
        (
            lambda archive: setattr(archive, "zone", ZoneInfo("Asia/Shanghai")),
            "extract.timezone is Asia/Shanghai, it was none",
        ),
    ],
)
def test_what_an_update_cannot_do_says_why(
    archive: Archive, change: Callable[[Archive], None], reason: str
) -> None:
    change(archive)
    with pytest.raises(IndexOutdated, match=rf"the index cannot be updated: {reason}"):
        archive.update()


class Other(Counting):
    @property
    def info(self) -> EncoderInfo:
        return EncoderInfo("other", "1", super().info.dim)


def test_an_index_of_another_version_must_be_built_again(archive: Archive) -> None:
    manifest = current(archive.index_dir) / "manifest.json"
    now, then = (f'"schema_version": {version}' for version in (SCHEMA_VERSION, 1))
    manifest.write_text(manifest.read_text().replace(now, then))
    message = rf"manifest\.json: another version .*schema version 1, not {SCHEMA_VERSION}"
    with pytest.raises(IndexOutdated, match=message):
        archive.update()


def test_without_an_index_there_is_nothing_to_update(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        Archive(tmp_path).update()


def test_a_generation_that_is_held_is_not_touched_by_updates(archive: Archive) -> None:
    held = archive.open()
    before = {path: path.read_bytes() for path in held.folder.rglob("*") if path.is_file()}
    (archive.files / "one/bees.md").unlink()
    archive.update()
    assert {path: path.read_bytes() for path in before} == before
    assert held.passage_words.search(held.passage_words.weights(tokens("посёлка")), 5)[0].tolist()
    held.close()


PLACES = [f"{folder}/{name}" for folder in ("a", "b") for name in NAMES[:5]]
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("write"),
            st.sampled_from(PLACES),
            st.integers(0, len(ARTICLES) - 1),
            st.sampled_from(["", "港务局另外宣布，渡轮本周停航。"]),
        ),
        st.tuples(st.just("remove"), st.sampled_from(PLACES)),
        st.tuples(st.just("move"), st.sampled_from(PLACES), st.sampled_from(PLACES)),
        st.tuples(st.just("empty"), st.sampled_from(PLACES)),
        st.tuples(st.just("update")),
    ),
    max_size=12,
)


@pytest.mark.slow
@given(steps=STEPS, dead_share=st.sampled_from([0.0, 0.5, 1.0]))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_sequence_of_updates_ends_where_a_build_ends(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, ...]], dead_share: float
) -> None:
    archive = Archive(tmp_path_factory.mktemp("steps"))
    archive.dead_share = dead_share
    for number in range(4):
        archive.write(f"stay/{NAMES[number]}", number)
    archive.build()
    for step in (*steps, ("update",)):
        carry_out(archive, step)
    same(archive, archive.built_anew())
    shutil.rmtree(archive.files.parent)


def carry_out(archive: Archive, step: Sequence[object]) -> None:
    match step:
        case ("write", str(place), int(number), str(extra)):
            archive.write(place, number, extra)
        case ("remove", str(place)):
            (archive.files / place).unlink(missing_ok=True)
        case ("move", str(place), str(target)):
            if (archive.files / place).exists():
                (archive.files / target).parent.mkdir(exist_ok=True)
                (archive.files / place).replace(archive.files / target)
        case ("empty", str(place)):
            archive.put(place, "")
        case _:
            archive.update()


def test_a_build_that_was_interrupted_goes_on(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "ENCODED_AT_ONCE", 3)
    counting = Interrupted(calls=2)
    archive.encoder = counting
    before = current(archive.index_dir)
    with pytest.raises(KeyboardInterrupt):
        archive.build()
    assert current(archive.index_dir) == before
    assert len(counting.encoded) == 2 * 3
    counting.calls = 1000
    archive.build()
    passages = read_manifest(current(archive.index_dir)).passages
    assert len(counting.encoded) == len(set(counting.encoded)) < passages
    assert not list(archive.index_dir.glob("vectors-*"))
    same(archive, archive.built_anew())


class Interrupted(Counting):
    def __init__(self, calls: int) -> None:
        super().__init__()
        self.calls = calls

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        if not self.calls:
            raise KeyboardInterrupt
        self.calls -= 1
        return super().encode(texts, role)


def test_a_folder_that_cannot_be_listed_empties_no_index(archive: Archive) -> None:
    archive.write("two/bees.md", NAMES.index("bees.md"))
    archive.update()
    (archive.files / "two").rename(archive.files / "hidden")
    (archive.files / "two").symlink_to("two")  # a link to itself, which root cannot list either
    shutil.move(archive.files / "hidden", archive.files.parent / "hidden")
    with pytest.raises(SourcesMissing, match=r"two held 1 articles"):
        archive.update()


def test_a_file_that_stays_unreadable_is_no_change(archive: Archive) -> None:
    archive.put("one/large.md", "a" * 100_001)
    (archive.files / "one/loop.md").symlink_to("loop.md")
    assert archive.update() == Changes(added=2)
    assert read_manifest(current(archive.index_dir)).skipped == {
        "empty file": 1, "too large": 1, "directory loop": 1,
    }  # fmt: skip
    assert archive.update() is None
    archive.put("one/large.md", "a" * 99_999)
    assert archive.update() == Changes(changed=1)
