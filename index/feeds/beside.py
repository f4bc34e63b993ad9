"""What feedparser is told of elements that stand beside an article, so that none takes its place.

feedparser takes the description of a picture, an episode or a document for one more summary of the
entry, and the last of several summaries for its full content; and a picture's title for the
entry's. It has no setting for that: how an element is read is a method of its classes.
"""

from typing import Any

from feedparser.namespaces import _base, dc, itunes, mediarss

_Feed = _base.Namespace
_as_feeds_image = _Feed._start_image  # noqa: SLF001 - elements are read by methods of such names

DESCRIPTION, TITLE = "info_detail", "subtitle_detail"
"""Under what an entry has what stands beside it. They are made harmless like a summary and a title, and an
entry has nothing else under these names."""

_READ_AS = (
    (mediarss.Namespace, "media_description", "info"),
    (itunes.Namespace, "itunes_summary", "info"),
    (itunes.Namespace, "itunes_subtitle", "info"),
    (dc.Namespace, "dc_description", "info"),
    (mediarss.Namespace, "media_title", "subtitle"),
)


def keep_apart() -> None:
    """Tell feedparser, for this process."""
    for namespace, element, other in _READ_AS:
        setattr(namespace, f"_start_{element}", getattr(_Feed, f"_start_{other}"))
        setattr(namespace, f"_end_{element}", getattr(_Feed, f"_end_{other}"))
    _Feed._start_image = _start_image  # noqa: SLF001 - the same


def _start_image(parser: Any, attributes: Any) -> None:
    """Begin a picture, whose title is not its entry's if that has one."""
    depth = parser.title_depth
    _as_feeds_image(parser, attributes)
    if parser.inentry:
        parser.title_depth = depth
