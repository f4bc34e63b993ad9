"""What ``eval`` takes."""

from pathlib import Path

from qa.arguments.parser import Parser
from qa.arguments.values import count


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``eval``."""
    parser.add_argument(
        "sets",
        nargs="+",
        type=Path,
        metavar="SET",
        help="folder in BEIR's format, or question file (.jsonl)",
    )
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument(
        "--archive",
        type=Path,
        metavar="PATH",
        help="index these articles and ask them: a folder, or a corpus, .jsonl[.gz|.xz]",
    )
    asked.add_argument("--index", type=Path, metavar="DIR", help="ask an index that exists")
    parser.add_argument(
        "--distractors", type=Path, metavar="FILE", help="further documents, .jsonl[.gz|.xz]"
    )
    parser.add_argument(
        "--unanswerable",
        type=Path,
        metavar="SET",
        help="set whose questions are asked too and should be declined",
    )
    parser.add_argument(
        "--baseline", choices=("bm25",), help="rank articles and passages by BM25 too"
    )
    parser.add_argument(
        "--encoder", metavar="MODEL", help="'bundled', 'e5', a folder or a hub name"
    )
    parser.add_argument(
        "--sample", type=count, metavar="N", help="ask so many questions of each set at most"
    )
    parser.add_argument("--json", action="store_true", help="print the reports as JSON, one a line")
    parser.set_defaults(
        opening="opening the models ...", interrupted="what was measured until now stands above"
    )
