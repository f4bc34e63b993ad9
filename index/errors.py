"""The error tree. Every error a user can cause or mend is one of these.

NewsquoteError                    caught at the rims: one clear line, exit status 2
├── ArticleError                  one file cannot become an article; the run goes on
├── FeedError                     one feed cannot be fetched; the run goes on
├── InboxError                    articles cannot be saved in the inbox
├── EncoderError                  the encoding model cannot be used
│   ├── EncoderUnavailable        it cannot be loaded or fetched
│   └── EncoderMismatch           it is not the one the index was built with
├── WorkersUnavailable            processes that read articles cannot be started
├── DictionaryUnavailable         the dictionary that comes with the program is missing or damaged
└── ArchiveIndexError             the index folder cannot be used
    ├── IndexMissing              there is none yet
    │   ├── IndexUnfinished       nothing tells which generation answers
    │   └── PartMissing           a folder that is to be a part of it holds none
    ├── IndexDamaged              a file of it is missing or not what the manifest says
    ├── IndexOutdated             it was built with another setting or version of the program
    ├── IndexLocked               another process is writing it
    ├── IndexNotWritten           the disk is full, or the folder cannot be written
    ├── EngineUnavailable         the server that keeps it cannot be used at the moment
    ├── FilesDamaged              files for a server's import are missing, or not what was written
    ├── ImportFailed              a server could not import such files
    ├── NoServer                  local files keep it, and what was asked for needs a server
    ├── NothingToIndex            no article is where articles were looked for
    └── SourcesMissing            the articles that it was built from are not there

A message says what was expected and what was found. What to do next depends on where one is: the
command line adds its commands and flags (``qa.commands.remedies``), the bot its own words.
"""


class NewsquoteError(Exception):
    """Base of all errors that carry a message meant for the user."""


class ArticleError(NewsquoteError):
    """A file cannot become an article.

    :ivar reason: a short category for summaries, such as ``"broken front matter"``.
    :ivar line: line number in the file, from 1, where it is known.
    """

    def __init__(self, reason: str, detail: str = "", line: int | None = None) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.line = line


class FeedError(NewsquoteError):
    """A feed cannot be fetched or read; the message is the reason, without the feed's address.

    :ivar retry_at: when its server wants to be asked again, in seconds since the epoch, or None.
    """

    def __init__(self, reason: str, *, retry_at: float | None = None) -> None:
        super().__init__(reason)
        self.retry_at = retry_at


class InboxError(NewsquoteError):
    """Articles cannot be saved in the inbox."""


class EncoderError(NewsquoteError):
    """The encoding model cannot be used."""


class EncoderUnavailable(EncoderError):
    """The model cannot be loaded or fetched."""


class EncoderMismatch(EncoderError):
    """The model is not the one the index was built with."""


class WorkersUnavailable(NewsquoteError):
    """Processes that read articles die before they are given one."""


class DictionaryUnavailable(NewsquoteError):
    """The dictionary that comes with the program is missing or damaged."""


class ArchiveIndexError(NewsquoteError):
    """The index folder cannot be used."""


class IndexMissing(ArchiveIndexError):
    """There is no index in the folder yet."""


class IndexUnfinished(IndexMissing):
    """Generations lie there, but nothing tells which answers: a first build was killed at its end."""


class PartMissing(IndexMissing):
    """A folder that is to be a part of the index holds nothing that was built."""


class IndexDamaged(ArchiveIndexError):
    """A file of the index is missing or not what its manifest says."""


class IndexOutdated(ArchiveIndexError):
    """The index was built with another setting or version of the program."""


class IndexLocked(ArchiveIndexError):
    """Another process is writing the index."""


class IndexNotWritten(ArchiveIndexError):
    """The disk is full, or the folder of the index cannot be written; the index is as it was."""


class EngineUnavailable(ArchiveIndexError):
    """The server that keeps the index cannot be reached, is too slow, or refuses to be used."""


class FilesDamaged(ArchiveIndexError):
    """Files that a server was to import are missing, or not what was written."""


class ImportFailed(ArchiveIndexError):
    """A server could not import files as they were written; the index is as it was."""


class NoServer(ArchiveIndexError):
    """No server keeps the index, and what was asked for needs one."""


class NothingToIndex(ArchiveIndexError):
    """No article is where articles were looked for; the index is as it was."""


class SourcesMissing(ArchiveIndexError):
    """The articles that the index was built from are not there; the index is as it was."""
