"""``newsquote help COMMAND`` says what one wants to know of every command and action."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.loading import default_settings
from qa.arguments.manual import PAGES
from qa.cli import build_parser
from tests.program import call

ROOT = Path(__file__).parents[3]


def parsers(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and the description of every command and action."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, child in action.choices.items():
                full = f"{name} {word}".strip()
                yield full, child.description or ""
                yield from parsers(child, full)


NAMES = dict(parsers(build_parser(every=True)))


def words_of(example: str) -> list[str]:
    """Return the arguments of the program in a line for a shell."""
    called = re.split(r"(?:^| )newsquote ", example)[-1]
    return shlex.split(re.split(r" [<>|] ", called)[0])


def test_every_command_and_action_has_a_page() -> None:
    assert set(PAGES) == set(NAMES)
    assert len(NAMES) > 30


@pytest.mark.parametrize("name", PAGES)
def test_an_example_can_be_called(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert PAGES[name].examples
    for example, what in PAGES[name].examples.items():
        assert what
        words = words_of(example)
        if words[0] == "help":
            assert " ".join(words[1:]) in PAGES
            continue
        try:
            build_parser(words).parse_args(words)
        except SystemExit:
            pytest.fail(f"{example}: {capsys.readouterr().err}")
    used = [" ".join(words_of(example)) for example in PAGES[name].examples]
    assert any(one == name or one.startswith(f"{name} ") for one in used)


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_names_exists(name: str) -> None:
    page, settings = PAGES[name], default_settings().model_dump()
    for setting in page.settings:
        section, _, key = setting.partition(".")
        assert section in settings
        assert not key or key in settings[section]
    assert not page.more or (ROOT / page.more).is_file()
    assert page.status.startswith("0")
    assert max(map(len, page.text().splitlines())) <= 80


@pytest.mark.parametrize("name", PAGES)
def test_a_description_is_a_sentence(name: str) -> None:
    first = NAMES[name].strip().splitlines()[0]
    assert re.match(r"[A-Z]", first)
    assert NAMES[name].strip().endswith((".", "newsquote.fish"))


def test_help_ends_with_the_page(demo_index: Path) -> None:
    done = call("help", "index", "update", cwd=demo_index)
    assert (done.status, done.err) == (0, "")
    assert done.out == call("index", "update", "--help", cwd=demo_index).out
    for line in (
        "Read what has changed since, and nothing else.",
        "  newsquote index update --watch",
        "      now, and whenever files change",
        "  archive.paths extract.* passages.target_chars encoder.* index.*",
        "Exit status: 0, 1 it must be built again, 2 an error; then it is as it was.",
    ):
        assert line in done.out.splitlines()
    assert "$VISUAL or $EDITOR" in call("help", "config", "edit", cwd=demo_index).out
