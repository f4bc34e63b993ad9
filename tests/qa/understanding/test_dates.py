import re
from datetime import date, timedelta
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.text.tokens import fold
from qa.understanding.date_rules import RULES
from qa.understanding.dates import Mention, find_dates
from tests.growth import SQUARE, growth

TODAY = date(2022, 3, 9)  # a Wednesday
NOTHING: tuple[Mention, ...] = ()


def found(text: str, today: date = TODAY) -> list[str]:
    return [str(mention.window) for mention in find_dates(fold(text), today)]


ABSOLUTE = {
    # day
    "2021年12月3日": "2021-12-03",
    "2021年12月3号": "2021-12-03",
    "二〇二一年十二月三日": "2021-12-03",
    "２０２１年１２月３日": "2021-12-03",
    "2021 年 12 月 3 日": "2021-12-03",
    "2021-12-03": "2021-12-03",
    "2021/12/3": "2021-12-03",
    "2021.12.03": "2021-12-03",
    "03.12.2021": "2021-12-03",
    "12月3日": "2021-12-03",
    "3月8日": "2022-03-08",
    "December 3, 2021": "2021-12-03",
    "Dec. 3rd, 2021": "2021-12-03",
    "on 3 December 2021": "2021-12-03",
    "on the 3rd of December": "2021-12-03",
    "3 декабря 2021 г.": "2021-12-03",
    "3 декабря 2021 года": "2021-12-03",
    "3 декабря": "2021-12-03",
    "民國110年12月3日": "2021-12-03",
    # month and parts of a month
    "2021年12月": "2021-12-01…2021-12-31",
    "2021年12月份": "2021-12-01…2021-12-31",
    "2021/12": "2021-12-01…2021-12-31",
    "2021-02": "2021-02-01…2021-02-28",
    "December 2021": "2021-12-01…2021-12-31",
    "in December of 2021": "2021-12-01…2021-12-31",
    "in May": "2021-05-01…2021-05-31",
    "в феврале 2022 года": "2022-02-01…2022-02-28",
    "в феврале": "2022-02-01…2022-02-28",
    "2021年12月上旬": "2021-12-01…2021-12-10",
    "2021年2月底": "2021-02-21…2021-02-28",
    # year and parts of a year
    "2021年": "2021-01-01…2021-12-31",
    "in 2021": "2021-01-01…2021-12-31",
    "в 2021 году": "2021-01-01…2021-12-31",
    "二〇二一年底": "2021-10-01…2021-12-31",
    "2021年底": "2021-10-01…2021-12-31",
    "in early 2022": "2022-01-01…2022-03-31",
    "the end of 2021": "2021-10-01…2021-12-31",
    "mid-2021": "2021-05-01…2021-08-31",
    "в начале 2022 года": "2022-01-01…2022-03-31",
    "2021年下半年": "2021-07-01…2021-12-31",
    "во второй половине 2021 года": "2021-07-01…2021-12-31",
    "Q1 2022": "2022-01-01…2022-03-31",
    "2021 Q4": "2021-10-01…2021-12-31",
    "the first quarter of 2022": "2022-01-01…2022-03-31",
    "2022年第一季度": "2022-01-01…2022-03-31",
    "в первом квартале 2022 года": "2022-01-01…2022-03-31",
    "во 2 квартале 2021 года": "2021-04-01…2021-06-30",
}

RELATIVE = {
    "昨天": "2022-03-08",
    "前天": "2022-03-07",
    "大前天": "2022-03-06",
    "今天": "2022-03-09",
    "yesterday": "2022-03-08",
    "the day before yesterday": "2022-03-07",
    "вчера": "2022-03-08",
    "позавчера": "2022-03-07",
    "三天前": "2022-03-06",
    "3天前": "2022-03-06",
    "three days ago": "2022-03-06",
    "три дня назад": "2022-03-06",
    "неделю назад": "2022-02-28…2022-03-06",
    "two weeks ago": "2022-02-21…2022-02-27",
    "十一个月前": "2021-04-01…2021-04-30",
    "半年前": "2021-09-01…2021-09-30",
    "两年前": "2020-01-01…2020-12-31",
    "上周": "2022-02-28…2022-03-06",
    "上週": "2022-02-28…2022-03-06",
    "上个星期": "2022-02-28…2022-03-06",
    "本周": "2022-03-07…2022-03-13",
    "上上周": "2022-02-21…2022-02-27",
    "上周三": "2022-03-02",
    "last week": "2022-02-28…2022-03-06",
    "last Friday": "2022-03-04",
    "on Monday": "2022-03-07",
    "на прошлой неделе": "2022-02-28…2022-03-06",
    "в пятницу": "2022-03-04",
    "в прошлый вторник": "2022-03-01",
    "上个月": "2022-02-01…2022-02-28",
    "上個月": "2022-02-01…2022-02-28",
    "上月底": "2022-02-21…2022-02-28",
    "本月3日": "2022-03-03",
    "last month": "2022-02-01…2022-02-28",
    "в прошлом месяце": "2022-02-01…2022-02-28",
    "上季度": "2021-10-01…2021-12-31",
    "去年12月": "2021-12-01…2021-12-31",
    "去年": "2021-01-01…2021-12-31",
    "前年": "2020-01-01…2020-12-31",
    "去年底": "2021-10-01…2021-12-31",
    "年初": "2022-01-01…2022-03-31",
    "last December": "2021-12-01…2021-12-31",
    "last February": "2022-02-01…2022-02-28",
    "last year": "2021-01-01…2021-12-31",
    "December last year": "2021-12-01…2021-12-31",
    "в прошлом году": "2021-01-01…2021-12-31",
    "в декабре прошлого года": "2021-12-01…2021-12-31",
    "近三个月": "2021-12-09…2022-03-09",
    "过去一周": "2022-03-02…2022-03-09",
    "最近两年": "2020-03-09…2022-03-09",
    "近半年": "2021-09-09…2022-03-09",
    "in the last two weeks": "2022-02-23…2022-03-09",
    "the past week": "2022-03-02…2022-03-09",
    "за последний месяц": "2022-02-09…2022-03-09",
    "за последние три дня": "2022-03-06…2022-03-09",
}

BOUNDED = {
    "2022年以来": "2022-01-01…",
    "自2021年12月以来": "2021-12-01…",
    "今年以来": "2022-01-01…",
    "从2021年起": "2021-01-01…",
    "since 2022": "2022-01-01…",
    "since last December": "2021-12-01…",
    "с 2022 года": "2022-01-01…",
    "before March 2022": "…2022-02-28",
    "до марта 2022": "…2022-02-28",
    "2022年3月之前": "…2022-02-28",
    "2022年3月前": "…2022-02-28",
    "until March 2022": "…2022-03-31",
    "截至2022年2月": "…2022-02-28",
    "by 2021": "…2021-12-31",
    "after 2020": "2021-01-01…",
    "2020年以后": "2021-01-01…",
    "после марта 2021 года": "2021-04-01…",
    "2021年至2022年": "2021-01-01…2022-12-31",
    "2020到2021年": "2020-01-01…2021-12-31",
    "2020-2021年": "2020-01-01…2021-12-31",
    "2020–2021": "2020-01-01…2021-12-31",
    "2020-2021": "2020-01-01…2021-12-31",
    "到2022年2月为止": "…2022-02-28",
    "2021年12月3日到5日": "2021-12-03…2021-12-05",
    "2021年12月3日至2022年1月5日": "2021-12-03…2022-01-05",
    "2021年1至3月": "2021-01-01…2021-03-31",
    "2021年10月到12月": "2021-10-01…2021-12-31",
    "between 2020 and 2021": "2020-01-01…2021-12-31",
    "from December 2021 to February 2022": "2021-12-01…2022-02-28",
    "from December to February 2022": "2021-12-01…2022-02-28",
    "December 3-5, 2021": "2021-12-03…2021-12-05",
    "3 to 5 December 2021": "2021-12-03…2021-12-05",
    "с 3 по 5 декабря 2021 года": "2021-12-03…2021-12-05",
    "с 2020 по 2021 год": "2020-01-01…2021-12-31",
    "между 2020 и 2021 годом": "2020-01-01…2021-12-31",
}

NO_DATES = [
    "2021年13月",
    "2021年2月30日",
    "30 February 2021",
    "2021-02-30",
    "9999年12月31日",
    "12345678901234567890年",
    "1億1234萬5678年前",
    "三千年前",
    "the last 30 years",
    "12/3",
    "12/3/2021",
    "12个月",
    "三十年战争",
    "七年战争",
    "前8年",
    "the last three minutes",
    "the 1970s",
    "в 1970-х",
    "2000个人",
    "$2000",
    "they may march",
    "晚上周杰伦",
    "本周刊",
    "下次会议2030年",
    "",
]


MONTH_NAMES = {
    1: "January Jan января январе",
    2: "February Feb февраля феврале",
    3: "March Mar марта марте",
    4: "April Apr апреля апреле",
    5: "May мая мае",
    6: "June Jun июня июне",
    7: "July Jul июля июле",
    8: "August Aug августа августе",
    9: "September Sept Sep сентября сентябре",
    10: "October Oct октября октябре",
    11: "November Nov ноября ноябре",
    12: "December Dec декабря декабре",
}
WEEKDAYS = {
    28: "上周一 上星期一",
    1: "上周二 上礼拜二",
    2: "上周三 上个星期三",
    3: "上周四",
    4: "上周五",
    5: "上周六",
    6: "上周日 上星期天",
}
LATEST_WEEKDAYS = {
    7: ("on Monday", "в понедельник"),
    8: ("on Tuesday", "во вторник"),
    9: ("on Wednesday", "в среду"),
    3: ("on Thursday", "в четверг"),
    4: ("on Friday", "в пятницу"),
    5: ("on Saturday", "в субботу"),
    6: ("on Sunday", "в воскресенье"),
}
COUNTS = {
    1: ("a day ago", "one day ago", "один день назад", "день назад", "一天前"),
    2: ("two days ago", "два дня назад", "两天前", "二天前"),
    3: ("three days ago", "три дня назад", "三日前"),
    4: ("four days ago", "четыре дня назад", "四天前"),
    5: ("five days ago", "пять дней назад", "五天前"),
    6: ("six days ago", "шесть дней назад", "六天前"),
    7: ("seven days ago", "семь дней назад", "七天前"),
    8: ("eight days ago", "восемь дней назад", "八天前"),
    9: ("nine days ago", "девять дней назад", "九天前"),
    10: ("ten days ago", "десять дней назад", "十天前"),
    12: ("12 days ago", "12 дней назад", "十二天前"),
    20: ("20 days ago", "20 дней назад", "二十天前"),
    21: ("21 days ago", "21 дня назад", "二十一天前"),
}
PARTS = {
    ("01-01", "03-31"): "2021年初 early/2021 beginning/of/2021 start/of/2021 начале/2021/года"
    " 2021年一季度 first/quarter/of/2021 первом/квартале/2021",
    ("05-01", "08-31"): "2021年年中 mid/2021 middle/of/2021 середине/2021/года",
    (
        "10-01",
        "12-31",
    ): "2021年末 2021年尾 2021年年底 2021年年末 2021年年尾 late/2021 конце/2021/года"
    " 2021年第四季度 fourth/quarter/of/2021 четвертом/квартале/2021",
    ("01-01", "06-30"): "2021年上半年 first/half/of/2021 первой/половине/2021/года",
    ("07-01", "12-31"): "2021年下半年 second/half/of/2021 второй/половине/2021/года",
    ("04-01", "06-30"): "2021年二季度 second/quarter/of/2021 втором/квартале/2021",
    ("07-01", "09-30"): "2021年第三季度 2021年第3季度 third/quarter/of/2021 третьем/квартале/2021",
    ("06-01", "06-10"): "2021年6月初 2021年6月上旬 early/June/2021 начале/июня/2021",
    ("06-11", "06-20"): "2021年6月中旬 mid-June/2021 середине/июня/2021",
    ("06-21", "06-30"): "2021年6月底 2021年6月末 2021年6月下旬 late/June/2021 конце/июня/2021",
}


@pytest.mark.parametrize(("number", "names"), MONTH_NAMES.items())
def test_every_name_of_a_month_is_read(number: int, names: str) -> None:
    for name in names.split():
        assert found(f"3 {name} 2021") == [f"2021-{number:02}-03"], name


@pytest.mark.parametrize(("day", "names"), WEEKDAYS.items())
def test_weekdays_of_last_week_are_read(day: int, names: str) -> None:
    for name in names.split():
        assert found(name) == [f"2022-{2 if day == 28 else 3:02}-{day:02}"], name


@pytest.mark.parametrize(("day", "names"), LATEST_WEEKDAYS.items())
def test_a_weekday_is_the_latest_one_up_to_today(day: int, names: tuple[str, ...]) -> None:
    for name in names:
        assert found(name) == [f"2022-03-{day:02}"], name


@pytest.mark.parametrize(("count", "texts"), COUNTS.items())
def test_counts_are_read_in_words_and_figures(count: int, texts: tuple[str, ...]) -> None:
    for text in texts:
        assert found(text) == [str(TODAY - timedelta(days=count))], text


@pytest.mark.parametrize(("ends", "texts"), PARTS.items())
def test_parts_of_years_and_months_are_read(ends: tuple[str, str], texts: str) -> None:
    for text in texts.split():
        assert found(text.replace("/", " ")) == [f"2021-{ends[0]}…2021-{ends[1]}"], text


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("上上个月", "2022-01-01…2022-01-31"),
        ("в позапрошлом месяце", "2022-01-01…2022-01-31"),
        ("в позапрошлом году", "2020-01-01…2020-12-31"),
        ("previous week", "2022-02-28…2022-03-06"),
        ("这周", "2022-03-07…2022-03-13"),
        ("this month", "2022-03-01…2022-03-31"),
        ("в этом году", "2022-01-01…2022-12-31"),
        ("сегодня", "2022-03-09"),
        ("three months ago", "2021-12-01…2021-12-31"),
        ("два года назад", "2020-01-01…2020-12-31"),
        ("пять лет назад", "2017-01-01…2017-12-31"),
        ("过去两个星期", "2022-02-23…2022-03-09"),
        ("过去两个礼拜", "2022-02-23…2022-03-09"),
        ("半个月前", "2022-02-22"),
    ],
)
def test_units_and_relative_words_are_read(text: str, window: str) -> None:
    assert found(text) == [window]


@pytest.mark.parametrize(("text", "window"), (ABSOLUTE | RELATIVE | BOUNDED).items())
def test_a_date_becomes_its_window_and_nothing_of_it_is_left_over(text: str, window: str) -> None:
    (mention,) = find_dates(fold(text), TODAY)
    assert str(mention.window) == window
    assert (mention.start, mention.end) == (0, len(fold(text)))


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_or_cannot_be_is_left_alone(text: str) -> None:
    assert find_dates(fold(text), TODAY) == NOTHING


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("乐队在2021年12月的时候怎么说", ["在2021年12月的时候"]),
        ("What was said in the end of 2021 about it?", ["in the end of 2021"]),
        ("Что сказали в феврале 2022 года о реке?", ["в феврале 2022 года"]),
        ("2021年11月和12月有什么不同", ["2021年11月", "12月"]),
        ("昨天，去年12月", ["昨天", "去年12月"]),
        ("昨天前天", ["昨天", "前天"]),
        ("2021年中国的河流", ["2021年"]),
        ("2021年底特律的河流", ["2021年"]),
        ("2021年起诉", ["2021年"]),
        ("2022年前三个月", ["2022年"]),
    ],
)
def test_a_mention_spans_its_words_and_no_more(text: str, words: list[str]) -> None:
    folded = fold(text)
    assert [folded[m.start : m.end] for m in find_dates(folded, TODAY)] == words


def test_a_date_joined_to_another_shares_its_year() -> None:
    assert found("2020年11月和12月") == ["2020-11-01…2020-11-30", "2020-12-01…2020-12-31"]


@pytest.mark.parametrize(
    ("text", "precision", "dated", "relative", "bounded"),
    [
        ("2021年12月3日", "day", True, False, False),
        ("12月3日", "day", False, False, False),
        ("2021年12月", "month", True, False, False),
        ("2021年底", "month", True, False, False),
        ("2021年", "year", True, False, False),
        ("since 2021", "year", True, False, True),
        ("с 2020 по 2021 год", "year", True, False, True),
        ("12月3日到5日", "day", False, False, True),
        ("昨天", "day", True, True, False),
        ("上周", "month", True, True, False),
        ("去年", "year", True, True, False),
        ("今年以来", "year", True, True, True),
    ],
)
def test_a_mention_tells_how_it_was_given(
    text: str, precision: str, *, dated: bool, relative: bool, bounded: bool
) -> None:
    (mention,) = find_dates(fold(text), TODAY)
    given_as = (mention.precision, mention.dated, mention.relative, mention.bounded)
    assert given_as == (precision, dated, relative, bounded)


def test_a_month_without_a_year_is_the_latest_not_in_the_future() -> None:
    assert found("3月", date(2022, 2, 28)) == ["2021-03-01…2021-03-31"]
    assert found("3月", date(2022, 3, 1)) == ["2022-03-01…2022-03-31"]


def test_a_month_back_from_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    assert found("近一个月", date(2022, 3, 31)) == ["2022-02-28…2022-03-31"]


@pytest.mark.parametrize(
    "piece", ["1", "年", "2021", "2021年", "十", "12月", "从", "3 ", "-", "to ", "с 3 ", "三天"]
)
def test_long_adversarial_text_is_read_in_linear_time(piece: str) -> None:
    assert growth(lambda size: find_dates((piece * size)[:size], TODAY), 1000) < SQUARE


PIECES = st.sampled_from(
    [*ABSOLUTE, *RELATIVE, *BOUNDED, *NO_DATES, " ", "到", "和", "以来", "until ", "с ", "前", "0"]
)


@given(
    st.lists(PIECES | st.text(max_size=5), max_size=6).map("".join),
    st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)),
)
def test_any_text_gives_ordered_windows_that_have_begun(text: str, today: date) -> None:
    folded = fold(text)
    end = 0
    for mention in find_dates(folded, today):
        assert end <= mention.start < mention.end <= len(folded)
        end = mention.end
        since, until = mention.window.since, mention.window.until
        assert since is None or since <= today
        assert (since or date.min) <= (until or today + timedelta(days=366))
        assert since or until


def without_a_hint(text: str) -> list[str]:
    """The rules that find something in a text whose hint is not in it."""
    folded = fold(text)
    return [
        rule
        for hint, group in RULES
        if not re.search(hint, folded)
        for rule in group
        if re.search(rule, folded)
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(*ABSOLUTE, *RELATIVE, *BOUNDED, *NO_DATES),
        *chain.from_iterable((*COUNTS.values(), *LATEST_WEEKDAYS.values())),
        *(text.replace("/", " ") for texts in PARTS.values() for text in texts.split()),
    ],
)
def test_what_a_rule_finds_holds_the_hint_of_its_group(text: str) -> None:
    assert without_a_hint(text) == []


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=8).map("".join))
def test_no_text_hides_a_date_from_its_hint(text: str) -> None:
    assert without_a_hint(text) == []
