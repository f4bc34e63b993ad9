"""Quotations of which it is known what is wrong with them, made from the example articles."""

import random
from pathlib import Path

from benchmarks.altering import KINDS, cases
from benchmarks.quotations import (
    by_kind,
    confusion,
    judge,
    source_of,
    split,
    strangers_in,
    wrongly_verified,
)
from config.loading import load_settings
from qa.opening import open_service
from tests.archive import ARTICLES, models
from tests.conftest import EXAMPLES

COUNT = 204
STRANGERS = [article.text for article in ARTICLES]


def test_altered_quotations_get_the_right_verdict(demo_index: Path) -> None:
    settings = load_settings().with_flags(index={"dir": demo_index / "index-data"})
    with open_service(settings, models()) as service:
        source = source_of(service, STRANGERS, random.Random(1))
        judged = list(judge(service, cases(source, COUNT)))
    assert len(judged) == COUNT
    assert {one.case.kind for one in judged} == set(KINDS)
    assert wrongly_verified(judged) == []
    wrong = [one for one in judged if not one.right]
    assert len(wrong) <= 0.02 * COUNT, wrong
    assert f"| all | | {COUNT} |" in by_kind(judged)
    assert confusion(judged).count("\n") == 6


def test_an_archive_is_split(tmp_path: Path) -> None:
    split(EXAMPLES / "articles", tmp_path / "archive", tmp_path / "held-out")
    kept = {path.name for path in (tmp_path / "archive").rglob("*.md")}
    out = {path.name for path in (tmp_path / "held-out").rglob("*.md")}
    assert kept | out == {path.name for path in EXAMPLES.rglob("articles/**/*.md")}
    assert not kept & out
    assert len(strangers_in(tmp_path / "archive")) == len(kept)
