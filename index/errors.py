"""The error tree. Every error a user can cause or mend is one of these.

NewsquoteError                    caught at the rims: one clear line, exit status 2
├── ArticleError                  one file cannot become an article; the run goes on
├── EncoderError                  the encoding model cannot be used
│   ├── EncoderUnavailable        it cannot be loaded or fetched
│   └── EncoderMismatch           it is not the one the index was built with
└── ArchiveIndexError             the index folder cannot be used
    ├── IndexMissing              there is none yet
    ├── IndexDamaged              a file of it is missing or not what the manifest says
    └── IndexLocked               another process is writing it

A message says what was expected, what was found, and what to do next.
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


class EncoderError(NewsquoteError):
    """The encoding model cannot be used."""


class EncoderUnavailable(EncoderError):
    """The model cannot be loaded or fetched."""


class EncoderMismatch(EncoderError):
    """The model is not the one the index was built with."""


class ArchiveIndexError(NewsquoteError):
    """The index folder cannot be used."""


class IndexMissing(ArchiveIndexError):
    """There is no index in the folder yet."""


class IndexDamaged(ArchiveIndexError):
    """A file of the index is missing or not what its manifest says."""


class IndexLocked(ArchiveIndexError):
    """Another process is writing the index."""
