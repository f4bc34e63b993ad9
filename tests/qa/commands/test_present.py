import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Card
from qa.commands.look import Look, shows_links
from qa.commands.present import answer_as_text, certainty
from qa.commands.wrapping import columns_of
from qa.objects import answer_as_json, interpreted
from qa.types import Answer, Filters, Mention, Query, Quote, Window

CARD = Card(
    title="新码头六月开放",
    source="奥尔姆晚报",
    author="米雷娜",
    date=datetime(2022, 5, 6, 8, 30, tzinfo=timezone(timedelta(hours=8))),
    url="https://example.org/1",
    path="archive/1.md",
    sha256="ab" * 32,
    language="zh-Hans",
)
QUOTE = Quote(
    n=1,
    text="码头延期。六月开放。\n防波堤很稳固。",
    highlights=((5, 10),),
    score=0.87654321,
    passage_id=7,
    paragraphs=(2, 3),
    start=100,
    end=118,
    article=CARD,
)
QUERY = Query("码头何时开放?", "码头何时开放?")
ANSWER = Answer(query=QUERY, quotes=(QUOTE,), score=0.87654321, elapsed_ms=12.3456)
WINDOW = Window(date(2022, 5, 1), date(2022, 5, 31))

QUOTE_AS_TEXT = """\
1. 码头延期。六月开放。
   防波堤很稳固。
   — 新码头六月开放
     奥尔姆晚报, 2022-05-06, paragraphs 3–4 · likely
     https://example.org/1
"""


def quoting(**changes: object) -> Answer:
    quote = replace(QUOTE, **changes)  # type: ignore[arg-type]  # values by name
    return replace(ANSWER, quotes=(quote,))


def citing(**changes: object) -> Answer:
    card = replace(CARD, **changes)  # type: ignore[arg-type]  # values by name
    return quoting(article=card)


def test_a_quote_in_a_terminal() -> None:
    assert answer_as_text(ANSWER) == QUOTE_AS_TEXT


def test_quotes_are_set_apart_and_keep_a_margin_as_wide_as_their_number() -> None:
    answer = replace(ANSWER, quotes=(QUOTE, replace(QUOTE, n=10, text="短。\n短。")))
    assert answer_as_text(answer) == (
        QUOTE_AS_TEXT
        + """
10. 短。
    短。
    — 新码头六月开放
      奥尔姆晚报, 2022-05-06, paragraphs 3–4 · likely
      https://example.org/1
"""
    )


@pytest.mark.parametrize(
    ("cut", "first", "last"),
    [
        ((False, False), "1. 码头延期。", "   防波堤很稳固。\n"),
        ((True, False), "1. …码头延期。", "   防波堤很稳固。\n"),
        ((False, True), "1. 码头延期。", "   防波堤很稳固。…\n"),
        ((True, True), "1. …码头延期。", "   防波堤很稳固。…\n"),
    ],
)
def test_a_cut_paragraph_shows_it(cut: tuple[bool, bool], first: str, last: str) -> None:
    text = answer_as_text(quoting(cut=cut))
    assert text.startswith(first)
    assert last in text


def test_colour_bolds_what_answers_and_dims_the_citation() -> None:
    assert answer_as_text(ANSWER, Look(colour=True)) == (
        "1. 码头延期。\x1b[1;32m六月开放。\x1b[0m\n"
        "   防波堤很稳固。\n"
        "   \x1b[2m— 新码头六月开放\x1b[0m\n"
        "     \x1b[2m奥尔姆晚报, 2022-05-06, paragraphs 3–4 · likely\x1b[0m\n"
        "     \x1b[2mhttps://example.org/1\x1b[0m\n"
    )


def test_every_highlight_is_bold() -> None:
    text = answer_as_text(quoting(highlights=((0, 2), (5, 7))), Look(colour=True))
    assert text.startswith("1. \x1b[1;32m码头\x1b[0m延期。\x1b[1;32m六月\x1b[0m开放。\n")


def test_the_words_that_answer_are_underlined_too() -> None:
    text = answer_as_text(quoting(answer=(5, 7)), Look(colour=True))
    assert text.startswith("1. 码头延期。\x1b[1;32;4m六月\x1b[0m\x1b[1;32m开放。\x1b[0m\n")


@pytest.mark.parametrize(
    ("mention", "near", "line"),
    [
        (
            Mention("码头", 2),
            False,
            "The archive mentions “码头” in 2 articles; --near shows what comes closest.",
        ),
        (Mention("码头", 1), True, "The archive mentions “码头” in 1 article."),
        (
            Mention("码头", 50, more=True),
            True,
            "The archive mentions “码头” in more than 50 articles.",
        ),
    ],
)
def test_what_the_archive_has_all_the_same_is_said(
    mention: Mention,
    near: bool,  # noqa: FBT001 - a value of the table
    line: str,
) -> None:
    answer = Answer(query=QUERY, quotes=(), near=(QUOTE,) if near else (), mention=mention)
    assert answer_as_text(answer, Look(offer_near=True)).splitlines()[:2] == [
        "Nothing in the archive answers this.",
        line,
    ]
    said = {"name": "码头", "articles": mention.articles, "more": mention.more}
    assert answer_as_json(answer)["mention"] == said


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (quoting(paragraphs=(4,)), "     奥尔姆晚报, 2022-05-06, paragraph 5 · likely"),
        (citing(date=None), "     奥尔姆晚报, no date, paragraphs 3–4 · likely"),
        (citing(source=None), "     2022-05-06, paragraphs 3–4 · likely"),
        (citing(url=None), "     archive/1.md"),
        (
            citing(truncated=True),
            "     the file holds only the beginning of the article (paywall)",
        ),
    ],
)
def test_what_a_file_does_not_say_is_not_made_up(answer: Answer, line: str) -> None:
    assert line in answer_as_text(answer).splitlines()
    assert line not in QUOTE_AS_TEXT.splitlines()


def test_other_carriers_are_counted_and_named_once() -> None:
    also = tuple(
        replace(CARD, source=source, title=title)
        for source, title in (("Gazette", "a"), (None, "Untold"), ("Gazette", "b"))
    )
    text = answer_as_text(quoting(also=also))
    assert text.endswith("     also at 3: Gazette, Untold\n")


def test_nothing_found() -> None:
    nothing = Answer(query=QUERY, quotes=())
    assert answer_as_text(nothing) == "Nothing in the archive answers this.\n"
    near = answer_as_text(replace(nothing, near=(QUOTE,)))
    assert near == (
        "Nothing in the archive answers this.\n\n"
        "Near misses, which do not answer the question:\n\n"
        + QUOTE_AS_TEXT.replace(" · likely", "")
    )


def test_small_talk_is_answered_by_what_to_do() -> None:
    answer = Answer(query=Query("你好", "", small_talk=True), quotes=())
    assert answer_as_text(answer) == (
        "Ask a question about the archive, and it is answered by quotes.\n"
    )


@pytest.mark.parametrize(
    ("query", "widened", "note"),
    [
        (replace(QUERY, filters=Filters(WINDOW)), False, "published 2022-05-01…2022-05-31"),
        (
            replace(QUERY, filters=Filters(Window(since=date(2022, 5, 1)))),
            False,
            "published 2022-05-01…",
        ),
        (replace(QUERY, filters=Filters(source="晚报")), False, "source 晚报"),
        (replace(QUERY, preferred=WINDOW), False, "published 2022-05-01…2022-05-31 preferred"),
        (
            replace(QUERY, preferred=WINDOW),
            True,
            "nothing published 2022-05-01…2022-05-31 answers; the nearest is of 2022-05-06",
        ),
        (replace(QUERY, follow_up=True), False, "asked as: 码头何时开放?"),
        (
            replace(QUERY, filters=Filters(WINDOW, "晚报")),
            False,
            "published 2022-05-01…2022-05-31; source 晚报",
        ),
    ],
)
def test_how_the_question_was_understood_comes_first(
    query: Query, note: str, *, widened: bool
) -> None:
    answer = replace(ANSWER, query=query, widened=widened)
    assert answer_as_text(answer) == f"[{note}]\n\n{QUOTE_AS_TEXT}"
    assert answer_as_text(answer, Look(colour=True)).startswith(f"\x1b[2m[{note}]\x1b[0m\n")


def test_json_says_all_of_it() -> None:
    stub = replace(CARD, author=None, date=None, truncated=True)
    answer = replace(ANSWER, quotes=(replace(QUOTE, also=(stub,), answer=(5, 7)),))
    citation = {
        "title": "新码头六月开放",
        "source": "奥尔姆晚报",
        "author": "米雷娜",
        "date": "2022-05-06T08:30:00+08:00",
        "url": "https://example.org/1",
        "path": "archive/1.md",
        "sha256": "ab" * 32,
        "truncated": False,
        "title_only": False,
    }
    assert answer_as_json(answer) == {
        "question": "码头何时开放?",
        "answered": True,
        "quotes": [
            {
                "n": 1,
                "text": "码头延期。六月开放。\n防波堤很稳固。",
                "highlights": [[5, 10]],
                "answer": [5, 7],
                "score": 0.8765,
                "passage_id": 7,
                "paragraphs": [2, 3],
                "start": 100,
                "end": 118,
                "article": citation,
                "also": [{**citation, "author": None, "date": None, "truncated": True}],
            }
        ],
        "near": [],
        "score": 0.8765,
        "empty": False,
        "mention": None,
        "titles": [],
        "interpreted": {},
        "elapsed_ms": 12.35,
    }


def test_what_is_a_title_only_is_shown_as_such() -> None:
    card = replace(CARD, title="百年海港", title_only=True)
    answer = Answer(query=QUERY, quotes=(), titles=(card,))
    assert answer_as_text(answer) == (
        "Nothing in the archive answers this.\n\n"
        "Title only: 百年海港\n  奥尔姆晚报, 2022-05-06\n  https://example.org/1\n"
    )
    assert answer_as_text(replace(ANSWER, titles=(card,))).startswith(QUOTE_AS_TEXT)
    printed = answer_as_json(answer)
    assert (printed["answered"], printed["quotes"]) == (False, [])
    assert [(one["title"], one["title_only"]) for one in printed["titles"]] == [("百年海港", True)]


def test_json_of_nothing_found() -> None:
    printed = answer_as_json(Answer(query=QUERY, quotes=(), near=(QUOTE,), score=0.2))
    assert (printed["answered"], printed["quotes"], printed["score"]) == (False, [], 0.2)
    assert [quote["n"] for quote in printed["near"]] == [1]


def test_the_understanding_is_told_where_it_adds_to_the_words() -> None:
    query = Query(
        "他2022年5月说“上不封顶”了吗?",
        "他说上不封顶了吗?",
        Filters(Window(date(2022, 5, 1)), "晚报"),
        preferred=WINDOW,
        phrases=("上不封顶",),
        compare=True,
    )
    assert interpreted(replace(ANSWER, query=query, widened=True)) == {
        "text": "他说上不封顶了吗?",
        "window": {"since": "2022-05-01", "until": None},
        "source": "晚报",
        "preferred_window": {"since": "2022-05-01", "until": "2022-05-31"},
        "widened": True,
        "phrases": ["上不封顶"],
        "compare": True,
    }


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    text = draw(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
    places = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
    spans = tuple(zip(places[::2], places[1::2], strict=False))
    return replace(QUOTE, text=text, highlights=spans, answer=draw(st.sampled_from([None, *spans])))


@given(quote=quotes())
def test_colour_adds_nothing_but_colour(quote: Quote) -> None:
    answer = replace(ANSWER, quotes=(quote,))
    coloured = answer_as_text(answer, Look(colour=True))
    coloured = re.sub("\x1b\\[[0-9;]*m", "", coloured)
    plain = answer_as_text(answer)
    assert coloured == plain
    assert quote.text in plain
    restored = json.loads(json.dumps(answer_as_json(answer)))["quotes"][0]
    assert restored["text"] == quote.text


def test_a_date_keeps_the_day_of_its_own_time_zone() -> None:
    late = datetime(2022, 5, 6, 23, 30, tzinfo=timezone(timedelta(hours=-9)))
    assert late.astimezone(UTC).day == 7
    assert "2022-05-06" in answer_as_text(citing(date=late))


def test_a_decline_names_what_shows_near_misses() -> None:
    nothing = Answer(query=QUERY, quotes=())
    offering = Look(offer_near=True)
    assert answer_as_text(nothing, offering) == (
        "Nothing in the archive answers this; --near shows what comes closest.\n"
    )
    assert "--near" not in answer_as_text(replace(nothing, near=(QUOTE,)), offering)


@pytest.mark.parametrize(
    ("score", "word"),
    [(1.0, "sure"), (0.9, "sure"), (0.89, "likely"), (0.7, "likely"), (0.69, "possible")],
)
def test_a_score_has_a_word(score: float, word: str) -> None:
    assert certainty(score) == word
    assert f" · {word}\n" in answer_as_text(quoting(score=score))


def test_short_shows_the_sentence_and_its_source() -> None:
    short = Look(short=True)
    assert answer_as_text(ANSWER, short) == (
        "1. 六月开放。\n   — 奥尔姆晚报, 2022-05-06\n     https://example.org/1\n"
    )
    two = answer_as_text(quoting(highlights=((0, 5), (11, 18))), short)
    assert two.startswith("1. 码头延期。\n   防波堤很稳固。\n   — ")
    none = answer_as_text(quoting(highlights=()), short)
    assert none.startswith("1. 码头延期。六月开放。\n   防波堤很稳固。\n   — ")
    marked = answer_as_text(quoting(answer=(7, 9)), replace(short, colour=True))
    assert marked.startswith("1. 六月\x1b[4m开放\x1b[0m。\n")


LONG = (
    "“Мы ошиблись”, — сказал капитан порта. 码头的防波堤仍在下沉，工程队把一百二十根钢桩打入海底，"
    "但是检测显示（见报告）其中十七根存在裂缝。 The harbour opens in June, the captain said."
)


@pytest.mark.parametrize("width", [30, 60, 80, 120])
@pytest.mark.parametrize("n", [1, 10])
def test_lines_fit_the_terminal_and_hang_under_the_first(width: int, n: int) -> None:
    answer = quoting(text=f"{LONG}\n{LONG}", highlights=((20, 60),), n=n)
    text = answer_as_text(answer, Look(width=width))
    *lines, link = text.splitlines()
    assert link == " " * (len(f"{n}. ") + 2) + "https://example.org/1"  # never broken
    assert max(map(columns_of, lines)) <= width
    margin = " " * len(f"{n}. ")
    assert lines[0].startswith(f"{n}. “")
    assert all(line.startswith(margin) for line in lines[1:])
    assert not any(line.strip().startswith(("，", "。", "）", "、")) for line in lines)
    assert not any(line.endswith(("（", "“")) for line in lines)
    body = [line[len(margin) :] for line in lines if "—" not in line[:6]]
    together = "".join("".join(body).split())
    assert together.startswith("".join((LONG + LONG).split()))
    coloured = answer_as_text(answer, Look(width=width, colour=True))
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == text
    assert not any(
        re.search("\x1b\\[[^0][0-9;]*m[^\x1b]*$", line) for line in coloured.splitlines()
    )


def test_a_link_can_be_clicked() -> None:
    text = answer_as_text(ANSWER, Look(links=True))
    linked = "\x1b]8;;https://example.org/1\x1b\\{}\x1b]8;;\x1b\\"
    assert f"   {linked.format('— 新码头六月开放')}\n" in text
    assert f"     {linked.format('https://example.org/1')}\n" in text
    file = answer_as_text(citing(url=None, path="/a b/1.md"), Look(links=True))
    assert "\x1b]8;;file:///a%20b/1.md\x1b\\/a b/1.md\x1b]8;;\x1b\\" in file


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "6800"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4999"}, False),
        ({"WT_SESSION": "1"}, True),
        ({"WT_SESSION": "1", "FORCE_HYPERLINK": "0"}, False),
        ({"TERM": "linux", "FORCE_HYPERLINK": "1"}, True),
        ({}, False),
    ],
)
def test_links_are_for_terminals_that_show_them(
    environment: dict[str, str],
    shown: bool,  # noqa: FBT001 - a value of the table
) -> None:
    assert shows_links(environment) == shown
