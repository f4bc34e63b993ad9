"""Golden extractions: each fixture file shows the rule its name begins with."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles.extract import Extraction, extract
from index.errors import ArticleError
from tests.growth import SQUARE, growth

FIXTURES = Path(__file__).parents[2] / "fixtures" / "articles"
GOLDEN = sorted(FIXTURES.glob("*.json"))


def _article_file(golden: Path) -> Path:
    return next(path for path in golden.parent.glob(f"{golden.stem}.*") if path != golden)


def _extracted(body: str, name: str = "x.html") -> list[str]:
    return [paragraph.text for paragraph in extract(body, name).paragraphs]


def _fields(extraction: Extraction) -> dict[str, Any]:
    metadata = extraction.metadata
    return {
        "title": extraction.title,
        "author": metadata.author,
        "date": metadata.date.isoformat() if metadata.date else None,
        "url": metadata.url,
        "source": metadata.source,
        "categories": list(metadata.categories),
        "tags": list(metadata.tags),
        "language": extraction.language,
        "truncated": extraction.truncated,
        "paragraphs": [[p.text, p.heading] for p in extraction.paragraphs],
    }


def test_every_rule_has_a_fixture() -> None:
    shown = {path.stem[:3] for path in GOLDEN}
    assert {f"r{number:02}" for number in range(1, 19)} <= shown


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_golden(golden: Path) -> None:
    path = _article_file(golden)
    expected = json.loads(golden.read_text("utf-8"))
    forbidden = expected.pop("must_not_contain")
    extraction = extract(path.read_text("utf-8"), path.name)
    assert _fields(extraction) == expected
    text = "\n".join(paragraph.text for paragraph in extraction.paragraphs)
    assert [phrase for phrase in forbidden if phrase in text] == []


def test_line_breaks_of_any_system_read_alike() -> None:
    text = (FIXTURES / "r12-furniture.md").read_text("utf-8")
    assert extract(text.replace("\n", "\r\n"), "a.md") == extract(text, "a.md")


def test_a_line_break_between_chinese_and_latin_is_a_space() -> None:
    assert _extracted("<p>新的\npier 在\n\n 湖边，</p>") == ["新的 pier 在湖边，"]


def test_short_text_after_a_picture_is_its_caption_unless_the_picture_has_one() -> None:
    picture = "<p>船到了。</p><p><img src='a'></p><p>码头全景</p>"
    assert _extracted(picture) == ["船到了。"]
    with_slot = (
        "<p>船到了。</p><figure><img src='a'><figcaption></figcaption></figure><p>码头全景</p>"
    )
    assert _extracted(with_slot) == ["船到了。", "码头全景"]


@pytest.mark.parametrize(
    "step", ["2.把缆绳系在桩上", "（3）放下跳板", "第二步 放下跳板", "把缆绳系在桩上，如下图所示"]
)
def test_a_step_after_a_picture_is_no_caption(step: str) -> None:
    body = f"<p>先靠岸。</p><p><img src='a'></p><p>{step}</p><p>再下船。</p>"
    assert _extracted(body) == ["先靠岸。", step, "再下船。"]


@pytest.mark.parametrize("line", ["雾中的渡轮", "雾中的渡轮 - 海港日报", "雾中的渡轮_海港日报"])
def test_a_line_that_repeats_the_title_with_or_without_the_site_is_none(line: str) -> None:
    text = f"---\ntitle: {line}\n---\n<p>雾中的渡轮</p><p>渡轮停航。</p>"
    assert [paragraph.text for paragraph in extract(text, "a.md").paragraphs] == ["渡轮停航。"]
    other = f"---\ntitle: {line}号\n---\n<p>雾中的渡</p><p>渡轮停航。</p>"
    assert len(extract(other, "a.md").paragraphs) == 2


def test_a_line_that_repeats_the_title_under_a_rubric_is_none() -> None:
    text = "---\ntitle: 雾中的渡轮\n---\n<p>评论 | 雾中的渡轮</p><p>渡轮停航。</p>"
    assert [paragraph.text for paragraph in extract(text, "a.md").paragraphs] == ["渡轮停航。"]


def test_the_day_in_a_title_counts_where_nothing_else_tells_it() -> None:
    assert (
        str(extract("# 2021.05.06 - 雾\n\n渡轮停航。", "a.md").metadata.date)[:10] == "2021-05-06"
    )
    told = extract("---\ndate: 2021-05-07\n---\n# 2021.05.06 - 雾\n\n渡轮停航。", "a.md")
    assert str(told.metadata.date)[:10] == "2021-05-07"


def _under(head: str, *lines: str) -> list[str]:
    body = "".join(f"<p>{line}</p>" for line in lines)
    return [one.text for one in extract(f"---\n{head}\n---\n{body}", "a.md").paragraphs]


@pytest.mark.parametrize(
    ("author", "line"),
    [
        ("Ada Brine", "Ada Brine is the keeper of the lamp in Kern."),
        ("ada-brine, tom-reed", "Tom Reed, who rows, lives in Kern."),
        ("王五", "王五是海港的看守人。"),
    ],
)
def test_who_the_author_is_stands_after_the_text(author: str, line: str) -> None:
    assert _under(f"author: {author}", "渡轮停航。", line) == ["渡轮停航。"]
    assert _under(f"author: {author}", line, "渡轮停航。") == [line, "渡轮停航。"]
    assert _under("author: 赵六", "渡轮停航。", line) == ["渡轮停航。", line]


def test_an_item_of_a_list_is_not_about_the_author() -> None:
    text = "---\nauthor: 王五\n---\n船上有：\n\n- 赵六，船长\n- 王五，看守人\n"
    assert len(extract(text, "a.md").paragraphs) == 3


def test_a_note_after_the_text_is_all_in_italics() -> None:
    note = "This post is part of a series about the harbour."
    assert _extracted(f"<p>渡轮停航。</p><p><em>{note}</em></p>") == ["渡轮停航。"]
    assert _extracted(f"<p>渡轮停航。</p><p>{note}</p>") == ["渡轮停航。", note]
    text = "Эта статья — доклад о маяке."
    assert _extracted(f"<p>渡轮停航。</p><p><em>{text}</em></p>") == ["渡轮停航。", text]


def test_the_source_speaks_of_itself_after_the_text() -> None:
    lines = ("渡轮停航，码头上没有人，雾还没有散。", "关于海港", "有船九艘。")
    assert _under("source: 海港日报", *lines) == [lines[0]]
    assert _under("source: 灯塔", *lines) == [*lines]


def test_a_heading_after_the_text_does_not_hide_what_is_left_out_there() -> None:
    body = "<p>渡轮停航。</p><p>公众号专注于海港的历史，敬请关注。</p><p><b>Contact</b></p>"
    assert _extracted(body) == ["渡轮停航。"]


def test_a_sentence_after_a_picture_is_a_paragraph() -> None:
    assert _extracted("<p><img src='a'></p><p>船昨天到了。</p>") == ["船昨天到了。"]


def test_a_list_of_links_only_is_related_reading() -> None:
    links = "<p>船到了。</p><ul><li><a href='/1'>旧闻</a></li><li><a href='/2'>往事</a></li></ul>"
    assert _extracted(links) == ["船到了。"]
    with_text = (
        "<p>船到了。</p><ul><li><a href='/1'>旧闻</a></li><li>又见<a href='/2'>往事</a></li></ul>"
    )
    assert _extracted(with_text) == ["船到了。", "旧闻", "又见往事"]


def test_a_list_of_links_that_the_text_goes_through_is_text() -> None:
    names = "<ul><li><a href='/1'>王五，港务</a></li><li><a href='/2'>赵六，渔业</a></li></ul>"
    before, after = "新的管理局成员昨天公布了。", "他们中午就职。"
    expected = [before, "王五，港务", "赵六，渔业", after]
    assert _extracted(f"<p>{before}</p>{names}<p>{after}</p>") == expected
    assert _extracted(f"<p>{before}</p><p>{after}</p>{names}") == [before, after]
    assert _extracted(f"<p>{before}</p>{names}<h2>往事</h2><p>{after}</p>") == [before, after]
    assert _extracted(f"{names}<p>{before}</p><p>{after}</p>") == [before, after]


def test_a_link_after_the_text_leads_to_another_article() -> None:
    text = ["船到了。", "码头上没有人。", "船又走了。"]
    body = "".join(f"<p>{line}</p>" for line in text)
    assert _extracted(f"{body}<p><a href='/1'>旧闻一则</a></p>") == text
    assert _extracted(f"{body}<p>另见<a href='/1'>旧闻一则</a></p>") == [*text, "另见旧闻一则"]


def test_a_link_between_the_paragraphs_of_a_page_leads_to_another_article() -> None:
    text = ["船到了。", "码头上没有人。", "雾散了。", "灯还亮着。", "船又走了。", "天黑了。"]
    link = "<p><a href='/1'>旧闻一则</a></p>"
    paragraphs = [f"<p>{line}</p>" for line in text]

    def read(between: str, opening: str = "<html><body>") -> list[str]:
        body = "".join([*paragraphs[:3], between, *paragraphs[3:]])
        return [one.text for one in extract(opening + body, "x.html").paragraphs]

    assert read(link) == text
    led_to = [*text[:3], "另一艘：", "旧闻一则", *text[3:]]
    assert read(f"<p>另一艘：</p>{link}") == led_to
    with_head = "---\ntitle: 船\n---\n<div>"
    assert read(link, with_head) == [*text[:3], "旧闻一则", *text[3:]]


def test_what_an_account_says_of_itself_goes_to_the_end() -> None:
    text = [f"船第{n}次到了，码头上没有人。" for n in range(8)]
    body = "".join(f"<p>{line}</p>" for line in text)
    about = "<h3>0x05 圈子介绍</h3><p>我们在湖上。</p><p>会员有船。</p>"
    assert _extracted(body + about) == text
    assert _extracted(about + body) == ["我们在湖上。", "会员有船。", *text]
    assert _extracted(f"{body}<p>圈子介绍了他。</p><p>船走了。</p>")[8:] == [
        "圈子介绍了他。",
        "船走了。",
    ]


def test_notices_before_the_text_go_one_after_the_other() -> None:
    notices = [
        "请勿利用文章中的图纸从事非法测试。",
        "本文的工具仅用于学习，禁止用于别的。",
        "如果任何人认为图纸侵犯了他的权利，请通知我们。",
    ]
    body = "".join(f"<p>{line}</p>" for line in [*notices, "船到了。", "船又走了。"])
    assert _extracted(body) == ["船到了。", "船又走了。"]


@pytest.mark.parametrize(
    "name",
    [
        "has-caption", "ui-caption", "promo_status-promo", "widget__body", "page-widget-area", "newsletter-article",
        "newsletter-content", "has-byline", "content-sidebar-wrap", "popup", "elementor-widget", "with-comments",
    ],
)  # fmt: skip
def test_a_class_that_only_sounds_like_furniture_leaves_nothing_out(name: str) -> None:
    assert _extracted(f'<p>船到了。</p><div class="{name}"><p>码头上没有人。</p></div>') == [
        "船到了。",
        "码头上没有人。",
    ]


def test_a_run_of_links_is_a_menu_with_its_label() -> None:
    links = "".join(f"<p><a href='/{n}'>旧闻之{n}</a></p>" for n in range(3))
    assert _extracted(f"<p>船到了。</p><p>参考：</p>{links}") == ["船到了。"]
    two = "<p>船到了。</p><p><a href='/1'>旧闻</a></p><p><a href='/2'>往事</a></p>"
    assert _extracted(two) == ["船到了。", "旧闻", "往事"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<span>The ferry left.</span><span>It was full.</span>", "The ferry left. It was full."),
        ("<span>Saltmouth</span><span>Harbour Office</span>", "Saltmouth Harbour Office"),
        ("<span>Паром ушёл.</span><span>Он был полон.</span>", "Паром ушёл. Он был полон."),
        ("<span>渡轮停航。</span><span>码头没有人。</span>", "渡轮停航。码头没有人。"),
        ("<span>i</span><span>Phone</span> <span>Mc</span><span>Coy</span>", "iPhone McCoy"),
        ("<span>har</span><span>bour</span>", "harbour"),
        ("<span style='display:block'>Depth</span>nine", "Depth nine"),
        ("Ferry<br>returns", "Ferry returns"),
    ],
)
def test_what_a_style_sheet_parts_is_parted(body: str, text: str) -> None:
    assert _extracted(f"<p>{body}</p>") == [text]


def test_a_line_break_in_a_title_is_a_space() -> None:
    assert extract("<h1>Ferry<br>returns</h1><p>It left.</p>", "a.html").title == "Ferry returns"
    page = "<header><h1>Ferry<br/>returns</h1></header><p>It left.</p>"
    assert extract(page, "a.html").title == "Ferry returns"


@pytest.mark.parametrize(
    "text", ["می\u200cخواهم بروم.", "👨\u200d👩\u200d👧 在海港。", "❤\ufe0f\u200d🔥 क्\u200dष"]
)
def test_joiners_inside_words_and_emoji_stay(text: str) -> None:
    assert _extracted(f"<p>{text}</p>") == [text]


def test_joiners_that_join_nothing_go() -> None:
    assert _extracted("<p>\u200d渡\u200c轮\u200d停航，a\u200c b\u200d。</p>") == ["渡轮停航，a b。"]


def test_related_reading_ends_where_the_text_goes_on() -> None:
    body = "<p>船到了。</p><p>相关阅读</p><p><a href='/1'>旧闻一则</a></p><p>旧闻二则</p><p>船又走了。</p>"
    assert _extracted(body) == ["船到了。", "船又走了。"]


def test_labels_outside_paragraphs_are_furniture_among_paragraphs_only() -> None:
    body = "<p>一。</p><p>二。</p><p>三。</p><div><div>More</div></div>"
    assert _extracted(body) == ["一。", "二。", "三。"]
    assert _extracted("<div>潮起<br>潮落<br>船行</div>") == ["潮起", "潮落", "船行"]


def test_rules_of_dashes_cut_a_text_that_lost_its_line_breaks() -> None:
    assert _extracted("<div>内容：潮汐。------------大家好。</div>") == ["内容：潮汐。", "大家好。"]


@pytest.mark.parametrize("before", range(1, 10))
def test_a_rule_of_eight_dashes_cuts_wherever_it_stands(before: int) -> None:
    body = f"<div>{'雾' * before}--------潮汐。</div>"
    assert _extracted(body) == ["雾" * before, "潮汐。"]


def test_rows_of_a_table_are_paragraphs() -> None:
    rows = "<table><tr><td>鱼</td><td>12 元</td></tr><tr><td>虾</td><td>30 元</td></tr></table>"
    assert _extracted(rows) == ["鱼 12 元", "虾 30 元"]


@pytest.mark.parametrize("opening", ["<table><tr><td>", "<pre>"])
def test_what_is_looked_into_may_be_nested_deep(opening: str) -> None:
    def nested(depth: int) -> list[str]:
        return _extracted(opening * depth + "海港有雾。" * (depth // 5))

    # To look into each of them takes quadratic time.
    assert growth(nested, 300) < SQUARE
    assert nested(1_000) == ["海港有雾。" * 200]


@pytest.mark.parametrize(("count", "expected"), [(19, []), (20, ["a = b;"])])
def test_a_frame_is_program_text_up_to_twenty_frames_deep(count: int, expected: list[str]) -> None:
    prose = "海港有雾，渡轮今天停航。" * 9
    assert _extracted(f"{'<pre>' * count}{prose}<pre>a = b;</pre>") == [prose, *expected]


def test_a_frame_after_twenty_others_is_looked_into() -> None:
    prose = "海港有雾，渡轮今天停航。" * 9
    assert _extracted(f"<pre>{prose}</pre>" * 21 + "<pre>a = b;</pre>") == [prose] * 21


def test_html_nested_ten_thousand_deep_is_read() -> None:
    deep = "<div>" * 10_000 + "<p>海底。</p>" + "</div>" * 10_000
    assert _extracted(deep) == ["海底。"]


@pytest.mark.parametrize(
    "piece", ["[a](", "www.", "<br>", " \n", "&lt;p", "~~a", "<!--", "<!-- a -->", "中\n"]
)
def test_repetition_takes_linear_time(piece: str) -> None:
    # Each of these takes at least quadratic time where a pattern or a parser backtracks.
    head = "---\nfrom: x\n---\n"
    assert growth(lambda size: extract(f"{head}<p>{piece * size}x</p>", "x.md"), 2_500) < SQUARE
    assert growth(lambda size: extract(piece * size, "x.md"), 500) < SQUARE


def test_title_falls_back_to_the_heading_above_the_text_then_to_the_file_name() -> None:
    assert extract("## 海港\n\n潮水退了。\n\n### 码头\n", "a.md").title == "海港"
    assert extract("## 海港\n\n潮水退了。\n\n## 码头\n\n没有人。", "a.md").title == "a"
    assert extract("---\ntags: []\n---\n## 摘录\n\n潮水退了。", "海港.md").title == "海港"
    assert extract("---\ntags: []\n---\n# 海港\n\n潮水退了。", "a.md").title == "海港"
    assert extract("<img src='a'>\n\n潮水退了。\n\n## 码头\n\n没有人。", "a.md").title == "a"
    assert extract("2021-05-06\n\n# 海港\n\n潮水退了。", "a.md").title == "海港"
    assert extract("潮水退了。\n\n# 码头\n\n没有人。", "a.md").title == "a"
    page = "<body><header><h1>海港</h1></header><p>潮水退了。</p></body>"
    assert extract(page, "a.html").title == "海港"
    assert extract("text", "码头.md").title == "码头"
    assert extract("<h1>海港</h1><p>x</p>", "a.html").title == "海港"


_PIECES = st.sampled_from((
    "<p>", "</p>", "<div>", "</div>", "<br>", "<b>", "</b>", "<li>", "<ul>", "</ul>", "<table>",
    "<tr>", "<td>", "<img>", "<pre>", "<h2>", "</h2>", "&nbsp;", "&lt;p&gt;", "---", "------",
    "title:", "#", "-", ">", "[a](b)", "海", "港", "。", ".", "\u200b", "\u3000", "\xa0", "\n", "\t",
))  # fmt: skip


@given(
    st.lists(_PIECES | st.text(max_size=5), max_size=60).map("".join),
    st.sampled_from(("a.md", "a.txt", "a.html")),
)
def test_any_text_gives_clean_paragraphs_or_an_article_error(text: str, name: str) -> None:
    try:
        extraction = extract(text, name)
    except ArticleError:
        return
    for paragraph in extraction.paragraphs:
        line = paragraph.text
        assert line == " ".join(line.split())
        assert line
        assert line.isprintable() or not set(line) & set("\u200b\u2060\ufeff\x00\n")
    assert extraction.title


_COMMENT = '<div class="comment{}"><p>{}</p></div>'


@pytest.mark.parametrize("others", [[], ["渡轮太慢。"]])
def test_an_article_may_go_on_in_comments_of_its_authors(others: list[str]) -> None:
    own = _COMMENT.format(" comment-by-node-author", "船长说，雾要散了。")
    comments = own + "".join(_COMMENT.format("", text) for text in others)
    body = f'<p>渡轮停航。</p><div class="comment-wrapper"><h2>Comments</h2>{comments}</div>'
    kept = [] if others else ["船长说，雾要散了。"]
    assert _extracted(f"<div>{body}</div>") == ["渡轮停航。", *kept]


_ORIGINAL = '<p><a href="/x">The Ferry Stays in Port: fog for a third day</a> . A long fog.</p>'


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        (_ORIGINAL, []),
        ("<p>The ferry stays in port, as they say.</p>", ["The ferry stays in port, as they say."]),
        (
            "<p>她说：</p>" + _ORIGINAL,
            ["她说：", "The Ferry Stays in Port: fog for a third day . A long fog."],
        ),
        ('<p>[1] <a href="/x">The Ferry Stays in Port</a></p>', ["[1] The Ferry Stays in Port"]),
    ],
)
def test_a_translation_may_end_with_the_title_of_the_original(end: str, kept: list[str]) -> None:
    text = ["渡轮停航三天了。", "码头上没有人。", "灯还亮着。"]
    body = "".join(f"<p>{line}</p>" for line in text)
    assert _extracted(f"<div>{body}{end}</div>") == [*text, *kept]
