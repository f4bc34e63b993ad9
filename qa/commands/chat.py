"""``newsquote chat``: question after question, with history and follow-ups."""

import argparse
import contextlib
import sys

from config.settings import Settings
from qa.commands.ask import filters, flagged, wants_colour
from qa.commands.present import answer_as_text
from qa.conversation import Conversation
from qa.opening import open_service

_PROMPT = "? "
_WELCOME = "Ask a question; /new starts afresh, /quit or Ctrl-D ends.\n"


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Answer until the input ends; return 0."""
    interactive = sys.stdin.isatty()
    if interactive:
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401, PLC0415 - gives input() history and editing
        print(_WELCOME)
    with open_service(flagged(args, settings)) as service:
        conversation = Conversation(filters=filters(args, service))
        while (line := _read(_PROMPT if interactive else "")) is not None:
            if line == "/quit":
                break
            if line == "/new":
                conversation = conversation.anew()
            elif line:
                answer = conversation.ask(service, line, quotes=args.k)
                sys.stdout.write(answer_as_text(answer, colour=wants_colour()) + "\n")
                sys.stdout.flush()
                conversation = conversation.after(answer)
    return 0


def _read(prompt: str) -> str | None:
    """Return the next line without the white space around it; None when the input has ended."""
    try:
        return input(prompt).strip()
    except EOFError:
        return None
