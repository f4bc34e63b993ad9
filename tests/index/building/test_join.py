"""Shares of an archive, built apart and made one index."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.building.events import silent
from index.building.inventory import find
from index.building.join import join
from index.building.shares import Share
from index.building.update import build_archive, update_archive
from index.encoders.models import Models
from index.encoders.opening import open_models
from index.encoders.protocol import EncoderChoice
from index.errors import ArchiveIndexError, EncoderMismatch, IndexDamaged, IndexOutdated
from index.generations.folders import current
from index.generations.manifest import load_manifest
from tests.archive import ARTICLES, table
from tests.engines.suite import OtherEncoder
from tests.index.building.test_update import TITLE_ONLY, Counting, same
from tests.index.building.test_update import Archive as Files
from tests.models import save_tiny_bert
from tests.program import call

SHARES = [Share(number, 3) for number in (1, 2, 3)]


@pytest.fixture
def whole(tmp_path: Path) -> Files:
    """Files in several folders, and the index of all of them."""
    files = Files(tmp_path / "whole")
    for number in range(len(ARTICLES)):
        files.write(f"{'abc'[number % 3]}/{number}.md", number)
        files.write(f"b/twin-{number}.md", number, extra="And a word more.")
    files.put("a/empty.md", "")
    files.put("c/title.md", TITLE_ONLY.format(title="The reef of Brell", day="2021-11-20"))
    files.build()
    return files


def build_share(files: Files, folder: Path, share: Share) -> None:
    options = replace(files._options, share=share)
    build_archive([files.files], folder, files.models, options, silent)


def parts_of(files: Files) -> list[Path]:
    """Build the shares of the files."""
    folders = []
    for share in SHARES:
        folders.append(files.index_dir.parent / f"part-{share.number}")
        build_share(files, folders[-1], share)
    return folders


def joined(files: Files, parts: Sequence[Path]) -> Files:
    """Return the same files with an index that was joined."""
    made = Files(files.index_dir.parent / "joined")
    made.files, made.encoder = files.files, files.encoder
    join(parts, made.index_dir, made.models, made._options, silent)
    return made


def test_shares_hold_every_file_once_wherever_they_are_mounted(
    whole: Files, tmp_path: Path
) -> None:
    everything = list(find([whole.files]))
    moved = tmp_path / "elsewhere"
    whole.files.rename(moved)
    shares = [
        [str(Path(item.path).relative_to(moved)) for item in share.among(find([moved]), [moved])]
        for share in SHARES
    ]
    assert sorted(name for share in shares for name in share) == sorted(
        str(Path(item.path).relative_to(whole.files)) for item in everything
    )
    assert all(shares)
    moved.rename(whole.files)
    for share, names in zip(SHARES, shares, strict=True):
        found = share.among(find([whole.files]), [whole.files])
        assert [str(Path(item.path).relative_to(whole.files)) for item in found] == names


def test_the_joined_index_is_that_of_all_the_files(whole: Files) -> None:
    parts = parts_of(whole)
    assert [len(load_manifest(current(part)).files) > 0 for part in parts] == [True] * 3
    made = joined(whole, parts)
    same(made, whole)
    one, other = load_manifest(current(made.index_dir)), load_manifest(current(whole.index_dir))
    assert replace(one, files={}, created="") == replace(other, files={}, created="")


def test_a_joined_index_is_updated_like_any_other(whole: Files) -> None:
    made = joined(whole, parts_of(whole))
    made.write("b/new.md", 1, extra="This is new.")
    changes = made.update()
    assert changes is not None
    assert (changes.added, changes.changed, changes.removed) == (1, 0, 0)
    whole.update()
    same(made, whole)


def test_an_update_of_a_part_keeps_to_its_share(whole: Files) -> None:
    parts = parts_of(whole)
    for number in range(len(ARTICLES)):
        whole.write(f"a/more-{number}.md", number, extra=f"More of it: {number}.")
    for part in parts:
        update_archive(part, whole.models, whole._options, silent)
    whole.update()
    same(joined(whole, parts), whole)


@pytest.mark.slow
def test_nothing_is_encoded_again(whole: Files, tmp_path: Path) -> None:
    library = pytest.importorskip("sentence_transformers")
    save_tiny_bert(tmp_path / "plain", "BertModel")
    library.SentenceTransformer(str(tmp_path / "plain"), device="cpu").save(str(tmp_path / "tiny"))
    choice = EncoderChoice(str(tmp_path / "tiny"), device="cpu")
    whole.encoder = counting = Counting(open_models(choice).encoder)
    parts = parts_of(whole)
    assert counting.encoded
    counting.encoded.clear()
    made = joined(whole, parts)
    assert counting.encoded == []
    opened = made.open()
    assert opened.dense.vectors(np.arange(opened.manifest.passages)).any(axis=1).all()
    opened.close()


def test_parts_that_are_not_all_of_an_archive_are_refused(whole: Files) -> None:
    parts = parts_of(whole)
    with pytest.raises(ArchiveIndexError, match="expected the shares 1/3, 2/3, 3/3, each once"):
        joined(whole, parts[:2])
    with pytest.raises(ArchiveIndexError, match="found 1/3, 2/3, 3/3, 3/3"):
        joined(whole, [*parts, parts[2]])
    with pytest.raises(ArchiveIndexError, match=r"index was not$"):
        joined(whole, [*parts[:2], whole.index_dir])


def test_parts_that_do_not_fit_are_refused(whole: Files) -> None:
    parts = parts_of(whole)
    whole.target_chars = 300
    build_share(whole, parts[1], SHARES[1])
    with pytest.raises(
        IndexOutdated, match="part-2: its passages' length: expected 100, found 300"
    ):
        joined(whole, parts)
    whole.target_chars = 100
    build_share(whole, parts[1], SHARES[1])
    (current(parts[1]) / "days.npy").write_bytes(b"")
    with pytest.raises(IndexDamaged, match=r"days\.npy"):
        joined(whole, parts)
    with pytest.raises(EncoderMismatch):
        join(parts, whole.index_dir, Models(OtherEncoder(), table()), whole._options, silent)


def test_the_program_builds_shares_and_joins_them(whole: Files, tmp_path: Path) -> None:
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "index-data").mkdir()
    for share in SHARES:
        done = call(
            "index", "build", str(whole.files), "--share", str(share), "--index",
            f"part-{share.number}", cwd=folder,
        )  # fmt: skip
        assert done.status == 0, done.err
    done = call("index", "join", "part-1", "part-2", "part-3", cwd=folder)
    assert done.status == 0, done.err
    manifest = load_manifest(current(folder / "index-data"))
    assert manifest.articles == load_manifest(current(whole.index_dir)).articles
    refused = call("index", "build", "--share", "4/3", cwd=folder)
    assert refused.status == 2
    assert "expected a share such as 2/4, found '4/3'" in refused.err
