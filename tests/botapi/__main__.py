"""Start the server alone and talk to a bot in a terminal: ``python -m tests.botapi``.

Each line typed is a message to the bot; its answers are printed as they are sent and edited, with
their buttons in brackets. ``!LABEL`` presses the button of the last message whose label begins so,
``?QUESTION`` is an inline query. Ends at end of file.
"""

import argparse
import html
import json
import sys
import threading
import time

from tests.botapi.server import BotApiServer
from tests.botapi.world import BOT, Sent


def main() -> None:
    """Serve until end of file."""
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="default: 8081")
    parser.add_argument("--language", default="en", help="the user's language code; default: en")
    args = parser.parse_args()
    with BotApiServer(port=args.port) as server:
        out = sys.stdout.write
        out(f"@{BOT['username']} is waited for. In another terminal:\n")
        out(f"  NEWSQUOTE_BOT__API_URL={server.url} NEWSQUOTE_BOT__TOKEN={server.token} \\\n")
        out("  newsquote bot\n\n")
        threading.Thread(target=_print_answers, args=(server,), daemon=True).start()
        for line in sys.stdin:
            if line.strip():
                _do(server, line.strip(), args.language)


def _do(server: BotApiServer, line: str, language: str) -> None:
    if line.startswith("!") and server.world.sent:
        sent = server.world.sent[-1]
        try:
            server.world.press(sent, sent.button(line[1:]), language=language)
        except KeyError as error:
            sys.stdout.write(f"{error.args[0]}\n")
    elif line.startswith("?"):
        server.world.ask_inline(line[1:], language=language)
    else:
        server.world.say(line, language=language)


def as_text(sent: Sent) -> str:
    """Return a message as a terminal can show it."""
    rows = ["  ".join(f"[{button['text']}]" for button in row) for row in sent.keyboard]
    return "\n".join([sent.text, *rows])


def _print_answers(server: BotApiServer) -> None:
    shown: dict[int, str] = {}
    told: set[str] = set()
    while True:
        for sent in list(server.world.sent):
            text = as_text(sent)
            if shown.get(sent.message_id) != text:
                edited = "(edited) " if sent.message_id in shown else ""
                shown[sent.message_id] = text
                sys.stdout.write(f"\n{edited}{text}\n\n")
        for query, answer in list(server.world.answered.items()):
            if query not in told:
                told.add(query)
                sys.stdout.write(_as_notice(answer))
        sys.stdout.flush()
        time.sleep(0.1)


def _as_notice(answer: dict[str, str]) -> str:
    """Return what a pressed button or an inline query shows besides messages."""
    if "results" not in answer:
        return f"\n* {answer['text']}\n\n" if answer.get("text") else ""
    results = json.loads(answer["results"])
    lines = [f"* {html.unescape(each['title'])}: {each['description']}" for each in results]
    return "\n" + "\n".join(lines or ["* nothing"]) + "\n\n"


if __name__ == "__main__":
    main()
