"""Every line of the table does what it is there for: its example says so."""

import re

import pytest

from index.articles.extract import extract
from index.articles.furniture import PLACES, RULES, Rule, Rules
from tests.growth import SQUARE, growth

BEFORE, AFTER = "渡轮昨天停航，码头上没有人。", "明天的班次还没有定。"


def _paragraphs(rule: Rule, rules: Rules) -> list[str]:
    before = f"<p>{BEFORE}</p>"
    after = "" if rule.place in {"last", "note", "closing"} else f"<p>{AFTER}</p>"
    body = rule.example + before + after if rule.place == "first" else before + rule.example + after
    extraction = extract(f"<div>{body}</div>", "x.html", rules)
    return [paragraph.text for paragraph in extraction.paragraphs]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.place}-{rule.pattern[:30]}")
def test_the_example_is_kept_out_by_this_rule_alone(rule: Rule) -> None:
    after = [] if rule.place in {"last", "note", "closing", "ending"} else [AFTER]
    assert _paragraphs(rule, Rules()) == [BEFORE, *after]
    without = Rules(other for other in RULES if other != rule)
    assert _paragraphs(rule, without) != [BEFORE, *after]


@pytest.mark.parametrize(
    "text", ["海港日报讯", "（海港日报讯）", "“海港日报”讯", "海港日报電子報是以"]
)
def test_of_rules_for_a_line_the_first_counts(text: str) -> None:
    patterns = (".{0,3}報.*", "[（“]?海港日报.*讯.*", "海港.*", "[^灯]+")
    rules = [Rule("line", "page", pattern, "") for pattern in patterns]
    first = next(rule for rule in rules if re.fullmatch(rule.pattern, text))
    assert Rules(rules).line(text) == first
    assert Rules(reversed(rules)).line(text) == rules[-1]


def test_every_place_is_in_use() -> None:
    assert {rule.place for rule in RULES} == set(PLACES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.pattern[:30])
def test_no_group_of_a_pattern_has_a_name(rule: Rule) -> None:
    # Names are what tells which rule of the joined pattern matched.
    assert not re.compile(rule.pattern).groupindex


@pytest.mark.parametrize(
    "body",
    [
        "据“海港发布”微信公众号消息，渡轮停航。",
        "客户可通过手机APP、营业网点办理业务。",
        "记者：请问渡轮何时复航？",
        "作者是一位历史学家，他在书里写了海港。",
        "她说：“我们去喝咖啡吧。”",
        "打開 App，點擊進入後即可看到結果。",
        "渡轮公司未经授权使用了他的照片，法院昨天宣判。",
        "他在1月5日的日记里写道，海港有雾。",
        "俄罗斯的承诺以1990年的水平为基准，实际影响很小 (见图表)。",
        "更多详情可查看：https://a.example/changelog",
        "#海港停航# 今天成了热门话题。",
        "#1：先问渡轮，#2：再问灯塔，#3：最后问港务局。",
        "今天的海港 #渡轮 #停航",
        "标签：这个词从前写在货箱上，后来才有了别的意思。",
        "Tags: the harbour master had one on every crate. He read them all.",
        "Category: nobody knew which one the storm was in, and nobody asked",
        "分类：一共三种。",
        "路径：首页 → 服务 → 渡轮时刻",
        "我们唱道：风来了 / 雨来了 / 船也来了",
        "主持人｜王五，嘉宾｜赵六和孙七，地点｜海港广播电台",
        "码头|12|13|14|15|16|17",
        "渡轮停航三天，码头空了|港务局还没有说什么|灯塔也关了|风大|雾大|人少",
        "Home is where the harbour is",
        "Home / Away",
        "打印渡轮的时刻表",
        "他在船上添加了对方的微信。",
        "文章来自一位渔民的来信，他说潮水很大。",
        "本文由三部分组成，第一部分讲潮水。",
        "他点击了关闭按钮，船还是没有停。",
        "阅读是船员唯一的消遣。",
        "上一篇文章讲了潮水，这一篇讲灯塔。",
        "记者问船长，船长没有回答。",
        "By Monday the ferry was full.",
        "Reporting by the Courier found that nine ferries were late.",
        "Share prices fell on Friday.",
        "Read the tide tables before you sail.",
        "Photo albums were lost in the flood: nobody found them.",
        "The end of the pier is closed.",
        "Comments were not available on Sunday.",
        "We use cookies of oat to feed the gulls, she said",
        "Источник в порту сообщил, что паром опоздал.",
        "Реклама на улицах города подорожала.",
        "Материал для мола привезли из соседнего порта.",
        "Подробнее об этом капитан говорить не стал.",
    ],
)
def test_ordinary_sentences_stay(body: str) -> None:
    extraction = extract(f"<p>{BEFORE}</p><p>{body}</p><p>{AFTER}</p>", "x.html")
    assert [paragraph.text for paragraph in extraction.paragraphs] == [BEFORE, body, AFTER]


@pytest.mark.parametrize(
    "line",
    [
        "#harbour #ferry #fog",
        "#海港##渡轮##雾#",
        "＃海港 ＃渡轮",
        "#harbour, #ferry, #fog",
        "🏷 #порт #паром",
        "#海港|#渡轮|#雾",
        "#harbour " * 300,
        "標籤: 海港, 渡輪, 燈塔, 霧",
        "关键词：海港；渡轮",
        "關鍵字｜海港",
        "【标签】：海港 渡轮 灯塔",
        "文章标签：#海港 #渡轮",
        "Tags: harbour, ferry, the old lighthouse",
        "TAGS: Harbour",
        "Filed under: Harbour, Transport",
        "Posted in: Harbour | Transport",
        "Метки: порт, паром, туман",
        "Ключевые слова: порт",
        "Home | News | Sport | Contact",
        "| Home | News | Sport |",
        "首页｜新闻｜体育｜联系我们",
        "Главная | Новости порта | Погода",
        "Home • News • About the harbour",
        "Share / Print / Email",
        "Home › Harbour › The ferry is late again",
        "首頁 > 海港",
        "海港|渡轮|灯塔|" * 100,
    ],
)
def test_tags_and_menus_are_no_paragraphs(line: str) -> None:
    extraction = extract(f"<p>{BEFORE}</p><p>{line}</p><p>{AFTER}</p>", "x.html")
    assert [paragraph.text for paragraph in extraction.paragraphs] == [BEFORE, AFTER]


@pytest.mark.parametrize(
    "line",
    [
        "— END —", "【全文完】", "點擊上方藍字關注我們", "▲点击下方卡片，关注海港早报", "一键三连，支持一下",
        "微信号：harbour_daily", "本文转载自公众号", "文章来自「海港 早报」：渡轮停航",
        "本文由 简悦 SimpRead 转码，原文地址 https://a.example", "文中内容不代表海港评论的观点和立场",
        "【海港网记者 王五】", "文/本报记者 王五", "新华社记者 王五 赵六", "（记者王五 通讯员赵六）",
        "The Quay is a reader-supported publication. To receive new posts, consider becoming a subscriber.", "Subscribe to The Quay", "Share this post", "Leave a comment",
        "Discussion about this post", "Additional reporting by Ada Brine in Kern",
        "(Reporting by Ada Brine in Kern and Tom Reed; Writing by Mara Vell; Editing by Jo Hall)",
        "Story continues below advertisement", "SUPPORTED BY", "Related: Ferry late again", "Photo: Ada Brine",
        "Copyright 2021 The Courier. All rights reserved.", "12 comments", "Load more", "Share via Email",
        "Get the best of the Courier in your inbox", "Originally published at https://a.example",
        "Реклама", "Читайте также: Паром опоздал", "Фото: Анна Бухтина / «Порт»", "Поделиться ВКонтакте",
        "Подпишитесь на нашу рассылку", "Все права защищены", "Опубликовано 6 мая 2021",
        "НАСТОЯЩИЙ МАТЕРИАЛ ПРОИЗВЕДЕН ИНОСТРАННЫМ АГЕНТОМ «ПОРТ»", "Перевод: Анна Бухтина",
        "下一篇：海港的夏天", "阅读量：3.2万", "责任编辑：王五", "喜欢此内容的人还喜欢", "阅读全文", "Book Review: A. Brine",
        "Article URL: https://a.example/ferry", "Запись Паром вернулся впервые появилась Портовый вестник.",
    ],
)  # fmt: skip
def test_what_stands_around_articles_is_no_paragraph(line: str) -> None:
    extraction = extract(f"<p>{BEFORE}</p><p>{line}</p><p>{AFTER}</p>", "x.html")
    assert [paragraph.text for paragraph in extraction.paragraphs] == [BEFORE, AFTER]


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        ("", "#a"),
        ("", "#a "),
        ("", "a|"),
        ("", "a b | "),
        ("Tags: ", "a, "),
        ("Tags: ", "a "),
        ("Home", " > a"),
        ("Home", " / a"),
    ],
)
def test_a_list_that_is_none_after_all_is_judged_at_once(head: str, piece: str) -> None:
    rules = Rules()

    def judge(length: int) -> None:
        for _ in range(200):
            assert rules.line(head + piece * length + "。") is None

    assert growth(judge, 15) < SQUARE


def test_an_empty_table_drops_nothing() -> None:
    extraction = extract("<p>责任编辑：王五</p><footer>页脚</footer>", "x.html", Rules([]))
    assert [paragraph.text for paragraph in extraction.paragraphs] == ["责任编辑：王五", "页脚"]


def test_a_bracket_in_a_pattern_may_be_a_bracket() -> None:
    rule = Rules().line("(c) 2021 某报")
    assert rule is not None
    assert rule.kind == "copyright"


def test_a_line_of_names_and_spaces_is_judged_at_once() -> None:
    rules = Rules()

    def judge(length: int) -> None:
        for _ in range(100):
            assert rules.line("x " * length + "!") is None

    # Where each space can be matched in two ways, it takes thousands of times as long.
    assert growth(judge, 4) < SQUARE
    assert rules.line("x " * 150 + "!") is None
    rule = rules.line("x " * 150)
    assert rule is not None
    assert rule.kind == "link"
