"""``newsquote extract`` as a program: what it prints, and where."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[3]


def _run(*args: str, pipe: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qa.cli", "extract", *args]
    if pipe:
        quoted = " ".join(f"'{part}'" for part in command)
        command = ["bash", "-o", "pipefail", "-c", f"{quoted} | {pipe}"]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )


def test_one_object_an_article_and_a_report_a_bad_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\ntitle: 海港\ndate: 2021-03-04\nsource: 海港社\ntags: [ 雾 ]\n---\n## 雾\n\n渡轮停航。\n"
    )
    (tmp_path / "b.md").write_text("")
    (tmp_path / "c.md").write_text("---\ntitle: 灯塔\n---\n灯塔\n")
    (tmp_path / "d.md").write_text("---\ndate: 2021-03-04\n---\n")
    done = _run(str(tmp_path))
    assert done.returncode == 0
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert objects[0] == {
        "path": f"{tmp_path}/a.md",
        "title": "海港",
        "author": None,
        "date": "2021-03-04T00:00:00+00:00",
        "url": None,
        "source": "海港社",
        "categories": [],
        "tags": ["雾"],
        "language": "zh-Hans",
        "truncated": False,
        "title_only": False,
        "paragraphs": [{"text": "渡轮停航。", "heading": "雾"}],
    }
    assert [(o["title"], o["title_only"], o["paragraphs"]) for o in objects[1:]] == [
        ("灯塔", True, []),
        ("d", False, []),
    ]
    assert "海港" in done.stdout
    errors = done.stderr.splitlines()
    assert errors[0] == f"{tmp_path}/b.md: empty file"
    assert errors[1].startswith(f"{tmp_path}/d.md: no text: ")
    assert errors[2].startswith(
        "read 4: kept 2 (0 with remarks, 1 title only), skipped 2 (empty file 1, no text 1); "
    )
    assert errors[2].endswith(" articles per second")


@pytest.mark.slow
def test_nothing_extracted_is_status_1(tmp_path: Path) -> None:
    done = _run(str(tmp_path / "missing"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0].startswith(f"{tmp_path}/missing: not found")


@pytest.mark.slow
def test_no_path_is_a_usage_error() -> None:
    assert _run().returncode == 2


@pytest.mark.slow
def test_a_closed_pipe_is_no_failure(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"{number}.md").write_text("渡轮停航。\n" * 400)
    done = _run(str(tmp_path), pipe="head -n 1")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert "Error" not in done.stderr


@pytest.mark.slow
def test_a_path_that_is_not_utf8_is_escaped(tmp_path: Path) -> None:
    path = tmp_path / b"\xff.md".decode(errors="surrogateescape")
    path.write_text("渡轮停航。\n")
    done = _run(str(tmp_path))
    assert json.loads(done.stdout)["path"] == str(path)


@pytest.mark.slow
def test_the_help_says_what_it_reads_and_how_it_ends() -> None:
    done = _run("--help")
    assert done.returncode == 0
    text = " ".join(done.stdout.split())
    assert "(those of extract.suffixes)" in text
    assert "Exit status: 0 an article was extracted, 1 none was" in text
