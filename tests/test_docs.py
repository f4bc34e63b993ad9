"""The documentation says what is there."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.keys import DEFAULT_FILE
from qa.cli import COMMANDS, build_parser
from tests.conftest import newsquote
from tests.program import call

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DOCUMENTS = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MAKE = re.compile(r"\bmake ([a-z]+)\b")


def blocks(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the language and the text of each fenced block."""
    for match in _FENCE.finditer(path.read_text(encoding="utf-8")):
        yield match[1], match[2]


def command_lines() -> Iterator[list[str]]:
    """Yield the arguments of every call of newsquote that a document shows."""
    for path in DOCUMENTS:
        for language, text in blocks(path):
            for line in text.splitlines():
                shown = line.removeprefix("$ ")
                if language in ("sh", "console", "bash") and shown.startswith("newsquote "):
                    yield shlex.split(shown, comments=True)[1:]


def transcripts() -> Iterator[tuple[list[str], str]]:
    """Yield each question asked in a README's console block, with what it says comes back."""
    for language, text in blocks(README):
        if language == "console":
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                if command.startswith("newsquote ask "):
                    yield shlex.split(command)[1:], output


def test_every_command_is_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    missing = [one.name for one in COMMANDS if not re.search(rf"\bnewsquote {one.name}\b", text)]
    assert missing == []


def test_every_command_line_shown_can_be_called(capsys: pytest.CaptureFixture[str]) -> None:
    shown = list(command_lines())
    assert len(shown) >= len(COMMANDS)
    refused = []
    for args in shown:
        try:
            build_parser(args).parse_args(args)
        except SystemExit as stopped:  # 0 after --help
            if stopped.code:
                refused.append((shlex.join(args), capsys.readouterr().err))
    assert refused == []


@pytest.mark.slow
def test_the_readmes_transcript_is_what_comes_back(demo_index: Path) -> None:
    shown = list(transcripts())
    assert shown
    for args, output in shown:
        assert newsquote(*args, cwd=demo_index).stdout.strip() == output.strip()


@pytest.mark.slow
def test_the_readmes_questions_are_answered(demo_index: Path) -> None:
    (demo_index / "questions.txt").write_text("乐玉成怎么形容中俄关系？\n", encoding="utf-8")
    asked = [
        args
        for language, text in blocks(README)
        if language == "sh"
        for line in text.splitlines()
        if line.startswith("newsquote ask ")
        for args in [shlex.split(line, comments=True)[1:]]
    ]
    assert len(asked) >= 5
    assert [args for args in asked if call(*args, cwd=demo_index).status] == []


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("乐玉成怎么形容中俄关系？", "友好没有止境"),
        ("乐玉成2021年12月怎么说", "三个“没有”"),
        ("「上不封顶」", "上不封顶"),
    ],
)
def test_the_readmes_sentences_are_answered(demo_index: Path, question: str, words: str) -> None:
    assert question.strip("？") in README.read_text(encoding="utf-8")
    done = call("ask", question, cwd=demo_index)
    assert done.status == 0
    assert words in done.out


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_named_exists(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    text = path.read_text(encoding="utf-8")
    code = [inline[1] for inline in re.finditer(r"`([^`\n]+)`", text)]
    code += [block for _, block in blocks(path)]
    named = {target for part in code for target in _MAKE.findall(part)}
    assert named <= targets
    assert named or path != README


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_setting_is_explained() -> None:
    """Each has a comment above or beside it; neighbours that share a word may share it."""
    unexplained = []
    settings = 0
    before, explained = "", False
    for line in DEFAULT_FILE.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            settings += 1
            name, previous = (one.partition("=")[0].strip().split("_") for one in (line, before))
            akin = name[0] == previous[0] or name[-1] == previous[-1]
            explained = before.startswith("#") or " # " in line or (akin and explained)
            if not explained:
                unexplained.append("_".join(name))
        before = line
    assert unexplained == []
    values = tomllib.loads(DEFAULT_FILE.read_text(encoding="utf-8"))
    assert settings == sum(map(len, values.values())) > 0
