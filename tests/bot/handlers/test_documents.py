"""Documents are believed nothing but their bytes."""

import io
import zipfile
from pathlib import Path

import pytest

from bot.handlers import documents
from bot.handlers.documents import DocumentRefused, store, unpack


def archive(*members: tuple[str, bytes], symlink: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
        if symlink:
            link = zipfile.ZipInfo(symlink)
            link.external_attr = 0o120777 << 16
            packed.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def test_single_files_and_archives() -> None:
    assert unpack("Bridge.MD", b"x") == {"Bridge.md": b"x"}
    packed = archive(("a/one.md", b"1"), ("two.html", b"2"), ("a/", b""), ("notes.txt", b"3"))
    assert unpack("all.zip", packed) == {"one.md": b"1", "two.html": b"2"}


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    packed = archive(
        ("../../evil.md", b"1"), ("/etc/evil.md", b"2"), ("a\\..\\..\\x.md", b"3"), ("..md", b"4")
    )
    names = store(tmp_path / "inbox", unpack("all.zip", packed))
    assert names == ["evil.md", "evil-1.md", "x.md", "article.md"]
    assert sorted(path.name for path in tmp_path.rglob("*.md")) == sorted(names)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a<b>:c.md", "a_b_c.md"),
        ("渡轮 停航.md", "渡轮 停航.md"),
        (".hidden.md", "hidden.md"),
        ("....md", "article.md"),
        ("x" * 300 + ".html", "x" * 100 + ".html"),
        ("a\nb\0.md", "a_b_.md"),
    ],
)
def test_names_are_made_harmless(name: str, shown: str) -> None:
    assert list(unpack(name, b"x")) == [shown]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("tool.exe", b"MZ", "expected .md, .html, .zip, found '.exe'"),
        ("none", b"x", "found ''"),
        ("bad.zip", b"PK no archive", "cannot be unpacked"),
        ("cut.zip", archive(("a.md", b"x" * 99))[:60], "cannot be unpacked"),
        ("empty.zip", archive(("a.txt", b"x")), "no .md or .html file"),
        ("link.zip", archive(symlink="a.md"), "no .md or .html file"),
    ],
    ids=lambda value: "content" if isinstance(value, bytes) else None,  # which may hold the time
)
def test_what_is_refused(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(DocumentRefused, match=reason):
        unpack(name, content)


def test_what_is_larger_than_it_looks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_UNPACKED", 1000)
    assert unpack("ok.zip", archive(("a.md", b"0" * 600), ("b.md", b"0" * 400)))
    with pytest.raises(DocumentRefused, match="larger than 1000 bytes"):
        unpack("bomb.zip", archive(("a.md", b"0" * 600), ("b.md", b"0" * 401)))
    monkeypatch.setattr(documents, "MOST_FILES", 1)
    with pytest.raises(DocumentRefused, match="holds 2 files, more than 1"):
        unpack("many.zip", archive(("a.md", b"0"), ("b.md", b"0")))


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    assert store(tmp_path, {"a.md": b"1"}) == ["a.md"]
    assert store(tmp_path, {"a.md": b"2"}) == ["a 2.md"]
    assert store(tmp_path, {"a.md": b"2"}) == ["a 2.md"]
    assert (tmp_path / "a.md").read_bytes() == b"1"
