"""The names of the settings, in files and in the environment."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

DEFAULT_FILE = Path(__file__).with_name("default.toml")
ENV_FILE = Path(".env")
ENV_PREFIX = "NEWSQUOTE_"
ENV_DELIMITER = "__"


class SettingsError(Exception):
    """A setting is unknown or has a value it cannot have; the message says which and where."""


def known_keys() -> tuple[str, ...]:
    """Every setting as ``section.key``, in the order of ``default.toml``."""
    return tuple(dotted(read_toml(DEFAULT_FILE)))


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of settings.

    :raises SettingsError: if it cannot be read or is not TOML.
    """
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise SettingsError(f"cannot read the settings file {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error


def dotted(values: Mapping[str, Any]) -> Iterable[str]:
    """Yield the keys of sections as ``section.key``."""
    for section, keys in values.items():
        if isinstance(keys, Mapping):
            yield from (f"{section}.{key}" for key in keys)
        else:
            yield section


def from_environment(names: Iterable[str]) -> Iterable[str]:
    """Yield, as ``section.key``, the settings that names of environment variables mean."""
    for name in names:
        if name.upper().startswith(ENV_PREFIX):
            yield name[len(ENV_PREFIX) :].lower().replace(ENV_DELIMITER, ".")


def reject_unknown(keys: Iterable[str], where: str) -> None:
    """Make sure that all keys are settings.

    :raises SettingsError: for the first that is none; the message names the nearest.
    """
    known = known_keys()
    for key in keys:
        if key not in known:
            import difflib  # noqa: PLC0415 - few runs meet an unknown key

            nearest = difflib.get_close_matches(key, known, n=1, cutoff=0)[0]
            raise SettingsError(f"unknown setting {key!r} in {where}; the nearest is {nearest!r}")
