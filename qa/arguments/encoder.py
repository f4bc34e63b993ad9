"""What ``encoder`` takes."""

from pathlib import Path

from qa.arguments.parser import Parser, add_action


def add_arguments(parser: Parser) -> None:
    """Declare the actions."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    action = add_action(
        actions, "export", "write a model to a folder, as sentence-transformers saves them"
    )
    action.add_argument("model", choices=["e5"], metavar="MODEL", help="e5: multilingual-e5-small")
    action.add_argument("folder", type=Path, metavar="FOLDER", help="a new one, or an empty one")
