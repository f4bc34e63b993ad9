from pathlib import Path

import numpy as np
import pytest

from index.articles.files import Reading
from index.building import writer
from index.building.events import Event, Finishing, Written
from index.building.options import Options
from index.building.prepare import prepare
from index.building.write import build
from index.building.writer import ArchiveWriter
from index.errors import IndexMissing, NothingToIndex
from index.generations.folders import current
from index.generations.manifest import read_manifest
from index.generations.opened import Generation, open_generation
from index.parts.filters import NO_DAY
from index.text.tokens import tokens
from index.types import FileReport, StoredPassage
from tests.archive import ARTICLES, LIGHTHOUSE, TARGET_CHARS, article, build_index, models, table

SKIPPED = (
    FileReport("empty.md", "empty file"),
    FileReport("broken.md", "broken front matter", "expected a mapping", line=3),
    FileReport("void.md", "empty file"),
)
RARE = {  # a word that no other passage holds -> the path of its article
    "裂缝": "harbour-early.md",
    "悲观": "harbour-late.md",
    "посёлка": "bees.md",
    "aluminium": "observatory.md",
}


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    folder = tmp_path_factory.mktemp("index")
    with pytest.MonkeyPatch.context() as patch:
        # Fewer than there are passages, so that rows of several rounds of encoding must line up.
        patch.setattr(writer, "ENCODED_AT_ONCE", 4)
        build_index(folder, (*SKIPPED[:1], *ARTICLES[:3], *SKIPPED[1:], *ARTICLES[3:]))
    return open_generation(folder, models())


def test_every_part_has_every_passage_in_the_same_row(generation: Generation) -> None:
    row = 0
    for number, source in enumerate(ARTICLES):
        text = generation.store.article_text(number)
        assert text == source.text
        (expected,) = prepare([source], table(), target_chars=TARGET_CHARS)
        stored = generation.store.passages_of(number)
        assert [one.passage for one in stored] == list(expected.passages)
        for one in stored:
            assert one.row == row
            assert one.article.card == source.card
            assert text[one.passage.start : one.passage.end] == one.passage.text
            assert generation.columns.articles[row] == number
            row += 1
    assert row == generation.manifest.passages > 4 * 2
    assert generation.manifest.articles == len(ARTICLES)


def test_a_rows_vector_is_the_encoding_of_its_text(generation: Generation) -> None:
    rows = np.arange(generation.manifest.passages)
    texts = [stored.passage.text for stored in generation.store.passages(rows.tolist())]
    expected = models().encoder.encode(texts)
    # Stored in half precision: 11 bits of each value, none of them above 1.
    assert np.abs(generation.dense.vectors(rows) - expected).max() < 2**-11
    assert len(np.unique(expected.round(3), axis=0)) >= len(rows) - 3  # copies are alike


def test_a_rows_tokens_are_those_of_its_text(generation: Generation) -> None:
    for row in range(generation.manifest.passages):
        (stored,) = generation.store.passages([row])
        (ids,) = table().ids([stored.passage.text])
        assert generation.lists[row].tolist() == sorted(set(ids.tolist()))


@pytest.mark.parametrize(("word", "path"), RARE.items())
def test_a_rare_word_finds_its_row(generation: Generation, word: str, path: str) -> None:
    lexical = generation.passage_words
    rows, _ = lexical.search(lexical.weights(tokens(word)), 1)
    (stored,) = generation.store.passages(rows.tolist())
    assert word in stored.passage.text
    assert stored.article.card.path == path


def test_the_words_of_each_passage_find_it_among_the_first(generation: Generation) -> None:
    lexical = generation.passage_words
    for row in range(generation.manifest.passages):
        (stored,) = generation.store.passages([row])
        best, _ = lexical.search(lexical.weights(tokens(stored.passage.text)), 3)
        texts = [found.passage.text for found in generation.store.passages(best.tolist())]
        assert stored.passage.text in texts


def test_columns_hold_what_filters_need(generation: Generation) -> None:
    columns = generation.columns
    for row, stored in enumerate(generation.store.passages(range(len(columns.days)))):
        source, date = stored.article.card.source, stored.article.card.date
        assert columns.sources[row] == (generation.store.sources[source] if source else 0)
        days = (date.date().toordinal() - 719163) if date else NO_DAY  # 1970-01-01's ordinal
        assert columns.days[row] == days
    scripts = {stored.article.card.path: columns.scripts[stored.row] for stored in _all(generation)}
    assert scripts["harbour-late.md"] == 0
    assert scripts["observatory.md"] == 1
    assert scripts["bees.md"] == 2


def test_near_copies_are_grouped(generation: Generation) -> None:
    of_report = [s.row for s in _all(generation) if s.article.card.path.startswith("lighthouse")]
    groups = generation.columns.copies
    assert len(of_report) == len(LIGHTHOUSE)
    assert {int(groups[row]) for row in of_report} == {of_report[0]}
    others = [row for row in range(len(groups)) if row not in of_report]
    assert groups[others].tolist() == others


def test_skipped_files_are_recorded_and_counted(generation: Generation) -> None:
    assert generation.manifest.skipped == {"empty file": 2, "broken front matter": 1}
    assert sorted(map(str, generation.store.skipped())) == [
        "broken.md:3: broken front matter: expected a mapping",
        "empty.md: empty file",
        "void.md: empty file",
    ]


def test_words_that_cannot_be_written_are_an_error(tmp_path: Path) -> None:
    """Though they are written beside the rest, in a thread of their own."""
    writer = ArchiveWriter(tmp_path, models())
    for item in prepare(ARTICLES[:2], table(), target_chars=TARGET_CHARS):
        writer.add(item)
    (tmp_path / "passage_words" / "keys.npy").mkdir()
    with pytest.raises(OSError, match=r"keys\.npy"):
        writer.finish()


def test_events_count_articles_and_passages_so_far(tmp_path: Path) -> None:
    said: list[Event] = []
    prepared = list(prepare(ARTICLES[:2], table(), target_chars=TARGET_CHARS))
    options = Options(Reading(max_bytes=1), TARGET_CHARS, keep=1, dead_share=0.2)
    build([*prepared, SKIPPED[0]], tmp_path, models(), options, paths=[], say=said.append)
    first, second = (len(one.passages) for one in prepared)
    assert said == [
        Written(1, first),
        Written(2, first + second),
        Written(2, first + second),
        Finishing(),
    ]


def test_the_manifest_tells_what_the_index_was_built_with(generation: Generation) -> None:
    manifest = read_manifest(generation.folder)
    assert manifest.encoder == models().encoder.info
    assert manifest.table == table().revision
    assert manifest.target_chars == TARGET_CHARS
    assert manifest.paths == (str(Path("archive").absolute()),)


def test_a_text_without_a_known_token_is_found_by_its_words(tmp_path: Path) -> None:
    unknown = "\U0001e900\U0001e901\U0001e902"  # Adlam letters, which the table does not hold
    build_index(tmp_path, [article("known.md", "A ship."), article("unknown.md", unknown)])
    opened = open_generation(tmp_path, models())
    assert not opened.dense.vectors(np.array([1])).any()
    assert len(opened.lists[1]) == 0
    rows, _ = opened.passage_words.search(opened.passage_words.weights(tokens(unknown)), 2)
    assert rows.tolist() == [1]


def test_an_archive_without_articles_is_an_index_without_passages(tmp_path: Path) -> None:
    assert build_index(tmp_path, []).passages == 0
    opened = open_generation(tmp_path, models())
    assert (len(opened.dense), len(opened.passage_words), len(opened.lists)) == (0, 0, 0)
    assert opened.folder == current(tmp_path)


def test_files_of_which_none_is_an_article_are_no_archive(tmp_path: Path) -> None:
    with pytest.raises(NothingToIndex, match="found no article in archive"):
        build_index(tmp_path, SKIPPED)
    with pytest.raises(IndexMissing):
        current(tmp_path)


def _all(generation: Generation) -> list[StoredPassage]:
    return generation.store.passages(range(generation.manifest.passages))


def test_builds_within_one_second_keep_the_newest(tmp_path: Path) -> None:
    for n in range(12):
        build_index(tmp_path, [article(f"{n}.md", f"Ship {n}.")], keep=1)
        opened = open_generation(tmp_path, models())
        assert opened.store.article_text(0) == f"Ship {n}."
