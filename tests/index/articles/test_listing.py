"""Lists of links, tables of contents, and the labels above them."""

from index.articles.extract import extract


def _read(markdown: str) -> list[tuple[str | None, str]]:
    text = f"---\ntitle: 海港周刊\n---\n{markdown}"
    return [(one.heading, one.text) for one in extract(text, "a.md").paragraphs]


def _texts(markdown: str) -> list[str]:
    return [text for _, text in _read(markdown)]


def _links(*names: str) -> str:
    return "\n".join(f"- [{name}](https://harbour.example/{name})" for name in names)


def test_a_digest_is_a_list_of_links_under_several_headings() -> None:
    sections = {
        "渡轮": ("雾", "票价", "班次"),
        "灯塔": ("灯", "看守人", "油"),
        "天气": ("风", "潮水"),
    }
    markdown = "\n\n".join(f"## {name}\n\n{_links(*links)}" for name, links in sections.items())
    assert _read(f"一周的消息。\n\n{markdown}") == [
        (None, "一周的消息。"),
        *((name, link) for name, links in sections.items() for link in links),
    ]


def test_a_few_links_after_the_text_are_none() -> None:
    assert _texts(f"一周的消息。\n\n## 渡轮\n\n{_links('雾', '票价', '班次')}") == ["一周的消息。"]


def test_in_markdown_the_text_may_go_on_under_a_heading() -> None:
    markdown = f"本周推送了两篇文章。\n\n{_links('雾', '票价')}\n\n## 灯塔\n\n灯还亮着。"
    assert _texts(markdown) == ["本周推送了两篇文章。", "雾", "票价", "灯还亮着。"]


def test_in_markdown_links_may_be_all_that_stands_under_a_heading() -> None:
    markdown = f"船停航。\n\n## 下载\n\n{_links('雾', '票价')}\n\n## 灯塔\n\n灯还亮着。"
    assert _texts(markdown) == ["船停航。", "雾", "票价", "灯还亮着。"]


def test_a_table_of_contents_above_the_text_is_none() -> None:
    text = "## 一、潮水\n\n水涨了。\n\n## 二、灯塔\n\n灯亮着。\n\n## 三、渡轮\n\n船停航。"
    told = ["水涨了。", "灯亮着。", "船停航。"]
    assert _texts(f"1. 潮水\n2. 灯塔\n3. 渡轮\n\n{text}") == told
    assert _texts(f"先说几句。\n\n**目录**\n\n- 潮水\n- 灯塔\n- 渡轮\n\n{text}") == [
        "先说几句。",
        *told,
    ]


def test_what_a_sentence_counts_is_no_table_of_contents() -> None:
    text = "## 潮水\n\n水涨了。\n\n## 灯塔\n\n灯亮着。\n\n## 渡轮\n\n船停航。"
    assert _texts(f"我们有三件事要说：\n\n- 潮水\n- 灯塔\n- 渡轮\n\n{text}")[:4] == [
        "我们有三件事要说：",
        "潮水",
        "灯塔",
        "渡轮",
    ]


def test_a_label_goes_with_all_the_links_under_it() -> None:
    links = _links("雾", "票价")
    assert _texts(f"船停航。\n\n灯亮着。\n\n扩展资料：\n\n{links}") == ["船停航。", "灯亮着。"]
    assert _texts(f"船停航。\n\n更多资料可以在下面的地方找到：\n\n{links}") == [
        "船停航。",
        "更多资料可以在下面的地方找到：",
    ]
    assert _texts("船停航。\n\n班次如下：\n\n- 七点\n- 八点") == [
        "船停航。",
        "班次如下：",
        "七点",
        "八点",
    ]


def test_the_numbers_of_contents_may_touch_the_names() -> None:
    contents = "一．潮水\n\n2.1灯塔\n\n2.2 渡轮"
    text = "## 一．潮水\n\n潮水涨了。\n\n## 2.1 灯塔\n\n灯还亮着。\n\n## 2.2渡轮\n\n渡轮停航。"
    for name in ("目录", "内容纲要"):
        assert _texts(f"先说几句。\n\n## {name}\n\n{contents}\n\n{text}") == [
            "先说几句。",
            "潮水涨了。",
            "灯还亮着。",
            "渡轮停航。",
        ]
