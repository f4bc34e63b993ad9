"""``newsquote completion SHELL``: prints what teaches a shell to complete commands, flags and paths.

Above the command line, for it completes all that the command line has.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import shtab

from config.settings import Settings
from qa.arguments.parser import Parser
from qa.cli import build_parser

SHELLS = ("bash", "zsh", "fish")

_DESCRIPTION = """\
Print what teaches a shell to complete commands, flags and paths. Once:

  bash  newsquote completion bash > ~/.local/share/bash-completion/completions/newsquote
  zsh   newsquote completion zsh > ~/.zfunc/_newsquote
        (and in ~/.zshrc, before compinit: fpath+=~/.zfunc)
  fish  newsquote completion fish > ~/.config/fish/completions/newsquote.fish
"""

_FOLDERS = {"DIR", "FOLDER"}


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``completion``."""
    parser.description = _DESCRIPTION
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))


def run(args: argparse.Namespace, _settings: Settings) -> int:
    """Print the script for a shell; return 0."""
    parser = build_parser(every=True)
    for action in _actions(parser):
        if action.type is Path:
            kind = shtab.DIRECTORY if action.metavar in _FOLDERS else shtab.FILE
            action.complete = kind  # type: ignore[attr-defined]  # how shtab is told
    print(shtab.complete(parser, shell=args.shell))  # noqa: T201 - the command line prints
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield all arguments of a parser and of its sub-commands."""
    for action in parser._actions:  # noqa: SLF001 - as shtab does: argparse has no public way
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - the same
            for child in action.choices.values():
                yield from _actions(child)
