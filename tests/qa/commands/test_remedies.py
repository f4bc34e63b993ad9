"""An error at the command line ends with what to do next."""

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import (
    ArchiveIndexError,
    EncoderMismatch,
    EngineUnavailable,
    FilesDamaged,
    ImportFailed,
    InboxError,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexNotWritten,
    IndexOutdated,
    IndexUnfinished,
    NewsquoteError,
    NoServer,
    NothingToIndex,
    PartMissing,
    SourcesMissing,
)
from index.generations.folders import current
from index.generations.lock import write_lock
from index.generations.manifest import MANIFEST, load_manifest
from qa.cli import build_parser
from qa.commands.remedies import REMEDIES, with_remedy
from tests.conftest import newsquote
from tests.milvus_rest import Bucket, importing
from tests.program import call

ASK = ("ask", "When does the ferry sail?")
Args = tuple[str, ...]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to call the program in, with an article and its index."""
    (tmp_path / "archive").mkdir()
    (tmp_path / "index-data").mkdir()
    (tmp_path / "archive" / "ferry.md").write_text("# Ferry\n\nThe ferry sails on Monday.\n")
    assert call("index", "build", cwd=tmp_path).status == 0
    return tmp_path


def missing(folder: Path, _: ExitStack) -> Args:
    shutil.rmtree(folder / "index-data")
    (folder / "index-data").mkdir()
    return ASK


def unfinished(folder: Path, _: ExitStack) -> Args:
    (folder / "index-data" / "CURRENT").unlink()
    return ASK


def damaged(folder: Path, _: ExitStack) -> Args:
    (current(folder / "index-data") / "days.npy").write_bytes(b"")
    return ASK


def outdated(folder: Path, _: ExitStack) -> Args:
    path = current(folder / "index-data") / MANIFEST
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'("schema_version": )\d+', r"\g<1>1", text), encoding="utf-8")
    return ASK


def mismatch(folder: Path, _: ExitStack) -> Args:
    generation = current(folder / "index-data")
    manifest = load_manifest(generation)
    other = replace(manifest, encoder=replace(manifest.encoder, revision="another"))
    (generation / MANIFEST).write_text(other.to_json(), encoding="utf-8")
    return ASK


def locked(folder: Path, stack: ExitStack) -> Args:
    stack.enter_context(write_lock(folder / "index-data"))
    return "index", "build"


def not_written(_folder: Path, _: ExitStack) -> Args:
    return "index", "build", "--index", "archive/ferry.md/index-data"


def nothing(_folder: Path, _: ExitStack) -> Args:
    return "index", "build", "nowhere"


def sources_missing(folder: Path, _: ExitStack) -> Args:
    (folder / "archive").rename(folder / "away")
    return "index", "update"


def inbox(_folder: Path, _: ExitStack) -> Args:
    return "fetch", "http://127.0.0.1:9/feed", "--inbox", "archive/ferry.md/inbox"


def unavailable(folder: Path, _: ExitStack) -> Args:
    (folder / "newsquote.toml").write_text(
        '[index]\nengine = "milvus"\n[milvus]\nuri = "http://127.0.0.1:9"\ntimeout = 1\n'
    )
    return ASK


def part_missing(_folder: Path, _: ExitStack) -> Args:
    return "index", "join", "index-data", "nowhere"


def no_server(_folder: Path, _: ExitStack) -> Args:
    return "index", "build", "--bulk", "files"


def files_damaged(folder: Path, stack: ExitStack) -> Args:
    unavailable(folder, stack)
    return "index", "import", "nowhere"


def import_failed(folder: Path, stack: ExitStack) -> Args:
    (folder / "bucket").mkdir()
    uri = stack.enter_context(importing(folder / "milvus", Bucket(folder / "bucket")))
    (folder / "newsquote.toml").write_text(f'[index]\nengine = "milvus"\n[milvus]\nuri = "{uri}"\n')
    assert call("index", "build", "--bulk", "files", cwd=folder).status == 0
    return "index", "import", "files"


FAILING: dict[type[NewsquoteError], Callable[[Path, ExitStack], Args]] = {
    IndexMissing: missing,
    IndexUnfinished: unfinished,
    IndexDamaged: damaged,
    IndexOutdated: outdated,
    EncoderMismatch: mismatch,
    IndexLocked: locked,
    EngineUnavailable: unavailable,
    IndexNotWritten: not_written,
    NothingToIndex: nothing,
    PartMissing: part_missing,
    NoServer: no_server,
    FilesDamaged: files_damaged,
    ImportFailed: import_failed,
    SourcesMissing: sources_missing,
    InboxError: inbox,
}
"""How each error comes about: what makes a folder fail, and the call that then does."""


def below(kind: type[NewsquoteError]) -> Iterator[type[NewsquoteError]]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


def test_every_error_that_has_one_names_its_remedy() -> None:
    kinds = {*below(ArchiveIndexError), EncoderMismatch, InboxError}
    kinds = {kind for kind in kinds if kind.__module__ == ArchiveIndexError.__module__}
    assert kinds == set(REMEDIES) == set(FAILING)
    assert len(set(REMEDIES.values())) == len(kinds)
    for kind, remedy in REMEDIES.items():
        assert with_remedy(kind("it is so")) == f"it is so; {remedy}"


def test_an_error_of_a_kind_has_the_remedy_of_its_kind() -> None:
    class IndexDamagedByMice(IndexDamaged):
        pass

    assert with_remedy(IndexDamagedByMice("gnawed")) == f"gnawed; {REMEDIES[IndexDamaged]}"


@pytest.mark.parametrize("error", [NewsquoteError("odd"), ArchiveIndexError("odd"), OSError("odd")])
def test_no_remedy_is_made_up(error: Exception) -> None:
    assert with_remedy(error) == "odd"


@pytest.mark.parametrize("kind", FAILING)
def test_the_program_ends_its_message_with_the_remedy(
    folder: Path, kind: type[NewsquoteError]
) -> None:
    with ExitStack() as stack:
        args = FAILING[kind](folder, stack)
        done = call(*args, cwd=folder)
    assert (done.status, done.out) == (2, "")
    line = done.err.splitlines()[-1]
    assert line.startswith("newsquote: ")
    assert line.endswith(f"; {REMEDIES[kind]}")
    message = line.removeprefix("newsquote: ").removesuffix(f"; {REMEDIES[kind]}")
    assert message
    assert "newsquote" not in message  # what to do is said once


def test_the_real_program_says_the_same(folder: Path) -> None:
    args = damaged(folder, ExitStack())
    done = newsquote(*args, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == call(*args, cwd=folder).err
    assert "days.npy: missing or damaged" in done.stderr


def test_an_update_that_needs_a_build_says_so(folder: Path) -> None:
    (folder / "newsquote.toml").write_text("[passages]\ntarget_chars = 500\n")
    done = call("index", "update", cwd=folder)
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "newsquote: the index cannot be updated: passages.target_chars is 500, it was 300; "
        f"{REMEDIES[IndexOutdated]}\n"
    )


@pytest.mark.parametrize("remedy", REMEDIES.values())
def test_the_commands_that_it_names_are_there(remedy: str) -> None:
    for command in re.findall(r"'newsquote ([^']+)'", remedy):
        args = shlex.split(command)
        build_parser(args).parse_args(args)


def test_the_flags_that_it_names_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    """Flags that stand alone are meant for the command that has failed."""
    alone = {
        kind: re.findall(r"--\w+", re.sub("'[^']*'", "", remedy))
        for kind, remedy in REMEDIES.items()
    }
    failed = {
        InboxError: ["fetch"],
        IndexNotWritten: ["index", "build"],
        ImportFailed: ["index", "import"],
    }
    assert {kind for kind, flags in alone.items() if flags} == set(failed)
    for kind, command in failed.items():
        args = [*command, "--help"]
        with pytest.raises(SystemExit):
            build_parser(args).parse_args(args)
        shown = capsys.readouterr().out
        assert [flag for flag in alone[kind] if f"{flag} " not in shown] == []
