"""The command line: ``newsquote COMMAND``.

A command has two modules, each imported only when the command is the one that was called: what it
takes (``add_arguments(parser)``) imports no library, what it does (``run(args, settings) -> int``)
imports all that it needs. So help and the first line on a terminal come at once, a question does
not pay for the bot, and the one program names the bot without ``qa`` depending on it.
"""

import argparse
import errno
import gc
import importlib
import io
import os
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.errors import NewsquoteError
from qa.arguments.parser import Parser, sentence
from qa.commands import status_line

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


class Command(NamedTuple):
    """One sub-command.

    :ivar module: what it does: ``run(args, settings) -> int``.
    :ivar summary: what it is for.
    :ivar arguments: what it takes, ``add_arguments(parser)``; empty = the same module.
    """

    name: str
    module: str
    summary: str
    arguments: str = ""


def _own(name: str, summary: str, module: str = "") -> Command:
    """Return a command of this package; its modules are called like it unless they are named."""
    module = module or name
    return Command(name, f"qa.commands.{module}", summary, f"qa.arguments.{module}")


COMMANDS = (
    _own("ask", "answer one question by quoting the archive"),
    _own("chat", "ask question after question; follow-ups are understood"),
    _own("index", "build the index, or show what is in it"),
    _own("config", "show the settings and where each comes from, or change them"),
    _own("fetch", "save new entries of RSS and Atom feeds as articles"),
    _own("verify", "prove every passage against its source file"),
    _own("check-quote", "say whether a quotation stands in the archive", "check_quote"),
    _own("extract", "print the articles' clean paragraphs as JSON"),
    _own("eval", "measure retrieval on a question set", "evaluate"),
    _own("calibrate", "fit the answer score on question sets"),
    _own("encoder", "write a model to a folder"),
    Command(
        "serve",
        "qa.web.command",
        "answer in a browser, and other programs over HTTP",
        "qa.arguments.serve",
    ),
    Command(
        "keys",
        "qa.web.keys_command",
        "give out and revoke keys of the HTTP API",
        "qa.arguments.keys",
    ),
    Command(
        "mcp",
        "qa.mcp.command",
        "be a tool of other programs' models, by MCP",
        "qa.arguments.mcp",
    ),
    Command("completion", "qa.completion", "teach a shell to complete commands and flags"),
    Command("bot", "bot.command", "answer questions in Telegram"),
)

_HELP = "help"

_DESCRIPTION = """\
newsquote answers questions about an archive of news articles by quoting the
paragraphs that answer them, word for word, with source, date and link.
"""

_EPILOG = """\
first steps:
  newsquote index build ~/articles              read a folder of .md and .html files
  newsquote ask Who opened the new bridge?      a question in Chinese, English or Russian
  newsquote ask 谁为新桥揭幕？ -k 3 --json        three quotes, for another program
  newsquote chat                                a conversation
  newsquote verify                              check every passage against its file
  newsquote help index build                    all about one command

'newsquote config' shows the settings and where each comes from, 'newsquote config
edit' opens your own. The index lies in index-data here if there is such a folder,
else in one place for you.
Exit status: 0 answered, 1 nothing found, 2 error, 130 stopped by Ctrl-C.
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
    argv = sys.argv[1:] if argv is None else argv
    argv = _asked_for_help(argv)
    args = build_parser(argv).parse_args(argv)
    if args.opening:
        status_line.show(args.opening)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a character gets its code, not a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = _run(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        _complain(f"stopped; {args.interrupted}" if args.interrupted else "stopped")
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (| head): nothing more to say, and nothing wrong.
        _drop_output()
        return 0
    except OSError as error:
        _complain(_explained(error))
        return FAILED
    finally:
        if args.opening:
            status_line.clear()
    return status


def _run(args: argparse.Namespace) -> int:
    """Load the settings and the command, and run it."""
    # Imported here for the first line on a terminal: no other imports take as long.
    from config.keys import SettingsError  # noqa: PLC0415 - see above
    from config.loading import default_settings, load_settings  # noqa: PLC0415 - see above

    try:
        settings = load_settings(args.config) if args.with_settings else default_settings()
        _set_up_logging(settings.log.level)
        command = importlib.import_module(args.module)
        gc.enable()
        status: int = command.run(args, settings)
    except (NewsquoteError, SettingsError) as error:
        from qa.commands.remedies import with_remedy  # noqa: PLC0415 - few runs fail

        _complain(with_remedy(error))
        return FAILED
    return status


def _set_up_logging(level: str) -> None:
    import logging  # noqa: PLC0415 - the first line on a terminal does not wait for it

    logging.basicConfig(level=level.upper(), format="%(levelname)s %(name)s: %(message)s")


def _complain(message: str) -> None:
    status_line.clear()
    print(f"newsquote: {message}", file=sys.stderr)  # noqa: T201 - the command line prints


_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


def _explained(error: OSError) -> str:
    """Say what could not be written or read.

    An error of a file names it, and those of the index are explained where they come about: one
    without a name is of standard output.
    """
    if error.filename is None and error.errno in _NO_ROOM:
        _drop_output()
        return f"cannot write to standard output: {error.strerror}"
    return str(error)


def _drop_output() -> None:
    """Let what is still to be written go nowhere: it is tried once more when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _asked_for_help(argv: Sequence[str]) -> Sequence[str]:
    """Return ``newsquote help COMMAND`` as what it means, ``newsquote COMMAND --help``."""
    place = _place_of_command(argv)
    if place is None or argv[place] != _HELP:
        return argv
    return [*argv[:place], *argv[place + 1 :], "--help"]


def _place_of_command(argv: Sequence[str]) -> int | None:
    """Return where the command stands: the first word that is neither a flag nor its value."""
    value = False
    for place, word in enumerate(argv):
        if not value and not word.startswith("-"):
            return place
        value = word == "--config"
    return None


def build_parser(argv: Sequence[str] = (), *, every: bool = False) -> Parser:
    """Return the parser; only the command that ``argv`` calls gets its own arguments.

    :param every: give all commands their arguments.
    """
    parser = Parser(prog="newsquote", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument(
        "--version", action=_Version, nargs=0, default=argparse.SUPPRESS, help="print the version"
    )
    # What a command's own arguments set otherwise.
    parser.set_defaults(config=None, verbose=False, opening="", interrupted="", with_settings=True)
    place = _place_of_command(argv)
    called = None if place is None else argv[place]
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        child = commands.add_parser(
            command.name,
            help=command.summary,
            description=sentence(command.summary),
        )
        child.set_defaults(module=command.module)
        if every or command.name == called:
            importlib.import_module(command.arguments or command.module).add_arguments(child)
    about_help = "say more about a command: newsquote help COMMAND"
    commands.add_parser(_HELP, help=about_help, description=sentence(about_help))
    return parser


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415 - nobody else needs it

        print(f"newsquote {version('newsquote')}")  # noqa: T201 - the command line prints
        parser.exit()


if __name__ == "__main__":
    sys.exit(program())
