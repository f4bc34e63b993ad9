"""The screens of ``docs/bot.md``: played through the real bot process, and written down.

A fenced block ``screen`` is a conversation of one user; ``richscreen`` is one where the server has rich
messages. Its lines that begin by a sign are what somebody does, the others are what a phone shows then:

- ``> TEXT`` writes to the bot, ``@ TEXT`` in a group;
- ``! LABEL`` presses the button of the last message whose label begins so;
- ``? TEXT`` types an inline query;
- ``+ FILE`` adds an article of the examples to the archive;
- ``& group`` brings the bot into a group.

``python -m tests.botapi.screens`` plays ``docs/bot.md`` anew and writes it.
"""

import html
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.botapi.process import BotProcess, newsquote
from tests.botapi.screen import shown, text_lines
from tests.botapi.server import BotApiServer
from tests.botapi.world import Sent

OFFERED_LINES = 2
"""Of the description of a result of an inline query."""

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "bot.md"
EXAMPLES = ROOT / "examples" / "articles"
FENCE = re.compile(r"^```(screen|richscreen)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ACTION = re.compile(r"^([>@!?+&]) (.+)$")
LANGUAGES = ((re.compile(r"[一-鿿]"), "zh-hans"), (re.compile(r"[а-яё]", re.IGNORECASE), "ru"))
SETTINGS = {"BOT__WATCH_EVERY": "1", "ANSWER__TODAY": "archive"}
"""So that no screen depends on the day it is played."""


def played(text: str, folder: Path) -> str:
    """Return a document with its screens as they are.

    :param folder: with an ``archive`` of the example articles; what is added later is not in it yet.
    """
    with ExitStack() as running:
        stages: dict[str, _Stage] = {}
        for kind in ("screen", "richscreen"):
            server = running.enter_context(BotApiServer(rich=kind == "richscreen"))
            bot = running.enter_context(BotProcess(folder, server, SETTINGS))
            bot.wait_until_it_polls()
            stages[kind] = _Stage(server, folder)

        def screens(fence: re.Match[str]) -> str:
            return f"```{fence[1]}\n{stages[fence[1]].play(fence[2])}```"

        return FENCE.sub(screens, text)


def prepared(text: str, folder: Path) -> None:
    """Copy the examples into a folder, without those that a document adds later, and index them."""
    shutil.copytree(EXAMPLES, folder / "archive")
    for name in added(text):
        next((folder / "archive").rglob(name)).unlink()
    (folder / "index-data").mkdir()
    built = newsquote(folder, "index", "build")
    if built.returncode:
        raise RuntimeError(built.stderr)


def added(text: str) -> Iterator[str]:
    """Yield the names of the articles that a document adds."""
    for fence in FENCE.finditer(text):
        actions = (ACTION.match(line) for line in fence[2].splitlines())
        yield from (action[2] for action in actions if action and action[1] == "+")


@dataclass(slots=True)
class _Stage:
    """Where conversations are played, each by a user of its own."""

    server: BotApiServer
    folder: Path
    user: int = 100
    language: str = "en"
    last: list[Sent] = field(default_factory=list)

    def play(self, block: str) -> str:
        """Return a conversation with what is seen of it."""
        self.user += 1
        self.language = next(
            (code for letters, code in LANGUAGES if letters.search(block.partition("\n")[0])), "en"
        )
        parts = []
        for line in block.splitlines():
            action = ACTION.match(line)
            if action:
                parts.append(f"{line}\n\n{self._done(action[1], action[2])}".rstrip())
        return "\n\n".join(parts) + "\n"

    def _done(self, sign: str, what: str) -> str:
        server, world = self.server, self.server.world
        if sign == ">":
            return self._said(self.user, lambda: world.say(what, self.user, language=self.language))
        if sign == "@":
            group = -self.user
            return self._said(
                group, lambda: world.say(what, self.user, group=group, language=self.language)
            )
        if sign == "&":
            return self._said(-self.user, lambda: world.join(-self.user, self.user))
        if sign == "+":
            return self._said(self.user, lambda: self._add(what))
        if sign == "?":
            query = world.ask_inline(what, self.user, language=self.language)
            server.wait_for(lambda: query in world.answered)
            return _offered(world.answered[query])
        return self._pressed(what)

    def _said(self, chat: int, do: Callable[[], object]) -> str:
        before = len(self.server.sent(chat))
        do()
        self.server.wait_for(lambda: len(self.server.sent(chat)) > before)
        self.last = [self.server.sent(chat)[-1]]
        return shown(self.last[-1])

    def _pressed(self, label: str) -> str:
        server, sent = self.server, self.last[-1]
        before, count = shown(sent), len(server.sent(sent.chat_id))
        query = server.world.press(sent, sent.button(label), self.user, self.language)
        server.wait_for(lambda: query in server.world.answered)
        notice = server.world.answered[query].get("text", "")
        if not notice and shown(sent) == before:  # it is answered by another message
            server.wait_for(lambda: len(server.sent(sent.chat_id)) > count)
            self.last = [server.sent(sent.chat_id)[-1]]
        return "\n".join([*([f"* {notice}"] if notice else []), shown(self.last[-1])])

    def _add(self, name: str) -> None:
        found = next(EXAMPLES.rglob(name))
        shutil.copy(found, self.folder / "archive" / found.relative_to(EXAMPLES))
        updated = newsquote(self.folder, "index", "update")
        if updated.returncode:
            raise RuntimeError(updated.stderr)


def _offered(answer: dict[str, str]) -> str:
    """Return the first result of an inline query, as the list above the keyboard shows it."""
    first = json.loads(answer["results"])[0]
    described = text_lines(first["description"], [])[:OFFERED_LINES]
    return "\n".join([f"* {html.unescape(first['title'])}", *described])


def main() -> None:
    """Write the document's screens as they are now."""
    text = DOCUMENT.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        prepared(text, Path(folder))
        DOCUMENT.write_text(played(text, Path(folder)), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT} is as it is\n")


if __name__ == "__main__":
    main()
