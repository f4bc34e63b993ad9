"""A small archive to talk about, and the ways of talking about it."""

from pathlib import Path

from tests.botapi.markup import slice_units
from tests.botapi.server import BotApiServer
from tests.botapi.world import Sent

QUOTES = ("blockquote", "expandable_blockquote")

BRIDGE = 'Mayor Ada Fenwick opened the Heron Bridge <east & west> on Saturday 🌉 and called it "overdue".'
ARTICLES = {
    "bridge.md": (
        "Heron Bridge opens <at last>",
        "2021-12-04T09:30:00Z",
        "https://courier.example/bridge?a=1&b=2",
        "Lakeside Courier",
        [BRIDGE, "The crossing took eleven years to build and is four hundred metres long."],
    ),
    "ferry.md": (
        "雁湖渡轮停航",
        "2022-03-10T02:00:00Z",
        "https://wanbao.example/ferry",
        "雁湖晚报",
        [
            "雁湖轮渡公司经理顾望川周四宣布，运营六十年的渡轮将于四月停航。",
            "顾望川说：“大桥通车以后，乘客只剩下原来的一成。”",
        ],
    ),
    "school.md": (
        "В Озёрске открыли школу",
        "2021-09-01T08:00:00Z",
        "https://vestnik.example/school",
        "Озёрский вестник",
        ["Директор Зоя Лугова сообщила, что в новой школе Озёрска учатся восемьсот детей."],
    ),
}


def write_article(archive: Path, name: str) -> None:
    """Write one of ``ARTICLES`` into a folder."""
    title, date, url, source, paragraphs = ARTICLES[name]
    head = f'title: "{title}"\ndate: {date}\nfrom: {url}\ntags: [ {source} ]'
    body = "\n\n".join(
        paragraph.replace("&", "&amp;").replace("<", "&lt;") for paragraph in paragraphs
    )
    (archive / name).write_text(f"---\n{head}\n---\n\n{body}\n", "utf-8")


def replies(server: BotApiServer, chat: int, count: int = 1) -> list[Sent]:
    """Wait for so many messages of the bot in a chat; return them all."""
    server.wait_for(lambda: len(server.sent(chat)) >= count)
    return server.sent(chat)


def covered(sent: Sent, *kinds: str) -> list[str]:
    """Return what entities of some kinds cover."""
    return [
        slice_units(sent.text, each.offset, each.length)
        for each in sent.entities
        if each.type in kinds
    ]


def ask(server: BotApiServer, user: int, question: str, language: str = "en") -> Sent:
    """Let a user ask something; return the answer."""
    before = len(server.sent(user))
    server.world.say(question, user, language=language)
    return replies(server, user, before + 1)[-1]
