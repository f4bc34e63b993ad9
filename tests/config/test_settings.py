from pathlib import Path

import pytest

from config.keys import SettingsError, known_keys
from config.loading import load_settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_setting_has_a_default_and_every_default_a_setting() -> None:
    settings = load_settings()
    fields = [
        f"{section}.{key}" for section, values in settings.model_dump().items() for key in values
    ]
    assert sorted(fields) == sorted(known_keys())


def test_later_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().answer.quotes == 5
    (folder / "newsquote.toml").write_text("[answer]\nquotes = 4\n")
    assert load_settings().answer.quotes == 4
    (folder / ".env").write_text("NEWSQUOTE_ANSWER__QUOTES=3\n")
    assert load_settings().answer.quotes == 3
    monkeypatch.setenv("NEWSQUOTE_ANSWER__QUOTES", "2")
    settings = load_settings()
    assert settings.answer.quotes == 2
    assert settings.answer.quotes_per_article == 2
    assert settings.with_flags(answer={"quotes": 1}).answer.quotes == 1
    assert settings.with_flags(answer={"quotes": None}).answer.quotes == 2


def test_a_named_file_replaces_the_one_here(folder: Path) -> None:
    (folder / "newsquote.toml").write_text("[answer]\nquotes = 4\n")
    (folder / "other.toml").write_text("[passages]\ntarget_chars = 200\n")
    settings = load_settings(folder / "other.toml")
    assert (settings.answer.quotes, settings.passages.target_chars) == (5, 200)


def test_unknown_keys_name_the_nearest(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "newsquote.toml").write_text("[answer]\nquots = 4\n")
    with pytest.raises(
        SettingsError, match=r"'answer\.quots' in newsquote\.toml.*'answer\.quotes'"
    ):
        load_settings()
    (folder / "newsquote.toml").write_text("")
    (folder / ".env").write_text("NEWSQUOTE_BOT__TOKN=x\n")
    with pytest.raises(SettingsError, match=r"'bot\.tokn' in \.env.*'bot\.token'"):
        load_settings()
    (folder / ".env").unlink()
    monkeypatch.setenv("NEWSQUOTE_INDEX_DIR", "x")
    with pytest.raises(SettingsError, match=r"'index_dir' in the environment.*'index\.dir'"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[answer]\nquotes = 0\n", r"setting 'answer\.quotes'.*greater than or equal to 1"),
        (
            '[answer]\ntoday = "soon"\n',
            r"'answer\.today'.*expected \"clock\", \"archive\" or a day",
        ),
        ('[extract]\ntimezone = "Beijing"\n', r"'extract\.timezone'.*expected a time zone such as"),
        (
            '[extract]\nsuffixes = ["md"]\n',
            r"'extract\.suffixes.*expected the end of a file's name",
        ),
        ("[extract]\nsuffixes = []\n", r"'extract\.suffixes'"),
        ("[answer\n", r"newsquote\.toml is not valid TOML"),
        ("answer = 3\n", r"unknown setting 'answer'"),
        ("[answr]\n", r"unknown setting 'answr'"),
    ],
)
def test_bad_files_are_explained(folder: Path, text: str, message: str) -> None:
    (folder / "newsquote.toml").write_text(text)
    with pytest.raises(SettingsError, match=message):
        load_settings()


def test_a_file_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot read.*gone\.toml"):
        load_settings(folder / "gone.toml")


def test_a_bad_flag_is_explained() -> None:
    with pytest.raises(SettingsError, match=r"'answer\.quotes'"):
        load_settings().with_flags(answer={"quotes": 0})


def test_settings_are_frozen_and_the_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSQUOTE_BOT__TOKEN", "123:secret")
    settings = load_settings()
    assert settings.bot.token.get_secret_value() == "123:secret"
    assert "secret" not in repr(settings)
    with pytest.raises(ValueError, match="frozen"):
        settings.answer = settings.answer


def test_a_wrong_token_is_not_shown_either(folder: Path) -> None:
    (folder / "newsquote.toml").write_text('[bot]\ntoken = ["secret"]\n')
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "secret" not in str(caught.value)


def test_a_home_folder_may_be_written_short(folder: Path) -> None:
    (folder / "newsquote.toml").write_text('[archive]\npaths = ["~/articles"]\n')
    assert load_settings().archive.paths == (Path.home() / "articles",)
