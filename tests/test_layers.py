"""Imports run one way: between packages, between the rooms of a package, between modules."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "config": set(),
    "index": {"index"},
    "qa": {"config", "index", "qa"},
    "bot": {"config", "qa", "bot"},
}

ALSO = {
    ("bot", "index.articles.files"),
    ("bot", "index.building.apart"),
    ("bot", "index.building.archive"),
    ("bot", "index.building.events"),
    ("bot", "index.building.update"),
    ("bot", "index.errors"),
    ("bot", "index.inbox"),
    ("bot", "index.types"),
}
"""What the bot needs of an index: to put files into it and to have it brought up to date."""

BELOW_ALL = {"index.types", "index.errors", "index.disk", "index.cores"}
ROOMS: dict[str, set[str]] = {
    "config.keys": set(),
    "config.places": set(),
    "config.settings": {"config.keys", "config.places"},
    "config.environment": {"config.keys", "config.settings"},
    "config.loading": {"config.keys", "config.places", "config.settings", "config.environment"},
    "config.origins": {"config.keys", "config.loading"},
    "index.types": set(),
    "index.errors": set(),
    "index.disk": set(),
    "index.cores": set(),
    "index.inbox": set(),
    "index.text": set(),
    "index.articles": {"index.text"},
    "index.encoders": {"index.text"},
    "index.parts": {"index.encoders", "index.text"},
    "index.generations": {"index.parts", "index.encoders", "index.text"},
    "index.engines": {"index.generations", "index.parts", "index.encoders", "index.text"},
    "index.building": {"index.articles", "index.generations", "index.parts"}
    | {"index.engines", "index.encoders", "index.text"},
    "index.feeds": {"index.articles", "index.text", "index.inbox"},
    "qa.types": set(),
    "qa.objects": {"qa.types", "index.text"},
    "qa.understanding": {"qa.types", "index.text"},
    "qa.reading": {"index.encoders", "index.text"},
    "qa.retrieval": {
        "qa.types",
        "qa.reading",
        "index.engines",
        "index.parts",
        "index.encoders",
        "index.text",
    },
    "qa.quoting": {"qa.types", "qa.retrieval"}
    | {"index.engines", "index.parts", "index.encoders", "index.text"},
    "qa.checking": {"qa.types", "qa.objects", "index.engines", "index.parts", "index.text"},
    "qa.service": {"qa.types", "qa.understanding", "qa.retrieval", "qa.quoting", "qa.checking"}
    | {"index.engines", "index.generations", "index.parts", "index.text"},
    "qa.conversation": {"qa.types", "qa.service"},
    "qa.opening": {"qa.reading", "qa.retrieval", "qa.quoting", "qa.service"}
    | {"index.engines", "index.encoders", "index.parts", "index.text", "config.settings"},
    "qa.archiving": {"qa.opening"}
    | {"index.building", "index.articles", "index.parts", "config.loading", "config.settings"},
    "qa.measuring": {"qa.types", "qa.retrieval", "qa.service", "qa.opening", "qa.archiving"}
    | {"index.building", "index.encoders", "index.text", "config.settings"},
    "qa.arguments": {"qa.types", "qa.understanding"},
    "qa.commands": {"qa.types", "qa.understanding", "qa.retrieval", "qa.service", "qa.conversation"}
    | {"qa.checking", "qa.opening", "qa.archiving", "qa.measuring", "qa.objects"}
    | {
        "index.articles",
        "index.building",
        "index.encoders",
        "index.engines",
        "index.feeds",
        "index.generations",
        "index.inbox",
    }
    | {"index.parts", "index.text", "config.keys", "config.settings"}
    | {"config.loading", "config.origins", "config.places"},
    "qa.links": {"qa.types"},
    "qa.mcp": {"qa.types", "qa.checking", "qa.objects", "qa.retrieval", "qa.service"}
    | {"qa.opening", "qa.understanding", "config.settings"},
    "qa.web": {"qa.types", "qa.objects", "qa.links", "qa.understanding", "qa.service", "qa.mcp"}
    | {"qa.checking", "qa.conversation", "qa.opening", "index.text", "config.settings"},
    "qa.cli": {"qa.arguments", "qa.commands", "qa.web", "qa.mcp", "config.keys", "config.loading"},
    "qa.completion": {"qa.arguments", "qa.cli", "config.settings"},
    "bot.logs": set(),
    "bot.metrics": set(),
    "bot.monitor": {"bot.metrics"},
    "bot.showing": {"qa.service", "qa.types"},
    "bot.memory": {"bot.showing", "qa.conversation", "qa.service", "qa.types"},
    "bot.transport": {"bot.memory", "bot.metrics", "bot.showing", "config.keys", "config.settings"},
    "bot.handlers": {"bot.transport", "bot.memory", "bot.metrics", "bot.showing", "qa.links"}
    | {"qa.conversation", "qa.service", "qa.types", "qa.understanding"}
    | {"index.articles", "index.building", "index.inbox"},
    "bot.life": {
        "bot.handlers",
        "bot.transport",
        "bot.memory",
        "bot.metrics",
        "bot.monitor",
        "bot.showing",
    }
    | {"config.settings"},
    "bot.app": {"bot.life", "bot.handlers", "bot.transport", "bot.memory", "bot.metrics"}
    | {"bot.showing"}
    | {"qa.service", "index.building", "config.settings"},
    "bot.command": {
        "bot.app",
        "bot.life",
        "bot.logs",
        "bot.memory",
        "bot.transport",
        "qa.arguments",
    }
    | {"qa.archiving", "qa.opening", "index.building", "index.inbox"}
    | {"config.keys", "config.loading", "config.settings"},
}
"""The rooms of the packages, bottom to top, and what each may import besides ``BELOW_ALL``.

A room is a folder of a package, or a module beside the folders."""

FILES_OF_A_GENERATION = (
    "index.engines.local",
    "index.generations",
    "index.parts.columns",
    "index.parts.database",
    "index.parts.vectors",
    "index.parts.words",
)
TYPES: dict[str, set[str]] = {
    "qa.archiving": {"index.parts.vectors.Growth"},
    "qa.service": {"index.generations.manifest.Manifest"},
}
"""What is named of them without being opened: types, and what makes values of such a type."""


@cache
def modules() -> dict[str, Path]:
    """Every module of the product, by its name."""
    found = {}
    for package in MAY_IMPORT:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def names_imported(module: str) -> frozenset[str]:
    """What a module imports, wherever in it: ``package.module`` or ``package.module.name``."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative imports hide the layer"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def modules_imported(module: str) -> set[str]:
    """The product's modules that a module imports."""
    names = (
        name if name in modules() else name.rpartition(".")[0] for name in names_imported(module)
    )
    return {name for name in names if name in modules()}


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def imports() -> Iterator[tuple[str, str]]:
    """Every import of one of the product's modules by another."""
    for module in modules():
        for other in modules_imported(module):
            yield module, other


def is_one_of(name: str, modules: tuple[str, ...]) -> bool:
    """Tell whether a name is that of a module, or of something in it."""
    return any(f"{name}.".startswith(f"{module}.") for module in modules)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_packages_are_imported_one_way(package: str) -> None:
    inside = [pair for pair in imports() if pair[0].split(".")[0] == package]
    assert inside
    for module, other in inside:
        layer = other.split(".")[0]
        if layer != package and (package, other) not in ALSO:
            assert layer in MAY_IMPORT[package], f"{module} imports {other}"


def test_rooms_are_imported_one_way() -> None:
    assert {room(module) for module in modules()} - set(MAY_IMPORT) == set(ROOMS)
    for module, other in imports():
        here, there = room(module), room(other)
        allowed = ROOMS[here] | (set() if here.startswith("config.") else BELOW_ALL)
        assert there == here or there in allowed, f"{module} imports {other}"


def test_rooms_are_in_order() -> None:
    below: set[str] = set()
    for name, others in ROOMS.items():
        assert others <= below, f"{name} may import what is not below it: {others - below}"
        below.add(name)


def test_no_modules_import_one_another_in_a_circle() -> None:
    """Imports inside functions, and for the type checker alone, count too."""
    try:
        order = TopologicalSorter({name: modules_imported(name) for name in modules()})
        assert set(order.static_order()) == set(modules())
    except CycleError as circle:
        pytest.fail(" imports ".join(reversed(circle.args[1])))


def test_who_answers_knows_the_engine_and_not_its_files() -> None:
    """Commands that show what a generation holds may open it; so may nobody else who asks."""
    named = {
        module: {name for name in names_imported(module) if is_one_of(name, FILES_OF_A_GENERATION)}
        for module in modules()
        if room(module).startswith(("qa.", "bot.")) and room(module) != "qa.commands"
    }
    assert {module: names for module, names in named.items() if names} == TYPES


@pytest.mark.parametrize("asking", ["qa.retrieval", "qa.quoting"])
def test_the_engines_protocol_is_the_seam(asking: str) -> None:
    beyond = (
        "index.engines.local",
        "index.engines.registry",
        "index.generations",
        "index.parts.columns",
        "index.parts.database",
        "index.parts.vectors",
        "index.parts.words",
    )
    for module in modules():
        if room(module) == asking:
            for name in names_imported(module):
                assert not is_one_of(name, beyond), f"{module} imports {name}"


@pytest.mark.parametrize(
    ("library", "owners"),
    [
        ("faiss", {"index.parts.vectors", "index.parts.vector_codes"}),
        ("tantivy", {"index.parts.words"}),
        ("pymilvus", {"index.engines.milvus.client"}),
        (
            "sqlite3",
            {
                "bot.memory.state",
                "index.building.inventory",
                "index.encoders.cached",
                "index.feeds.fetch",
                "index.feeds.state",
                "index.generations.folders",
                "index.parts.database",
                "qa.web.keys",
            },
        ),
    ],
)
def test_an_engine_is_imported_in_one_place(library: str, owners: set[str]) -> None:
    assert {name for name in modules() if is_used(library, name)} == owners


def test_only_the_bot_knows_telegram() -> None:
    users = {name for name in modules() if is_used("telegram", name)}
    assert users
    assert {name.split(".")[0] for name in users} == {"bot"}


def is_used(library: str, module: str) -> bool:
    return any(name.split(".")[0] == library for name in names_imported(module))
