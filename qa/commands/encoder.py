"""``newsquote encoder export e5 FOLDER``: a model as a plain sentence-transformers folder."""

import argparse

from config.settings import Settings
from index.encoders.e5 import export
from index.errors import NewsquoteError


def run(args: argparse.Namespace, _settings: Settings) -> int:
    """Export the model; return 0."""
    try:
        export(args.folder)
    except FileExistsError as error:
        raise NewsquoteError(str(error)) from error
    print(f"wrote {args.model} to {args.folder}; use it with --encoder {args.folder}")
    return 0
