"""How the program reads a command line: what helps one find one's way."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from qa.cli import COMMANDS, build_parser
from tests.conftest import newsquote
from tests.program import call
from tests.terminal import on_a_terminal


@pytest.mark.parametrize(
    ("args", "command", "message"),
    [
        (["aks", "who?"], "newsquote", "there is no command 'aks'; did you mean 'ask'?"),
        (["index", "bild"], "newsquote index", "there is no action 'bild'; did you mean 'build'?"),
        (["help", "verfy"], "newsquote", "there is no command 'verfy'; did you mean 'verify'?"),
        (["zzz"], "newsquote", "there is no command 'zzz'"),
        (["--cnofig", "x", "ask"], "newsquote", "there is no command 'x'"),
        (
            ["ask", "who?", "--sicne=2021"],
            "newsquote ask",
            "there is no flag '--sicne'; did you mean '--since'?",
        ),
        (
            ["index", "build", "--encodr", "e5"],
            "newsquote index build",
            "there is no flag '--encodr'; did you mean '--encoder'?",
        ),
        (["ask", "who?", "--zz"], "newsquote ask", "there is no flag '--zz'"),
        (["chat", "now"], "newsquote chat", "did not expect 'now'"),
        (
            ["eval", "x", "--baseline", "bm52"],
            "newsquote eval",
            "argument --baseline: expected one of bm25, found 'bm52'",
        ),
    ],
)
def test_what_is_not_known_names_what_comes_nearest_and_the_usage_of_its_command(
    tmp_path: Path, args: list[str], command: str, message: str
) -> None:
    done = call(*args, cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    usage, *_, error, more = done.err.splitlines()
    assert usage.startswith(f"usage: {command} [-h] ")
    assert (error, more) == (f"newsquote: {message}", f"'{command} --help' says more.")


@pytest.mark.parametrize(
    ("words", "question"),
    [
        (["Who", "opened", "the", "bridge?"], ["Who", "opened", "the", "bridge?"]),
        (["-k", "3", "Who", "opened"], ["Who", "opened"]),
        (["Who", "-k", "3", "opened", "it"], ["Who", "opened", "it"]),
        (["Is", "it", "below", "-k", "3", "-5", "now?"], ["Is", "it", "below", "-5", "now?"]),
        (["-k", "3", "-"], ["-"]),
        (["-k", "3", "--", "--what", "is", "-v"], ["--what", "is", "-v"]),
    ],
)
def test_a_question_is_all_words_that_are_no_flags(words: list[str], question: list[str]) -> None:
    args = ["ask", *words]
    found = build_parser(args).parse_args(args)
    assert found.question == question
    assert found.k == (3 if "-k" in words else None)


def test_paths_may_stand_on_both_sides_of_a_flag() -> None:
    for words in (["a", "--encoder", "e5", "b"], ["--encoder", "e5", "a", "b"]):
        args = ["index", "build", *words]
        found = build_parser(args).parse_args(args)
        assert (found.paths, found.encoder) == ([Path("a"), Path("b")], "e5")


@pytest.mark.parametrize(
    "args",
    [
        ["-v", "--config", "own.toml", "index", "status"],
        ["index", "-v", "--config", "own.toml", "status"],
        ["index", "status", "--config=own.toml", "--verbose"],
        ["--config", "own.toml", "index", "status", "-v"],
    ],
)
def test_the_programs_flags_stand_anywhere(args: list[str]) -> None:
    found = build_parser(args).parse_args(args)
    assert (found.config, found.verbose, found.action) == (Path("own.toml"), True, "status")


def test_a_word_of_a_question_is_no_command() -> None:
    args = ["ask", "what", "is", "in", "the", "index", "--index", "dir"]
    parser = build_parser(args)
    assert parser.parse_args(args).question == ["what", "is", "in", "the", "index"]


def test_help_is_a_command(tmp_path: Path) -> None:
    assert call("help", cwd=tmp_path) == call("--help", cwd=tmp_path)
    for command in COMMANDS:
        asked = call("help", command.name, cwd=tmp_path)
        assert asked == call(command.name, "--help", cwd=tmp_path)
        assert (asked.status, asked.err) == (0, "")
        assert asked.out.startswith(f"usage: newsquote {command.name} ")
    assert "[PATH ...]" in call("help", "index", "build", cwd=tmp_path).out


def test_the_version_is_the_packages(tmp_path: Path) -> None:
    done = newsquote("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        f"newsquote {version('newsquote')}\n",
        "",
    )


HEAVY = ("pydantic", "numpy", "faiss", "tantivy", "onnxruntime", "config.settings", "logging")


@pytest.mark.parametrize(
    "args", [["ask", "x"], ["index", "build"], ["verify"], ["fetch"], ["eval", "x"]]
)
def test_a_command_line_is_read_without_the_libraries(args: list[str]) -> None:
    code = (
        f"import sys; from qa.cli import build_parser; build_parser({args}).parse_args({args});"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    "args", [["index", "build"], ["index", "update"], ["verify"], ["index", "verify"]]
)
def test_long_work_shows_a_line_before_any_library_is_imported(
    args: list[str], tmp_path: Path
) -> None:
    code = (
        "import sys\n"
        f"for name in {HEAVY[:-1]}: sys.modules[name] = None\n"  # to import it is an error now
        "from qa.cli import program\n"
        "program()"
    )
    done = on_a_terminal([sys.executable, "-c", code, *args], cwd=tmp_path, env={})
    assert done.text.startswith("\r\x1b[Kopening the index ...")
    assert "ModuleNotFoundError" in done.text
    piped = subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, check=False
    )
    assert "opening" not in piped.stdout + piped.stderr.replace("args.opening", "")
