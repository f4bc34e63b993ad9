from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.articles.files import read_article
from index.articles.finding import find_files
from index.building.verify import Checked, verify, verify_passages
from index.errors import IndexDamaged
from index.generations.folders import current
from index.parts.database import Store
from tests.archive import build_index

MAX_BYTES = 1_000_000
HEAD = "---\ntitle: {title}\ndate: 2022-05-06 08:30:00 +0800\n---\n\n"
FILES = {
    "bridge.md": HEAD.format(title="大桥通车")
    + "奥尔姆大桥星期一通车，市长剪彩，一千二百名居民步行走过桥面，孩子们在桥上放飞了纸船。\n\n"
    + "工程历时四年，费用比预算少了一成，省下的钱将用来修复老码头的石阶和两座灯标。\n\n"
    + "下一座桥的设计方案将在明年春天公布，市议会还没有决定它的位置，居民可以写信提出建议。\n",
    "mirror.md": HEAD.format(title="A mirror")
    + "The mirror of the observatory will travel by barge to a workshop in Olm.\n",
    "title.md": HEAD.format(title="Паром") + "<div></div>\n",
    "лес.md": HEAD.format(title="Лес")
    + "Лесничий Гордей Лунин посадил тысячу сосен на берегу озера.\n",
}


@dataclass(frozen=True)
class Archive:
    folder: Path
    store: Store

    def __getitem__(self, name: str) -> Path:
        return self.folder / name

    def changed(self, *, max_bytes: int = MAX_BYTES) -> dict[str, tuple[str, ...]]:
        """Return the problems by file name, of files that have any."""
        checked = list(verify(self.store, max_bytes=max_bytes))
        assert [Path(one.path).name for one in checked] == sorted(FILES)
        return {Path(one.path).name: one.problems for one in checked if one.problems}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    folder = tmp_path / "archive"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    files = [path for path in find_files([folder]) if isinstance(path, Path)]
    build_index(tmp_path / "index", (read_article(path, max_bytes=MAX_BYTES) for path in files))
    store = Store(current(tmp_path / "index"))
    yield Archive(folder, store)
    store.close()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def rows(archive: Archive, name: str) -> list[int]:
    number = sorted(FILES).index(name)
    return [stored.row for stored in archive.store.passages_of(number)]


def test_untouched_files_are_as_they_were_indexed(archive: Archive) -> None:
    assert archive.changed() == {}
    passages = [checked.passages for checked in verify(archive.store, max_bytes=MAX_BYTES)]
    assert passages == [len(rows(archive, name)) for name in sorted(FILES)]
    assert len(rows(archive, "bridge.md")) > 1


def test_a_changed_character_is_shown(archive: Archive) -> None:
    edit(archive["mirror.md"], "workshop in Olm", "workshop in Elm")
    ((name, (digest, passage)),) = archive.changed().items()
    assert name == "mirror.md"
    assert digest.startswith("the file has changed: SHA-256 was ")
    (row,) = rows(archive, "mirror.md")
    assert passage.startswith(f"passage {row}, characters 0 to 72: the index has 'The mirror")
    assert "the file 'The mirror" in passage


def test_only_the_passages_that_changed_are_named(archive: Archive) -> None:
    *others, last = rows(archive, "bridge.md")
    edit(archive["bridge.md"], "提出建议", "提出意见")
    (problems,) = archive.changed().values()
    assert [problem.split(",")[0] for problem in problems[1:]] == [f"passage {last}"]
    assert others


def test_what_moved_is_told_from_what_changed(archive: Archive) -> None:
    edit(archive["mirror.md"], "The mirror of", "Voss said so. The mirror of")
    ((_, passage),) = archive.changed().values()
    assert passage.endswith("(it stands elsewhere in the article now)")
    edit(archive["mirror.md"], "workshop", "hangar")
    ((_, passage),) = archive.changed().values()
    assert "elsewhere" not in passage


def test_a_change_outside_the_text_changes_the_digest_alone(archive: Archive) -> None:
    edit(archive["mirror.md"], "title: A mirror", "title: The mirror")
    (problems,) = archive.changed().values()
    assert len(problems) == 1
    assert "SHA-256" in problems[0]


def test_the_title_of_what_has_no_text_is_compared(archive: Archive) -> None:
    edit(archive["title.md"], "title: Паром\n", "title: Пароход\n")
    ((digest, title),) = archive.changed().values()
    assert "SHA-256" in digest
    assert title == "title only: the index has 'Паром', the file 'Пароход'"


def test_a_text_where_there_was_a_title_only_is_said(archive: Archive) -> None:
    edit(archive["title.md"], "<div></div>", "Паром ушёл.")
    ((_, problem),) = archive.changed().values()
    assert problem == "the index has the title only, the file has a text"


def test_long_differences_are_cut_short(archive: Archive) -> None:
    edit(archive["mirror.md"], "The mirror of", "x" * 5000 + " mirror of")
    ((_, passage),) = archive.changed().values()
    indexed = "The mirror of the observatory will travel by barge to a wor…"
    assert f"the index has {indexed!r}, the file '{'x' * 59}…'" in passage


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_that_vanished_is_named(archive: Archive, name: str) -> None:
    archive[name].unlink()
    assert archive.changed() == {name: ("not found: No such file or directory",)}


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"", "empty file"), (b"---\n[]\n---\nx", "front matter"), (b"\0\0\0\0\xff\xfe\xff", "")],
)
def test_a_file_that_is_no_article_any_more_is_named(
    archive: Archive, content: bytes, problem: str
) -> None:
    archive["лес.md"].write_bytes(content)
    ((name, problems),) = archive.changed().items()
    assert name == "лес.md"
    assert problem in problems[0]


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.97])
def test_a_truncated_file_is_named(archive: Archive, kept: float) -> None:
    path = archive["bridge.md"]
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)].decode(errors="ignore").encode())
    assert list(archive.changed()) == ["bridge.md"]


def test_a_file_that_has_grown_too_large_is_named(archive: Archive) -> None:
    limit = max(path.stat().st_size for path in archive.folder.iterdir())
    assert archive.changed(max_bytes=limit) == {}
    with archive["лес.md"].open("a") as file:
        file.write("\n" * limit)
    ((name, (problem,)),) = archive.changed(max_bytes=limit).items()
    assert (name, problem.split(":")[0]) == ("лес.md", "too large")


def test_every_file_that_changed_is_named(archive: Archive) -> None:
    archive["mirror.md"].unlink()
    edit(archive["лес.md"], "тысячу", "сотню")
    assert list(archive.changed()) == ["mirror.md", "лес.md"]


def test_single_passages_are_checked_with_their_files_only(archive: Archive) -> None:
    edit(archive["bridge.md"], "提出建议", "提出意见")
    archive["mirror.md"].unlink()
    first, *_, last = rows(archive, "bridge.md")
    (forest,) = rows(archive, "лес.md")

    def check(*wanted: int) -> list[Checked]:
        return list(verify_passages(archive.store, wanted, max_bytes=MAX_BYTES))

    (untouched,) = check(forest)
    assert (untouched.passages, untouched.problems) == (1, ())
    (same_file,) = check(first)
    assert (same_file.passages, len(same_file.problems)) == (1, 1)  # the digest
    (both,) = check(last, first)
    assert (both.passages, len(both.problems)) == (2, 2)  # the digest and the passage
    assert [Path(one.path).name for one in check(forest, first, last)] == ["bridge.md", "лес.md"]


def test_a_passage_that_is_not_in_the_index_is_an_error(archive: Archive) -> None:
    with pytest.raises(IndexDamaged, match="passage 999"):
        list(verify_passages(archive.store, [999], max_bytes=MAX_BYTES))
