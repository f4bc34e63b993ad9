"""Where settings and the index lie: in the folder where one works, or in one place per user."""

from pathlib import Path

import platformdirs

_PROGRAM = "newsquote"

FOLDERS_FILE = Path("newsquote.toml")
FOLDERS_INDEX = Path("index-data")


def users_file() -> Path:
    """Return the settings file that holds in every folder; it need not exist."""
    return platformdirs.user_config_path(_PROGRAM, appauthor=False) / FOLDERS_FILE


def default_index() -> Path:
    """Return where the index lies unless it is said: here if there is one, else the user's place."""
    if FOLDERS_INDEX.is_dir():
        return FOLDERS_INDEX
    return platformdirs.user_data_path(_PROGRAM, appauthor=False) / "index"
