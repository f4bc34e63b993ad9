"""``newsquote encoder export``: what it writes is tested in ``tests/index/encoders/test_e5.py``."""

from pathlib import Path

import pytest

from tests.program import call


@pytest.mark.slow
def test_a_model_is_written_where_it_is_wanted_and_never_over_something(tmp_path: Path) -> None:
    done = call("encoder", "export", "e5", "model", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert done.out == "wrote e5 to model; use it with --encoder model\n"
    assert (tmp_path / "model" / "modules.json").is_file()
    again = call("encoder", "export", "e5", "model", cwd=tmp_path)
    assert (again.status, again.out) == (2, "")
    assert again.err == (
        "newsquote: model: expected a folder that is not there yet, or an empty one\n"
    )
