"""The command line: ``newsquote COMMAND``.

Each command is a module with ``add_arguments(parser)`` and ``run(args, settings) -> int``. A module
is imported only when its command is the one that was called, so that a question does not pay for
the bot; this also lets the one program name the bot without ``qa`` depending on it.
"""

import argparse
import gc
import importlib
import io
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import NewsquoteError

NOTHING_FOUND = 1
FAILED = 2
"""Exit statuses are grep's: 0 answered, 1 nothing found, 2 error."""

_INTERRUPTED = 130

ENVIRONMENT: Mapping[str, str] = {
    # There are none; to look for them reads the records of every package that is installed.
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
    # Matrices are small, and the bot has a thread for each question: OpenBLAS's further ones would
    # start for nothing, here and in every worker, and spin beside every product.
    "OPENBLAS_NUM_THREADS": "1",
}
"""What the program sets unless it is set already, before the libraries that read it are imported."""


@dataclass(frozen=True, slots=True)
class Command:
    """One sub-command: its name, where it lives and what it is for."""

    name: str
    module: str
    summary: str


COMMANDS = (
    Command("ask", "qa.commands.ask", "answer one question by quoting the archive"),
    Command("chat", "qa.commands.chat", "ask question after question; follow-ups are understood"),
    Command("index", "qa.commands.index", "build the index, or show what is in it"),
    Command("fetch", "qa.commands.fetch", "save new entries of RSS and Atom feeds as articles"),
    Command("verify", "qa.commands.verify", "prove every passage against its source file"),
    Command("extract", "qa.commands.extract", "print the articles' clean paragraphs as JSON"),
    Command("eval", "qa.commands.evaluate", "measure retrieval on a question set"),
    Command("calibrate", "qa.commands.calibrate", "fit the answer score on question sets"),
    Command("encoder", "qa.commands.encoder", "write a model to a folder"),
    Command("bot", "bot.command", "answer questions in Telegram"),
)

_DESCRIPTION = """\
newsquote answers questions about an archive of news articles by quoting the
paragraphs that answer them, word for word, with source, date and link.
"""

_EPILOG = """\
first steps:
  newsquote index build ~/articles              read a folder of .md and .html files
  newsquote ask "Who opened the new bridge?"    a question in Chinese, English or Russian
  newsquote ask "谁为新桥揭幕？" -k 3 --json      three quotes, for another program
  newsquote chat                                a conversation
  newsquote verify                              check every passage against its file

Settings come from newsquote.toml here, .env, NEWSQUOTE_* in the environment and
flags; later wins. config/default.toml lists them all.
Exit status: 0 answered, 1 nothing found, 2 error.
"""


def program() -> int:
    """Be the program: run the command line in a process of its own; return the exit status.

    What is made while it starts lives as long as it does: to look for garbage in it, at the start
    and again at the end, takes a sixth of the time in which a question is answered.
    """
    gc.disable()
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    try:
        return main()
    finally:
        gc.freeze()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    # Imported here for ``program``: no other import takes as long.
    from config.keys import SettingsError  # noqa: PLC0415 - see above
    from config.loading import load_settings  # noqa: PLC0415 - see above

    argv = sys.argv[1:] if argv is None else argv
    args = build_parser(argv).parse_args(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a character gets its code, not a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        settings = load_settings(args.config)
        logging.basicConfig(
            level=settings.log.level.upper(), format="%(levelname)s %(name)s: %(message)s"
        )
        command = importlib.import_module(args.module)
        gc.enable()
        status: int = command.run(args, settings)
        sys.stdout.flush()
    except (NewsquoteError, SettingsError) as error:
        from qa.commands.remedies import with_remedy  # noqa: PLC0415 - few runs fail

        print(f"newsquote: {with_remedy(error)}", file=sys.stderr)  # noqa: T201 - the command line prints
        return FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (| head): nothing more to say, and nothing wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"newsquote: {error}", file=sys.stderr)  # noqa: T201 - the command line prints
        return FAILED
    return status


def build_parser(argv: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return the parser; only the command that ``argv`` names gets its own arguments."""
    parser = argparse.ArgumentParser(
        prog="newsquote",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="settings file instead of newsquote.toml"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        child = commands.add_parser(
            command.name,
            help=command.summary,
            description=command.summary[0].upper() + command.summary[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        child.set_defaults(module=command.module)
        if command.name in argv:
            importlib.import_module(command.module).add_arguments(child)
    return parser


if __name__ == "__main__":
    sys.exit(program())
