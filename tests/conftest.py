"""What several test modules share: the example archive, indexed once by the real program."""

import os
import shutil
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.patience import PATIENCE_S

EXAMPLES = Path(__file__).parent.parent / "examples"

# No example of hypothesis has a limit of its own, on no machine; "make check" tries fewer of them.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("patient"), max_examples=20)
settings.load_profile("patient")

# Nobody's own settings change what is tested, and nobody's own index is touched.
_NOBODYS = tempfile.TemporaryDirectory(prefix="newsquote-tests-")
os.environ["XDG_CONFIG_HOME"] = f"{_NOBODYS.name}/config"

_NUMBERS = count()


def pytest_runtest_setup() -> None:
    """Let no test find an index that another one has built in its user's place."""
    os.environ["XDG_DATA_HOME"] = f"{_NOBODYS.name}/data-{next(_NUMBERS)}"


_LATE = {"test_benchmarks.py", "test_train_encoder.py"}
"""Modules of slow tests alone that take seconds to be imported, with matplotlib and torch."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Let nobody wait for what is left out."""
    left_out = collection_path.name in _LATE and config.getoption("markexpr") == "not slow"
    return True if left_out else None


def newsquote(
    *args: str, cwd: Path, stdin: str = "", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program as a user would, in a folder of its own."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("NEWSQUOTE_")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "qa.cli", *args],
        cwd=cwd,
        input=stdin,
        env={**clean, "PYTHONUTF8": "1", **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


@pytest.fixture(scope="session")
def demo_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to run the program in: ``archive/`` with the example articles, and their index."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(EXAMPLES / "articles", folder / "archive")
    (folder / "index-data").mkdir()
    built = newsquote("index", "build", cwd=folder)
    assert built.returncode == 0, built.stderr
    return folder
