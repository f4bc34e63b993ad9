"""The real bot process: how people find their way to what the archive has."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.showing.texts import ENGLISH, RUSSIAN, SIMPLIFIED
from tests.botapi import BotApiServer, Sent
from tests.botapi.chatting import ARTICLES, BRIDGE, ask, covered, replies, write_article
from tests.botapi.process import BotProcess, newsquote

pytestmark = pytest.mark.slow

Fresh = Callable[..., tuple[BotApiServer, BotProcess]]
HERALDS = [f"Herald {n:02}" for n in range(1, 11)]
TITLES = ["雁湖渡轮停航", "Heron Bridge opens <at last>", "В Озёрске открыли школу"]


def press(server: BotApiServer, sent: Sent, label: str, user: int | None = None) -> dict[str, str]:
    query = server.world.press(sent, sent.button(label), user or sent.chat_id)
    server.wait_for(lambda: query in server.world.answered)
    return server.world.answered[query]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with more sources than a list shows at once."""
    folder = tmp_path_factory.mktemp("finding")
    archive = folder / "archive"
    archive.mkdir()
    for name in ARTICLES:
        write_article(archive, name)
    for source in HERALDS:
        head = f'title: "Market day of {source}"\ndate: 2019-05-01T08:00:00Z\nsource: {source}'
        text = f"---\n{head}\n---\n\nThe {source} reports that the market was open on Friday.\n"
        (archive / f"{source}.md").write_text(text, "utf-8")
    (folder / "index-data").mkdir()
    built = newsquote(folder, "index", "build")
    assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture(scope="module", autouse=True)
def running(bot: BotProcess) -> BotProcess:
    return bot


class TestStart:
    def test_the_newest_articles_are_questions_to_begin_with(self, server: BotApiServer) -> None:
        sent = ask(server, 301, "/start")
        assert sent.text == f"{ENGLISH.start}\n\n{ENGLISH.examples}"
        assert sent.labels() == TITLES
        press(server, sent, "Heron")
        answer = replies(server, 301, 2)[1]
        assert answer.text.startswith("Asked: Heron Bridge opens <at last>\n\n")
        assert BRIDGE in answer.text
        press(server, answer, ENGLISH.surroundings)
        press(server, answer, "↩")
        assert answer.text.startswith("Asked: Heron Bridge opens <at last>\n\n")
        follow_up = ask(server, 301, "and in 2021?")
        assert follow_up.text.startswith("Understood as: Heron Bridge opens <at last>")

    def test_questions_of_the_settings_come_instead(self, fresh: Fresh) -> None:
        server, bot = fresh(BOT__EXAMPLES='["Who opened the Heron Bridge?"]')
        sent = ask(server, 7, "/start", "zh-hans")
        assert sent.text.endswith(SIMPLIFIED.examples)
        assert sent.labels() == ["Who opened the Heron Bridge?"]
        press(server, sent, "Who")
        assert "Who opened the Heron Bridge?" in replies(server, 7, 2)[1].text.splitlines()[0]
        assert bot.stop() == 0
        fresh()  # the question is no longer among them
        assert press(server, sent, "Who")["text"] == ENGLISH.answer_gone

    def test_a_group_is_greeted_once_the_bot_is_in_it(self, server: BotApiServer) -> None:
        server.world.join(-3001, 302)
        (sent,) = replies(server, -3001)
        assert sent.text.startswith(ENGLISH.greeting.format(bot="quotes_test_bot"))
        assert sent.labels() == TITLES
        server.world.join(-3001, 302, was="member", now="administrator")
        server.world.join(-3001, 302, was="member", now="left")
        press(server, sent, "В Озёрске", user=303)
        replies(server, -3001, 2)
        assert len(server.sent(-3001)) == 2

    def test_a_closed_bot_greets_nobody(self, fresh: Fresh) -> None:
        server, bot = fresh(BOT__ALLOWED_USERS="[7]")
        server.world.join(-3002, 9)
        server.world.join(-3003, 7)
        replies(server, -3003)
        assert bot.stop() == 0
        assert server.sent(-3002) == []


class TestSources:
    def test_a_source_is_chosen_from_pages_of_buttons(self, server: BotApiServer) -> None:
        sent = ask(server, 310, "/sources")
        assert sent.text == ENGLISH.sources.format(count=13)
        assert sent.labels() == [*HERALDS[:8], "‹", "1/2", "›"]
        press(server, sent, "›")
        assert sent.labels()[:2] == HERALDS[8:]
        assert "2/2" in sent.labels()
        refused = press(server, sent, "Herald 09", user=311)
        assert (refused["text"], refused["show_alert"]) == (ENGLISH.not_yours, "true")
        press(server, sent, "Lakeside")
        assert sent.text == "In force: Source: Lakeside Courier. /reset lifts it."
        assert sent.keyboard == []
        assert ask(server, 310, "Who opened the bridge?").text.startswith(
            "Source: Lakeside Courier\n\n"
        )

    def test_parts_of_names_are_enough(self, server: BotApiServer) -> None:
        assert ask(server, 312, "/sources вестник").labels() == ["Озёрский вестник"]
        assert ask(server, 312, "/sources ALD 0").labels() == HERALDS[:8]
        text = ask(server, 312, "/sources nobody", "ru").text
        assert text == RUSSIAN.unknown_source.format(source="nobody")
        assert ask(server, 312, "/source courier").text == (
            "In force: Source: Lakeside Courier. /reset lifts it."
        )
        sent = ask(server, 312, "/source herald 1")
        assert sent.text == "In force: Source: Herald 10. /reset lifts it."
        sent = ask(server, 312, "/source herald")
        assert (sent.text, sent.labels()) == (ENGLISH.which_source, HERALDS[:8])
        press(server, sent, "Herald 03")
        assert sent.text == "In force: Source: Herald 03. /reset lifts it."


class TestLatest:
    def test_the_newest_articles_lead_to_themselves_and_are_asked_about(
        self, server: BotApiServer
    ) -> None:
        sent = ask(server, 320, "/latest")
        assert sent.text.splitlines()[:3] == [
            ENGLISH.latest,
            "",
            "[1] 雁湖渡轮停航 — 雁湖晚报, 2022-03-10",
        ]
        assert covered(sent, "text_link")[1].startswith("[2] Heron Bridge opens <at last>")
        assert sent.labels() == ["1", "2", "3", "4", "5"]
        press(server, sent, "2")
        assert BRIDGE in replies(server, 320, 2)[1].text

    def test_filters_hold_for_them_too(self, server: BotApiServer) -> None:
        ask(server, 321, "/until 2021-11")
        sent = ask(server, 321, "/latest")
        assert "Period: …2021-11-30" in sent.text
        assert "[1] В Озёрске открыли школу" in sent.text
        ask(server, 321, "/until 1995")
        assert ask(server, 321, "/latest").text == ENGLISH.no_latest
