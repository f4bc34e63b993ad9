"""A small archive of invented articles for tests that need an index of their own."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from index.articles.files import Reading
from index.building.options import Options
from index.building.prepare import Prepared, prepare
from index.building.write import build
from index.encoders.models import Models
from index.encoders.token_table import TokenTable
from index.generations.manifest import Manifest
from index.types import Article, Card, FileReport, Paragraph

TARGET_CHARS = 100
"""Short, so that an article of a few paragraphs has several passages."""


@cache
def models() -> Models:
    """Return the bundled models, opened once for all tests."""
    return Models.bundled()


def table() -> TokenTable:
    """Return the bundled model's table."""
    return models().table


def article(  # an article's fields, each with a default
    path: str,
    *paragraphs: str,
    title: str = "Without a title",
    day: str | None = "2022-05-01",
    source: str | None = None,
    truncated: bool = False,
) -> Article:
    """Return an article as ``index.articles.files`` would read it from a file.

    Without paragraphs it is a title only.
    """
    card = Card(
        path=path,
        sha256=sha256("\n".join(paragraphs or (title,)).encode()).hexdigest(),
        title=title,
        author=None,
        date=datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None,
        url=f"https://example.org/{path}",
        source=source,
        language="und",
        truncated=truncated,
        title_only=not paragraphs,
    )
    return Article(card, (), (), tuple(Paragraph(text) for text in paragraphs))


def build_index(
    folder: Path, items: Iterable[Article | FileReport], *, keep: int = 100
) -> Manifest:
    """Index articles through the code of ``newsquote index build``."""

    def prepared() -> Iterator[Prepared | FileReport]:
        for item in items:
            if isinstance(item, FileReport):
                yield item
            else:
                yield from prepare([item], table(), target_chars=TARGET_CHARS)

    options = Options(Reading(max_bytes=10_000_000), TARGET_CHARS, keep=keep, dead_share=0.2)
    return build(prepared(), folder, models(), options, paths=[Path("archive")])


HARBOUR_EARLY = article(
    "harbour-early.md",
    "奥尔姆港的港务长米雷娜·达斯科星期二表示，新码头绝不会在2022年之前开放，因为防波堤的地基仍在下沉。",
    "她说，工程队已经把一百二十根钢桩打入海底，但是检测显示其中十七根存在裂缝，必须全部更换。",
    "更换钢桩需要四个月，费用由承建商承担。港务局正在同渔民协会商量临时泊位的安排，冬季之前会公布结果。",
    title="达斯科：新码头不会提前开放",
    day="2021-03-02",
    source="奥尔姆晚报",
)
HARBOUR_LATE = article(
    "harbour-late.md",
    "港务长达斯科星期五宣布，奥尔姆港的新码头将于6月1日开放，比修订后的计划提前了三个星期。",
    "达斯科承认她去年的判断过于悲观：“我说过防波堤会继续下沉，我错了，地基现在很稳固。”",
    title="奥尔姆新码头六月开放",
    day="2022-05-06",
    source="奥尔姆晚报",
)
_AGENCY_REPORT = (
    "The lighthouse on Cape Brell went dark at midnight after a lightning strike destroyed its "
    "lamp, and two fishing boats ran aground on the reef before the keeper could start the "
    "emergency generator, the coast guard of Olmland said on Saturday."
)
LIGHTHOUSE = tuple(
    article(
        f"lighthouse-{n}.md",
        _AGENCY_REPORT + ending,
        title=title,
        day=f"2021-11-{14 + n}",
        source=source,
    )
    for n, (title, source, ending) in enumerate(
        [
            ("Lightning darkens Cape Brell light", "Coast Wire", ""),
            ("Two boats aground off Cape Brell", "Olm Gazette", " Nobody was hurt."),
            ("Cape Brell lighthouse fails", "Morning Tide", ""),
        ]
    )
)
TALKS = tuple(
    article(f"talks-{n}.md", "Переговоры о соли продолжаются.", day=f"2020-0{n}-01") for n in (1, 2)
)
BEES = article(
    "bees.md",
    "Пчеловод Гордей Лунин из посёлка Сосновый Яр вывел породу пчёл, которая переносит морозы до "
    "минус сорока градусов.",
    "Зимой ульи стоят под снегом, и пчёлы греют друг друга: температура внутри клуба не падает "
    "ниже двадцати градусов.",
    title="Пчёлы, которым не страшен мороз",
    day="2023-02-10",
    source="Вестник Яра",
)
OBSERVATORY = article(
    "observatory.md",
    "The observatory on Mount Tessel will close its largest telescope for two years, because the "
    "mirror has lost a third of its silver coating.",
    "Director Amalia Voss said the mirror would travel by barge to a workshop in Olm, where "
    "technicians will strip it and coat it again with aluminium.",
    "“A mirror that nobody looks after is a window,” Voss said. “We have been looking through a "
    "window for six years.”",
    title="Telescope on Mount Tessel to go dark",
    day=None,
    source="Coast Wire",
)
ARTICLES = (HARBOUR_EARLY, HARBOUR_LATE, *LIGHTHOUSE, *TALKS, BEES, OBSERVATORY)
