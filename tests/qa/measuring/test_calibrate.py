import gzip
from pathlib import Path

import pytest

from config.loading import load_settings
from qa.measuring.calibrate import collect
from qa.measuring.records import DatasetError
from tests.archive import models
from tests.qa.measuring.small import CORPUS, QUESTIONS, dataset


def test_each_question_is_asked_with_and_without_its_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    small = dataset(tmp_path / "small", CORPUS, QUESTIONS)
    plain = small / "corpus.jsonl"
    plain.with_name("corpus.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    with pytest.raises(DatasetError, match="expected one corpus"):
        collect(small, load_settings(), models())
    plain.unlink()
    samples = collect(small, load_settings(), models())
    # First the archive holds the bridge alone, of which the first question asks; then the others.
    assert [sample.answerable for sample in samples] == [
        *(True, False, False, False),
        *(False, True, True, True),
    ]
