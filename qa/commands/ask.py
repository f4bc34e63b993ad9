"""``newsquote ask QUESTION``: one question, answered by quotes."""

import argparse
import json
import os
import sys
from collections.abc import Collection

from config.settings import Settings
from index.errors import NewsquoteError
from qa.commands.present import answer_as_text
from qa.objects import answer_as_json
from qa.opening import open_service
from qa.service import Service
from qa.types import Filters, Window

ANSWERED, NOTHING_FOUND = 0, 1


class EmptyWindow(NewsquoteError):
    """No day is in the window that was asked for."""


class UnknownSource(NewsquoteError):
    """The archive has no source of the name that was asked for."""

    def __init__(self, name: str, known: Collection[str]) -> None:
        import difflib  # noqa: PLC0415 - few runs meet an unknown source

        nearest = difflib.get_close_matches(name, known, n=5, cutoff=0)
        listed = ", ".join(nearest) or "none at all"
        super().__init__(f"the archive has no source {name!r}; the nearest are: {listed}")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the answer; 0 when something was quoted, 1 when nothing answers."""
    question = sys.stdin.read() if args.question == ["-"] else " ".join(args.question)
    with open_service(flagged(args, settings)) as service:
        answer = service.answer(
            question, filters=filters(args, service), quotes=args.k, near=args.near
        )
    if args.json:
        print(json.dumps(answer_as_json(answer), ensure_ascii=False, indent=2))
    else:
        sys.stdout.write(answer_as_text(answer, colour=wants_colour()))
    return ANSWERED if answer.answered else NOTHING_FOUND


def flagged(args: argparse.Namespace, settings: Settings) -> Settings:
    """Return the settings with what the flags of ``qa.arguments.ask`` change of them."""
    return settings.with_flags(index={"dir": args.index}, answer={"today": args.today})


def filters(args: argparse.Namespace, service: Service) -> Filters:
    """Return the filters that the flags ask for.

    :raises UnknownSource: if the archive has no source of that name; the message names the nearest.
    :raises EmptyWindow: if the window ends before it begins.
    """
    if args.source is not None and args.source not in service.sources():
        raise UnknownSource(args.source, service.sources())
    if args.since and args.until and args.since > args.until:
        raise EmptyWindow(f"--since {args.since} is after --until {args.until}")
    window = Window(args.since, args.until) if args.since or args.until else None
    return Filters(window=window, source=args.source)


def wants_colour() -> bool:
    """Return whether to colour: only on a terminal, and not against https://no-color.org."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
