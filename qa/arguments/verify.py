"""What ``verify`` takes."""

from pathlib import Path

from qa.arguments.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``verify``."""
    parser.add_argument(
        "--index", type=Path, metavar="DIR", help="folder of the index (default: index.dir)"
    )
    parser.add_argument(
        "--passage",
        type=int,
        action="append",
        metavar="ID",
        help="only this passage_id, as 'ask --json' gives it; may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a file")
    parser.add_argument(
        "--repair",
        action="store_true",
        help="first make again what is damaged, from what is whole or from the articles",
    )
    parser.set_defaults(opening="opening the index ...", interrupted="the index is as it was")
