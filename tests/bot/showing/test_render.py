"""Every answer becomes messages that say what is quoted from where, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from bot.showing.articles import render_card, render_surroundings
from bot.showing.blocks import MESSAGE_UNITS, render_text
from bot.showing.render import News, render_answer, render_near, render_news
from bot.showing.texts import ENGLISH, RUSSIAN, SIMPLIFIED
from qa.service import Surroundings
from qa.types import Filters, Mention, Query, Window
from tests.botapi.answers import HARBOUR, QUOTES, answer, covered, pages, quote
from tests.botapi.markup import parse_html, units


def test_one_quote_by_hand() -> None:
    shown = pages(answer(quote("The port <A&B> opens. It rains.", (0, 21))), ENGLISH)
    assert "".join(shown) == (
        "<blockquote><b>The port &lt;A&amp;B&gt; opens.</b> It rains.</blockquote>\n"
        '<a href="https://news.example/harbour?a=1&amp;b=2">'
        "[1] Harbour &lt;closed&gt; &amp; reopened — Lakeside Courier, 2021-12-04</a>"
    )


def test_several_quotes_share_a_message_best_first() -> None:
    (shown,) = pages(answer(quote("First."), quote("Second.", n=2)), ENGLISH)
    text, entities = parse_html(shown)
    assert covered(text, entities, *QUOTES) == ["First.", "Second."]
    assert text.index("First.") < text.index("[1]") < text.index("Second.") < text.index("[2]")


@pytest.mark.parametrize(
    "url", [None, "", "javascript:alert(1)", "ftp://a.example/x", "https://a b.example", "news"]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    (shown,) = pages(answer(quote("Text.", article=replace(HARBOUR, url=url))), ENGLISH)
    text, entities = parse_html(shown)
    assert "text_link" not in {each.type for each in entities}
    assert "[1] Harbour <closed> & reopened — Lakeside Courier, 2021-12-04" in text


def test_what_is_not_known_of_an_article_is_left_out() -> None:
    bare = replace(HARBOUR, source=None, date=None, url=None)
    assert pages(answer(quote("Text.", article=bare)), ENGLISH)[0].endswith(
        "\n[1] Harbour &lt;closed&gt; &amp; reopened"
    )


def test_copies_and_paywalls_are_noted() -> None:
    stub = replace(quote("Text."), article=replace(HARBOUR, truncated=True), also=(HARBOUR,) * 2)
    (shown,) = pages(answer(stub), SIMPLIFIED)
    assert parse_html(shown)[0].splitlines()[-2:] == [
        "另有 2 个来源刊登相同内容",
        "档案中只有这篇文章的开头。",
    ]


def test_how_the_question_was_understood_is_said_first() -> None:
    query = Query(
        "then?",
        "port opening",
        filters=Filters(Window(date(2021, 12, 1), date(2021, 12, 31)), "A & B"),
        preferred=Window(date(2022, 1, 1), None),
        follow_up=True,
    )
    (shown,) = pages(answer(quote("Text."), query=query), ENGLISH)
    assert parse_html(shown)[0].splitlines()[0] == (
        "Understood as: port opening · Preferably from: 2022-01-01… · "
        "Period: 2021-12-01…2021-12-31 · Source: A & B"
    )


def test_a_search_that_went_beyond_its_dates_is_said() -> None:
    query = Query("q", "q", preferred=Window(date(2022, 1, 1), date(2022, 1, 31)))
    (shown,) = pages(replace(answer(quote("Text."), query=query), widened=True), ENGLISH)
    assert parse_html(shown)[0].splitlines()[0] == (
        "Nothing from 2022-01-01…2022-01-31 answers; the nearest is from 2021-12-04"
    )
    (shown,) = pages(replace(answer(query=query), widened=True), ENGLISH)
    assert parse_html(shown)[0].splitlines()[0] == (
        "Nothing from 2022-01-01…2022-01-31 answers, so all dates were searched"
    )


@pytest.mark.parametrize(
    ("cut", "lines"),
    [
        ((False, False), ["Text."]),
        ((True, False), ["…", "Text."]),
        ((False, True), ["Text.", "…"]),
        ((True, True), ["…", "Text.", "…"]),
    ],
)
def test_where_a_paragraph_goes_on_is_shown_outside_the_quote(
    cut: tuple[bool, bool], lines: list[str]
) -> None:
    (shown,) = pages(answer(replace(quote("Text."), cut=cut)), ENGLISH)
    text, entities = parse_html(shown)
    assert text.splitlines()[:-1] == lines
    assert covered(text, entities, *QUOTES) == ["Text."]


def test_a_page_holds_so_many_quotes_and_knows_which() -> None:
    five = [quote(f"Text {n}.", n=n) for n in range(1, 6)]
    assert [page.quotes for page in render_answer(answer(*five), ENGLISH, 2)] == [
        (1, 2),
        (3, 4),
        (5,),
    ]


def test_near_misses_are_labelled_on_every_page() -> None:
    three = [quote("字" * 2500, n=n) for n in range(1, 4)]
    found = replace(answer(), near=tuple(three))
    assert [page.html for page in render_answer(found, ENGLISH, 3)] == [ENGLISH.nothing_found]
    shown = render_near(found, ENGLISH, 3)
    assert [page.quotes for page in shown] == [(1,), (2,), (3,)]
    for page in shown:
        text, entities = parse_html(page.html)
        assert covered(text, entities, "bold")[0] == ENGLISH.near_misses
        assert units(text) <= MESSAGE_UNITS


def test_news_names_what_was_watched() -> None:
    news = News("<bridge>", (quote("Text."), quote("More.", n=2)), more=3)
    (page,) = render_news([news], RUSSIAN)
    text, _ = parse_html(page.html)
    assert text.splitlines()[0] == "Новое в архиве по запросу «<bridge>»:"
    assert "Text." in text
    assert "More." in text
    assert text.splitlines()[-1] == "и ещё: 3"


def test_the_news_of_a_day_are_told_together() -> None:
    news = [News("bridge", (quote("Text."),)), News("ferry", (quote("More.", n=2),))]
    (page,) = render_news(news, ENGLISH)
    text, _ = parse_html(page.html)
    lines = [line for line in text.splitlines() if line]
    assert lines[:3] == ["New in the archive", "New in the archive on “bridge”:", "Text."]
    assert page.quotes == (1, 2)


def test_a_quote_in_its_surroundings() -> None:
    found = Surroundings(HARBOUR, "Before <it>.", "One. Two. Three.", (5, 9), "After.")
    text, entities = parse_html(render_surroundings(found, 2).html)
    assert covered(text, entities, *QUOTES) == ["Before <it>.", "One. Two. Three.", "After."]
    assert covered(text, entities, "bold") == ["Two."]
    assert text.splitlines()[-1].startswith("[2] Harbour <closed> & reopened")


def test_a_card_shows_all_that_is_known() -> None:
    full = replace(HARBOUR, author="Ada <Fen>", truncated=True)
    text, entities = parse_html(render_card(full, ENGLISH).html)
    assert text.splitlines() == [
        "Harbour <closed> & reopened",
        "Source: Lakeside Courier",
        "Author: Ada <Fen>",
        "Date: 2021-12-04 09:30+00:00",
        "File: harbour.md",
        "https://news.example/harbour?a=1&b=2",
        "The archive holds only the beginning of this article.",
    ]
    assert [entity.type for entity in entities[:2]] == ["bold", "text_link"]
    bare = replace(HARBOUR, source=None, date=None, url="javascript:x")
    text, entities = parse_html(render_card(bare, ENGLISH).html)
    assert text.splitlines() == ["Harbour <closed> & reopened", "File: harbour.md"]
    assert [entity.type for entity in entities] == ["bold"]


@pytest.mark.parametrize(
    ("archive", "path", "shown"),
    [
        (["/srv/news"], "/srv/news/2021/a.md", "2021/a.md"),
        (["/srv/old", "/srv/news"], "/srv/news/a.md", "a.md"),
        (["/srv/news/a.md"], "/srv/news/a.md", "a.md"),  # the archive is that file
        (["/srv/new"], "/srv/news/a.md", "a.md"),  # moved since: only its name is certain
        (["archive"], "archive/2021/a.md", "2021/a.md"),
        ([], "/srv/news/2021/a.md", "a.md"),
    ],
)
def test_a_card_tells_nobody_where_the_archive_lies(
    archive: list[str], path: str, shown: str
) -> None:
    card, _ = parse_html(render_card(replace(HARBOUR, path=path), ENGLISH, archive).html)
    assert f"File: {shown}" in card.splitlines()


def test_nothing_found_is_said_plainly_with_the_filters() -> None:
    query = Query("q", "q", filters=Filters(source="Courier"))
    (shown,) = pages(answer(query=query), ENGLISH)
    assert parse_html(shown)[0] == (
        "Source: Courier\n\nNothing in the archive answers this question."
    )


@pytest.mark.parametrize(
    ("found", "count"), [(Mention("Halvik", 2), "2"), (Mention("Halvik", 50, more=True), "> 50")]
)
def test_what_the_archive_has_all_the_same_is_said(found: Mention, count: str) -> None:
    (shown,) = pages(replace(answer(), mention=found), ENGLISH)
    assert parse_html(shown)[0] == (
        f"{ENGLISH.nothing_found}\n\nArticles that mention “Halvik”: {count}"
    )


def test_what_is_a_title_only_is_shown_as_such() -> None:
    card = replace(HARBOUR, title="The harbour in a hundred years", title_only=True)
    (shown,) = pages(replace(answer(), titles=(card,)), ENGLISH)
    nothing, title = parse_html(shown)[0].split("\n\n")
    assert nothing == ENGLISH.nothing_found
    assert title.startswith("Title only: The harbour in a hundred years — ")
    assert '<a href="https://news.example/harbour' in shown
    about, _ = parse_html(render_card(card, ENGLISH, ()).html)
    assert ENGLISH.title_only in about.splitlines()


def test_small_talk_is_no_missing_answer() -> None:
    assert pages(answer(query=Query("hi", "hi", small_talk=True)), ENGLISH) == (
        render_text(ENGLISH.small_talk),
    )


def test_an_empty_archive_is_said_to_be_empty() -> None:
    found = replace(answer(), empty=True)
    assert pages(found, RUSSIAN) == (render_text(RUSSIAN.empty_archive),)
