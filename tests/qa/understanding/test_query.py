from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.types import Filters, Query, Turn, Window
from qa.understanding.query import understand
from tests.growth import SQUARE, growth

NOW = datetime(2022, 3, 9, 12, tzinfo=UTC)  # a Wednesday
SOURCES = ("联合早报", "新浪财经", "BBC", "РИА Новости", "River Times", "青川日报")


def ask(question: str, turns: Sequence[Turn] = (), filters: Filters | None = None) -> Query:
    return understand(question, now=NOW, sources=SOURCES, turns=turns, filters=filters or Filters())


REPORTED = {
    # question: (window, what is left to search for)
    "2021年12月林河怎么形容两城关系？": ("2021-12-01…2021-12-31", "林河怎么形容两城关系?"),
    "2021年12月，林河怎么形容两城关系？": ("2021-12-01…2021-12-31", "林河怎么形容两城关系?"),
    "林河怎么形容两城关系？2021年12月": ("2021-12-01…2021-12-31", "林河怎么形容两城关系?"),
    "林河怎么形容两城关系？（2021年）": ("2021-01-01…2021-12-31", "林河怎么形容两城关系?"),
    "林河在2021年12月說兩城關係怎樣？": ("2021-12-01…2021-12-31", "林河說兩城關係怎樣?"),
    "2021年关于青川水坝的报道": ("2021-01-01…2021-12-31", "关于青川水坝的报道"),
    "上个月青川有什么新闻": ("2022-02-01…2022-02-28", "青川有什么新闻"),
    "昨天林河说了什么？": ("2022-03-08", "林河说了什么?"),
    "昨天的讲话说了什么？": ("2022-03-08", "讲话说了什么?"),
    "今天有什么新闻": ("2022-03-09", "有什么新闻"),
    "去年林河怎么说": ("2021-01-01…2021-12-31", "林河怎么说"),
    "今年以来房价涨了多少": ("2022-01-01…", "房价涨了多少"),
    "2021年11月和2022年2月林河怎么说": ("2021-11-01…2022-02-28", "林河怎么说"),
    "What did Vera Stone say about dams in December 2021?": (
        "2021-12-01…2021-12-31",
        "What did Vera Stone say about dams?",
    ),
    "What has Vera Stone said since 2021?": ("2021-01-01…", "What has Vera Stone said?"),
    "articles about dams from 2021": ("2021-01-01…2021-12-31", "articles about dams"),
    "Who won last week?": ("2022-02-28…2022-03-06", "Who won?"),
    "Что сказала Озерная в феврале 2022 года о плотине?": (
        "2022-02-01…2022-02-28",
        "Что сказала Озерная о плотине?",
    ),
    "новости о плотине за 2021 год": ("2021-01-01…2021-12-31", "новости о плотине"),
    "Что произошло вчера в порту?": ("2022-03-08", "Что произошло в порту?"),
}

ASKED_ABOUT = {
    # question: window of the reports that are preferred
    "2014年青川冬季运动会谁出席了开幕式？": "2014-01-01…2014-12-31",
    "谁在1998年获得青川文学奖？": "1998-01-01…1998-12-31",
    "2017年4月，林河担任什么职务？": "2017-04-01…2017-04-30",
    "昨天的比赛谁赢了？": "2022-03-08",
    "林河怎么评价自己去年的判断？": "2021-01-01…2021-12-31",
    "自2005年以来，谁管理港口？": "2005-01-01…",
    "2021年林河怎么形容两城关系？": "2021-01-01…2021-12-31",
    "Who won the cup in 2016?": "2016-01-01…2016-12-31",
    "What was said at the December 2021 summit?": "2021-12-01…2021-12-31",
    "Who caused the 2008 crisis?": "2008-01-01…2008-12-31",
    "What ended by 1991?": "…1991-12-31",
    "Что сказали на саммите декабря 2021 года?": "2021-12-01…2021-12-31",
    "Кто победил в 2015 году?": "2015-01-01…2015-12-31",
}

DATES_OF_NO_REPORT = [
    "1954年的第一场战役是什么？",
    "1954年12月林河说了什么？",
    "What was published in 1520?",
    "В каком году была основана компания?",
    "谁在每年12月7日纪念战争？",
    "今天邮票怎么印刷？",
    "Whose walls are visible even today?",
    "2021年13月怎么说",
    "2099年的报道",
    "12/3怎么说",
    "“2021年12月”是谁写的？",
]


@pytest.mark.parametrize(("question", "expected"), REPORTED.items())
def test_a_date_of_reports_is_preferred_and_leaves_the_search(
    question: str, expected: tuple[str, str]
) -> None:
    query = ask(question)
    assert (str(query.preferred), query.text) == expected
    assert query.filters == Filters()
    assert query.undated == ""  # it is searched for alike inside and outside


@pytest.mark.parametrize(("question", "preferred"), ASKED_ABOUT.items())
def test_a_date_that_is_asked_about_is_preferred_and_stays_in_the_search(
    question: str, preferred: str
) -> None:
    query = ask(question)
    assert query.filters == Filters()
    assert str(query.preferred) == preferred
    assert query.text == question.replace("？", "?").replace("，", ",")


@pytest.mark.parametrize(
    ("question", "undated"),
    [
        ("2014年青川冬季运动会谁出席了开幕式？", "青川冬季运动会谁出席了开幕式?"),
        ("Who won the cup in 2016?", "Who won the cup?"),
        ("白鹭号 2016-02-19 在哪里", "白鹭号在哪里"),
        ("青川日报怎么说2014年的运动会", "运动会"),
        ("哪一年建成的", ""),
    ],
)
def test_among_articles_of_a_date_its_words_are_not_searched_for(
    question: str, undated: str
) -> None:
    assert ask(question).undated == undated


@pytest.mark.parametrize("question", DATES_OF_NO_REPORT)
def test_a_date_that_no_report_can_have_does_nothing(question: str) -> None:
    query = ask(question)
    assert (query.filters, query.preferred) == (Filters(), None)


def test_yesterday_is_told_by_the_clock_of_the_asker() -> None:
    late = datetime(2022, 3, 9, 23, tzinfo=UTC)
    for zone, day in ((UTC, 8), (timezone(timedelta(hours=8)), 9)):
        query = understand("昨天林河说了什么", now=late.astimezone(zone), sources=())
        assert query.preferred == Window(date(2022, 3, day), date(2022, 3, day))


@pytest.mark.parametrize(
    ("question", "source", "text"),
    [
        ("联合早报怎么说两城关系？", "联合早报", "两城关系?"),
        ("聯合早報怎麼報導青川水壩", "联合早报", "青川水壩"),
        ("聯合早報對兩城關係怎麼看？", "联合早报", "對兩城關係怎麼看?"),
        ("早报怎么报道青川水坝", "联合早报", "青川水坝"),
        ("据新浪财经报道，林河说了什么？", "新浪财经", "林河说了什么?"),
        ("据新浪报道，林河说了什么？", "新浪财经", "林河说了什么?"),
        ("只看青川日报，水坝何时建成", "青川日报", "水坝何时建成"),
        ("ｂｂｃ报道了什么关于水坝", "BBC", "关于水坝"),
        (
            "What happened in Qingchuan, according to Sina?",
            "新浪财经",
            "What happened in Qingchuan?",
        ),
        ("According to the River Times, who won?", "River Times", "who won?"),
        ("What did the BBC say about the flood?", "BBC", "the flood?"),
        ("reports by River Times about dams", "River Times", "dams"),
        ("По данным РИА, сколько людей приехало?", "РИА Новости", "сколько людей приехало?"),
        ("Как сообщает РИА Новости, кто победил?", "РИА Новости", "кто победил?"),
        ("联合早报怎么说中城河", "联合早报", "中城河"),
        ("青川日报报道称，林河说了什么", "青川日报", "林河说了什么"),
        ("联合早报怎么说？", "联合早报", "联合早报怎么说?"),
    ],
)
def test_a_source_with_a_cue_filters_and_leaves_the_search(
    question: str, source: str, text: str
) -> None:
    query = ask(question)
    assert (query.filters.source, query.text) == (source, text)


@pytest.mark.parametrize(
    "question",
    [
        "联合早报的总编是谁？",
        "Who founded the BBC?",
        "When did the River Times start?",
        "Где находится РИА Новости?",
        "财经新闻有哪些",
        "according to BBCX who won",
        "青川的日报在哪里买",
    ],
)
def test_a_source_that_is_written_about_does_not_filter(question: str) -> None:
    assert ask(question).filters.source is None


@pytest.mark.parametrize("name", ["Periscope", "Périscope"])
def test_a_source_is_known_with_and_without_its_accents(name: str) -> None:
    for there in ("Le Périscope", "Le Periscope"):
        query = understand(f"What does Le {name} say about the dam?", now=NOW, sources=(there,))
        assert query.filters.source == there


def test_a_name_that_two_sources_share_means_neither() -> None:
    two = ("联合早报", "河岸早报")
    assert understand("早报怎么报道水坝", now=NOW, sources=two).filters.source is None
    query = understand("河岸早报怎么报道水坝", now=NOW, sources=two)
    assert query.filters.source == "河岸早报"


def test_the_end_of_a_name_that_tells_an_outlet_means_it() -> None:
    query = understand("晚报怎么报道水坝", now=NOW, sources=("河岸晚报", "青川日报"))
    assert query.filters.source == "河岸晚报"


def test_filters_set_beside_the_question_win_each_alone() -> None:
    window = Window(since=date(2020, 1, 1))
    question = "据新浪财经报道，2021年12月林河说了什么？"
    said = Window(date(2021, 12, 1), date(2021, 12, 31))
    assert (ask(question).filters, ask(question).preferred) == (Filters(None, "新浪财经"), said)
    query = ask(question, filters=Filters(window=window))
    assert (query.filters, query.preferred) == (Filters(window, "新浪财经"), None)
    query = ask(question, filters=Filters(source="BBC"))
    assert (query.filters, query.preferred) == (Filters(None, "BBC"), said)


@pytest.mark.parametrize(
    ("question", "text", "phrases"),
    [
        ("谁说「没有尽头」？", "谁说没有尽头?", ("没有尽头",)),
        ("谁说『没有尽头』和“上游”？", "谁说没有尽头和上游?", ("没有尽头", "上游")),
        ('Who said "no end in sight"?', "Who said no end in sight?", ("no end in sight",)),
        ("Кто сказал «нет предела»?", "Кто сказал нет предела?", ("нет предела",)),
        ("《长河》的作者是谁？", "《长河》的作者是谁?", ()),
        ("“水”是什么？", "水是什么?", ()),
        ('5" pipes', "5 pipes", ()),
    ],
)
def test_text_in_quotation_marks_is_a_phrase(
    question: str, text: str, phrases: tuple[str, ...]
) -> None:
    query = ask(question)
    assert (query.text, query.phrases) == (text, phrases)


@pytest.mark.parametrize(
    "question",
    [
        "林河的态度怎么变化？",
        "青川的立場有什麼變化",
        "林河前后的说法有什么不同",
        "林河一直以来怎么看水坝",
        "历次会谈说了什么",
        "林河从2020年到2021年怎么形容两城关系",
        "2021年11月和2022年2月林河怎么说",
        "How has the position of Qingchuan changed?",
        "Vera Stone on dams over time",
        "Как менялась позиция Озерной?",
    ],
)
def test_a_question_about_change_compares(question: str) -> None:
    assert ask(question).compare


@pytest.mark.parametrize(
    "question",
    ["林河怎么形容两城关系？", "从青川到河岸有多远？", "How far is it from Qingchuan to Hean?",
     "林河2021年12月3日到5日说了什么"],
)  # fmt: skip
def test_other_questions_do_not_compare(question: str) -> None:
    assert not ask(question).compare


@pytest.mark.parametrize(
    "text",
    ["你好", "您好啊！", "谢谢", "謝謝你", "thanks!", "Thank you very much", "???", "привет",
     "Спасибо большое!", "hi there", "👍", "再见", "好的", "好的，谢谢", "ok", "你是谁", "Who are you?",
     "", " \n", "……", "\u200b", "ＯＫ"],
)  # fmt: skip
def test_small_talk_is_not_searched(text: str) -> None:
    assert ask(text) == Query(text, "", small_talk=True)


@pytest.mark.parametrize(
    "text",
    ["你好，河岸票房多少", "你好河岸的导演是谁", "谢谢侬是什么意思", "Hi-Fi sales", "ok corral fight", "привет из порта кто написал",
     "好的水坝", "谁", "X", "42"],
)  # fmt: skip
def test_a_question_with_such_words_is_searched(text: str) -> None:
    query = ask(text)
    assert not query.small_talk
    assert query.text


def test_the_question_is_kept_as_typed_and_searched_in_plain_characters() -> None:
    typed = "  林河\u200b怎么\u202e说\tＢＢＣ１２ \n 水坝？ "
    query = ask(typed)
    assert query.question == typed
    assert query.text == "林河怎么说 BBC12 水坝?"


def test_a_long_text_is_cut_after_a_sentence() -> None:
    query = ask("河水很清。" * 190 + "林河" * 5000)
    assert query.text == ("河水很清。" * 190)
    assert len(ask("林" * 10_000).text) == 1000


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "ﷺ",
        "年",
        "2021年12月",
        '"',
        "「",
        "“”",
        "那",
        "他",
        "怎么",
        "对",
        "a ",
        "с ",
        ",",
        "?",
        "说",
        "是",
    ],
)
def test_adversarial_text_is_understood_in_linear_time(piece: str) -> None:
    turns = [Turn("林河怎么形容两城关系?")]

    def understood(size: int) -> Query:
        return ask((piece * size)[:size], turns)

    assert growth(understood, 1000) < SQUARE
    assert growth(understood, 10_000, 2) < 2  # what is beyond the first thousands is not read


PIECES = st.sampled_from(
    [*REPORTED, *ASKED_ABOUT, *DATES_OF_NO_REPORT, *SOURCES, "呢", "那", "只看", "only ", "он ", "「", "」",
     '"', "(", ")", "İ", "\ud800", "以来", "的报道", "怎么说"]
)  # fmt: skip


@given(
    st.lists(PIECES | st.text(max_size=5), max_size=5).map("".join),
    st.lists(st.builds(Turn, st.text(max_size=20)), max_size=2),
    st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)),
)
def test_anything_is_understood(question: str, turns: list[Turn], today: date) -> None:
    now = datetime.combine(today, NOW.timetz())
    query = understand(question, now=now, sources=SOURCES, turns=turns)
    assert query.question == question
    assert bool(query.text) != query.small_talk
    assert len(query.text) <= 1000
    assert query.follow_up <= bool(turns)
    for window in (query.filters.window, query.preferred):
        if window and window.since and window.until:
            assert window.since <= window.until
    assert query.filters.window is None or query.preferred is None
