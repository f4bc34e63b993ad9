"""Every line of the table of marks does what it is there for; nothing else is touched."""

import pytest

from index.articles.extract import extract
from index.articles.furniture import Rules
from index.articles.html_tree import parse
from index.articles.lines import read_blocks
from index.articles.markdown import rendered
from index.articles.markup import BLOCKS, MARKUPS, Markup, without_markup
from tests.growth import SQUARE, growth


def _lines(markdown: str, without: Markup | None = None) -> list[str]:
    blocks, markups = (
        [markup for markup in table if markup is not without] for table in (BLOCKS, MARKUPS)
    )
    page = rendered(f"渡轮停航。\n\n{markdown}\n\n码头无人。", "a.md", blocks, markups)
    lines, _ = read_blocks(parse(page), Rules())
    return [line.text for line in lines]


def _paragraphs(markdown: str) -> list[str]:
    return [paragraph.text for paragraph in extract(markdown, "a.md").paragraphs]


@pytest.mark.parametrize("markup", [*BLOCKS, *MARKUPS], ids=lambda markup: markup.kind)
def test_the_example_shows_its_text_by_this_line_alone(markup: Markup) -> None:
    expected = ["渡轮停航。", *markup.text.splitlines(), "码头无人。"]
    assert _lines(markup.example) == expected
    assert _lines(markup.example, without=markup) != expected


@pytest.mark.parametrize(
    "text",
    [
        "Set notation: {1, 2} and a[0][1] and x == y or a==b and 100%% sure.",
        "他把{大家}叫来了：王*某 和李*某。",
        "The word import is a noun here.\nexport duties rose",
        "An arrow <- and a heart <3 and a note (see 3^2).",
        "编者[注](见下文)说：2 ~ 3 天。",
        "A: B\n: no definition of 3:1 odds",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert without_markup(text) == text.replace("\n: no", "\n\nno")


@pytest.mark.parametrize(
    "code",
    [
        "```liquid\n{% include a %}\n{{ b }}\n```",
        "`{{ a }}`",
        "``[[a]] ` {% b %}``",
        "~~~\n:::\n~~~",
    ],
)
def test_program_text_is_left_alone(code: str) -> None:
    assert without_markup(f"潮汐。\n\n{code}\n\n{{% a %}}码头。") == f"潮汐。\n\n{code}\n\n码头。"


def test_what_is_raw_is_shown_as_it_stands() -> None:
    assert _paragraphs("Write {% raw %}{{ tide }}{% endraw %} for the tide.") == [
        "Write {{ tide }} for the tide."
    ]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**林医生：**今年冬天", "林医生：今年冬天"),
        ("他说**“潮来了。”**然后走了", "他说“潮来了。”然后走了"),
        ("渡轮**（旧）**停航", "渡轮（旧）停航"),
        ("***注意！***今天停航", "注意！今天停航"),
        ("~~旧价：~~新价", "旧价：新价"),
        ("价格~~十元。~~八元", "价格十元。八元"),
        ("今日は**「海」**です", "今日は「海」です"),
        ("**Ferry:** late, **very** late", "Ferry: late, very late"),
        ("王 * 李 * 赵", "王 * 李 * 赵"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("三~五天", "三~五天"),
    ],
)
def test_marks_beside_wide_characters(markdown: str, text: str) -> None:
    assert _paragraphs(markdown) == [text]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("See [the map][1] and [a table][].\n\n[1]: https://a.example", "See the map and a table."),
        ("见[地图][a]。", "见地图。"),
        ("Of a[0][1] we know.", "Of a[0][1] we know."),
        ("[tide][ebb][lamp] Mend the lamp.", "[tide][ebb][lamp] Mend the lamp."),
    ],
)
def test_a_reference_is_its_text(markdown: str, text: str) -> None:
    assert _paragraphs(markdown) == [text]


@pytest.mark.parametrize("name", ["script", "title", "form", "textarea", "select"])
def test_a_tag_that_is_never_closed_is_text(name: str) -> None:
    markdown = f"船用 <{name}> 标签。\n\n码头没有人。"
    assert _paragraphs(markdown) == [f"船用 <{name}> 标签。", "码头没有人。"]
    assert _paragraphs(f"船用 `<{name}>` 标签。") == [f"船用 <{name}> 标签。"]


@pytest.mark.parametrize(
    "above",
    ['<figure>\n<img src="a.jpg">\n</figure>', "<p align='center'><img src='a.jpg'></p>"],
)
def test_a_picture_in_html_may_stand_above_markdown(above: str) -> None:
    assert _paragraphs(f"{above}\n\n渡轮**今天**停航。\n\n- 码头[没有人](https://a.example)。") == [
        "渡轮今天停航。",
        "码头没有人。",
    ]


def test_a_tag_that_begins_with_an_entity_is_shown() -> None:
    assert _paragraphs("船长写的是&#123;% include tide.html %}。") == [
        "船长写的是{% include tide.html %}。"
    ]


def test_where_lines_are_sentences_and_none_is_blank_each_is_a_paragraph() -> None:
    lines = ["船到了。", "码头没有人。", "“灯亮着。”", "雾散了！"]
    assert _paragraphs("\n".join(lines)) == lines
    assert _paragraphs("\n".join([*lines, "- 一艘船", "天黑了。"])) == [
        *lines,
        "一艘船",
        "天黑了。",
    ]
    wrapped = "The ferry that left\nthe pier at dawn\nhas not come back\nto the pier."
    assert _paragraphs(wrapped) == [wrapped.replace("\n", " ")]
    apart = "船到了。\n码头没有人。\n\n灯亮着。\n雾散了。"
    assert _paragraphs(apart) == ["船到了。码头没有人。", "灯亮着。雾散了。"]


def test_a_tag_that_is_closed_is_none() -> None:
    markdown = "船到了。\n\n<script>\ncount()\n</script>\n\n码头没有人。"
    assert _paragraphs(markdown) == ["船到了。", "码头没有人。"]


def test_the_cells_of_a_row_stand_apart() -> None:
    table = "渡轮：\n\n| 月份 | 班次 |\n| --- | --- |\n| 一月 | 减少 |\n| **二月** |增加|"
    assert _paragraphs(table) == ["渡轮：", "月份 班次", "一月 减少", "二月 增加"]


def test_a_box_gives_its_text_and_a_title_that_is_a_sentence() -> None:
    assert _paragraphs("> [!quote] 潮水退了。\n> 码头空了。") == ["潮水退了。码头空了。"]
    assert _paragraphs("> [!tip] 提示\n> 潮水退了。\n> - 码头空了。") == [
        "潮水退了。",
        "码头空了。",
    ]


@pytest.mark.parametrize(
    "piece",
    [
        "{% highlight a %}", "{% raw %}", "{% ", "{{< code >}}", "{{< ", "{{ ", "[caption]", "[a](b ", "![a](b ", "<script>", "****<table>", "</table>a", "a****b",
        "{/*", "<A ", "<A {", "<a b={", "<A b='", ":::", "%%a", "==a", "[^a]", "[[a", "```\n", "`a", "{: ",
        "[a]{.", "import {", "export const a\n", "* a\n", "!!! a", "> [!a]", "**记：", "[a][b", "~~",
    ],
)  # fmt: skip
def test_repetition_takes_linear_time(piece: str) -> None:
    assert growth(lambda size: rendered(piece * size, "a.md"), 500) < SQUARE
