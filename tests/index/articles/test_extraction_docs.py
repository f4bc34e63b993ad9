"""The rules of extraction are defined once, and their examples come out as the document says."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from index.articles.extract import extract
from index.articles.families import FAMILIES, Family
from index.articles.furniture import RULES, Rule, Rules
from index.articles.markup import Markup, without_markup
from tests.conftest import newsquote
from tests.index.articles.test_families import assert_it_is_the_article, read

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "extraction.md"
FIXTURES = ROOT / "tests" / "fixtures" / "articles"
PACKAGES = ("config", "index", "qa", "bot")
NUMBERS = range(1, 19)

TEXT = DOCUMENT.read_text("utf-8")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_RULE = re.compile(r"^### R(\d+) [^\n]*\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^]]+)\]\((\S+)\)")


class Example(NamedTuple):
    """A file of the document, and what the block under it says comes out."""

    rule: int
    suffix: str
    body: str
    kind: str
    expected: str


def rules() -> list[tuple[int, str]]:
    """Return the number and the text of every section that defines a rule."""
    return [(int(number), section) for number, section in _RULE.findall(TEXT)]


def examples() -> list[Example]:
    found = []
    for rule, section in rules():
        fences = _FENCE.findall(section)
        assert len(fences) % 2 == 0, f"R{rule}: a file without its outcome"
        found += [
            Example(rule, *given, *outcome)
            for given, outcome in zip(fences[::2], fences[1::2], strict=True)
        ]
    return found


EXAMPLES = examples()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the program prints for each example, by the stem of its file; R3 is no local time."""
    folder = tmp_path_factory.mktemp("examples")
    for number, example in enumerate(EXAMPLES):
        (folder / f"{number}.{example.suffix}").write_text(example.body, encoding="utf-8")
    run = newsquote("extract", ".", cwd=folder, env={"TZ": "Asia/Shanghai"})
    articles = map(json.loads, run.stdout.splitlines())
    return {Path(article["path"]).stem: article for article in articles}


@pytest.mark.parametrize(
    "number",
    range(len(EXAMPLES)),
    ids=lambda number: f"R{EXAMPLES[number].rule}-{number}",
)
def test_an_example_comes_out_as_it_says(number: int, printed: dict[str, Any]) -> None:
    example, article = EXAMPLES[number], printed[str(number)]
    if example.kind == "json":
        expected = json.loads(example.expected)
        assert {key: article[key] for key in expected} == expected
    else:
        assert example.kind == "text"
        lines = [paragraph["text"] for paragraph in article["paragraphs"]]
        assert lines == example.expected.splitlines()


def test_every_rule_is_defined_once_and_has_an_example() -> None:
    assert [rule for rule, _ in rules()] == [*NUMBERS]
    assert {example.rule for example in EXAMPLES} == {*NUMBERS}


def test_every_rule_named_in_the_code_is_defined() -> None:
    named = {
        int(number)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for number in re.findall(r"\bR(\d+)\b", path.read_text("utf-8"))
    }
    assert len(named) > 1
    assert named <= {rule for rule, _ in rules()}


@pytest.mark.parametrize(("rule", "section"), rules(), ids=lambda value: str(value)[:2])
def test_a_rule_names_its_modules_and_all_its_fixtures(rule: int, section: str) -> None:
    last = section.strip().rpartition("\n\n")[2]
    done, _, shown = last.partition("shown by")
    modules = _LINK.findall(done)
    assert modules
    for name, target in modules:
        path = (DOCUMENT.parent / target).resolve()
        assert path.is_relative_to(ROOT / "index")
        assert path.is_file()
        assert path.stem == name
    named = {(DOCUMENT.parent / target).resolve() for _, target in _LINK.findall(shown)}
    assert named == {path for path in FIXTURES.glob(f"r{rule:02}-*") if path.suffix != ".json"}
    assert named
    assert {path.stem for path in named} == {name for name, _ in _LINK.findall(shown)}


def test_every_fixture_is_named() -> None:
    named = {(DOCUMENT.parent / target).resolve() for _, target in _LINK.findall(TEXT)}
    assert {path for path in FIXTURES.iterdir() if path.suffix != ".json"} <= named


def _lines_to_add() -> tuple[Rule, Markup, Family]:
    rule, markup, family = (
        eval(code, {"Rule": Rule, "Family": Family, "Markup": Markup})  # noqa: S307 - the document is our own
        for language, code in _FENCE.findall(TEXT)
        if language == "python"
    )
    assert isinstance(rule, Rule)
    assert isinstance(family, Family)
    assert isinstance(markup, Markup)
    return rule, markup, family


def test_the_line_of_furniture_does_what_it_is_for() -> None:
    rule, _, _ = _lines_to_add()
    page = f"<p>渡轮停航。</p>{rule.example}<p>码头无人。</p>"
    assert len(extract(page, "a.html").paragraphs) == 3
    with_it = extract(page, "a.html", Rules((*RULES, rule)))
    assert [paragraph.text for paragraph in with_it.paragraphs] == ["渡轮停航。", "码头无人。"]


def test_the_line_of_marks_does_what_it_is_for() -> None:
    _, markup, _ = _lines_to_add()
    assert without_markup(markup.example, markups=[markup]).strip() == markup.text
    assert markup.text not in without_markup(markup.example).splitlines()[:1]


def test_the_line_for_a_family_does_what_it_is_for() -> None:
    _, _, family = _lines_to_add()
    extraction = read(family, (family, *FAMILIES))
    assert_it_is_the_article(extraction, family.example)
    assert read(family, FAMILIES) != extraction
