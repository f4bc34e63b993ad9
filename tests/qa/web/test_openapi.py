"""What the API says of itself holds: schemathesis asks it all that its description allows, and not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S
from tests.qa.web.serving import Server

EXAMPLES = 12


@pytest.mark.slow
def test_the_api_is_as_it_is_described(server: Server, tmp_path: Path) -> None:
    asked = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            *("run", f"{server.url}/openapi.json", "--checks=all", f"--max-examples={EXAMPLES}"),
            *(
                "--seed=1",
                "--generation-database=none",
                "--no-color",
                "--phases=examples,coverage,fuzzing",
            ),
            # What a date is, and which sources there are, no description of an API can tell.
            "--exclude-checks=positive_data_acceptance",
            f"--request-timeout={PATIENCE_S}",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert asked.returncode == 0, asked.stdout[-6000:] + asked.stderr[-2000:]
    assert server.answers()


def test_every_part_of_the_api_is_described(server: Server) -> None:
    described = server.get("/openapi.json").json()
    paths = set(described["paths"])
    assert paths >= {
        "/api/ask",
        "/api/search",
        "/api/articles/{article}",
        "/api/quotes/check",
        "/api/sources",
        "/api/status",
        "/health",
        "/metrics",
        "/v1/models",
        "/v1/chat/completions",
    }
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description") or operation.get("summary"), (method, path)
            problem = operation["responses"]["422"]["content"]
            assert list(problem) == ["application/problem+json"]
