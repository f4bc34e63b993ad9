"""What to do about an error, in the command line's own commands and flags.

The message of an error says what was expected and what was found; what helps depends on where one is.
"""

from collections.abc import Mapping

from index.errors import (
    EncoderMismatch,
    EngineUnavailable,
    FilesDamaged,
    ImportFailed,
    InboxError,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexNotWritten,
    IndexOutdated,
    IndexUnfinished,
    NewsquoteError,
    NoServer,
    NothingToIndex,
    PartMissing,
    SourcesMissing,
)

REMEDIES: Mapping[type[NewsquoteError], str] = {
    EncoderMismatch: (
        "build the index again with 'newsquote index build', or set encoder.model (and its "
        "prefixes, revision and max_tokens) back"
    ),
    EngineUnavailable: (
        "check milvus.uri and milvus.token ('newsquote config' shows what holds), and that the server runs"
    ),
    FilesDamaged: "write them again with 'newsquote index build --bulk FOLDER PATH...'",
    ImportFailed: (
        "bring the folders to the server's bucket as they were written, say with --at where they lie "
        "in it, and give the command again"
    ),
    InboxError: "make room, or choose another folder with --inbox",
    IndexMissing: "make one with 'newsquote index build PATH...'",
    IndexUnfinished: (
        "let the newest whole one answer with 'newsquote verify --repair', or build it again with "
        "'newsquote index build PATH...'"
    ),
    PartMissing: (
        "build each share of the files, with 'newsquote index build --share 1/4 --index DIR PATH...' and "
        "so on"
    ),
    IndexDamaged: (
        "mend it with 'newsquote verify --repair', or build it again with 'newsquote index build'"
    ),
    IndexOutdated: "build it again with 'newsquote index build', or set back what has changed",
    IndexLocked: "wait until it has finished, or stop it",
    IndexNotWritten: "make room, or choose another folder with --index or --bulk",
    NoServer: 'set index.engine to "milvus", and milvus.uri; docs/milvus.md says more',
    NothingToIndex: (
        "check the paths, and what was said of files that were skipped; 'newsquote index build "
        "--force' makes an index without articles all the same"
    ),
    SourcesMissing: (
        "is a disk not mounted? If the articles are really gone, make a new index with "
        "'newsquote index build --force PATH...'"
    ),
}


def with_remedy(error: Exception) -> str:
    """Return an error's message and what to do next, as far as that is known."""
    remedy = next((REMEDIES[kind] for kind in type(error).__mro__ if kind in REMEDIES), None)
    return f"{error}; {remedy}" if remedy else str(error)
