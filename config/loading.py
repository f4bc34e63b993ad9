"""Read the settings: defaults, the user's file, the folder's file, ``.env``, the environment.

Later wins. Flags come on top (``Settings.with_flags``).
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.keys import (
    DEFAULT_FILE,
    ENV_FILE,
    SettingsError,
    dotted,
    from_environment,
    read_toml,
    reject_unknown,
)
from config.places import FOLDERS_FILE, users_file
from config.settings import Settings, explain


def load_settings(named: Path | None = None) -> Settings:
    """Read the settings.

    :param named: a file that must exist; None reads ``newsquote.toml`` here if there is one.
    :raises SettingsError: for an unknown key, a wrong value or an unreadable file.
    """
    values = read_toml(DEFAULT_FILE)
    for _, own in read_files(named):
        values = {section: {**keys, **own.get(section, {})} for section, keys in values.items()}
    reject_unknown(from_environment(os.environ), "the environment")
    try:
        if not any(from_environment(os.environ)) and not ENV_FILE.is_file():
            return Settings(**values)
        # Imported when wanted: it takes half the time in which a question is answered.
        from config.environment import EnvironmentSettings  # noqa: PLC0415 - see above

        return EnvironmentSettings(**values)
    except ValidationError as error:
        raise SettingsError(explain(error)) from error


def default_settings() -> Settings:
    """Return the settings of somebody who has changed none."""
    return Settings(**read_toml(DEFAULT_FILE))


def settings_files(named: Path | None = None) -> Iterator[Path]:
    """Yield the settings files that are read, the one that wins last."""
    if (users := users_file()).is_file():
        yield users
    if named is not None:
        yield named
    elif FOLDERS_FILE.is_file():
        yield FOLDERS_FILE


def read_files(named: Path | None = None) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each settings file with what it holds, by section and key.

    :raises SettingsError: for an unknown key or an unreadable file.
    """
    sections = read_toml(DEFAULT_FILE)
    for path in settings_files(named):
        own = read_toml(path)
        reject_unknown((name for name in own if name not in sections), str(path))
        reject_unknown(dotted(own), str(path))
        yield path, own
