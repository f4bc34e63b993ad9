"""What is to be done with each file of an archive."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from index.building.inventory import Found, Inventory, find
from index.building.plan import Changes, Plan, Step, check_there, plan_build, plan_update
from index.building.writer import Kept
from index.errors import SourcesMissing
from index.types import Card, FileReport, StoredArticle

LONG_AGO = 1_600_000_000
LIMIT = 1000


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


class Files:
    """A folder of files, and a generation that was built of them.

    :ivar articles: what the generation holds.
    :ivar skipped: what it skipped.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "archive"
        self.inventory = Inventory(folder)
        self.articles: list[StoredArticle] = []
        self.skipped: list[FileReport] = []

    def put(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (LONG_AGO, LONG_AGO))
        return path

    def indexed(self, name: str, text: str) -> None:
        """Let the generation hold an article of this content."""
        card = Card(
            path=str(self.folder / name),
            sha256=digest(text),
            title=name,
            author=None,
            date=None,
            url=None,
            source=None,
            language="und",
        )
        self.articles.append(StoredArticle(len(self.articles), card))

    def plan(self) -> Plan:
        return plan_update(
            list(find([self.folder])),
            self.articles,
            self.skipped,
            self.inventory,
            max_bytes=LIMIT,
        )

    def steps(self) -> dict[str, Step]:
        """Return what is planned for each file, by its place in the folder."""
        plan = self.plan()
        return {str(Path(step.found.path).relative_to(self.folder)): step for step in plan.steps}


@pytest.fixture
def archive(tmp_path: Path) -> Files:
    """Three files as they were indexed."""
    files = Files(tmp_path)
    for name in ("a.md", "b.md", "c.md"):
        files.put(name, name)
        files.indexed(name, name)
    return files


def test_a_build_reads_every_file(archive: Files) -> None:
    found = [*find([archive.folder]), FileReport("gone.md", "not found")]
    plan = plan_build(found)
    assert [step.found for step in plan.steps] == found
    paths = [archive.folder / name for name in ("a.md", "b.md", "c.md")]
    assert [step.do for step in plan.steps] == [*paths, found[-1]]
    assert [step.digest for step in plan.steps] == [None] * 4
    assert (plan.dropped, plan.changes) == (frozenset(), None)


def test_what_is_as_it_was_is_kept_and_nothing_is_to_be_done(archive: Files) -> None:
    plan = archive.plan()
    assert [step.do for step in plan.steps] == [Kept(0), Kept(1), Kept(2)]
    assert [step.digest for step in plan.steps] == [digest(f"{name}.md") for name in "abc"]
    assert all(isinstance(step.found, Found) for step in plan.steps)
    assert (plan.dropped, plan.changes) == (frozenset(), None)


def test_new_changed_and_removed_files(archive: Files) -> None:
    changed = archive.put("a.md", "other")
    new = archive.put("d.md", "new")
    (archive.folder / "b.md").unlink()
    plan, steps = archive.plan(), archive.steps()
    assert {name: step.do for name, step in steps.items()} == {
        "a.md": changed,
        "c.md": Kept(2),
        "d.md": new,
    }
    assert steps["a.md"].digest == digest("other")
    assert plan.dropped == {0, 1}
    assert plan.changes == Changes(added=1, changed=1, removed=1)


def test_a_file_under_another_folder_has_moved(archive: Files) -> None:
    (archive.folder / "b.md").unlink()
    moved = archive.put("deep/b.md", "b.md")
    plan = archive.plan()
    assert archive.steps()["deep/b.md"].do == Kept(1, str(moved))
    assert plan.dropped == frozenset()
    assert plan.changes == Changes(moved=1)


def test_a_file_with_another_name_is_read_though_its_content_is_known(archive: Files) -> None:
    (archive.folder / "b.md").unlink()
    renamed = archive.put("z.md", "b.md")
    plan = archive.plan()
    assert archive.steps()["z.md"].do == renamed
    assert plan.dropped == {1}
    assert plan.changes == Changes(moved=1)


def test_each_of_several_copies_is_claimed_once(archive: Files) -> None:
    archive.indexed("one/a.md", "a.md")
    archive.put("two/a.md", "a.md")
    new = archive.put("three/a.md", "a.md")
    steps = archive.steps()
    assert steps["a.md"].do == Kept(0)
    assert [steps["three/a.md"].do, steps["two/a.md"].do] == [
        Kept(3, str(new)),
        archive.folder / "two/a.md",
    ]
    assert archive.plan().changes == Changes(added=1, moved=1)


def test_another_order_is_a_change_to_write_though_no_file_has_changed(archive: Files) -> None:
    archive.articles[0], archive.articles[1] = (
        StoredArticle(0, archive.articles[1].card),
        StoredArticle(1, archive.articles[0].card),
    )
    plan = archive.plan()
    assert [step.do for step in plan.steps] == [Kept(1), Kept(0), Kept(2)]
    assert plan.changes == Changes()


def test_a_skipped_file_stays_skipped_until_it_changes(archive: Files) -> None:
    path = archive.put("empty.md", "")
    report = FileReport(str(path), "empty file", sha256=digest(""))
    archive.skipped.append(report)
    assert archive.steps()["empty.md"] == Step(
        next(item for item in find([path])), report, digest("")
    )
    assert archive.plan().changes is None
    archive.put("empty.md", "not empty")
    assert archive.steps()["empty.md"].do == path
    assert archive.plan().changes == Changes(changed=1)


def test_what_cannot_be_read_says_so_at_once(archive: Files) -> None:
    path = archive.put("large.md", "x" * (LIMIT + 1))
    step = archive.steps()["large.md"]
    assert isinstance(step.do, FileReport)
    assert (step.do.path, step.do.reason, step.digest) == (str(path), "too large", None)
    assert archive.plan().changes == Changes(added=1)
    archive.skipped.append(step.do)
    assert archive.plan().changes is None


def test_what_is_no_file_passes_through(archive: Files) -> None:
    (archive.folder / "loop.md").symlink_to("loop.md")
    step = archive.steps()["loop.md"]
    assert isinstance(step.found, FileReport)
    assert step.do is step.found
    assert step.found.reason == "directory loop"


def test_changes_are_told_in_words() -> None:
    assert str(Changes(added=2, removed=1)) == "2 added, 1 removed"
    assert str(Changes(changed=3, moved=4)) == "3 changed, 4 moved"
    assert str(Changes()) == "nothing changed"


def test_a_folder_that_has_gone_with_its_articles_is_told(archive: Files, tmp_path: Path) -> None:
    paths = [archive.folder, tmp_path / "other"]
    found = list(find([archive.folder]))
    check_there(paths, found, archive.articles)
    check_there(paths, [], [])
    with pytest.raises(SourcesMissing, match=rf"{archive.folder} held 3 articles of the index"):
        check_there(paths, [], archive.articles)
    check_there([archive.folder], found[:1], archive.articles)


def test_a_folder_that_cannot_be_read_has_gone_too(archive: Files) -> None:
    archive.indexed("deep/d.md", "d.md")
    unread = FileReport(str(archive.folder / "deep"), "unreadable", "Permission denied")
    found = [*find([archive.folder]), unread]
    with pytest.raises(SourcesMissing, match=rf"{archive.folder}/deep held 1 articles"):
        check_there([archive.folder], found, archive.articles)
