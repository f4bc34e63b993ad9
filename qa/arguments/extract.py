"""What ``extract`` takes."""

from pathlib import Path

from qa.arguments.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.description = (
        "Extract the text of article files (.md .markdown .txt .html .htm) and print one JSON "
        "object per article and line. What is wrong with a file is reported on standard error, "
        "one line each, and a summary ends the run."
    )
    parser.epilog = (
        "Exit status: 0 if an article was extracted, 1 if none was, 2 for a usage error. A file "
        "without any text is reported as skipped; its metadata is printed with no paragraphs."
    )
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a file or a folder")
