"""What ``ask`` and ``chat`` take."""

from pathlib import Path

from qa.arguments.parser import Parser
from qa.arguments.values import count, first_day, last_day


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``ask``."""
    parser.add_argument(
        "question",
        nargs="*",
        metavar="QUESTION",
        help="in Chinese, English or Russian; quotation marks are not needed; - reads standard input",
    )
    parser.add_argument(
        "--batch", type=Path, metavar="FILE", help="ask a question a line; - reads standard input"
    )
    parser.one_of = ("question", "batch")
    add_answer_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("--near", action="store_true", help="show near misses when nothing answers")


def add_answer_arguments(parser: Parser) -> None:
    """Add what ``ask`` and ``chat`` have in common."""
    parser.add_argument(
        "--short", action="store_true", help="only the sentences that answer, and their sources"
    )
    parser.add_argument(
        "-k", type=count, metavar="N", help="quotes at most (default: answer.quotes)"
    )
    parser.add_argument(
        "--index", type=Path, metavar="DIR", help="folder of the index (default: index.dir)"
    )
    parser.add_argument("--since", type=first_day, metavar="DATE", help="published on or after")
    parser.add_argument("--until", type=last_day, metavar="DATE", help="published on or before")
    parser.add_argument(
        "--source",
        metavar="NAME",
        help="only articles from this source; a part of its name will do",
    )
    parser.add_argument(
        "--today",
        metavar="DAY",
        help='what "yesterday" counts from: a day such as 2024-06-30, or "archive", its newest article',
    )
