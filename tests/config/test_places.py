"""One place per user for settings and index, unless the folder has its own."""

from pathlib import Path

import pytest

from config.loading import load_settings
from config.origins import origins
from config.places import users_file


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, and a folder to work in."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    users_file().parent.mkdir(parents=True)
    return tmp_path


def test_the_index_is_the_users_unless_the_folder_has_one(home: Path) -> None:
    assert load_settings().index.dir == home / "data" / "newsquote" / "index"
    Path("index-data").write_text("no folder")
    assert load_settings().index.dir == home / "data" / "newsquote" / "index"
    Path("index-data").unlink()
    Path("index-data").mkdir()
    assert load_settings().index.dir == Path("index-data")
    users_file().write_text('[index]\ndir = "~/elsewhere"\n')
    assert load_settings().index.dir == Path.home() / "elsewhere"
    assert load_settings().with_flags(index={"dir": Path()}).index.dir == Path()


def test_the_folders_file_wins_over_the_users(home: Path) -> None:
    assert users_file() == home / "config" / "newsquote" / "newsquote.toml"
    users_file().write_text("[answer]\nquotes = 4\nquotes_per_article = 3\n")
    assert load_settings().answer.quotes == 4
    Path("newsquote.toml").write_text("[answer]\nquotes = 2\n")
    answer = load_settings().answer
    assert (answer.quotes, answer.quotes_per_article) == (2, 3)
    Path("other.toml").write_text("")
    assert load_settings(Path("other.toml")).answer.quotes == 4


def test_each_setting_tells_where_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    users_file().write_text("[answer]\nquotes = 4\nquotes_per_article = 3\nthreshold = 0.4\n")
    Path("newsquote.toml").write_text('[answer]\nquotes = 2\nreader = "off"\ntoday = "archive"\n')
    Path(".env").write_text("NEWSQUOTE_ANSWER__THRESHOLD=0.3\nNEWSQUOTE_ANSWER__TODAY=clock\n")
    monkeypatch.setenv("NEWSQUOTE_ANSWER__TODAY", "2024-06-30")
    came = {key: place for key, place in origins().items() if key.startswith("answer.")}
    assert came == {
        "answer.quotes": "newsquote.toml",
        "answer.quotes_per_article": str(users_file()),
        "answer.threshold": "NEWSQUOTE_ANSWER__THRESHOLD in .env",
        "answer.reader": "newsquote.toml",
        "answer.today": "NEWSQUOTE_ANSWER__TODAY in the environment",
    }
    assert set(origins().values()) - set(came.values()) == {"default"}
