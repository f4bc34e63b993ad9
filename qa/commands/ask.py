"""``newsquote ask QUESTION``: one question, answered by quotes."""

import argparse
import json
import sys
from collections.abc import Collection, Sequence

from config.settings import Settings
from index.errors import NewsquoteError
from index.text.tokens import fold
from qa.commands.look import looks
from qa.commands.pager import page
from qa.commands.present import answer_as_text
from qa.objects import answer_as_json
from qa.opening import open_service
from qa.service import Service
from qa.types import Filters, Window

ANSWERED, NOTHING_FOUND = 0, 1

_LISTED = 10
"""Sources that are named at most."""


class EmptyWindow(NewsquoteError):
    """No day is in the window that was asked for."""


class UnknownSource(NewsquoteError):
    """The archive has no source of the name that was asked for, or several."""

    def __init__(self, name: str, known: Collection[str]) -> None:
        import difflib  # noqa: PLC0415 - few runs meet an unknown source

        folded = {fold(one): one for one in known}
        near = [folded[one] for one in difflib.get_close_matches(fold(name), folded, n=3)]
        lists = "'newsquote index sources' lists them"
        more = f"did you mean {' or '.join(map(repr, near))}?" if near else lists
        super().__init__(f"the archive has no source {name!r}; {more}")


class SeveralSources(NewsquoteError):
    """A part of a name is in the names of several sources."""

    def __init__(self, part: str, names: Sequence[str]) -> None:
        listed = ", ".join(names[:_LISTED]) + (", ..." if len(names) > _LISTED else "")
        super().__init__(f"{part!r} is in the names of {len(names)} sources, name one: {listed}")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the answers; 0 when something was quoted, 1 when nothing answers.

    :raises NewsquoteError: if the file of questions cannot be read.
    """
    questions = _questions(args)
    look = looks(short=args.short, offer_near=not args.near)
    answered = False
    with open_service(flagged(args, settings)) as service:
        chosen = filters(args, service)
        for question in questions:
            answer = service.answer(question, filters=chosen, quotes=args.k, near=args.near)
            answered = answered or answer.answered
            if args.json:
                indent = None if args.batch else 2
                print(json.dumps(answer_as_json(answer), ensure_ascii=False, indent=indent))
            elif args.batch:
                print(f"? {question}\n\n{answer_as_text(answer, look)}", flush=True)
            else:
                page(answer_as_text(answer, look))
    return ANSWERED if answered else NOTHING_FOUND


def _questions(args: argparse.Namespace) -> list[str]:
    """Return what is asked: the words of the command line, or the lines of a file."""
    if args.batch is None:
        return [sys.stdin.read() if args.question == ["-"] else " ".join(args.question)]
    try:
        read = sys.stdin.read() if str(args.batch) == "-" else args.batch.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NewsquoteError(f"cannot read questions from {args.batch}: {error}") from error
    questions = [line.strip() for line in read.splitlines() if line.strip()]
    if not questions:
        raise NewsquoteError(f"expected a question a line in {args.batch}, found none")
    return questions


def flagged(args: argparse.Namespace, settings: Settings) -> Settings:
    """Return the settings with what the flags of ``qa.arguments.ask`` change of them."""
    return settings.with_flags(index={"dir": args.index}, answer={"today": args.today})


def filters(args: argparse.Namespace, service: Service) -> Filters:
    """Return the filters that the flags ask for.

    :raises UnknownSource: if the archive has no source of that name; the message names near ones.
    :raises SeveralSources: if a part of a name was given, and several sources have it.
    :raises EmptyWindow: if the window ends before it begins.
    """
    source = None if args.source is None else source_named(args.source, service)
    if args.since and args.until and args.since > args.until:
        raise EmptyWindow(f"--since {args.since} is after --until {args.until}")
    window = Window(args.since, args.until) if args.since or args.until else None
    return Filters(window=window, source=source)


def source_named(name: str, service: Service) -> str:
    """Return the source that a name means: its own, another one that it has, or a part of it.

    :raises UnknownSource: if there is none.
    :raises SeveralSources: if there are several.
    :raises IndexDamaged: if there is none, and the index is not what was written.
    """
    if name in service.sources():
        return name
    if found := service.source_named(name):
        return found
    parts = service.sources(name) if name.strip() else ()
    if not parts:
        service.check_whole()  # its name may have been damaged
        raise UnknownSource(name, service.sources())
    if len(parts) > 1:
        raise SeveralSources(name, parts)
    return parts[0]
