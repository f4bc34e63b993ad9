"""The page in a real browser: Chromium, through Playwright; axe-core says what keeps people out."""

import re
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from qa.web.texts import TEXTS
from tests.patience import PATIENCE_S
from tests.qa.web.serving import Server

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed: apt-get install chromium"),
]

QUESTION = "塔罗2022年5月怎么评价自己去年的通胀判断？"
OVER_TIME = "瓦尔切克对海底铁路的立场怎么变化？"
NOT_ANSWERED = "怎样在家里做酸种面包？"
QUOTED = "我在去年12月说通胀是永久的，那个判断是错的，责任在我"

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Without a sandbox of its own: tests may run as root, and ask nobody but this server.
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def opened(browser: Browser, server: Server) -> Iterator[Open]:
    """Open pages; at the end nothing may have been refused by the page's own policy."""
    said: list[str] = []
    contexts = []

    def open_page(path: str, **options: object) -> Page:
        context = browser.new_context(base_url=server.url, **{"locale": "en", **options})  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_S * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


def asking(question: str, **parameters: str) -> str:
    further = "".join(f"&{name}={quote(value)}" for name, value in parameters.items())
    return f"/ask?q={quote(question)}{further}"


def violations(page: Page) -> list[str]:
    """Return what axe-core finds, a line each."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


def test_ask_and_follow_a_quote_into_its_article(opened: Open) -> None:
    page = opened("/")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask").click()
    expect(page).to_have_title(re.compile(QUESTION[:9]))
    first = page.locator("#q1")
    expect(first.locator("mark").first).to_be_visible()
    marked = "".join(first.locator("mark").all_inner_texts())
    first.locator("h3 a").click()
    expect(page.locator("h1")).to_have_text("贝尔莫拉央行升息50个基点 行长承认误判通胀")
    expect(page.locator("#quote")).to_be_in_viewport()
    assert "".join(page.locator("mark").all_inner_texts()) == marked
    expect(page.locator("#quote")).to_be_focused()
    page.go_back()
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)


def test_an_answer_is_narrowed_and_widened(opened: Open) -> None:
    page = opened(asking("海底铁路"))
    aside = page.get_by_role("complementary")
    aside.get_by_role("link", name="Chinese").click()
    expect(page).to_have_url(re.compile("language=zh"))
    assert {one.get_attribute("lang") for one in page.locator("blockquote").all()} <= {
        "zh-Hans",
        "zh-Hant",
    }
    page.get_by_role("link", name=re.compile("Language: Chinese")).click()
    expect(page).not_to_have_url(re.compile("language"))
    page.get_by_text("Narrow", exact=True).click()
    page.get_by_label("From", exact=True).fill("2022")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("link", name=re.compile("From: 2022"))).to_be_visible()


def test_a_quote_is_copied_with_its_citation(opened: Open) -> None:
    page = opened(asking(QUESTION), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy 1").click()
    expect(page.get_by_role("status")).to_have_text(TEXTS["en"].copied)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#q1-cite").text_content()
    assert "— 贝尔莫拉央行升息50个基点 行长承认误判通胀" in copied
    assert "https://www.example.com/velmarwire/" in copied


def test_the_original_is_opened_at_the_sentence(opened: Open) -> None:
    page = opened(asking(QUESTION))
    link = page.locator("#q1").get_by_role("link", name=re.compile("Original"))
    address = link.get_attribute("href") or ""
    assert address.startswith("https://www.example.com/velmarwire/")
    assert "#:~:text=" in address
    assert "noreferrer" in (link.get_attribute("rel") or "")


def test_everything_works_without_javascript(opened: Open) -> None:
    page = opened("/", java_script_enabled=False)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("button", name="Copy 1")).to_have_count(0)
    page.locator("#q1 summary").click()
    expect(page.locator("#q1-cite")).to_be_visible()
    page.locator("#q1 h3 a").click()
    expect(page.locator("#quote")).to_be_in_viewport()
    page.get_by_role("link", name="Check a quotation").click()
    page.get_by_label("Quotation or text").fill(QUOTED)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Altered", exact=True)).to_be_visible()
    expect(page.locator("del")).to_contain_text("暂时")
    expect(page.locator("ins")).to_contain_text("永久")


def test_the_keyboard_is_enough(opened: Open) -> None:
    page = opened("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#q1")).to_be_visible()
    title = page.locator("#q1 h3 a")
    for _ in range(30):
        page.keyboard.press("Tab")
        if title.evaluate("one => one === document.activeElement"):
            break
    outline = title.evaluate("one => getComputedStyle(one).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#quote")).to_be_in_viewport()


PAGES = {
    "home": "/",
    "answer": asking(QUESTION),
    "over-time": asking(OVER_TIME),
    "nothing": asking(NOT_ANSWERED),
    "narrowed": asking("海底铁路", since="2021", language="zh"),
    "check": f"/check?text={quote(QUOTED)}",
    "sources": "/sources",
    "error": "/nothing",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_nobody_is_kept_out_and_nothing_sticks_out(opened: Open, path: str) -> None:
    for options in (
        {"viewport": {"width": 1100, "height": 900}},
        {"viewport": {"width": 360, "height": 780}, "color_scheme": "dark", "locale": "zh-CN"},
        {"viewport": {"width": 360, "height": 780}, "locale": "ru", "java_script_enabled": True},
    ):
        page = opened(path, **options) if path != "/nothing" else _error(opened, **options)
        assert violations(page) == []
        wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1]


def _error(opened: Open, **options: object) -> Page:
    """Open an error without what the browser itself says of its status."""
    page = opened("/", **options)
    page.context.route(
        "**/nothing", lambda route: route.fulfill(status=200, response=page.request.get("/nothing"))
    )
    page.goto("/nothing")
    return page


def test_an_article_keeps_nobody_out(opened: Open) -> None:
    page = opened(asking(QUESTION))
    page.locator("#q1 h3 a").click()
    assert violations(page) == []


def test_the_page_is_dark_where_people_want_it(opened: Open) -> None:
    light = opened("/", color_scheme="light")
    dark = opened("/", color_scheme="dark")

    def brightness(page: Page) -> int:
        colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)[:3]))

    assert brightness(light) > 600
    assert brightness(dark) < 150


def test_quotes_are_set_in_their_own_language(opened: Open) -> None:
    page = opened(asking("How much did the spring tea harvest fall because of the drought?"))
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("#q1 blockquote").get_attribute("lang") == "zh-Hant"
    font = page.locator("#q1 blockquote").evaluate("one => getComputedStyle(one).fontFamily")
    assert "TC" in font
