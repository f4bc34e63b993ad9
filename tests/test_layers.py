"""Imports run one way: config and index know nothing of qa, qa nothing of bot."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "config": set(),
    "index": {"index"},
    "qa": {"config", "index", "qa"},
    "bot": {"config", "qa", "bot"},
}
"""The bot also needs the error tree, and the inbox, which is a folder of files: named below."""

ALSO = {("bot", "index.errors"), ("bot", "index.inbox")}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the layer"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_run_one_way(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    for path in files:
        for name in imported(path):
            layer = name.split(".")[0]
            if layer in MAY_IMPORT and layer != package and (package, name) not in ALSO:
                assert layer in MAY_IMPORT[package], f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize(
    ("library", "owner"),
    [
        ("faiss", ("index/parts/vector_codes.py", "index/parts/vectors.py")),
        ("tantivy", ("index/parts/words.py",)),
        ("telegram", ("bot/",)),
    ],
)
def test_an_engine_is_imported_in_one_place(library: str, owner: tuple[str, ...]) -> None:
    users = {
        str(path.relative_to(ROOT))
        for package in MAY_IMPORT
        for path in (ROOT / package).rglob("*.py")
        if any(name.split(".")[0] == library for name in imported(path))
    }
    assert users
    assert all(user.startswith(owner) for user in users), users
