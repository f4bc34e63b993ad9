"""What ``index`` takes: its actions, by name, with the arguments of each."""

from pathlib import Path

from qa.arguments import verify
from qa.arguments.parser import Parser, add_action
from qa.arguments.values import count, share


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``index``; ``args.action`` is the name of the action."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    make = add_action(actions, "build", "read the articles and make a new index")
    make.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files or folders; or archive.paths"
    )
    make.add_argument(
        "--force",
        action="store_true",
        help="replace the index even where no article is found any more",
    )
    make.add_argument(
        "--share",
        type=share,
        metavar="K/N",
        help="read one of N shares of the files; 'index join' makes one index of all of them",
    )
    joined = add_action(actions, "join", "make one index of shares that were built apart")
    joined.add_argument(
        "parts", nargs="+", type=Path, metavar="DIR", help="index folders built with --share"
    )
    update = add_action(actions, "update", "read what has changed since, and nothing else")
    update.add_argument(
        "--watch", action="store_true", help="keep running, and update when files have changed"
    )
    update.add_argument(
        "--check",
        action="store_true",
        help="compare every file's hash: finds edits that keep size and time",
    )
    for action in (make, joined, update):
        action.add_argument(
            "--encoder", metavar="MODEL", help="'bundled', 'e5', a folder or a hub name"
        )
        action.set_defaults(
            opening="opening the index ...",
            interrupted="the index is as it was, and what a slow encoder has encoded is kept",
        )
    verify.add_arguments(add_action(actions, "verify", "the same as 'newsquote verify'"))
    status = add_action(actions, "status", "show what the index holds")
    status.add_argument("--json", action="store_true", help="print it as JSON")
    sources = add_action(
        actions, "sources", "list the sources, how many articles each has and from when"
    )
    sources.add_argument("--json", action="store_true", help="print one JSON object a source")
    skipped = add_action(actions, "skipped", "list the files that came to nothing, and why")
    skipped.add_argument("--json", action="store_true", help="print one JSON object a file")
    dedupe = add_action(actions, "dedupe", "list articles that carry the same report")
    dedupe.add_argument("--json", action="store_true", help="print one JSON object a group")
    prune = add_action(actions, "prune", "remove old generations of the index")
    prune.add_argument(
        "--keep",
        type=count,
        metavar="N",
        help="generations to keep, the current one included (default: index.keep_generations)",
    )
    generations = add_action(actions, "generations", "list the generations that are kept")
    generations.add_argument(
        "--json", action="store_true", help="print one JSON object a generation"
    )
    rollback = add_action(actions, "rollback", "let an older generation answer again")
    rollback.add_argument(
        "generation",
        nargs="?",
        metavar="GENERATION",
        help="one of those that 'index generations' lists (default: the one before)",
    )
    for action in (
        make,
        joined,
        update,
        status,
        sources,
        skipped,
        dedupe,
        prune,
        generations,
        rollback,
    ):
        action.add_argument(
            "--index", type=Path, metavar="DIR", help="folder of the index (default: index.dir)"
        )
