"""What ``check-quote`` takes."""

from pathlib import Path

from qa.arguments.parser import Parser
from qa.arguments.values import window


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``check-quote``."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "text",
        nargs="?",
        metavar="TEXT",
        help="the quotation; - reads a text from standard input and checks every quotation in it",
    )
    what.add_argument(
        "--file", type=Path, metavar="FILE", help="check every quotation in the text of this file"
    )
    parser.add_argument(
        "--index", type=Path, metavar="DIR", help="folder of the index (default: index.dir)"
    )
    parser.add_argument("--source", metavar="NAME", help="where it is said to be from")
    parser.add_argument("--author", metavar="NAME", help="who is said to say or to write it")
    parser.add_argument(
        "--date",
        type=window,
        metavar="DATE",
        help="when it is said to have been published: a day, a month or a year",
    )
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")
    parser.set_defaults(opening="opening the index ...")
