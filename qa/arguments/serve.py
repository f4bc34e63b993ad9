"""What ``serve`` takes."""

from pathlib import Path

from qa.arguments.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``serve``."""
    parser.add_argument(
        "--index", type=Path, metavar="DIR", help="folder of the index (default: index.dir)"
    )
    parser.add_argument("--host", metavar="ADDRESS", help="where to listen (default: serve.host)")
    parser.add_argument(
        "--health", action="store_true", help="ask the running server how it is; 0 = well"
    )
    parser.add_argument(
        "--port", type=int, metavar="N", help="port; 0 = any that is free (default: serve.port)"
    )
