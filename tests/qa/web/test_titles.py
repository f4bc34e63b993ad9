"""An article of which there is only a title, on the page, over HTTP, in chat programs and by MCP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.loading import load_settings
from qa.mcp.shapes import Ask, VerifyQuote
from qa.mcp.tools import Archive, address_of, ask, verify_quote
from qa.opening import open_service
from qa.web.texts import TEXTS
from tests.archive import ARTICLES, article, build_index, models
from tests.qa.web.serving import ASKING_MUCH, Server

QUESTION = "Ships avoid the reef"
REEF = article(
    "reef.md", title="The <reef> that ships avoid", day="2020-01-01", source="Coast Wire"
)
PAGE = f"/articles/{REEF.card.sha256}"
ALWAYS_ASKED = {**ASKING_MUCH, "ANSWER__THRESHOLD": "1"}
"""Nothing answers."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("titles")
    build_index(folder / "index-data", [REEF, *ARTICLES])
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with Server(folder, ALWAYS_ASKED) as running:
        yield running


def test_the_page_shows_it_as_a_title_and_leads_to_it(server: Server) -> None:
    page = server.get("/ask", params={"q": QUESTION, "lang": "en"}).text
    told = page.index("Title only: ")
    assert f'<a href="{PAGE}' in page[told:]
    assert "The &lt;reef&gt; that ships avoid</a> – Coast Wire · 2020-01-01" in page[told:]
    assert 'id="q1"' not in page
    shown = server.get(PAGE, params={"lang": "en"}).text
    assert TEXTS["en"].title_only in shown
    assert "<p></p>" not in shown


def test_programs_get_its_card_and_no_paragraph(server: Server) -> None:
    answered = server.client.post("/api/ask", json={"question": QUESTION}).json()
    assert (answered["answered"], answered["quotes"]) == (False, [])
    (card,) = answered["titles"]
    assert (card["id"], card["title_only"]) == (REEF.card.sha256, True)
    article = server.get(f"/api/articles/{card['id']}").json()
    assert (article["text"], article["paragraphs"]) == ("", [])


def test_chat_programs_get_a_line(server: Server) -> None:
    body = {"model": "newsquote", "messages": [{"role": "user", "content": QUESTION}]}
    made = server.client.post("/v1/chat/completions", json=body).json()
    (choice,) = made["choices"]
    last = choice["message"]["content"].splitlines()[-1]
    assert last == (
        r"Title only: [The \<reef\> that ships avoid](<https://example.org/reef.md>), "
        "Coast Wire, 2020-01-01"
    )


def test_a_quoted_title_is_verified_on_the_page(server: Server) -> None:
    for code, texts in TEXTS.items():
        page = server.get("/check", params={"text": REEF.card.title, "lang": code}).text
        assert texts.verdicts["verified"][0] in page
        assert f'<a href="{PAGE}{f"?lang={code}"}">' in page
        assert f"Coast Wire · 2020-01-01 · {texts.in_title}</p>" in page
    assert len({texts.in_title for texts in TEXTS.values()}) == 4
    page = server.get("/check", params={"text": "aground on the reef", "lang": "en"}).text
    assert TEXTS["en"].in_title not in page


def test_programs_are_told_that_it_is_the_title(server: Server) -> None:
    checked = server.client.post("/api/quotes/check", json={"text": "reef that ships avoid"}).json()
    (place,) = checked["checks"][0]["places"]
    assert (checked["verified"], place["in_title"], place["paragraphs"]) == (True, True, [])
    assert (place["text"], place["start"], place["page"]) == ("reef> that ships avoid", 5, PAGE)
    found = server.get("/check.json", params={"text": "aground on the reef"}).json()
    assert [one["in_title"] for one in found["checks"][0]["places"]] == [False]


def test_models_are_told_that_it_is_the_title(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    with open_service(load_settings(), models()) as service:
        archive = Archive(service, address_of)
        titled = verify_quote(archive, VerifyQuote(text="reef that ships avoid"))
        told = verify_quote(archive, VerifyQuote(text="aground on the reef"))
    assert (titled.verdict, [one.in_title for one in titled.places]) == ("verified", [True])
    assert (told.verdict, [one.in_title for one in told.places]) == ("verified", [False])


def test_models_get_its_card(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    settings = load_settings().with_flags(answer={"threshold": 1, "reader": "off"})
    with open_service(settings, models()) as service:
        answered = ask(Archive(service, address_of), Ask(question=QUESTION))
    assert (answered.answered, answered.quotes) == (False, [])
    assert [(one.id, one.title_only) for one in answered.titles] == [(REEF.card.sha256, True)]
