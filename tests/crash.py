"""An archive that goes from version to version, and an index that is killed while it follows.

Each version of the archive differs from the one before it in two thirds of its files: changed,
added and removed ones. What an index holds is always exactly one version, or something is wrong.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.errors import IndexMissing
from index.generations.damage import damaged_files
from index.generations.folders import current, generation_names
from index.generations.lock import write_lock
from index.parts.database import Store
from tests.patience import PATIENCE_S
from tests.program import call

FILES = 18
QUESTION = "How many goats does the ferry Alma carry?"
KILLED = Path(__file__).parent / "killed.py"
"""Run with ``-P``: beside it lie packages of tests with the same names as the program's."""


@dataclass
class Workplace:
    """A folder to call the program in.

    :ivar version: of the archive as its files are now.
    :ivar answering: version that the index held when it was last looked at; None = no index.
    """

    folder: Path
    version: int = 0
    answering: int | None = None

    def __post_init__(self) -> None:
        self.archive.mkdir(parents=True)
        self.index_dir.mkdir()
        # So that segments are shared, and not written anew because much of them is dead.
        (self.folder / "newsquote.toml").write_text("[index]\ndead_share = 0.9\n")
        self.advance()

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def index_dir(self) -> Path:
        return self.folder / "index-data"

    def advance(self) -> None:
        """Bring the files to the next version."""
        self.version += 1
        files = articles(self.version)
        for path in self.archive.iterdir():
            if path.name not in files:
                path.unlink()
        for name, text in files.items():
            path = self.archive / name
            if not path.exists() or path.read_text() != text:
                path.write_text(text)

    def killed(self, instant: str, *arguments: str) -> str:
        """Kill the program at an instant (see ``tests.killed``); return what it was about to do."""
        done = subprocess.run(
            [sys.executable, "-P", str(KILLED), instant, *arguments],
            cwd=self.folder,
            env=environment(),
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        assert done.returncode in (-9, 0), done.stderr
        return done.stderr.splitlines()[-1] if done.returncode else ""

    def instants(self, *arguments: str) -> int:
        """Let the program run to its end; return the number of instants at which it can die."""
        done = subprocess.run(
            [sys.executable, "-P", str(KILLED), "0", *arguments],
            cwd=self.folder,
            env=environment(),
            stderr=subprocess.PIPE,
            text=True,
            check=True,
            timeout=PATIENCE_S,
        )
        return int(done.stderr.splitlines()[-1])

    def killed_after(self, seconds: float, *arguments: str) -> str:
        """Kill the program some time after it began to write; return how far it had come."""
        lock = self.index_dir / "lock"
        lock.unlink(missing_ok=True)
        with subprocess.Popen(
            [sys.executable, "-m", "qa.cli", *arguments],
            cwd=self.folder,
            env=environment(),
            stderr=subprocess.DEVNULL,
        ) as process:
            while not lock.exists() and process.poll() is None:
                time.sleep(0.001)
            try:
                status = process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                return self.phase()
        assert status == 0
        return ""

    def phase(self) -> str:
        """Tell from what lies about how far a killed program had come."""
        generations = self.index_dir / "generations"
        for partial in generations.glob("*.partial"):
            files = [path for path in partial.rglob("*") if path.is_file()]
            newest = max(files, key=lambda path: path.stat().st_mtime_ns, default=partial)
            inside = newest.relative_to(partial)
            return f"writing {inside.parent if len(inside.parts) > 1 else inside}"
        if (self.index_dir / "CURRENT.new").exists():
            return "writing CURRENT"
        return f"nothing half written, version {'new' if self.held() == self.version else 'old'}"

    def held(self) -> int | None:
        """Return the version that the index holds; fail if it is not exactly one.

        :return: None when there is no index.
        """
        try:
            folder = current(self.index_dir)
        except IndexMissing:
            return None
        assert damaged_files(folder) == []
        store = Store(folder)
        found = {Path(one.card.path).name: store.article_text(one.id) for one in store.articles()}
        store.close()
        (version,) = {int(text.split()[1].rstrip(":")) for text in found.values() if "now" in text}
        assert found == {name: paragraph(text) for name, text in articles(version).items()}
        return version

    def check_after_kill(self) -> None:
        """Check that what answers is whole, and that nobody holds the lock."""
        before, after = self.answering, self.version
        self.answering = self.held()
        assert self.answering in (before, after)
        asked = call("ask", QUESTION, "--json", cwd=self.folder)
        if self.answering is None:
            assert asked.status == 2
            assert "newsquote index build" in asked.err
        else:
            assert asked.status == 0, asked.err
            assert f"now {self.answering * 100} goats" in asked.out
        if self.answering == after:
            assert call("verify", cwd=self.folder).status == 0
        if self.index_dir.exists():
            with write_lock(self.index_dir):
                pass

    def finish(self, *arguments: str) -> None:
        """Let the program run to its end; check that all is as if it had never been killed."""
        done = call(*arguments, cwd=self.folder)
        assert done.status == 0, done.err
        assert self.held() == self.version
        assert call("verify", cwd=self.folder).status == 0
        self.answering = self.version
        names = {path.name for path in self.index_dir.iterdir()}
        assert names == {"CURRENT", "generations", "lock", "files.sqlite"}
        folders = {path.name for path in (self.index_dir / "generations").iterdir()}
        assert folders == set(generation_names(self.index_dir))
        assert len(folders) <= 2


def articles(version: int) -> Mapping[str, str]:
    """Return the files of a version: names and contents."""
    texts = {
        f"harbour-{n}.md": f"Version {n % 3 + (version - n) // 3 * 3}: harbour number {n} is open."
        for n in range(FILES)
        if (n + version) % 7
    }
    texts["alma.md"] = f"Version {version}: the ferry Alma carries now {version * 100} goats."
    return {name: f"---\ntitle: Harbour news\n---\n\n{text}\n" for name, text in texts.items()}


def paragraph(article: str) -> str:
    """Return the text of an article file."""
    return article.split("\n\n")[1].strip()


def environment(**settings: str) -> dict[str, str]:
    """Return the variables to start the program with."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("NEWSQUOTE_")}
    return {**clean, **settings}
