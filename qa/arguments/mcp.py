"""What ``mcp`` takes."""

from pathlib import Path

from qa.arguments.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``mcp``."""
    parser.add_argument(
        "--index", type=Path, metavar="DIR", help="folder of the index (default: index.dir)"
    )
