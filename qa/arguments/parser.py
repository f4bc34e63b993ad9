"""The program's parser: argparse with flags of the program anywhere, and near names in its errors."""

import argparse
import difflib
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

Actions: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001 - see below
"""What sub-commands are added to; argparse has no public name for it."""


class Parser(argparse.ArgumentParser):
    """A parser whose sub-commands are parsers like it.

    Each takes the flags of the whole program, and words on either side of its flags. It names what
    comes nearest to a command or flag that it does not know, and shows its own usage with it.

    :ivar one_of: arguments of which exactly one must be given: a positional one, and a flag.
    """

    one_of: tuple[str, str] | None = None

    def format_help(self) -> str:
        """Return the help, with the page of the manual at its end."""
        from qa.arguments.manual import PAGES  # noqa: PLC0415 - only help needs it

        page = PAGES.get(self.prog.partition(" ")[2])
        text = super().format_help()
        return f"{text}\n{page.text()}\n" if page else text

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        # An abbreviated flag would mean another one as soon as the program learns one more.
        super().__init__(**{"allow_abbrev": False, **kwargs})
        group = self.add_argument_group("flags of every command")
        group.add_argument(
            "--config",
            type=Path,
            default=argparse.SUPPRESS,
            metavar="FILE",
            help="settings file instead of newsquote.toml",
        )
        group.add_argument(
            "-v",
            "--verbose",
            action="store_true",
            default=argparse.SUPPRESS,
            help="tell of each file that is skipped or mended",
        )

    def parse_known_args(  # type: ignore[override]  # argparse declares overloads
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse; what this parser does not know is an error of its own, with its usage."""
        found, rest = super().parse_known_args(args, namespace)
        if rest and not any(_is_flag(word) for word in rest):
            rest = self._taken(rest, found)
        if rest:
            self.error(_unknown(rest, self._option_string_actions))
        if self.one_of and sum(bool(getattr(found, name)) for name in self.one_of) != 1:
            word, flag = self.one_of
            self.error(f"expected a {word}, or --{flag}, and not both")
        return found, []

    def _taken(self, words: list[str], found: argparse.Namespace) -> list[str]:
        """Give words that come after a flag to whom the words before it went; return what is left."""
        for action in reversed(self._get_positional_actions()):
            if action.nargs in ("+", "*"):
                try:
                    values = [self._get_value(action, word) for word in words if word != "--"]
                except argparse.ArgumentError as error:
                    self.error(str(error))
                setattr(found, action.dest, [*(getattr(found, action.dest) or ()), *values])
                return []
        return words

    def error(self, message: str) -> NoReturn:
        """Print the usage and what is wrong, and end with status 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"newsquote: {message}\n'{self.prog} --help' says more.\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        if action.option_strings:
            raise argparse.ArgumentError(
                action, f"expected one of {', '.join(known)}, found {value!r}"
            )
        kind = str(action.metavar or action.dest).lower()
        raise argparse.ArgumentError(None, f"there is no {kind} {value!r}{near(str(value), known)}")


def add_action(actions: Actions, name: str, summary: str) -> Parser:
    """Return the parser of one more action, which ``args.action`` then names.

    :param summary: what it is for, without a capital or a full stop.
    """
    child = actions.add_parser(name, help=summary, description=sentence(summary))
    child.set_defaults(action=name)
    return child


def sentence(summary: str) -> str:
    """Return a summary with its capital and its full stop."""
    return f"{summary[0].upper()}{summary[1:]}."


def near(word: str, known: Collection[str]) -> str:
    """Return ``; did you mean 'ask'?`` where something known comes near a word."""
    found = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _is_flag(word: str) -> bool:
    """Tell a flag from a word: ``-``, ``--`` and ``-5`` are words."""
    return word.startswith("-") and word.lstrip("-")[:1].isalpha()


def _unknown(rest: Sequence[str], known: Collection[str]) -> str:
    flag = next((word.partition("=")[0] for word in rest if _is_flag(word)), None)
    if flag is None:
        return f"did not expect {' '.join(rest)!r}"
    return f"there is no flag {flag!r}{near(flag, known)}"
