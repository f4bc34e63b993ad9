"""A quotation against the archive's words, as a reader sees it. Pure."""

from collections.abc import Iterator

from qa.checking.alignment import Run
from qa.checking.meaning import is_number, negations, touched
from qa.checking.verdicts import Change, Edit
from qa.checking.words import Words


def changes(runs: tuple[Run, ...], part: Words, article: Words) -> tuple[Change, ...]:
    """Return the runs of an alignment as a word-by-word difference.

    Words that are only parted otherwise ("can not", "co-operate") are the same.
    """
    return tuple(_change(run, part, article) for run in _respaced(runs, part, article))


def _respaced(runs: tuple[Run, ...], part: Words, article: Words) -> Iterator[Run]:
    """Take what is only parted otherwise for the same, and put the same together."""
    held: Run | None = None
    for run in runs:
        same = run.same or _parted_otherwise(run, part, article)
        if held and held.same and same:
            held = Run(
                same=True,
                quoted=(held.quoted[0], run.quoted[1]),
                archived=(held.archived[0], run.archived[1]),
            )
            continue
        if held:
            yield held
        held = Run(same, run.quoted, run.archived)
    if held:
        yield held


def _parted_otherwise(run: Run, part: Words, article: Words) -> bool:
    quoted, archived = part.words[slice(*run.quoted)], article.words[slice(*run.archived)]
    return (
        "".join(quoted) == "".join(archived)
        and not any(map(is_number, quoted + archived))
        and negations(quoted) == negations(archived)
    )


def _change(run: Run, part: Words, article: Words) -> Change:
    quoted, archived = part.written(*run.quoted), article.written(*run.archived)
    if run.same:
        return Change("same", quoted, archived)
    edit: Edit = "replaced" if quoted and archived else "added" if quoted else "left_out"
    about = touched(
        part.words[slice(*run.quoted)],
        article.words[slice(*run.archived)],
        (_led(part, run.quoted), _led(article, run.archived)),
    )
    return Change(edit, quoted, archived, about)


def _led(words: Words, span: tuple[int, int]) -> str:
    """Return words as they were written, with the character or two before them."""
    if span[0] == span[1]:
        return ""
    start, end = words.span(*span)
    return words.text[max(0, start - 2) : end]
