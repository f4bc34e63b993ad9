"""Who does not serve pays nothing for the page."""

import subprocess
import sys
from pathlib import Path

OF_THE_PAGE = {"fastapi", "starlette", "uvicorn", "httptools", "jinja2", "prometheus_client", "mcp"}


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )


def test_a_question_imports_nothing_of_the_page(demo_index: Path) -> None:
    code = (
        "import sys; from qa.cli import main; status = main(['ask', '海底铁路', '-k', '1']);"
        f"print(status, sorted({OF_THE_PAGE!r} & set(sys.modules)),"
        "sorted(name for name in sys.modules if name.startswith(('qa.web', 'qa.mcp'))))"
    )
    asked = run(code, demo_index)
    assert asked.stdout.endswith("\n0 [] []\n"), asked.stdout + asked.stderr


def test_without_the_extra_the_command_says_what_to_install(demo_index: Path) -> None:
    code = (
        "import sys; sys.modules['fastapi'] = None; from qa.cli import main;"
        "sys.exit(main(['serve', '--port', '0']))"
    )
    refused = run(code, demo_index)
    assert refused.returncode == 2
    assert "pip install 'newsquote[web]'" in refused.stderr
    assert "Traceback" not in refused.stderr
