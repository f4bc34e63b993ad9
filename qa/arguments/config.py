"""What ``config`` takes."""

from qa.arguments.parser import Parser

_DESCRIPTION = """\
Show the settings that hold, as TOML, and where each comes from. Later wins:
defaults, the user's file, newsquote.toml here, .env, the environment, flags.
"""


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``config``; ``args.action`` is None where the settings are shown."""
    parser.description = _DESCRIPTION
    parser.add_argument("--changed", action="store_true", help="only what is no default")
    parser.add_argument("--json", action="store_true", help="print them as JSON")
    # A file that is wrong must not keep anybody from opening it.
    parser.set_defaults(action=None, with_settings=False)
    actions = parser.add_subparsers(title="actions instead of showing", metavar="ACTION")
    for name, summary in (
        ("path", "print where the user's settings file is"),
        ("edit", "open it in $VISUAL or $EDITOR, and check it afterwards"),
    ):
        action = actions.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
        action.add_argument(
            "--here", action="store_true", help="newsquote.toml in this folder instead"
        )
        action.set_defaults(action=name)
