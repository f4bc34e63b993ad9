"""``newsquote config``: the settings that hold, where each comes from, and the file to change them in."""

import argparse
import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from config.keys import DEFAULT_FILE, SettingsError
from config.loading import load_settings
from config.origins import DEFAULT, origins
from config.places import FOLDERS_FILE, users_file
from config.settings import Settings

_EDITORS = ("sensible-editor", "nano", "vi")
_HEAD = """\
# Settings of newsquote that hold in every folder. Take away the "# " before what you change.
# Paths: absolute, or with ~.

"""


def run(args: argparse.Namespace, _defaults: Settings) -> int:
    """Show the settings, or the file that holds them, or open it; return 0.

    :raises SettingsError: for a setting that is wrong, or a file that cannot be opened.
    """
    file = args.config or (FOLDERS_FILE.absolute() if args.action and args.here else users_file())
    if args.action == "path":
        print(file)
    elif args.action == "edit":
        _edit(file, args.config)
    else:
        _show(args)
    return 0


def _show(args: argparse.Namespace) -> None:
    values = load_settings(args.config).model_dump(mode="json")
    came = origins(args.config)
    shown = {
        key: (values[section][name], place)
        for key, place in came.items()
        for section, _, name in [key.partition(".")]
        if place != DEFAULT or not args.changed
    }
    if args.json:
        for key, (value, place) in shown.items():
            print(json.dumps({"key": key, "value": value, "from": place}, ensure_ascii=False))
    else:
        print("\n".join(_as_toml(shown)))


def _as_toml(shown: dict[str, tuple[Any, str]]) -> Iterator[str]:
    lines = {key: f"{key.partition('.')[2]} = {_toml(value)}" for key, (value, _) in shown.items()}
    width = min(max(map(len, lines.values()), default=0), 40)
    before = ""
    for key, line in lines.items():
        section = key.partition(".")[0]
        if section != before:
            yield f"{before and chr(10)}[{section}]"
            before = section
        yield f"{line:<{width}}  # {shown[key][1]}"


def _toml(value: object) -> str:
    """Return a value as TOML writes it, which is as JSON does for all that settings hold."""
    return json.dumps(value, ensure_ascii=False)


def _edit(file: Path, named: Path | None) -> None:
    """Open a settings file in an editor, made of the defaults where there is none."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or _some_editor()
    try:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(_template(), encoding="utf-8")
        done = subprocess.run([*shlex.split(editor), str(file)], check=False)  # noqa: S603 - the user's own editor
    except OSError as error:
        raise SettingsError(f"cannot open {file} with {editor!r}: {error.strerror}") from error
    if done.returncode:
        raise SettingsError(f"{editor!r} ended with status {done.returncode}")
    load_settings(named)


def _some_editor() -> str:
    found = next((name for name in _EDITORS if shutil.which(name)), None)
    if found is None:
        raise SettingsError("expected an editor in VISUAL or EDITOR, found neither")
    return found


def _template() -> str:
    """Return all settings with their explanations, the values commented out."""
    _, _, sections = DEFAULT_FILE.read_text(encoding="utf-8").partition("\n\n")
    lines = (
        f"# {line}" if " = " in line and not line.startswith("#") else line
        for line in sections.splitlines()
    )
    return _HEAD + "\n".join(lines) + "\n"
