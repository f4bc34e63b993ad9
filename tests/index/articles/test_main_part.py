"""Where the article is found in a page, and what is left around it."""

import pytest

from index.articles.extract import extract

ONE = "渡轮昨天停航，码头上没有人，港务局说。"
TWO = "明天的班次还没有定，旅客改走北边的桥。"
MENU = "<ul>" + "".join(f"<li><a href='/{n}'>栏目{n}</a></li>" for n in range(9)) + "</ul>"


def _paragraphs(body: str) -> list[str]:
    page = f"<html><head><title>海港</title></head><body>{body}</body></html>"
    return [paragraph.text for paragraph in extract(page, "a.html").paragraphs]


@pytest.mark.parametrize(
    "body",
    [
        f"<aside class='main'><p>{ONE}</p><p>{TWO}</p></aside>",
        f"<div>We use cookies to improve your visit.</div><aside><p>{ONE}</p><p>{TWO}</p></aside>",
        f"<form id='f'><div>{MENU}</div><div><p>{ONE}</p><p>{TWO}</p></div></form>",
        f"<div class='page paywall'><main><p>{ONE}</p><p>{TWO}</p></main></div>",
        f"<article class='post tag-cookie'><p>{ONE}</p><p>{TWO}</p></article>",
        f"<div><h2 class='lead'><div><p>{ONE}</p><p>{TWO}</p></div></div><div>友情链接：{MENU}<p>订阅本报，每天一封，多谢。</p></div>",
        f"<article><p>短讯。</p></article><article><p>{ONE}</p><p>{TWO}</p></article>",
        f"<main></main><div id='c'><p>{ONE}</p><p>{TWO}</p></div>",
        f"<div><div>首页</div><div>热线</div></div><div>{ONE}<br>{TWO}</div><div>地方频道：{MENU}</div>",
        f"<table><tr><td>{MENU}</td><td><p>{ONE}</p><p>{TWO}</p></td></tr></table>",
        f"<div><p>{ONE}</p><p>{TWO}</p></div><div>友情链接：{MENU}<p>本网登载的内容，转载须注明，多谢。</p></div>",
    ],
)
def test_the_article_is_all_that_is_read(body: str) -> None:
    assert _paragraphs(body) == [ONE, TWO]


@pytest.mark.parametrize(
    "body",
    [
        f"<div class='lead'><p>{ONE}</p></div><div class='body'><p>{TWO * 9}</p></div>",
        f"<div class='a'><p>{ONE}</p></div><div class='b'><p>{TWO * 9}</p></div>",
        f"<div class='a'><p>{ONE * 9}</p></div><div class='b'><p>{TWO * 7}</p></div>",
        f"<article><p>{ONE}</p><p>{TWO}</p><aside><p>{'别处的旧闻，与此无关。' * 9}</p></aside></article>",
    ],
)
def test_no_part_of_the_article_is_lost(body: str) -> None:
    found = _paragraphs(body)
    assert len(found) == 2
    assert found[0].startswith(ONE)
    assert found[1].startswith(TWO)


@pytest.mark.parametrize("outer", ["html", "body"])
def test_the_class_of_a_whole_page_leaves_nothing_out(outer: str) -> None:
    page = f"<html><body><div><p>{ONE}</p><p>{TWO}</p></div></body></html>"
    page = page.replace(f"<{outer}>", f"<{outer} class='cookies-not-set'>")
    texts = [paragraph.text for paragraph in extract(page, "a.html").paragraphs]
    assert texts == [ONE, TWO]


def test_an_aside_beside_the_text_is_furniture() -> None:
    assert _paragraphs(
        f"<p>{ONE}</p><aside><p>旧闻一则，与此无关，不必读。</p></aside><p>{TWO}</p>"
    ) == [ONE, TWO]


def test_a_page_nested_ten_thousand_deep_is_read() -> None:
    assert _paragraphs("<div>" * 10_000 + f"<p>{ONE}</p>" + "</div>" * 10_000) == [ONE]
