"""``newsquote ask QUESTION``: one question, answered by quotes."""

import argparse
import json
import os
import sys
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path

from config.settings import Settings
from index.errors import NewsquoteError
from qa.commands.present import answer_as_text
from qa.objects import answer_as_json
from qa.opening import open_service
from qa.service import Service
from qa.types import Filters, Window
from qa.understanding.dates import find_dates

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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``ask``."""
    parser.add_argument("question", help="in Chinese, English or Russian; - reads standard input")
    add_answer_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("--near", action="store_true", help="show near misses when nothing answers")


def add_answer_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``ask`` and ``chat`` have in common."""
    parser.add_argument("-k", type=count, metavar="N", help="quotes at most")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--since", type=_first_day, metavar="DATE", help="published on or after")
    parser.add_argument("--until", type=_last_day, metavar="DATE", help="published on or before")
    parser.add_argument("--source", metavar="NAME", help="only articles from this source")
    parser.add_argument(
        "--today",
        metavar="DAY",
        help='what "yesterday" counts from: a day such as 2024-06-30, or "archive", its newest article',
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the answer; 0 when something was quoted, 1 when nothing answers."""
    question = sys.stdin.read() if args.question == "-" else args.question
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
    """Return the settings with what the flags of ``add_answer_arguments`` change of them."""
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


def count(text: str) -> int:
    """Read a number from 1 as the value of a flag."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1, found {text!r}")
    return int(text)


def _first_day(text: str) -> date | None:
    return _window(text).since


def _last_day(text: str) -> date | None:
    return _window(text).until


def _window(text: str) -> Window:
    text = text.strip()
    found = find_dates(text, datetime.now(UTC).astimezone().date())
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(text)):
        raise argparse.ArgumentTypeError(
            f"expected a past date such as 2021, 2021-12, 2021-12-03 or 'last month', found {text!r}"
        )
    return found[0].window
