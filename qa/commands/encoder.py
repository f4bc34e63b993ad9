"""``newsquote encoder export e5 FOLDER``: a model as a plain sentence-transformers folder."""

import argparse
from pathlib import Path

from config.settings import Settings
from index.encoders.e5 import export
from index.encoders.protocol import E5
from index.errors import NewsquoteError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    action = actions.add_parser(
        "export", help="write a model to a folder, as sentence-transformers saves them"
    )
    action.add_argument("model", choices=[E5], help="multilingual-e5-small")
    action.add_argument("folder", type=Path, metavar="FOLDER", help="a new one, or an empty one")


def run(args: argparse.Namespace, _settings: Settings) -> int:
    """Export the model; return 0."""
    try:
        export(args.folder)
    except FileExistsError as error:
        raise NewsquoteError(str(error)) from error
    print(f"wrote {args.model} to {args.folder}; use it with --encoder {args.folder}")
    return 0
