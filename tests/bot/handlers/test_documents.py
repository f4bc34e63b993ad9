"""Documents are believed nothing but their bytes."""

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.handlers import documents
from bot.handlers.documents import Added, Document, DocumentRefused, added, unpacked
from index.articles.files import Reading
from index.building.events import Event, silent


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


def document(name: str, content: bytes, folder: Path) -> Document:
    """A document that was downloaded into a folder, with an inbox beside it."""
    (folder / "downloaded").write_bytes(content)
    return Document(
        folder / "downloaded", name, folder / "inbox", Reading(max_bytes=100, workers=1)
    )


def unpack(name: str, content: bytes) -> dict[str, bytes]:
    with TemporaryDirectory() as folder, TemporaryDirectory() as into:
        found = unpacked(document(name, content, Path(folder)), Path(into))
        return {path.name: path.read_bytes() for path in found}


def add(name: str, content: bytes, folder: Path, said: list[Event] | None = None) -> Added:
    return added(document(name, content, folder), silent if said is None else said.append)


def text(words: str) -> bytes:
    return f"---\ntitle: The title\n---\n\n{words}\n".encode()


def test_single_files_and_archives() -> None:
    assert unpack("Bridge.MD", b"x") == {"Bridge.md": b"x"}
    packed = archive(("a/one.md", b"1"), ("two.html", b"2"), ("a/", b""), ("notes.txt", b"3"))
    assert unpack("all.zip", packed) == {"one.md": b"1", "two.html": b"2"}


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    packed = archive(
        ("../../evil.md", text("One.")),
        ("/etc/evil.md", text("Two.")),
        ("a\\..\\..\\x.md", text("Three.")),
        ("..md", text("Four.")),
    )
    names = add("all.zip", packed, tmp_path).names
    assert names == ("evil.md", "evil-1.md", "x.md", "article.md")
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
    monkeypatch.setattr(documents, "MOST_UNPACKED", 10_000)
    monkeypatch.setattr(documents, "MOST_FILES", 1)
    with pytest.raises(DocumentRefused, match="holds 2 files, more than 1"):
        unpack("many.zip", archive(("a.md", b"0"), ("b.md", b"0")))


def test_an_archive_of_very_many_entries_is_not_looked_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "MOST_MEMBERS", 2)
    with pytest.raises(DocumentRefused, match="has 3 entries, more than 2"):
        unpack("many.zip", archive(("a.md", b"0"), ("b.txt", b"0"), ("c.txt", b"0")))


def test_one_bad_file_does_not_keep_the_others_out(tmp_path: Path) -> None:
    said: list[Event] = []
    packed = archive(("a.md", b"One."), ("b.md", b""), ("c.md", b"x" * 101), ("d.md", b"Two."))
    found = add("all.zip", packed, tmp_path, said)
    assert found.names == ("a.md", "d.md")
    assert [reason.partition(":")[0] for reason in found.left_out] == ["b.md", "c.md"]
    assert "empty file" in found.left_out[0]
    assert "too large" in found.left_out[1]
    assert [str(event) for event in said] == ["1/4", "2/4", "3/4", "4/4"]


def test_a_document_without_an_article_adds_nothing(tmp_path: Path) -> None:
    with pytest.raises(DocumentRefused, match=r"a\.md: empty file"):
        add("a.md", b"", tmp_path)
    assert not (tmp_path / "inbox").exists()


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    assert add("a.md", text("One."), tmp_path).names == ("a.md",)
    assert add("a.md", text("Two."), tmp_path).names == ("a 2.md",)
    assert add("a.md", text("Two."), tmp_path).names == ("a 2.md",)
    assert (tmp_path / "inbox" / "a.md").read_bytes() == text("One.")
