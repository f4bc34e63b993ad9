"""Names that every file system takes; files that are whole or not there."""

import os
from pathlib import Path

import pytest

from index.inbox import harmless_name, harmless_stem, inbox_folder, replace, save_new
from tests.full_disk import files_of_at_most


def test_which_folder_is_the_inbox() -> None:
    assert inbox_folder([Path("a"), Path("b")], "") == Path("a/inbox")
    assert inbox_folder([Path("a")], "c/d") == Path("c/d")
    assert inbox_folder([Path("a")], "~/d") == Path.home() / "d"


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("2024-03-05-渡轮复航：第一天", "2024-03-05-渡轮复航_第一天"),
        ("../../etc/passwd", "_.._etc_passwd"),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        ("a\0b\nc\x1b[31m", "a_b_c_[31m"),
        ('<>:"/\\|?*', "_"),
        ("con", "_con"),
        ("Aux.x", "_Aux.x"),
        ("contract", "contract"),
        ("e\u0301t\u00e9", "\u00e9t\u00e9"),
        ("...", "article"),
        ("", "article"),
        ("a. ", "a"),
    ],
)
def test_harmless_stems(text: str, stem: str) -> None:
    assert harmless_stem(text) == stem


def test_names_fit_in_255_bytes() -> None:
    for text in ("渡" * 300, "a" * 300, "é" * 300):
        stem = harmless_stem(text)
        assert 60 < len(stem) <= 100
        assert len(f"{stem} 99999.md".encode()) < 255
        assert text.startswith(stem)


def test_harmless_names_keep_their_suffix() -> None:
    assert harmless_name("a\\..\\b/News.MD") == "News.md"
    assert harmless_name("渡" * 300 + ".html").endswith("渡.html")


def test_a_taken_name_gets_a_number_and_the_same_content_none(tmp_path: Path) -> None:
    inbox = tmp_path / "archive" / "inbox"
    assert save_new(inbox, "a.md", b"1") == "a.md"
    assert save_new(inbox, "a.md", b"2") == "a 2.md"
    assert save_new(inbox, "a.md", b"2") == "a 2.md"
    assert save_new(inbox, "a.md", b"3") == "a 3.md"
    assert save_new(inbox, "a.md", b"1") == "a.md"
    assert {path.name: path.read_bytes() for path in inbox.iterdir()} == {
        "a.md": b"1",
        "a 2.md": b"2",
        "a 3.md": b"3",
    }
    before = os.umask(0)
    os.umask(before)
    assert (inbox / "a.md").stat().st_mode & 0o777 == 0o666 & ~before


def test_nothing_is_written_through_links(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.md").symlink_to(elsewhere)
    (inbox / "b.md").mkdir()
    assert save_new(inbox, "a.md", b"1") == "a 2.md"
    assert save_new(inbox, "b.md", b"1") == "b 2.md"
    replace(inbox / "a.md", b"2")
    assert not elsewhere.exists()
    assert (inbox / "a.md").read_bytes() == b"2"


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert [save_new(tmp_path, "a.md", text) for text in (b"1", b"2", b"1")] == [
        "a.md",
        "a 2.md",
        "a.md",
    ]
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"1", b"2"}


def test_a_full_disk_leaves_the_old_and_nothing_else(tmp_path: Path) -> None:
    save_new(tmp_path, "a.md", b"old")
    with files_of_at_most(1000):
        with pytest.raises(OSError, match="File too large"):
            save_new(tmp_path, "b.md", b"x" * 5000)
        with pytest.raises(OSError, match="File too large"):
            replace(tmp_path / "a.md", b"x" * 5000)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]
