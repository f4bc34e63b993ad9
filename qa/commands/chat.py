"""``newsquote chat``: question after question, with history and follow-ups."""

import argparse
import contextlib
import json
import signal
import sys
from collections.abc import Iterator

from config.settings import Settings
from qa.commands.ask import filters, flagged
from qa.commands.look import looks
from qa.commands.present import answer_as_text
from qa.conversation import Conversation
from qa.objects import answer_as_json
from qa.opening import open_service
from qa.service import Service

_PROMPT = "? "
_LOOK_S = 0.02
_WELCOME = "Ask a question. help says more, exit or Ctrl-D ends.\n"
_HELP = """\
Ask in Chinese, English or Russian. What you asked before is remembered: "and in 2022?", 那俄方呢？
  go on, 继续, ещё    the quotes after those that were shown
  new                forget what was asked, begin anew
  exit, quit         end, as Ctrl-D does
"""
_AGAIN = "\nCtrl-C once more, or exit, ends."
_STOPPED = "\nstopped; ask on"

_ENDING = {"exit", "quit", "/exit", "/quit", "/q", ":q"}
_HELPING = {"help", "/help", "?"}
_ANEW = {"new", "/new"}


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Answer until the input ends; return 0."""
    interactive = sys.stdin.isatty() and not args.json
    if interactive:
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401, PLC0415 - gives input() history and editing
        print(_WELCOME)
    with open_service(flagged(args, settings)) as service:
        conversation = Conversation(filters=filters(args, service))
        while (line := _read(interactive=interactive)) is not None:
            word = line.lower()
            if word in _ENDING:
                break
            if word in _HELPING:
                print(_HELP)
            elif word in _ANEW:
                conversation = conversation.anew()
            elif line:
                conversation = _answered(conversation, service, line, args)
    return 0


def _answered(
    conversation: Conversation, service: Service, line: str, args: argparse.Namespace
) -> Conversation:
    """Answer a question; Ctrl-C stops the answer and nothing else."""
    try:
        answer = conversation.ask(service, line, quotes=args.k)
        if args.json:
            print(json.dumps(answer_as_json(answer), ensure_ascii=False), flush=True)
        else:
            print(answer_as_text(answer, looks(short=args.short)), flush=True)
    except KeyboardInterrupt:
        if not sys.stdin.isatty():
            raise
        print(_STOPPED)
        return conversation
    return conversation.after(answer)


def _read(*, interactive: bool) -> str | None:
    """Return the next line without the white space around it; None when there are no more.

    :param interactive: somebody types; Ctrl-C throws away what they typed, twice in a row ends.
    """
    try:
        try:
            return _line(interactive=interactive)
        except KeyboardInterrupt:
            if not interactive:
                raise
            print(_AGAIN)
            return _line(interactive=interactive)
    except KeyboardInterrupt:  # the second one, while whatever of this was being done
        if not interactive:
            raise
        print()
        return None


def _line(*, interactive: bool) -> str | None:
    if not interactive:
        with contextlib.suppress(EOFError):
            return input().strip()
        return None
    try:
        with _noticing_interrupts():
            return input(_PROMPT).strip()
    except EOFError:
        print()
        return None


@contextlib.contextmanager
def _noticing_interrupts() -> Iterator[None]:
    """Wake up now and then while somebody types.

    A Ctrl-C that comes after Python has looked for signals and before readline waits for a key would be
    noticed at the next key only.
    """
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, _LOOK_S, _LOOK_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
