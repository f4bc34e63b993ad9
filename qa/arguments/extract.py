"""What ``extract`` takes."""

from pathlib import Path

from qa.arguments.parser import Parser

_DESCRIPTION = """\
Extract the text of article files (those of extract.suffixes) and print one JSON
object per article and line.
"""


def add_arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.description = _DESCRIPTION
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a file or a folder")
