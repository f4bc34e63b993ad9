"""Where each setting comes from, for people who wonder."""

import os
from collections.abc import Iterable
from pathlib import Path

from config.keys import (
    ENV_DELIMITER,
    ENV_FILE,
    ENV_PREFIX,
    dotted,
    from_environment,
    known_keys,
)
from config.loading import read_files

DEFAULT = "default"


def origins(named: Path | None = None) -> dict[str, str]:
    """Return for every setting, as ``section.key``, which place it is read from.

    :param named: as for ``load_settings``.
    :return: ``"default"``, the path of a file, or the name of a variable and where that is set.
    :raises SettingsError: for an unknown key or an unreadable file.
    """
    found = dict.fromkeys(known_keys(), DEFAULT)
    for path, own in read_files(named):
        found |= dict.fromkeys(dotted(own), str(path))
    if ENV_FILE.is_file():
        from dotenv import dotenv_values  # noqa: PLC0415 - few folders have such a file

        found |= _of_variables(dotenv_values(ENV_FILE), str(ENV_FILE))
    return found | _of_variables(os.environ, "the environment")


def _of_variables(names: Iterable[str], where: str) -> dict[str, str]:
    return {key: f"{_variable(key)} in {where}" for key in from_environment(names)}


def _variable(key: str) -> str:
    return ENV_PREFIX + key.replace(".", ENV_DELIMITER).upper()
