import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from index.encoders.protocol import EncoderInfo
from index.errors import IndexDamaged, IndexOutdated
from index.generations.manifest import (
    SCHEMA_VERSION,
    Manifest,
    _digest,
    load_manifest,
    read_manifest,
    sha256_of,
)
from tests.index.generations.test_folders import MANIFEST

WRITTEN = replace(MANIFEST, files={"passage_words/words": sha256(b"one").hexdigest()}, dead=7)


@pytest.fixture
def generation(tmp_path: Path) -> Path:
    (tmp_path / "passage_words").mkdir()
    (tmp_path / "passage_words" / "words").write_text("one")
    (tmp_path / "manifest.json").write_text(WRITTEN.to_json())
    return tmp_path


def test_a_manifest_comes_back_as_it_was(generation: Path) -> None:
    assert read_manifest(generation) == load_manifest(generation) == WRITTEN


def test_an_encoder_with_all_its_settings_comes_back() -> None:
    info = EncoderInfo("made/up-model", "abc123", 384, "query: ", "passage: ", 512)
    for encoder in (info, replace(info, max_tokens=None)):
        manifest = replace(MANIFEST, encoder=encoder)
        assert Manifest.from_json(manifest.to_json()) == manifest


def test_paths_that_are_no_text_survive() -> None:
    odd = replace(MANIFEST, paths=("/archive/\udcff",))
    assert Manifest.from_json(odd.to_json()) == odd


def test_a_missing_file_is_named_when_it_is_wanted(generation: Path) -> None:
    (generation / "passage_words" / "words").unlink()
    with pytest.raises(IndexDamaged, match=r"passage_words/words is missing$"):
        read_manifest(generation)
    assert load_manifest(generation) == WRITTEN


@pytest.mark.parametrize("text", [None, "", "{", "[]", "{}"])
def test_what_is_no_manifest_is_damage(generation: Path, text: str | None) -> None:
    path = generation / "manifest.json"
    path.unlink()
    if text is not None:
        path.write_text(text)
    with pytest.raises(IndexDamaged, match=r"manifest\.json: expected the manifest of an index"):
        read_manifest(generation)


@pytest.mark.parametrize(
    ("old", "new"), [('"passages": 2', '"passages": 3'), ('"dim": 4', '"dim": 5'), ("abc", "abd")]
)
def test_a_changed_value_is_damage(generation: Path, old: str, new: str) -> None:
    path = generation / "manifest.json"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(IndexDamaged, match=r"manifest\.json: .*SHA-256 is not the one it gives"):
        read_manifest(generation)


@pytest.mark.parametrize(
    "change",
    [
        lambda values: values["encoder"].pop("revision"),
        lambda values: values["encoder"].update(colour="red"),
        lambda values: values.pop("articles"),
        lambda values: values.update(colour="red"),
    ],
)
def test_a_record_of_another_shape_is_damage(
    generation: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    values = json.loads(WRITTEN.to_json())
    del values["sha256"]
    change(values)
    text = json.dumps({**values, "sha256": _digest(values)})
    (generation / "manifest.json").write_text(text)
    with pytest.raises(IndexDamaged, match=r"manifest\.json: expected the manifest of an index"):
        read_manifest(generation)


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION - 1, SCHEMA_VERSION + 1])
def test_what_another_version_wrote_is_outdated(generation: Path, version: int) -> None:
    (generation / "manifest.json").write_text(json.dumps({"schema_version": version}))
    with pytest.raises(
        IndexOutdated, match=rf"manifest\.json: another version .*{version}, not {SCHEMA_VERSION}"
    ):
        read_manifest(generation)


def test_the_digest_is_that_of_the_bytes(generation: Path) -> None:
    assert sha256_of(generation / "passage_words" / "words") == sha256(b"one").hexdigest()
