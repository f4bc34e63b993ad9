"""What ``config`` takes."""

from qa.arguments.parser import Parser, add_action

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
        ("path", "print where your settings file is"),
        ("edit", "open your settings file in $VISUAL or $EDITOR, and check it afterwards"),
    ):
        action = add_action(actions, name, summary)
        action.add_argument(
            "--here", action="store_true", help="newsquote.toml in this folder instead"
        )
