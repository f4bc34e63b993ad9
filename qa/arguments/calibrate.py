"""What ``calibrate`` takes."""

from pathlib import Path

from qa.arguments.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``calibrate``."""
    parser.add_argument(
        "datasets", nargs="+", type=Path, metavar="SET", help="folder in BEIR's format"
    )
    parser.add_argument(
        "--distractors", type=Path, metavar="FILE", help="further documents, .jsonl[.gz|.xz]"
    )
    parser.add_argument("--index", type=Path, metavar="DIR", help="index it is for")
    parser.add_argument(
        "--dry-run", action="store_true", help="print the calibration, change nothing"
    )
    parser.set_defaults(
        opening="opening the models ...", interrupted="the calibration is as it was"
    )
