"""What ``fetch`` takes."""

from qa.arguments.parser import Parser

_DESCRIPTION = """\
Save each new entry of RSS and Atom feeds as an article file in the archive's inbox,
where the next 'newsquote index update' finds it. An entry that has changed replaces
its file; one that has left the feed stays.
"""


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``fetch``."""
    parser.description = _DESCRIPTION
    parser.add_argument(
        "feeds", nargs="*", metavar="FEED", help="http:// or https:// address; or fetch.feeds"
    )
    parser.add_argument(
        "--inbox",
        metavar="DIR",
        help="folder for the articles; or archive.inbox, or 'inbox' in the first of archive.paths",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a feed")
    parser.set_defaults(
        opening="opening the inbox ...", interrupted="what was saved until now is kept"
    )
