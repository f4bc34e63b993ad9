"""The token appears in nothing that the program writes."""

import logging
import subprocess
import sys

import pytest

from bot.logs import REDACTED, RedactingFormatter, redacted
from tests.botapi import TOKEN
from tests.patience import PATIENCE_S

SECRET = TOKEN.partition(":")[2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"POST https://api.example/bot{TOKEN}/getMe",
            f"POST https://api.example/bot{REDACTED}/getMe",
        ),
        (f"bot{TOKEN.replace(':', '%3A')}/", f"bot{REDACTED}/"),
        (f"secret half {SECRET}", f"secret half {REDACTED}"),
        ("nothing secret: 4242", "nothing secret: 4242"),
    ],
)
def test_every_form_of_the_token_is_taken_out(text: str, expected: str) -> None:
    assert redacted(text, TOKEN) == expected


def test_a_record_is_redacted_with_its_arguments_and_traceback() -> None:
    with pytest.raises(ValueError, match="bad url") as caught:
        int(f"bad url /bot{TOKEN}/getMe")
    error = (caught.type, caught.value, caught.tb)
    record = logging.LogRecord("bot", logging.ERROR, __file__, 1, "calling %s", (TOKEN,), error)
    line = RedactingFormatter(TOKEN).format(record)
    assert SECRET not in line
    assert line.count(REDACTED) == 2
    assert "Traceback" in line


PROGRAM = """
import logging, os, warnings
from bot.logs import set_up_logging
token = os.environ["TOKEN"]
set_up_logging(token, "debug")
logging.getLogger("httpx").info("HTTP Request: POST https://api.example/bot%s/getMe", token)
logging.getLogger("telegram.Bot").debug("Set Bot API URL: https://api.example/bot%s", token)
warnings.warn("about " + token)
raise RuntimeError("while calling /bot" + token)
"""


def test_a_whole_program_writes_no_token_even_when_it_dies() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={"TOKEN": TOKEN},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 1
    assert SECRET not in done.stdout + done.stderr
    assert "HTTP Request" not in done.stderr
    assert "Set Bot API URL: https://api.example/bot[token]" in done.stderr
    assert "about [token]" in done.stderr
    assert "RuntimeError: while calling /bot[token]" in done.stderr
