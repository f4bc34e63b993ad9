import os
import time
from hashlib import sha256
from pathlib import Path

import pytest

from index.building.inventory import INVENTORY, Found, Inventory, find
from index.types import FileReport

LONG_AGO = 1_600_000_000
LIMIT = 1000


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for name in ("a.md", "b.md"):
        (folder / name).write_text(name)
        os.utime(folder / name, (LONG_AGO, LONG_AGO))
    return folder


def found(*paths: Path) -> list[Found]:
    return [item for item in find(paths) if isinstance(item, Found)]


def remember(index_dir: Path, files: list[Found]) -> None:
    inventory = Inventory(index_dir)
    inventory.save((file, inventory.digest(file, max_bytes=LIMIT)) for file in files)


def test_a_digest_is_that_of_the_bytes(archive: Path, tmp_path: Path) -> None:
    a, _ = found(archive)
    assert Inventory(tmp_path).digest(a, max_bytes=LIMIT) == sha256(b"a.md").hexdigest()


def test_a_file_with_the_same_size_and_time_is_not_read_again(
    archive: Path, tmp_path: Path
) -> None:
    remember(tmp_path, found(archive))
    digest = sha256(b"a.md").hexdigest()
    path = archive / "a.md"
    path.write_text("x.md")
    os.utime(path, (LONG_AGO, LONG_AGO))
    (a, _) = found(archive)
    assert Inventory(tmp_path).digest(a, max_bytes=LIMIT) == digest
    os.utime(path, (LONG_AGO, LONG_AGO + 1))  # another time
    (a, _) = found(archive)
    assert Inventory(tmp_path).digest(a, max_bytes=LIMIT) == sha256(b"x.md").hexdigest()
    path.write_text("longer.md")
    os.utime(path, (LONG_AGO, LONG_AGO))  # another size
    (a, _) = found(archive)
    assert Inventory(tmp_path).digest(a, max_bytes=LIMIT) == sha256(b"longer.md").hexdigest()


def test_the_time_of_a_file_that_was_just_written_is_not_trusted(
    archive: Path, tmp_path: Path
) -> None:
    soon = time.time() + 3600  # so that it is new to however slow a machine
    os.utime(archive / "a.md", (soon, soon))
    remember(tmp_path, found(archive))
    assert len(Inventory(tmp_path)) == 1


def test_files_that_have_gone_are_forgotten(archive: Path, tmp_path: Path) -> None:
    remember(tmp_path, found(archive))
    assert len(Inventory(tmp_path)) == 2
    remember(tmp_path, found(archive / "b.md"))
    assert len(Inventory(tmp_path)) == 1


def test_what_cannot_be_read_has_no_digest(archive: Path, tmp_path: Path) -> None:
    inventory = Inventory(tmp_path)
    (a, b) = found(archive)
    (archive / "a.md").unlink()
    assert inventory.digest(a, max_bytes=LIMIT) is None
    assert inventory.digest(b, max_bytes=3) is None
    os.mkfifo(archive / "pipe.md")
    (_, pipe) = found(archive)
    assert inventory.digest(pipe, max_bytes=LIMIT) is None


def test_a_file_that_changes_after_it_was_found_is_seen(archive: Path) -> None:
    (a, _) = found(archive)
    assert a.is_unchanged()
    os.utime(archive / "a.md", (LONG_AGO, LONG_AGO + 1))
    assert not a.is_unchanged()


def test_what_is_no_file_passes_through(tmp_path: Path) -> None:
    (missing,) = find([tmp_path / "missing"])
    assert isinstance(missing, FileReport)
    assert missing.reason == "not found"


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00 but not really" * 100])
def test_a_damaged_inventory_costs_no_more_than_time(
    archive: Path, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / INVENTORY).write_bytes(content)
    inventory = Inventory(tmp_path)
    assert len(inventory) == 0
    remember(tmp_path, found(archive))
    assert len(Inventory(tmp_path)) == 2


def test_an_inventory_that_cannot_be_written_is_no_error(
    archive: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    inventory = Inventory(tmp_path / "gone")
    inventory.save((file, "0") for file in found(archive))
    assert "files will be hashed again" in caplog.text
