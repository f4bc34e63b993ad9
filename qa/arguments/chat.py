"""What ``chat`` takes."""

from qa.arguments.ask import add_answer_arguments
from qa.arguments.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``chat``."""
    add_answer_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object an answer")
