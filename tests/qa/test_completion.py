"""``newsquote completion``, in real shells."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import newsquote

BASH = r"""
source "$1"
shift
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
function=$(complete -p newsquote | sed 's/.*-F \([^ ]*\).*/\1/')
"$function" newsquote "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""
FISH = 'source $argv[1]; complete -C "$argv[2..]"'

ASKED = [
    (["newsquote", "in"], {"index"}),
    (["newsquote", "index", "b"], {"build"}),
    (["newsquote", "index", "build", "--enc"], {"--encoder"}),
    (["newsquote", "ask", "who", "--si"], {"--since"}),
    (["newsquote", "completion", "z"], {"zsh"}),
]


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what each shell is to be given."""
    folder = tmp_path_factory.mktemp("completion")
    for shell in ("bash", "zsh", "fish"):
        done = newsquote("completion", shell, cwd=folder)
        assert (done.returncode, done.stderr) == (0, "")
        (folder / shell).write_text(done.stdout)
    return folder


def said(command: list[str]) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize(("words", "known"), ASKED)
def test_bash_completes(scripts: Path, words: list[str], known: set[str]) -> None:
    assert set(said(["bash", "-c", BASH, "bash", str(scripts / "bash"), *words])) == known


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(("words", "known"), ASKED)
def test_fish_completes(scripts: Path, words: list[str], known: set[str]) -> None:
    lines = said(["fish", "--no-config", "-c", FISH, str(scripts / "fish"), " ".join(words)])
    assert {line.partition("\t")[0] for line in lines} == known


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_reads_it(scripts: Path) -> None:
    """And offers what it should: its functions are called by its completion system alone."""
    assert said(["zsh", "-n", str(scripts / "zsh")]) == []
    text = (scripts / "zsh").read_text()
    assert text.startswith("#compdef newsquote\n")
    assert all(word in text for word in ("build:", "--since", "--encoder"))


def test_another_shell_is_an_error_that_names_those_there_are(tmp_path: Path) -> None:
    done = newsquote("completion", "tcsh", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no shell 'tcsh'" in done.stderr
    assert "bash, zsh, fish" in newsquote("completion", "--help", cwd=tmp_path).stdout
