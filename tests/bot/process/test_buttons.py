"""The real bot process: what its buttons do, edited questions, preferences, inline mode."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.showing.texts import ENGLISH, RUSSIAN, SIMPLIFIED, TRADITIONAL
from tests.botapi import BotApiServer, Sent
from tests.botapi.chatting import ARTICLES, BRIDGE, QUOTES, ask, covered, replies
from tests.botapi.process import BotProcess

QUESTION = "Who opened the Heron Bridge and how long did the crossing take?"
CROSSING = ARTICLES["bridge.md"][4][1]
NONSENSE = "zxqv wkjy plmq?"


@pytest.fixture(scope="module")
def bot(folder: Path, server: BotApiServer) -> Iterator[BotProcess]:
    """A bot that shows one quote a page, so that a small archive fills several."""
    settings = {"BOT__QUOTES": "1", "ANSWER__THRESHOLD": "0.02", "PASSAGES__TARGET_CHARS": "50"}
    with BotProcess(folder, server, settings) as running:
        running.wait_until_it_polls()
        yield running


@pytest.fixture(scope="module", autouse=True)
def running(bot: BotProcess) -> BotProcess:
    return bot


def turning(sent: Sent) -> str:
    """Return the label between the arrows that turn pages."""
    labels = sent.labels()
    return labels[labels.index("›") - 1]


def press(
    server: BotApiServer, sent: Sent, label: str, user: int | None = None, language: str = "en"
) -> dict[str, str]:
    """Press a button; return how the press was acknowledged."""
    query = server.world.press(sent, sent.button(label), user or sent.chat_id, language)
    server.wait_for(lambda: query in server.world.answered)
    return server.world.answered[query]


class TestPages:
    def test_pages_are_turned_in_place_and_come_round(self, server: BotApiServer) -> None:
        sent = ask(server, 201, QUESTION)
        first, label = sent.text, turning(sent)
        assert label == "1/…"  # how many there are is told as soon as somebody looks
        seen = [first]
        press(server, sent, "›")
        count = int(turning(sent).removeprefix("2/"))
        for n in range(2, count + 1):
            if n > 2:
                press(server, sent, "›")
            assert f"{n}/{count}" in sent.labels()
            assert f"[{n}] " in sent.text
            seen.append(sent.text)
        assert len(set(seen)) == count
        press(server, sent, "›")
        assert sent.text == first
        press(server, sent, "‹")
        assert sent.text == seen[-1]
        press(server, sent, f"{count}/{count}")
        assert sent.text == seen[-1]
        press(server, sent, "›")
        assert "1/…" in sent.labels()
        press(server, sent, "‹")  # to the last page, though its number was not known
        assert sent.text == seen[-1]
        assert len(server.sent(201)) == 1

    def test_a_quote_in_its_surroundings_its_article_and_back(self, server: BotApiServer) -> None:
        sent = ask(server, 202, QUESTION)
        first = sent.text
        press(server, sent, ENGLISH.surroundings)
        shown = "\n".join(covered(sent, *QUOTES))
        assert BRIDGE in shown
        assert CROSSING in shown
        press(server, sent, ENGLISH.card)
        assert sent.text.splitlines()[:3] == [
            "Heron Bridge opens <at last>",
            "Source: Lakeside Courier",
            "Date: 2021-12-04 09:30+00:00",
        ]
        assert "File: bridge.md" in sent.text.splitlines()
        press(server, sent, "↩")
        assert sent.text == first

    def test_only_who_asked_may_press(self, server: BotApiServer) -> None:
        server.world.say(f"/ask {QUESTION}", 203, group=-1200)
        (sent,) = replies(server, -1200)
        before = sent.text
        refused = press(server, sent, "›", user=204, language="ru")
        assert (refused["text"], refused["show_alert"]) == (RUSSIAN.not_yours, "true")
        assert sent.text == before
        assert press(server, sent, "›", user=203).get("text", "") == ""
        assert sent.text != before

    def test_a_button_of_nobodys_answer(self, server: BotApiServer) -> None:
        sent = ask(server, 205, QUESTION)
        for data in ("p:999999:a0:0", "nonsense", "p:1:a0", f"s:{sent.button('›')[2:]}9"):
            query = server.world.press(sent, data, 205)
            server.wait_for(lambda: query in server.world.answered)  # noqa: B023 - at once
            assert server.world.answered[query]["show_alert"] == "true"

    def test_an_old_press_still_turns_the_page(self, server: BotApiServer) -> None:
        sent = ask(server, 206, QUESTION)
        before = sent.text
        query = server.world.press(sent, sent.button("›"), 206)
        server.world.callbacks.pop(query, None)
        server.wait_for(lambda: sent.text != before)

    def test_the_page_that_is_shown_already(self, server: BotApiServer) -> None:
        sent = ask(server, 209, QUESTION)
        data = sent.button("👍").replace("g:", "p:")
        query = server.world.press(sent, data, 209)
        server.wait_for(lambda: query in server.world.answered)
        assert "text" not in server.world.answered[query]
        assert sent.versions == []

    def test_near_misses_are_behind_a_button_and_labelled(self, server: BotApiServer) -> None:
        server.world.say(NONSENSE, 207)
        (sent,) = replies(server, 207)
        assert ENGLISH.nothing_found in sent.text
        press(server, sent, ENGLISH.show_near)
        assert ENGLISH.near_misses in covered(sent, "bold")[0]
        assert covered(sent, *QUOTES)
        press(server, sent, ENGLISH.surroundings)
        press(server, sent, "↩")
        assert ENGLISH.near_misses in sent.text
        press(server, sent, f"↩ {ENGLISH.back}")
        assert ENGLISH.nothing_found in sent.text

    def test_ratings_are_noted_and_shown(self, server: BotApiServer) -> None:
        sent = ask(server, 208, QUESTION)
        assert press(server, sent, "👍")["text"] == ENGLISH.noted
        assert sent.labels()[-3:] == ["👍 ✓", "👎", "↗ Share"]
        press(server, sent, "👎")
        assert press(server, sent, "👎")["text"] == ENGLISH.noted
        assert sent.labels()[-3:-1] == ["👍", "👎 ✓"]
        press(server, sent, "›")
        assert sent.labels()[-3:-1] == ["👍", "👎 ✓"]
        server.world.revise(server.world.said[-1], f"{QUESTION} Tell me.")
        server.wait_for(lambda: "👎" in sent.labels())  # of another question nothing was said yet

    def test_an_article_is_opened_its_citation_copied_and_the_question_shared(
        self, server: BotApiServer
    ) -> None:
        sent = ask(server, 213, QUESTION)
        (opens, copies, _), *_, (_, _, shares) = sent.keyboard
        assert opens == {"text": "Open article", "url": "https://courier.example/bridge?a=1&b=2"}
        assert copies["copy_text"] == {
            "text": "Heron Bridge opens <at last> — Lakeside Courier, 2021-12-04\n"
            "https://courier.example/bridge?a=1&b=2"
        }
        assert shares == {"text": "↗ Share", "switch_inline_query": QUESTION}
        press(server, sent, ENGLISH.surroundings)
        assert sent.keyboard[0] == [opens, copies]


class TestEditing:
    def test_an_edited_question_is_answered_in_place(self, server: BotApiServer) -> None:
        sent = ask(server, 210, "渡轮为什么停航？")
        question = server.world.said[-1]
        press(server, sent, ENGLISH.surroundings)
        server.world.revise(question, QUESTION)
        server.wait_for(lambda: BRIDGE in sent.text)
        assert turning(sent).startswith("1/")
        assert len(server.sent(210)) == 1
        press(server, sent, "›")
        assert "[2] " in sent.text
        follow_up = ask(server, 210, "and in 2021?")
        assert follow_up.text.startswith(f"Understood as: {QUESTION}")

    def test_an_edit_of_nothing_changes_nothing(self, server: BotApiServer) -> None:
        sent = ask(server, 211, QUESTION)
        edits = len(server.called("editMessageText"))
        server.world.revise(server.world.said[-1], QUESTION)
        assert ask(server, 211, "/new").text == ENGLISH.forgotten
        assert len(server.called("editMessageText")) == edits
        assert sent.versions == []

    def test_small_talk_that_becomes_a_question_is_answered(self, server: BotApiServer) -> None:
        assert ask(server, 212, "hello").text == ENGLISH.small_talk
        server.world.revise(server.world.said[-1], QUESTION)
        assert BRIDGE in replies(server, 212, 2)[1].text


class TestPreferences:
    def test_a_language_is_chosen_by_a_button_and_given_up(self, server: BotApiServer) -> None:
        sent = ask(server, 220, "/language")
        assert sent.labels() == ["English", "简体中文", "繁體中文", "Русский", "As in Telegram"]
        press(server, sent, "繁體")
        assert sent.text == TRADITIONAL.language_set
        assert sent.keyboard == []
        assert ask(server, 220, "/new").text == TRADITIONAL.forgotten
        sent = ask(server, 220, "/language")
        press(server, sent, TRADITIONAL.language_automatic, language="ru")
        assert sent.text == RUSSIAN.language_set

    def test_filters_are_shown_and_in_force_until_reset(self, server: BotApiServer) -> None:
        assert ask(server, 221, "/since 2022").text == (
            "In force: Period: 2022-01-01…. /reset lifts it."
        )
        assert ask(server, 221, "/until March 2022").text == (
            "In force: Period: 2022-01-01…2022-03-31. /reset lifts it."
        )
        sent = ask(server, 221, QUESTION)
        assert sent.text.startswith("Period: 2022-01-01…2022-03-31")
        assert BRIDGE not in sent.text
        assert ask(server, 221, "/until 2021-12-31").text == (
            "It cannot be since 2022-01-01 and until 2021-12-31 at once; /reset lifts what is in "
            "force.\nIn force: Period: 2022-01-01…2022-03-31. /reset lifts it."
        )
        ask(server, 221, "/reset")
        assert ask(server, 221, "/until 2021-12-31").text == (
            "In force: Period: …2021-12-31. /reset lifts it."
        )
        assert ask(server, 221, "/since 2022").text.startswith("It cannot be since 2022-01-01")
        assert ask(server, 221, "/source lakeside courier").text == (
            "In force: Period: …2021-12-31 · Source: Lakeside Courier. /reset lifts it."
        )
        assert BRIDGE in ask(server, 221, QUESTION).text
        assert ask(server, 221, "/reset").text == ENGLISH.no_filters
        assert "Period" not in ask(server, 221, QUESTION).text

    def test_filters_are_lifted_by_buttons(self, server: BotApiServer) -> None:
        ask(server, 224, "/since 2022")
        ask(server, 224, "/source lakeside courier")
        sent = ask(server, 224, QUESTION)
        assert sent.text.startswith("Period: 2022-01-01… · Source: Lakeside Courier")
        assert BRIDGE not in sent.text
        press(server, sent, "✕ Period: 2022-01-01…")
        assert sent.text.startswith("Source: Lakeside Courier\n\n")
        assert BRIDGE in sent.text
        assert "✕ Period: 2022-01-01…" not in sent.labels()
        press(server, sent, ENGLISH.surroundings)
        press(server, sent, "↩")
        assert sent.text.startswith("Source: Lakeside Courier\n\n")
        press(server, sent, "✕ Source: Lakeside Courier")
        assert BRIDGE in sent.text.splitlines()[0]
        assert not any(label.startswith("✕") for label in sent.labels())
        assert "Period" not in ask(server, 224, QUESTION).text  # lifted for good

    def test_dates_that_were_asked_for_are_left_aside_by_a_button(
        self, server: BotApiServer
    ) -> None:
        ask(server, 225, "/source lakeside courier")
        sent = ask(server, 225, f"{QUESTION} In December 2021.")
        assert "Preferably from: 2021-12-01…2021-12-31" in sent.text
        press(server, sent, ENGLISH.all_dates)
        assert sent.text.startswith("All dates · Source: Lakeside Courier\n\n")
        assert BRIDGE in sent.text
        assert ENGLISH.all_dates not in sent.labels()
        assert ask(server, 225, QUESTION).text.startswith("Source: Lakeside Courier\n\n")

    def test_filters_that_mean_nothing_are_explained(self, server: BotApiServer) -> None:
        assert ask(server, 222, "/since the bridge").text == ENGLISH.date_usage.format(
            command="/since"
        )
        assert ask(server, 222, "/until", "zh-hans").text == SIMPLIFIED.date_usage.format(
            command="/until"
        )
        text = ask(server, 222, "/source <Nobody>").text
        assert text.startswith("The archive has no source called “<Nobody>”.")
        assert "Lakeside Courier" in text or "晚报" in text or "вестник" in text

    def test_forget_erases_everything_when_it_is_meant(self, server: BotApiServer) -> None:
        ask(server, 223, "/since 2021")
        answer = ask(server, 223, QUESTION)
        sent = ask(server, 223, "/forget")
        assert sent.text == ENGLISH.forget_ask
        assert ask(server, 223, QUESTION).text.startswith("Period")
        press(server, sent, ENGLISH.forget_yes)
        assert sent.text == ENGLISH.forget_done
        assert not ask(server, 223, QUESTION).text.startswith("Period")
        assert press(server, answer, "›")["text"] == ENGLISH.answer_gone


class TestTopicsAndOddities:
    def test_an_answer_stays_in_its_topic(self, server: BotApiServer) -> None:
        server.world.say(f"/ask {QUESTION}", 230, group=-1230, topic=55)
        (sent,) = replies(server, -1230)
        assert sent.params["message_thread_id"] == "55"

    @pytest.mark.parametrize(
        ("user", "text"),
        [
            (231, QUESTION + "\u200b" * 10_000),
            (232, "\u202e" + QUESTION + "\u200f\u2066"),
            (233, "Who\u200b opened the He\u200bron Bri\u200cdge?"),
            (234, "x" * 10_000 + " Heron Bridge"),
        ],
    )
    def test_long_and_invisible_characters(
        self, server: BotApiServer, user: int, text: str
    ) -> None:
        sent = ask(server, user, text)
        assert user == 234 or BRIDGE in sent.text

    @pytest.mark.parametrize(("user", "text"), [(235, "\u200b"), (236, "???"), (237, "👍")])
    def test_nothing_in_words_is_small_talk(
        self, server: BotApiServer, user: int, text: str
    ) -> None:
        assert ask(server, user, text).text == ENGLISH.small_talk


class TestInline:
    def inline(self, server: BotApiServer, text: str, offset: str = "") -> dict[str, Any]:
        query = server.world.ask_inline(text, 240, offset=offset)
        server.wait_for(lambda: query in server.world.answered)
        answer = server.world.answered[query]
        return answer | {"results": json.loads(answer["results"])}

    def test_quotes_are_offered_only_to_who_asks(self, server: BotApiServer) -> None:
        answer = self.inline(server, QUESTION)
        assert answer["is_personal"] == "true"
        assert int(answer["cache_time"]) <= 10
        best = answer["results"][0]
        assert best["title"] == "Heron Bridge opens <at last>"
        assert best["description"].startswith("Lakeside Courier, 2021-12-04 — ")
        content = best["input_message_content"]
        assert "Heron Bridge &lt;east &amp; west&gt;" in content["message_text"]
        assert "https://courier.example/bridge?a=1&amp;b=2" in content["message_text"]
        assert content["link_preview_options"] == {"is_disabled": True}

    @pytest.mark.parametrize(
        ("text", "hint"), [("", ENGLISH.inline_hint), ("hello", ENGLISH.inline_hint)]
    )
    def test_without_a_question_there_is_a_hint(
        self, server: BotApiServer, text: str, hint: str
    ) -> None:
        answer = self.inline(server, text)
        assert answer["results"] == []
        assert json.loads(answer["button"])["text"] == hint

    def test_the_filters_of_the_private_chat_hold(self, server: BotApiServer) -> None:
        ask(server, 240, "/until 2021-11")
        answer = self.inline(server, QUESTION)
        assert "Heron Bridge" not in answer["results"].__repr__()
        assert "Period: …2021-11-30" in json.loads(answer["button"])["text"]
        ask(server, 240, "/reset")
        ask(server, 240, "/source Lakeside Courier")
        answer = self.inline(server, QUESTION)
        assert answer["results"][0]["title"] == "Heron Bridge opens <at last>"
        assert json.loads(answer["button"])["text"] == "Source: Lakeside Courier"
        ask(server, 240, "/reset")
        assert "button" not in self.inline(server, QUESTION)

    def test_pages_end(self, server: BotApiServer) -> None:
        assert "next_offset" not in self.inline(server, QUESTION)
        assert self.inline(server, QUESTION, "50")["results"] == []
        assert self.inline(server, QUESTION, "x")["results"] != []

    def test_a_query_that_has_expired_harms_nothing(
        self, server: BotApiServer, bot: BotProcess
    ) -> None:
        query = server.world.ask_inline(QUESTION, 241)
        server.world.inline.pop(query)
        server.wait_for(
            lambda: any(
                call.method == "answerinlinequery" and call.status == 400 for call in server.calls
            )
        )
        assert ask(server, 241, "/new").text == ENGLISH.forgotten
        assert "Traceback" not in bot.output()
