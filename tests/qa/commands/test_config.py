"""``newsquote config``, the real program."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from config.keys import DEFAULT_FILE, known_keys
from tests.conftest import newsquote


@pytest.fixture
def user(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has a home of their own, and a folder to work in."""
    (tmp_path / "work").mkdir()
    return {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data")}


def config(folder: Path, *args: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return newsquote("config", *args, cwd=folder / "work", env=env)


def test_it_shows_all_settings_and_where_each_comes_from(
    tmp_path: Path, user: dict[str, str]
) -> None:
    (tmp_path / "work" / "newsquote.toml").write_text("[answer]\nquotes = 2\n")
    secret = {"NEWSQUOTE_BOT__TOKEN": "123:secret"}
    done = config(tmp_path, env=user | secret)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert any(line.split() == ["quotes", "=", "2", "#", "newsquote.toml"] for line in lines)
    assert any(line.split() == ["threshold", "=", "0.5", "#", "default"] for line in lines)
    assert "secret" not in done.stdout
    tokens = [line.partition("#")[2] for line in lines if line.startswith("token = ")]
    assert tokens == [" default", " NEWSQUOTE_BOT__TOKEN in the environment"]  # Milvus', the bot's
    shown = tomllib.loads(done.stdout)
    assert [f"{one}.{key}" for one, keys in shown.items() for key in keys] == list(known_keys())
    assert shown["index"]["dir"] == str(tmp_path / "data" / "newsquote" / "index")
    changed = config(tmp_path, "--changed", "--json", env=user | secret)
    keys = [json.loads(line) for line in changed.stdout.splitlines()]
    assert [one["key"] for one in keys] == ["answer.quotes", "bot.token"]
    assert keys[0] == {"key": "answer.quotes", "value": 2, "from": "newsquote.toml"}


def test_it_tells_and_opens_the_users_file(tmp_path: Path, user: dict[str, str]) -> None:
    path = tmp_path / "config" / "newsquote" / "newsquote.toml"
    assert config(tmp_path, "path", env=user).stdout == f"{path}\n"
    assert not path.exists()
    editor = tmp_path / "an editor.py"
    editor.write_text(
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[-1])\n"
        "path.write_text(path.read_text().replace('# quotes = 5', 'quotes = 7', 1))\n"
    )
    user["EDITOR"] = f"{sys.executable} '{editor}'"
    done = config(tmp_path, "edit", env=user)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    held = tomllib.loads(path.read_text())
    assert held.pop("answer") == {"quotes": 7}
    assert set(held) == set(tomllib.loads(DEFAULT_FILE.read_text())) - {"answer"}
    assert not any(held.values())
    shown = config(tmp_path, "--changed", env=user)
    assert shown.stdout.split() == ["[answer]", "quotes", "=", "7", "#", str(path)]


def test_a_file_that_is_wrong_can_still_be_opened(tmp_path: Path, user: dict[str, str]) -> None:
    wrong = tmp_path / "work" / "newsquote.toml"
    wrong.write_text("[answer\n")
    assert config(tmp_path, env=user).returncode == 2
    done = config(tmp_path, "edit", "--here", env=user | {"EDITOR": "true"})
    assert done.returncode == 2  # as it is after it was closed
    assert "newsquote.toml is not valid TOML" in done.stderr
    mended = user | {"VISUAL": f"cp {os.devnull}"}
    assert config(tmp_path, "edit", "--here", env=mended).returncode == 0
    assert wrong.read_text() == ""


@pytest.mark.parametrize(
    ("editor", "message"),
    [
        ("no-such-editor", "cannot open {path} with 'no-such-editor': No such file or directory"),
        ("false", "'false' ended with status 1"),
    ],
)
def test_an_editor_that_fails_is_named(
    tmp_path: Path, user: dict[str, str], editor: str, message: str
) -> None:
    path = tmp_path / "config" / "newsquote" / "newsquote.toml"
    done = config(tmp_path, "edit", env=user | {"VISUAL": editor})
    assert done.returncode == 2
    assert done.stderr == f"newsquote: {message.format(path=path)}\n"
