"""What is installed, and what an image is made of, is all that the program needs."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SETUPTOOLS = PYPROJECT["tool"]["setuptools"]
PACKAGES = [pattern.rstrip("*") for pattern in SETUPTOOLS["packages"]["find"]["include"]]


def test_every_file_that_is_no_module_is_installed() -> None:
    installed = {
        path
        for package, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
        for path in ROOT.joinpath(*package.split(".")).glob(pattern)
    }
    assert installed
    left_out = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc") and path not in installed
    ]
    assert left_out == []


def test_an_image_is_made_of_the_packages_and_what_pip_reads() -> None:
    lines = (ROOT / "deploy" / "Containerfile").read_text("utf-8").splitlines()
    copied = {
        name
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    }
    read = {PYPROJECT["project"]["readme"], *PYPROJECT["project"]["license-files"]}
    assert copied == {*PACKAGES, *read, "pyproject.toml", "constraints.txt"}
    assert all((ROOT / name).exists() for name in copied)
