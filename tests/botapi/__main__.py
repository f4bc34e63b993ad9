"""Start the server alone and talk to a bot in a terminal: ``python -m tests.botapi``.

Each line typed is a message to the bot; its answers are printed as plain text. Ends at end of file.
"""

import argparse
import sys
import threading
import time

from tests.botapi.server import BotApiServer
from tests.botapi.world import BOT


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
                server.world.say(line.strip(), language=args.language)


def _print_answers(server: BotApiServer) -> None:
    shown = 0
    while True:
        for message in server.world.sent[shown:]:
            sys.stdout.write(f"\n{message.text}\n\n")
            sys.stdout.flush()
            shown += 1
        time.sleep(0.1)


if __name__ == "__main__":
    main()
