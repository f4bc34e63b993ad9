"""What programs ask, and what they get."""

from datetime import date

import httpx
import pytest

from index.types import PARAGRAPH_BREAK
from tests.qa.web.serving import Server

QUESTION = "塔罗2022年5月怎么评价自己去年的通胀判断？"
TITLE = "贝尔莫拉央行升息50个基点 行长承认误判通胀"


def asked(server: Server, question: str = QUESTION, **parameters: str | int) -> httpx.Response:
    return server.get("/api/ask", params={"q": question, **parameters})


def test_a_question_is_answered_by_quotes_that_stand_in_their_articles(server: Server) -> None:
    answer = asked(server, k=2).json()
    assert answer["answered"]
    quote = answer["quotes"][0]
    assert quote["article"]["title"] == TITLE
    article = server.get(f"/api/articles/{quote['article']['id']}").json()
    assert article["text"][quote["start"] : quote["end"]] == quote["text"]
    assert article["text"] == PARAGRAPH_BREAK.join(article["paragraphs"])
    assert article["title"] == TITLE
    assert len(answer["quotes"]) <= 2


def test_a_question_may_stand_in_the_body_instead_of_the_address(server: Server) -> None:
    body = {"question": QUESTION, "source": "维社中文网", "k": 1}
    answer = server.client.post("/api/ask", json=body).json()
    in_address = asked(server, source="维社中文网", k=1).json()
    assert answer | {"elapsed_ms": 0} == in_address | {"elapsed_ms": 0}


def test_what_it_is_narrowed_to_holds(server: Server) -> None:
    answer = asked(server, "What happened?", since="2023", until="June 2023", near=1).json()
    found = answer["quotes"] + answer["near"]
    assert found
    for quote in found:
        assert date(2023, 1, 1) <= date.fromisoformat(quote["article"]["date"][:10])
        assert date.fromisoformat(quote["article"]["date"][:10]) <= date(2023, 6, 30)
    in_russian = asked(server, "Что случилось?", language="ru").json()
    found = in_russian["quotes"] + in_russian["near"]
    assert found
    assert {quote["article"]["language"] for quote in found} == {"ru"}


def test_facets_count_the_articles_that_stand_out(server: Server) -> None:
    facets = asked(server, "海底铁路").json()["facets"]
    assert set(facets) == {"source", "year", "language"}
    years = [one["value"] for one in facets["year"]]
    assert years == sorted(years, reverse=True)
    assert sum(one["articles"] for one in facets["language"]) >= len(years) > 1


def test_where_the_archive_lies_is_told_to_nobody(server: Server, demo_index: object) -> None:
    paths = [
        server.get("/api/search", params={"q": "the"}).text,
        asked(server).text,
        server.get("/api/status").text,
        server.get("/ask", params={"q": QUESTION}).text,
        server.get("/index.json").text,
    ]
    assert all(str(demo_index) not in text for text in paths)
    assert "hexo/" in paths[0]


def test_passages_come_page_by_page(server: Server) -> None:
    parameters = {"q": "海底铁路", "k": "3"}
    first = server.get("/api/search", params=parameters).json()
    second = server.get("/api/search", params={**parameters, "offset": "3"}).json()
    both = server.get("/api/search", params={**parameters, "k": "6"}).json()
    assert first["passages"] + second["passages"] == both["passages"]
    assert len(both["passages"]) == 6 <= both["total"]
    beyond = server.get("/api/search", params={**parameters, "offset": str(both["total"])})
    assert beyond.json()["passages"] == []


def test_sources_status_and_health(server: Server) -> None:
    sources = server.get("/api/sources").json()["sources"]
    (one,) = (source for source in sources if source["name"] == "北岸网")
    first, last = "2021-07-21", "2023-09-21"
    assert one == {"name": "北岸网", "articles": 6, "first": first, "last": last}
    assert server.get("/sources.json").json() == {"sources": sources}
    page = server.get("/sources").text
    assert f'北岸网 <span class="count">6 · {first}…{last}</span>' in page
    status = server.get("/api/status").json()
    assert status["articles"] > len(sources)
    assert status["passages"] >= status["articles"]
    assert server.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/api/ask", 422, "q: Field required"),
        ("/api/ask?q=", 422, "q: String should have at least 1 character"),
        ("/api/ask?q=%20%0A", 422, "expected a question, found nothing"),
        ("/api/ask?q=x&since=gibberish", 422, "since: expected a past date such as 2021"),
        ("/api/ask?q=x&since=2023&until=2021", 422, "2023-01-01 is after 2021-12-31"),
        ("/api/ask?q=x&source=维社中", 422, "the nearest are: 维社中文网"),
        ("/api/ask?q=x&language=de", 422, "language"),
        ("/api/ask?q=x&k=0", 422, "k: "),
        ("/api/ask?q=" + "x" * 1001, 422, "expected at most 1000 characters, found 1001"),
        ("/api/articles/abc", 422, "article"),
        ("/api/articles/" + "0" * 64, 404, "the archive has no such article"),
        ("/api/nothing", 404, "there is nothing at this address"),
    ],
)
def test_what_cannot_be_asked_is_told_as_a_problem(
    server: Server, path: str, status: int, says: str
) -> None:
    refused = server.get(path)
    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"
    problem = refused.json()
    assert problem["status"] == status
    assert says in problem["detail"]
    assert problem["request_id"] == refused.headers["x-request-id"]


def test_an_address_tells_all_methods_that_it_may_be_asked_by(server: Server) -> None:
    refused = server.client.put("/api/ask")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, POST")


def test_a_request_keeps_the_id_that_it_brings(server: Server) -> None:
    given = server.get("/health", headers={"x-request-id": "my.request-7"})
    assert given.headers["x-request-id"] == "my.request-7"
    forged = server.get("/health", headers={"x-request-id": "no spaces here"})
    made = server.get("/health")
    ids = {forged.headers["x-request-id"], made.headers["x-request-id"]}
    assert len(ids) == 2
    assert all(len(one) == 16 for one in ids)


def test_figures_are_counted(server: Server) -> None:
    def answers() -> float:
        lines = server.get("/metrics").text.splitlines()
        counted = [
            line for line in lines if line.startswith('newsquote_answers_total{quoted="yes"}')
        ]
        return float(counted[0].split()[-1]) if counted else 0.0

    before = answers()
    asked(server)
    assert answers() == before + 1
    text = server.get("/metrics").text
    assert 'newsquote_http_requests_total{part="api",status="200"}' in text
    assert QUESTION not in text
