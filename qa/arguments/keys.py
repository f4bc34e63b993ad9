"""What ``keys`` takes."""

import argparse

from qa.arguments.parser import Parser, add_action


def add_arguments(parser: Parser) -> None:
    """Add the actions of ``keys``."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    child = add_action(actions, "add", "make a key and print it, once")
    child.add_argument("name", type=_name, metavar="NAME", help="whose it is")
    child.add_argument(
        "--per-minute",
        type=_number,
        metavar="N",
        help="requests a minute; 0 = no limit (default: serve.key_per_minute)",
    )
    add_action(actions, "list", "print the names of the keys")
    child = add_action(actions, "revoke", "take a key back, at once")
    child.add_argument("name", metavar="NAME", help="whose it was")


def _name(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise argparse.ArgumentTypeError(f"expected a name, found {text!r}")
    return text.strip()


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a number from 0, found {text!r}")
    return int(text)
