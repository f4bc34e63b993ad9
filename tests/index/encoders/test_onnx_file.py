"""ONNX Runtime, as newsquote uses it."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
from index.encoders.onnx_file import open_network
from qa.reading.reader import MODEL_FOLDER, NETWORK_FILE
open_network(MODEL_FOLDER / NETWORK_FILE)
"""


def test_it_writes_nothing_about_the_machine_and_tells_nobody(tmp_path: Path) -> None:
    # With the variables of a CI service it is silent by itself.
    needed = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")
    kept = {name: os.environ[name] for name in needed if name in os.environ}
    folders = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-B", "-c", SCRIPT], env=kept | folders, check=True)
    assert list(tmp_path.rglob("*")) == []
