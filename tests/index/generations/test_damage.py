"""Every file of an index is damaged in every way: an error that names it, or a true answer."""

import json
import multiprocessing
import os
import pickle
import random
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from config.loading import load_settings
from index.errors import IndexDamaged, IndexOutdated
from index.generations.damage import check_whole, damaged_files, diagnosed
from index.generations.folders import current
from index.generations.manifest import load_manifest
from index.parts.database import FILE, Store
from qa.commands import ask, verify  # noqa: F401 - imported before processes are forked
from qa.opening import open_service
from tests.archive import ARTICLES, BEES, OBSERVATORY, TALKS, build_index, models
from tests.patience import PATIENCE_S
from tests.program import Called, call

_PARTS = ("articles", "copies", "days", "dense.f16", "scripts", "sources")
_WORDS = ("passage_words", "article_words")
_SEGMENT = ("fast", "fieldnorm", "idx", "pos", "store", "term")
KINDS = (
    "CURRENT",
    *(
        f"generations/*/{name}"
        for name in (
            "manifest.json",
            "archive.sqlite",
            "dense.faiss",
            "dense.json",
            *(f"{part}.npy" for part in (*_PARTS, "token_starts", "tokens")),
            *(f"{words}/{name}.npy" for words in _WORDS for name in ("keys", "rows")),
            *(
                f"{words}/{part}/{name}"
                for words in _WORDS
                for part in ("words", "dead")
                for name in ("meta.json", ".managed.json", *(f"*.{kind}" for kind in _SEGMENT))
            ),
        )
    ),
)
FLIPS = 1
"""Places in a file at which one bit is turned, besides its first and last byte."""

QUESTIONS = (
    ("Why did the lighthouse go dark?", "--source", "Coast Wire", "--near"),
    ('"钢桩" 更换', "--since", "2020-01-01", "--near"),
)
MENDED_BY = "newsquote verify --repair"

_FORKSERVER = multiprocessing.get_context("forkserver")
_FORKSERVER.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Damaged:
    """A healthy index, and how its files can be damaged.

    :ivar texts: the text of every article, by path.
    """

    folder: Path
    texts: dict[str, str]

    @property
    def index_dir(self) -> Path:
        return self.folder / "index-data"

    def damages(self, path: Path) -> Iterator[tuple[str, bytes | None]]:
        """Yield what may be in a file instead of what should be; None = it is missing."""
        whole = path.read_bytes()
        yield "missing", None
        yield "empty", b""
        yield "half", whole[: len(whole) // 2]
        chance = random.Random(path.suffix)
        places = {0, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(FLIPS))}
        for place in sorted(places):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << chance.randrange(8)
            yield f"bit of byte {place}", bytes(flipped)


def prepared(folder: Path) -> Damaged:
    """Make an index with everything that one can have: dead passages, shared segments, codes."""
    archive = folder / "archive"
    archive.mkdir()
    for article in ARTICLES:
        card = article.card
        fields = {"title": card.title, "author": card.source, "url": card.url}
        fields["date"] = card.date.date().isoformat() if card.date else None
        told = {
            key: json.dumps(value, ensure_ascii=False) for key, value in fields.items() if value
        }
        head = "\n".join(f"{key}: {value}" for key, value in told.items())
        (archive / card.path).write_text(
            f"---\n{head}\n---\n\n" + article.text.replace("\n", "\n\n")
        )
    for number in range(12):
        (archive / f"{number}.md").write_text(f"# Ferry {number}\n\nIt has {number} masts.\n")
    (folder / "newsquote.toml").write_text("[index]\ndead_share = 0.9\nexact_passages = 1\n")
    (folder / "index-data").mkdir()
    assert call("index", "build", cwd=folder).status == 0
    (archive / "3.md").unlink()
    (archive / "4.md").write_text("# Ferry\n\nIt has a funnel.\n")
    assert call("index", "update", cwd=folder).status == 0
    store = Store(current(folder / "index-data"))
    texts = {one.card.path: store.article_text(one.id) for one in store.articles()}
    store.close()
    return Damaged(folder, texts)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Damaged:
    return prepared(tmp_path_factory.mktemp("healthy"))


def _ask_of_damaged(index: Damaged, path: Path, results: Connection) -> None:
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - tantivy reports its panics there
        os.dup2(nowhere.fileno(), 2)
    asked = [("ask", *question, "--json") for question in QUESTIONS]
    whole = path.read_bytes()
    for how, content in index.damages(path):
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
        called = [tuple(call(*command, cwd=index.folder)) for command in (*asked, ("verify",))]
        results.send((how, called))
        path.write_bytes(whole)
    results.send(None)


def asked_of_damaged(index: Damaged, path: Path) -> Iterator[tuple[str, list[Called]]]:
    """Damage a file in every way and call the program, in a process that may die of it."""
    receiver, sender = _FORKSERVER.Pipe(duplex=False)
    process = _FORKSERVER.Process(target=_ask_of_damaged, args=(index, path, sender))
    process.start()
    sender.close()
    try:
        while receiver.poll(PATIENCE_S):
            result = receiver.recv()
            if result is None:
                return
            yield result[0], [Called(*one) for one in result[1]]
        raise AssertionError("it hangs")
    except EOFError:
        process.join()
        raise AssertionError(f"the process ended with {process.exitcode}") from None
    finally:
        process.kill()
        process.join()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_named_or_the_answer_is_true(healthy: Damaged, kind: str) -> None:
    path = max(healthy.index_dir.glob(kind))  # of the newest generation
    named = str(path.relative_to(healthy.folder))
    for how, (*answers, verified) in asked_of_damaged(healthy, path):
        for answer in answers:
            if answer.status == 2:
                assert named in answer.err, how
                assert MENDED_BY in answer.err, how
            else:
                told = json.loads(answer.out)
                for quote in (*told["quotes"], *told["near"]):
                    text = healthy.texts[quote["article"]["path"]]
                    assert quote["text"] == text[quote["start"] : quote["end"]], how
        assert verified.status in {1, 2}, how
        assert named in verified.err, how
        assert MENDED_BY in verified.err, how


def test_no_kind_of_file_is_left_out(healthy: Damaged) -> None:
    generation = current(healthy.index_dir)
    kinds = {path for kind in KINDS for path in healthy.index_dir.glob(kind)}
    assert {generation / name for name in load_manifest(generation).files} <= kinds


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("一百二十根钢桩", "一百三十根钢桩"),
        ("达斯科：新码头不会提前开放", "达斯科：新码头将会提前开放"),
        ("2021-03-02T", "2021-03-03T"),
        ("https://example.org/harbour-early.md", "https://example.com/harbour-early.md"),
        ("奥尔姆晚报", "奥尔姆早报"),
    ],
)
def test_what_was_changed_in_the_database_is_not_quoted(
    healthy: Damaged, old: str, new: str
) -> None:
    path = current(healthy.index_dir) / FILE
    whole = path.read_bytes()
    assert old.encode() in whole
    path.write_bytes(whole.replace(old.encode(), new.encode()))
    try:
        asked = call("ask", "多少根钢桩存在裂缝？", "--near", cwd=healthy.folder)
    finally:
        path.write_bytes(whole)
    assert (asked.status, asked.out) == (2, "")
    assert FILE in asked.err
    assert call("ask", "多少根钢桩存在裂缝？", "--near", cwd=healthy.folder).status == 0


def test_a_service_answers_from_what_it_holds_when_the_next_one_is_damaged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build_index(tmp_path, [BEES])
    settings = load_settings().with_flags(index={"dir": tmp_path})
    with open_service(settings, models()) as service:
        held = current(tmp_path).name
        build_index(tmp_path, [BEES, OBSERVATORY])
        days = current(tmp_path) / "days.npy"
        whole = days.read_bytes()
        days.write_bytes(b"")
        for _ in range(3):
            assert service.answer("Кто вывел морозостойких пчёл?").quotes
            assert service.status().manifest.articles == 1
        (logged,) = caplog.messages
        assert "days.npy" in logged
        assert logged.endswith(f"the generation {held} goes on answering")
        days.write_bytes(whole)
        assert service.status().manifest.articles == 1  # what was refused is not tried again
        build_index(tmp_path, [BEES, OBSERVATORY, *TALKS])
        assert service.status().manifest.articles == 4


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The folder of a generation."""
    build_index(tmp_path, [BEES])
    return current(tmp_path)


def test_damage_is_found_and_named(small: Path) -> None:
    assert damaged_files(small) == []
    check_whole(small)
    days = small / "days.npy"
    days.write_bytes(days.read_bytes()[:-1] + b"\xff")
    (small / "tokens.npy").unlink()
    assert damaged_files(small) == ["days.npy", "tokens.npy"]
    with pytest.raises(IndexDamaged, match=r"days\.npy is damaged: its SHA-256 is not the one"):
        check_whole(small)


class Panic(BaseException):
    """What tantivy raises is no Exception either."""


@pytest.mark.parametrize("error", [ValueError("x"), Panic("x"), IndexDamaged("x")])
def test_whatever_fails_on_a_damaged_file_names_it(small: Path, error: BaseException) -> None:
    days = small / "days.npy"
    days.write_bytes(b"")
    with (
        pytest.raises(IndexDamaged, match=r"days\.npy: missing or damaged, for") as caught,
        diagnosed(small),
    ):
        raise error
    assert caught.value.__cause__ is error


def test_what_the_system_said_is_told(small: Path) -> None:
    (small / "days.npy").unlink()
    with (
        pytest.raises(IndexDamaged, match=r"missing or damaged \(No such file or directory\), for"),
        diagnosed(small),
    ):
        (small / "days.npy").read_bytes()


@pytest.mark.parametrize(
    "error", [ValueError("x"), Panic("x"), IndexDamaged("x"), IndexOutdated("x")]
)
def test_what_fails_on_a_whole_index_is_raised_as_it_is(small: Path, error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, diagnosed(small):
        raise error
    assert caught.value is error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), IndexOutdated("x")])
def test_what_is_no_sign_of_damage_is_not_looked_into(small: Path, error: BaseException) -> None:
    (small / "days.npy").write_bytes(b"")
    with pytest.raises(type(error)) as caught, diagnosed(small):
        raise error
    assert caught.value is error


@pytest.mark.parametrize("pickled", ["the file", "what is in the array"])
def test_nothing_that_is_loaded_can_run_code(healthy: Damaged, pickled: str) -> None:
    path = current(healthy.index_dir) / "days.npy"
    whole = path.read_bytes()
    canary = healthy.folder / "canary"
    if pickled == "the file":
        path.write_bytes(pickle.dumps(_Runs(str(canary))))
    else:
        np.save(path, np.array([_Runs(str(canary))], object), allow_pickle=True)
    try:
        asked = call("ask", "多少根钢桩存在裂缝？", cwd=healthy.folder)
    finally:
        path.write_bytes(whole)
    assert asked.status == 2
    assert str(path.relative_to(healthy.folder)) in asked.err
    assert not canary.exists()


class _Runs:
    """Makes a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (self.path, "w")
