import re

import pytest

from index.text.lazy_regex import Pattern


def test_nothing_is_compiled_before_it_is_used() -> None:
    broken = Pattern("(")
    with pytest.raises(re.error):
        broken.search("")


def test_a_pattern_does_what_a_compiled_one_does() -> None:
    pattern, compiled = Pattern("[ab]+", re.IGNORECASE), re.compile("[ab]+", re.IGNORECASE)
    text = "xAbx ab"
    assert pattern.findall(text) == compiled.findall(text) == ["Ab", "ab"]
    assert [match.span() for match in pattern.finditer(text)] == [(1, 3), (5, 7)]
    assert pattern.sub("-", text) == "x-x -"
    for name in ("search", "match", "fullmatch"):
        for arguments in ((text,), (text, 1), (text, 1, 3), ("ab",)):
            ours, theirs = (getattr(one, name)(*arguments) for one in (pattern, compiled))
            assert (ours and ours.span()) == (theirs and theirs.span())
    assert pattern.compiled is pattern.compiled
