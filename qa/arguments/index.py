"""What ``index`` takes: its actions, by name, with the arguments of each."""

from pathlib import Path

from qa.arguments import verify
from qa.arguments.parser import Actions, Parser, add_action
from qa.arguments.values import count, share

_LISTS = {
    "status": ("show what the index holds", "print it as JSON"),
    "sources": (
        "list the sources, how many articles each has and from when",
        "print one JSON object a source",
    ),
    "skipped": (
        "list the files that came to nothing, and why",
        "print one JSON object a file",
    ),
    "dedupe": ("list articles that carry the same report", "print one JSON object a group"),
    "generations": (
        "list the generations that are kept",
        "print one JSON object a generation",
    ),
}
"""Actions that only tell, with their help and that of ``--json``."""


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``index``; ``args.action`` is the name of the action."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    making = [_add_build(actions), _add_join(actions)]
    for action in making:
        action.add_argument(
            "--bulk",
            type=Path,
            metavar="FOLDER",
            help="write files for a Milvus server there, instead of sending it rows",
        )
    writing = [*making, _add_update(actions)]
    for action in writing:
        action.add_argument(
            "--encoder", metavar="MODEL", help="'bundled', 'e5', a folder or a hub name"
        )
        action.set_defaults(
            opening="opening the index ...",
            interrupted="the index is as it was, and what a slow encoder has encoded is kept",
        )
    verify.add_arguments(add_action(actions, "verify", "the same as 'newsquote verify'"))
    telling = [_add_list(actions, name, *helps) for name, helps in _LISTS.items()]
    others = [_add_import(actions), _add_prune(actions), _add_rollback(actions)]
    for action in (*writing, *telling, *others):
        action.add_argument(
            "--index", type=Path, metavar="DIR", help="folder of the index (default: index.dir)"
        )


def _add_build(actions: Actions) -> Parser:
    build = add_action(actions, "build", "read the articles and make a new index")
    build.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files or folders; or archive.paths"
    )
    build.add_argument(
        "--force",
        action="store_true",
        help="replace the index even where no article is found any more",
    )
    build.add_argument(
        "--share",
        type=share,
        metavar="K/N",
        help="read one of N shares of the files; 'index join' makes one index of all of them",
    )
    return build


def _add_join(actions: Actions) -> Parser:
    join = add_action(actions, "join", "make one index of shares that were built apart")
    join.add_argument(
        "parts", nargs="+", type=Path, metavar="DIR", help="index folders built with --share"
    )
    return join


def _add_import(actions: Actions) -> Parser:
    importing = add_action(
        actions, "import", "let a Milvus server import what --bulk has written, and answer from it"
    )
    importing.add_argument(
        "folders", nargs="+", type=Path, metavar="FOLDER", help="what --bulk wrote, of every share"
    )
    importing.add_argument(
        "--at",
        default="",
        metavar="PATH",
        help="where the folders lie in the server's bucket (default: at its root)",
    )
    importing.set_defaults(
        opening="opening the files ...",
        interrupted="what the server is importing goes on; the same command goes on with it",
    )
    return importing


def _add_update(actions: Actions) -> Parser:
    update = add_action(actions, "update", "read what has changed since, and nothing else")
    update.add_argument(
        "--watch", action="store_true", help="keep running, and update when files have changed"
    )
    update.add_argument(
        "--check",
        action="store_true",
        help="compare every file's hash: finds edits that keep size and time",
    )
    return update


def _add_list(actions: Actions, name: str, told: str, as_json: str) -> Parser:
    action = add_action(actions, name, told)
    action.add_argument("--json", action="store_true", help=as_json)
    return action


def _add_prune(actions: Actions) -> Parser:
    prune = add_action(actions, "prune", "remove old generations of the index")
    prune.add_argument(
        "--keep",
        type=count,
        metavar="N",
        help="generations to keep, the current one included (default: index.keep_generations)",
    )
    return prune


def _add_rollback(actions: Actions) -> Parser:
    rollback = add_action(actions, "rollback", "let an older generation answer again")
    rollback.add_argument(
        "generation",
        nargs="?",
        metavar="GENERATION",
        help="one of those that 'index generations' lists (default: the one before)",
    )
    return rollback
