"""The tree that ``index.articles.html_tree`` makes, compared with the one that Beautiful Soup makes by itself."""

import inspect
import sys
import threading
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement
from hypothesis import example, given
from hypothesis import strategies as st

from index.articles.html_tree import parse

LINKS = ("parent", "previous_element", "next_element", "previous_sibling", "next_sibling")
KEPT_APART = {"contents", "attribute_value_list_class", "_namespaces", "cdata_list_attributes"}

PIECES = """<p> </p> <div> </div> <br> <br/> </br> <b> </b> <a\xa0href="x"\xa0class="a\xa0b"> </a> <pre>
</pre> <textarea> </textarea> <script> </script> <style> </style> <ruby> <rt> </rt> <rp> <template>
</template> <!--\xa0c\xa0--> <!-- --> <?php\xa0x\xa0?> <!DOCTYPE\xa0html> <!DOCTYPE> <html\xa0lang=x> </html>
<body\xa0id=y> </body> <head> <title> </title> <svg> <o:p> <img\xa0src=x> <table> <tr> <td> </table> <li>
<ul> <select> <option> <iframe> <h1> <![CDATA[x]]> <p/> <p\xa0CLASS=x\xa0class=y> &nbsp; &lt;p&gt; &#0; &bad;
< > " ' = & text 海港 \x0b \x00 \ufeff""".split()  # noqa: SIM905 - a list of pieces reads better so
MARKUP = st.lists(st.sampled_from([*PIECES, " ", "\n", "\t "]), max_size=40).map(
    lambda pieces: "".join(pieces).replace("\xa0", " ")
)


def _nodes(soup: BeautifulSoup) -> list[PageElement]:
    found: list[PageElement] = []
    waiting: list[PageElement] = [soup]
    while waiting:
        node = waiting.pop()
        found.append(node)
        if isinstance(node, Tag):
            waiting += reversed(node.contents)
    return found


def _described(soup: BeautifulSoup) -> list[dict[str, Any]]:
    """Return all there is of each node but the root: its links by the numbers of other nodes."""
    nodes = _nodes(soup)
    numbers = {id(node): number for number, node in enumerate(nodes)}
    described = []
    for node in nodes[1:]:
        held = {name: getattr(node, name) for name in _names(node)}
        held |= {link: numbers.get(id(getattr(node, link))) for link in LINKS}
        held["text"] = str(node) if not isinstance(node, Tag) else None
        held["type"] = "tag" if isinstance(node, Tag) else type(node)
        described.append(held)
    return described


def _names(node: PageElement) -> set[str]:
    plain = Tag(name="p") if isinstance(node, Tag) else node
    return vars(plain).keys() - KEPT_APART - {*LINKS}


def _their_own(markup: str) -> BeautifulSoup:
    return BeautifulSoup(markup, "lxml", multi_valued_attributes=None)


@given(MARKUP)
@example("\ufeff\ufeff海港")
@example("<p>海</p>\n <p>港</p> <br><pre>\n </pre><script>\n</script><!-- x -->\t<p/>")
@pytest.mark.filterwarnings("ignore::bs4.MarkupResemblesLocatorWarning")
def test_the_tree_is_the_one_that_beautiful_soup_makes(markup: str) -> None:
    ours, theirs = parse(markup), _their_own(markup)
    assert _described(ours) == _described(theirs)
    assert ours.get_text() == theirs.get_text()


def test_what_beautiful_soup_offers_works_on_the_tree() -> None:
    soup = parse('<div><p class="a b">一</p><!-- x --><p>二<br>三</p></div><script>四</script>')
    first = soup.find("p", class_="a b")
    assert isinstance(first, Tag)
    following = first.find_next_sibling("p")
    assert following is not None
    assert following.get_text("|") == "二|三"
    assert [tag.name for tag in following.parents] == ["div", "body", "html", "[document]"]
    assert soup.get_text() == "一二三"
    assert str(soup.div) == '<div><p class="a b">一</p><!-- x --><p>二<br/>三</p></div>'


def test_a_tree_that_failed_leaves_nothing_in_the_next() -> None:
    depth, limit = len(inspect.stack()), sys.getrecursionlimit()
    failed = 0
    for room in range(5, 60):  # so that it fails at every step, and at last at none
        try:
            sys.setrecursionlimit(depth + room)
            parse("<p>海<pre>港<b>口")
        except RecursionError:
            failed += 1
        finally:
            sys.setrecursionlimit(limit)
        assert str(parse("<p> </p>雾")) == "<html><body><p> </p>雾</body></html>"
    assert 0 < failed < 55


@pytest.mark.slow
def test_threads_do_not_share_a_parser() -> None:
    markups = [f"<div><p>{number}</p></div>" * 200 for number in range(8)]
    expected = [str(parse(markup)) for markup in markups]
    found = [""] * len(markups)

    def work(number: int) -> None:
        for _ in range(20):
            found[number] = str(parse(markups[number]))
            if found[number] != expected[number]:
                return

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(markups))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == expected
