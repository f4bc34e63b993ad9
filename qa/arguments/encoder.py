"""What ``encoder`` takes."""

from pathlib import Path

from qa.arguments.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Declare the actions."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    action = actions.add_parser(
        "export", help="write a model to a folder, as sentence-transformers saves them"
    )
    action.add_argument("model", choices=["e5"], help="multilingual-e5-small")
    action.add_argument("folder", type=Path, metavar="FOLDER", help="a new one, or an empty one")
