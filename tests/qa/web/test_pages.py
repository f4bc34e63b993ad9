"""The pages, as a program reads them; the browser is in ``test_browser``."""

import html
import json
import re
from dataclasses import fields
from datetime import UTC, datetime
from string import Formatter
from urllib.parse import parse_qs, urlsplit

import feedparser
import pytest

from qa.web.texts import TEXTS, Texts, texts_for, texts_of
from tests.qa.web.serving import Server

QUESTION = "塔罗2022年5月怎么评价自己去年的通胀判断？"
QUOTED = "我在去年12月说通胀是暂时的，那个判断是错的，责任在我"


@pytest.mark.parametrize("path", ["/", "/ask?q=海底铁路", "/sources", "/check?text=" + QUOTED])
def test_every_page_has_the_same_address_with_json(server: Server, path: str) -> None:
    page = server.get(path)
    assert page.status_code == 200
    address = re.findall(r'rel="alternate" type="application/json" href="([^"]+)"', page.text)[0]
    steps = urlsplit(path)
    assert urlsplit(address).path == (f"{steps.path}.json" if steps.path != "/" else "/index.json")
    given = server.get(html.unescape(address))
    assert given.headers["content-type"] == "application/json"
    assert given.json()


def test_an_article_has_its_json_too(server: Server) -> None:
    quote = server.get("/ask.json", params={"q": QUESTION}).json()["quotes"][0]
    path, _, parameters = quote["page"].partition("#")[0].partition("?")
    article = server.get(f"{path}.json?{parameters}").json()
    assert article["marked"] == [quote["start"], quote["end"]]
    page = server.get(quote["page"]).text
    assert page.count('id="quote"') == 1
    marked = re.findall(r"<mark[^>]*>([^<]*)</mark>", page)
    first, last = quote["highlights"][0]
    assert [html.unescape(text) for text in marked] == [quote["text"][first:last]]
    assert page.count('class="quoted"') == quote["text"].count("\n") + 1


def test_a_span_that_is_not_in_the_text_marks_nothing(server: Server) -> None:
    quote = server.get("/ask.json", params={"q": QUESTION}).json()["quotes"][0]
    path = quote["page"].partition("?")[0]
    for parameters in ("from=5&to=999999", "from=9&to=5", "from=-1&to=5", "from=x&to=y", "to=9"):
        page = server.get(f"{path}?{parameters}")
        assert page.status_code == 200
        assert "<mark" not in page.text
    whole = server.get(f"{path}?from=0&to=9&mark=50-60").text
    assert len(re.findall("<mark", whole)) == 1


def test_the_page_speaks_the_readers_language(server: Server) -> None:
    for texts in TEXTS.values():
        chosen = server.get("/", params={"lang": texts.code}).text
        wanted = server.get("/", headers={"accept-language": f"de, {texts.code};q=0.8"}).text
        for page in (chosen, wanted):
            assert f'<html lang="{texts.code}">' in page
            assert html.escape(texts.tagline, quote=False) in page
        answer = server.get("/ask", params={"q": QUESTION, "lang": texts.code}).text
        links = re.findall(r'href="(/(?:ask|articles)[^"]*)"', answer)
        assert links
        own = [one for one in links if ".json" not in one and ".atom" not in one]
        chosen_ones = [parse_qs(urlsplit(html.unescape(one)).query).get("lang") for one in own]
        others = {code for code in TEXTS if code != texts.code}
        assert [texts.code] in chosen_ones
        assert {one[0] for one in chosen_ones if one} == others | {texts.code}
        assert None not in chosen_ones


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("", "en"),
        ("de-DE,de;q=0.9", "en"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("en;q=0.3, ru;q=0.7", "ru"),
        ("RU-ru", "ru"),
        ("*;q=x,,;;", "en"),
        ("zh-Hant-HK", "zh-Hant"),
    ],
)
def test_a_language_is_chosen_by_what_a_browser_accepts(accepted: str, code: str) -> None:
    assert texts_for(accepted).code == code


def test_a_question_tells_its_language() -> None:
    assert texts_of("谁为新桥揭幕？").code == "zh-Hans"
    assert texts_of("Кто открыл мост?").code == "ru"
    assert texts_of("誰為新橋揭幕？").code == "zh-Hant"
    assert texts_of("日本語のしつもん").code == "en"


@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)
def test_each_language_has_all_sentences_with_the_same_gaps(texts: Texts) -> None:
    def gaps(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    for field in fields(Texts):
        own, english = getattr(texts, field.name), getattr(TEXTS["en"], field.name)
        if isinstance(own, str):
            assert own.strip(), field.name
            assert gaps(own) == gaps(english), field.name
        else:
            assert own.keys() == english.keys()
            assert all(own.values())


def test_what_an_answer_is_narrowed_to_can_be_lifted(server: Server) -> None:
    page = server.get("/ask", params={"q": "海底铁路", "since": "2021", "language": "zh"}).text
    chips = re.findall(r'<ul class="chips">(.*?)</ul>', page, re.DOTALL)[0]
    links = [urlsplit(html.unescape(one)) for one in re.findall(r'href="([^"]+)"', chips)]
    given = [parse_qs(one.query) for one in links]
    assert given == [
        {"q": ["海底铁路"], "language": ["zh"]},
        {"q": ["海底铁路"], "since": ["2021"]},
    ]
    facets = re.findall(r"<aside.*?</aside>", page, re.DOTALL)[0]
    years = re.findall(r'href="([^"]+since=2022[^"]+)"', facets)
    assert parse_qs(urlsplit(html.unescape(years[0])).query)["until"] == ["2022"]


def test_a_question_without_an_answer_shows_what_comes_closest(server: Server) -> None:
    page = server.get("/ask", params={"q": "怎样在家里做酸种面包？", "lang": "en"}).text
    assert TEXTS["en"].nothing_found in page
    assert TEXTS["en"].near_misses in page
    assert 'id="near1"' in page
    assert 'id="q1"' not in page


def test_over_time_there_is_a_picture(server: Server) -> None:
    question = "瓦尔切克对海底铁路的立场怎么变化？"
    page = server.get("/ask", params={"q": question}).text
    picture = re.findall(r"<svg.*?</svg>", page, re.DOTALL)[0]
    assert picture.count("<rect ") > 1
    quotes = server.get("/ask.json", params={"q": question}).json()["quotes"]
    marks = re.findall(r'<a href="(#q\d+)"', picture)
    assert marks == [f"#q{quote['n']}" for quote in quotes]
    assert "<svg" not in server.get("/ask", params={"q": QUESTION}).text


def test_a_question_has_a_feed(server: Server) -> None:
    parameters = {"q": QUESTION, "source": "维社中文网"}
    given = server.get("/ask.atom", params=parameters)
    assert given.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(given.content)
    assert not feed.bozo
    assert feed.feed.title == QUESTION
    quotes = server.get("/ask.json", params={**parameters, "k": "20"}).json()["quotes"]
    assert len(feed.entries) == len(quotes) > 0
    assert {one.title for one in feed.entries} == {one["article"]["title"] for one in quotes}
    assert len({one.id for one in feed.entries}) == len(quotes)
    days = [one.updated_parsed for one in feed.entries]
    assert days == sorted(days, reverse=True)
    assert server.get(feed.entries[0].link).status_code == 200
    assert datetime.fromisoformat(feed.feed.updated) <= datetime.now(UTC)
    again = server.get(
        "/ask.atom", params=parameters, headers={"if-none-match": given.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_quotation_is_checked(server: Server) -> None:
    altered = QUOTED.replace("暂时", "永久")
    body = {"text": f"他写道：“{altered}”，又写道“{QUOTED}”。"}
    checks = server.client.post("/api/quotes/check", json=body).json()
    assert [one["verdict"] for one in checks["checks"]] == ["altered", "verified"]
    assert not checks["verified"]
    whole = server.client.post("/api/quotes/check", json={"text": f"“{QUOTED}”"}).json()
    assert whole["verified"]
    page = server.get("/check", params={"text": altered, "lang": "en"}).text
    assert "Altered" in page
    assert re.search(r"<del><span[^>]*>left out: </span>暂时</del>", page)
    assert re.search(r"<ins><span[^>]*>put in: </span>永久</ins>", page)
    elsewhere = {"text": QUOTED, "source": "雲洲社"}
    assert "Misattributed" in server.get("/check", params={**elsewhere, "lang": "en"}).text


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"text": " \n"}, "expected a quotation, found nothing"),
        ({"text": "x" * 20_001}, "at most 20000 characters"),
        ({"text": "no marks in here", "each": True}, "expected a quotation in quotation marks"),
        ({"text": "“one two three” " * 101}, "at most 100 quotations, found 101"),
        ({"text": "x", "each": False}, "text: "),
        ({"text": "some words", "source": "Nobody's"}, "source: the archive has no source"),
        ({"text": "some words", "date": "some day"}, "date: expected a past date"),
    ],
)
def test_what_cannot_be_checked_is_told(server: Server, body: dict[str, str], says: str) -> None:
    refused = server.client.post("/api/quotes/check", json=body)
    assert refused.status_code == 422
    assert says in refused.json()["detail"]


def test_people_get_errors_as_pages(server: Server) -> None:
    for path, says in (
        ("/nothing", TEXTS["ru"].not_found),
        ("/articles/" + "0" * 64, TEXTS["ru"].not_found),
        ("/ask?q=x&since=gibberish", TEXTS["ru"].wrong_request),
    ):
        shown = server.get(path, headers={"accept-language": "ru"})
        assert shown.status_code >= 400
        assert shown.headers["content-type"] == "text/html; charset=utf-8"
        assert f"<h1>{says}</h1>" in shown.text
        assert 'name="q"' in shown.text


def test_what_pages_name_is_kept_for_ever_and_crawlers_ask_nothing(server: Server) -> None:
    page = server.get("/").text
    for address in re.findall(r'"(/static/[^"]+)"', page):
        given = server.get(address)
        assert given.status_code == 200
        assert "immutable" in given.headers["cache-control"]
    assert server.get("/static/../pages.py").status_code == 404
    assert server.get("/static/%2e%2e%2fpages.py").status_code == 404
    assert "Disallow: /ask" in server.get("/robots.txt").text
    assert 'content="noindex"' in server.get("/ask", params={"q": "x"}).text


def test_a_redirect_leads_from_a_question_to_its_answer(server: Server) -> None:
    moved = server.get("/?q=%E6%A1%A5&since=2021")
    assert (moved.status_code, moved.headers["location"]) == (303, "/ask?q=%E6%A1%A5&since=2021")
    empty = server.get("/ask?q=")
    assert (empty.status_code, empty.headers["location"]) == (303, "/")


def test_the_citation_holds_the_quote_word_for_word(server: Server) -> None:
    quote = server.get("/ask.json", params={"q": QUESTION}).json()["quotes"][0]
    page = server.get("/ask", params={"q": QUESTION}).text
    cited = html.unescape(re.findall(r'<pre id="q1-cite"[^>]*>(.*?)</pre>', page, re.DOTALL)[0])
    assert quote["text"] in cited
    assert quote["article"]["title"] in cited
    assert quote["article"]["date"][:10] in cited
    assert quote["article"]["url"] in cited
    assert json.dumps(quote["article"]["source"], ensure_ascii=False).strip('"') in cited
