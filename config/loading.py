"""Read the settings: defaults, a user file, ``.env`` and the environment, in that order.

Flags come on top (``Settings.with_flags``).
"""

import os
from pathlib import Path

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
from config.settings import Settings, explain

USER_FILE = Path("newsquote.toml")


def load_settings(user_file: Path | None = None) -> Settings:
    """Read the settings.

    :param user_file: a file that must exist; None reads ``newsquote.toml`` here if there is one.
    :raises SettingsError: for an unknown key, a wrong value or an unreadable file.
    """
    values = read_toml(DEFAULT_FILE)
    if user_file is None and USER_FILE.is_file():
        user_file = USER_FILE
    if user_file is not None:
        own = read_toml(user_file)
        reject_unknown((name for name in own if name not in values), str(user_file))
        reject_unknown(dotted(own), str(user_file))
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
